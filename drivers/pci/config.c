/* SPDX-License-Identifier: BSD-2-Clause */
#include "function.h"

static volatile uint32_t *at(const struct pci_function *f, unsigned offset)
{
	return (volatile uint32_t *)(volatile void *)((volatile char *)f->config + offset);
}

uint32_t pci_read(const struct pci_function *f, unsigned offset)
{
	return *at(f, offset);
}

void pci_write(const struct pci_function *f, unsigned offset, uint32_t value)
{
	*at(f, offset) = value;
}
