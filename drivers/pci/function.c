/* SPDX-License-Identifier: BSD-2-Clause */
#include "function.h"

#include <stddef.h>

#define BAR_IO      1u
#define BAR_KIND    6u      /* of a memory BAR */
#define BAR_64      4u
#define BAR_FLAGS   0xfu
#define PAGE        4096u

struct bar {
	unsigned offset;
	bool wide;
	uint64_t value;      /* without flags */
};

static bool is_wide(uint32_t low)
{
	return !(low & BAR_IO) && (low & BAR_KIND) == BAR_64;
}

static uint64_t value_of(const struct pci_function *f, unsigned offset, uint32_t low)
{
	uint64_t high = is_wide(low) ? pci_read(f, offset + 4) : 0;

	return high << 32 | (low & ~BAR_FLAGS);
}

/* Decoding and mastering, all its registers in the place that we give. */
static bool set_up_already(const struct pci_function *f, uint64_t bus, uint64_t bytes)
{
	uint32_t both = PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	bool any = false;

	if ((pci_read(f, PCI_COMMAND) & both) != both)
		return false;
	for (unsigned n = 0; n < PCI_BARS; n++) {
		unsigned offset = PCI_BAR + 4 * n;
		uint32_t low = pci_read(f, offset);
		uint64_t value = value_of(f, offset, low);

		if (is_wide(low) && ++n == PCI_BARS)
			return false;
		if ((low & BAR_IO) || value == 0)
			continue;
		if (value < bus || value - bus >= bytes)
			return false;
		any = true;
	}
	return any;
}

/* All ones read back without the bits below the size. Returns it; 0: it is no power of two. */
static uint64_t size_of(const struct pci_function *f, const struct bar *bar)
{
	uint64_t mask = bar->wide ? 0 : ~0ull << 32, size;

	pci_write(f, bar->offset, ~0u);
	if (bar->wide) {
		pci_write(f, bar->offset + 4, ~0u);
		mask = (uint64_t)pci_read(f, bar->offset + 4) << 32;
	}
	mask |= pci_read(f, bar->offset) & ~BAR_FLAGS;
	size = ~mask + 1;
	return (size & (size - 1)) ? 0 : size;
}

static bool place(const struct pci_function *f, const struct bar *bar, uint64_t address)
{
	pci_write(f, bar->offset, (uint32_t)address);
	if (bar->wide)
		pci_write(f, bar->offset + 4, (uint32_t)(address >> 32));
	return value_of(f, bar->offset, pci_read(f, bar->offset)) == address;
}

/* The BAR at OFFSET, of which *AT bytes before are taken. Returns what is wrong, or NULL. */
static const char *set_up_bar(const struct pci_function *f, const struct bar *bar, uint64_t bus, uint64_t bytes,
			      uint64_t *at)
{
	uint64_t size = size_of(f, bar), align;

	if (size < 16)
		return "the size of its registers is no power of two";
	align = size < PAGE ? PAGE : size;
	*at = (*at + align - 1) & ~(align - 1);
	if (size > bytes || *at > bytes - size)
		return "its registers take more than the place that is for them";
	if (!place(f, bar, bus + *at))
		return "it does not keep the address that it is given";
	*at += align;
	return NULL;
}

static const char *set_up_bars(const struct pci_function *f, uint64_t bus, uint64_t bytes)
{
	const char *wrong = NULL;
	uint64_t at = 0;

	for (unsigned n = 0; n < PCI_BARS && !wrong; n++) {
		struct bar bar = { .offset = PCI_BAR + 4 * n };
		uint32_t low;

		pci_write(f, bar.offset, ~0u);
		low = pci_read(f, bar.offset);
		bar.wide = is_wide(low);
		if (low == 0)
			continue;
		if (low & BAR_IO)
			pci_write(f, bar.offset, 0);
		else if ((low & BAR_KIND) != 0 && !bar.wide)
			wrong = "a base address register of a reserved kind";
		else if (bar.wide && ++n == PCI_BARS)
			wrong = "the last base address register is half of one";
		else
			wrong = set_up_bar(f, &bar, bus, bytes, &at);
	}
	return wrong;
}

enum pci_result pci_set_up(const struct pci_function *f, uint64_t bus, uint64_t bytes, const char **wrong)
{
	*wrong = NULL;
	if ((pci_read(f, PCI_VENDOR) & 0xffff) == 0xffff)
		return PCI_ABSENT;
	if ((pci_read(f, PCI_HEADER) >> 16 & 0x7f) != 0) {
		*wrong = "it is a bridge";
		return PCI_REFUSED;
	}
	if (set_up_already(f, bus, bytes))
		return PCI_READY;
	pci_write(f, PCI_COMMAND, 0);
	*wrong = set_up_bars(f, bus, bytes);
	if (*wrong)
		return PCI_REFUSED;
	pci_write(f, PCI_COMMAND, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	return PCI_READY;
}
