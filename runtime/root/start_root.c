/* SPDX-License-Identifier: BSD-2-Clause */
/* The program that the kernel starts has no start page: this makes one from what the loader told. */
#include "../src/crt.h"

#include <string.h>
#include "device.h"
#include "skerry/root.h"
#include "skerry/start.h"

#define HEAP_BYTES 0x80000

static _Alignas(4096) char heap[HEAP_BYTES];
static struct sk_start page;

const struct sk_root_info *sk_root_info(void)
{
	return (const struct sk_root_info *)SK_ROOT_INFO_IPA;
}

void crt_prepare(void)
{
	page = (struct sk_start){
		.magic = SK_START_MAGIC,
		.version = SK_START_VERSION,
		.component = "root",
		.heap = (uintptr_t)heap,
		.heap_size = sizeof(heap),
		.counter_hz = sk_root_info()->counter_hz,
	};
	device_map();
}

const struct sk_start *sk_start(void)
{
	return &page;
}
