/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The second NOR flash bank of QEMU's "virt" machine, as a part that was erased
 * and then write-protected: every byte reads 0xff, stores have no effect. It is
 * not in the device tree, so nobody tries to program it; but firmware built for
 * that machine (U-Boot) reads its saved variables there without asking, and must
 * find none rather than a bus error.
 *
 * U-Boot reads 256 KiB of it, byte by byte, twice: so that part is memory which
 * the guest may read (region guest.flash), as array mode is in QEMU. What comes
 * here are loads elsewhere and all stores.
 */
#include "arch/aarch64/flash.h"

#include <string.h>

#include <skerry/memory.h>
#include <skerry/start.h>

void flash_init(void)
{
	size_t size = 0;
	void *at = sk_region("guest.flash", &size);

	if (!at)
		return;
	memset(at, 0xff, size);
	sk_memory_clean(at, size);
}

static bool flash_read(void *state, struct mmio_access *access)
{
	(void)state;
	access->value = ~0ul;
	return true;
}

static bool flash_write(void *state, struct mmio_access *access)
{
	(void)state, (void)access;
	return true;
}

const struct mmio_ops flash_ops = { .read = flash_read, .write = flash_write };
