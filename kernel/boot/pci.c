/* SPDX-License-Identifier: BSD-2-Clause */
/* PCI Express Base Specification 5.0: 7.2.2 (ECAM), 7.5.1 (configuration headers). */
#include <stdbool.h>

#include "pci.h"

#define VENDOR      0x00
#define COMMAND     0x04
#define HEADER_TYPE 0x0e
#define SECONDARY   0x19 /* of a bridge */

#define COMMAND_BUS_MASTER 4u
#define TYPE_BRIDGE        1u
#define TYPE_SEVERAL       0x80u /* functions */

static volatile uint16_t *half(uint64_t function, unsigned offset)
{
	return (volatile uint16_t *)(uintptr_t)(function + offset);
}

static uint8_t byte(uint64_t function, unsigned offset)
{
	return *(volatile uint8_t *)(uintptr_t)(function + offset);
}

/* Returns whether the function exists, and in *TYPE its header type. */
static bool function_quiet(uint64_t function, uint8_t *type)
{
	uint16_t command;

	if (*half(function, VENDOR) == 0xffff)
		return false;
	command = *half(function, COMMAND);
	if (command & COMMAND_BUS_MASTER)
		*half(function, COMMAND) = (uint16_t)(command & ~COMMAND_BUS_MASTER);
	*type = byte(function, HEADER_TYPE);
	return true;
}

void pci_bus_quiet(uint64_t base, uint32_t bus, uint32_t last, struct pci_buses *todo)
{
	for (unsigned device = 0; device < 32; device++) {
		unsigned functions = 1;

		for (unsigned i = 0; i < functions; i++) {
			uint64_t function = base + (device << 15) + (i << 12);
			uint8_t type, behind;

			if (!function_quiet(function, &type))
				continue;
			if (i == 0 && (type & TYPE_SEVERAL))
				functions = 8;
			behind = (type & 0x7f) == TYPE_BRIDGE ? byte(function, SECONDARY) : 0;
			if (behind > bus && behind <= last)
				todo->set[behind / 64] |= 1ul << (behind % 64);
		}
	}
}
