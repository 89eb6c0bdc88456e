/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The PCI host bridge's component: sets up the functions that the system's text names.
 * Each has a page of configuration space, which this component writes and the
 * function's driver reads; registers and interrupt are the driver's alone. So a driver
 * moves no function's registers over another's, and who may master the bus is said here.
 * With no IOMMU in front a function that masters the bus reaches all memory: see `tcb`.
 * When all are set up the component ends, and nobody can write those pages any more.
 *
 * What it is given
 *   regions   function0, ...   configuration space of function N, as far as there are
 *   slots     readyN           tells function N's driver that its registers are where they
 *                              stay, or that there is none; may be missing
 *   params    functionN.bus    where its registers are to be on the bus, a multiple of
 *             functionN.bytes  ... how much there is for them, a power of two
 */
#include <skerry/calls.h>
#include <skerry/fail.h>
#include <skerry/log.h>
#include <skerry/start.h>

#include <stdio.h>

#include "function.h"

#define FUNCTIONS 4u

static uint64_t number(unsigned n, const char *name)
{
	char key[40];

	snprintf(key, sizeof(key), "function%u.%s", n, name);
	return sk_param_number(key, 0);
}

static void set_up(unsigned n, volatile void *config)
{
	struct pci_function f = { config };
	uint64_t bus = number(n, "bus"), bytes = number(n, "bytes");
	const char *wrong;
	char name[40];
	uint32_t ready;

	if (bytes == 0 || (bytes & (bytes - 1)) || bus % bytes)
		sk_fail("function%u: no place on the bus for its registers (bus 0x%llx, bytes 0x%llx)", n,
			(unsigned long long)bus, (unsigned long long)bytes);
	if (pci_set_up(&f, bus, bytes, &wrong) == PCI_REFUSED)
		sk_log("%s: function%u is not used: %s\n", sk_start()->component, n, wrong);
	snprintf(name, sizeof(name), "ready%u", n);
	ready = sk_slot(name);
	if (ready)
		sk_signal(ready);
}

int main(void)
{
	for (unsigned n = 0; n < FUNCTIONS; n++) {
		char name[40];
		size_t bytes;
		void *config;

		snprintf(name, sizeof(name), "function%u", n);
		config = sk_region(name, &bytes);
		if (config)
			set_up(n, config);
	}
	return 0;
}
