/* SPDX-License-Identifier: BSD-2-Clause */
/* SMMUv3: Arm IHI 0070F, 6.3.9 (CR0), 6.3.14 (GBPA). */
#include <libfdt.h>

#include "dma.h"
#include "identity.h"
#include "pci.h"
#include "reg.h"

#define SMMU_BYTES  0x10000ul /* page 0 */
#define SMMU_CR0    0x20
#define SMMU_CR0ACK 0x24
#define SMMU_GBPA   0x44
#define CR0_SMMUEN  1u
#define GBPA_UPDATE (1u << 31)
#define GBPA_ABORT  (1u << 20)
#define PATIENCE    1000000u

static volatile uint32_t *reg32(uint64_t base, unsigned offset)
{
	return (volatile uint32_t *)(base + offset);
}

static bool wait_clear(volatile uint32_t *reg, uint32_t bits)
{
	for (unsigned i = 0; i < PATIENCE; i++)
		if (!(*reg & bits))
			return true;
	return false;
}

/* What the SMMU does while it is disabled becomes abort first, then it is disabled. */
static bool smmu_abort(uint64_t base)
{
	volatile uint32_t *gbpa = reg32(base, SMMU_GBPA);

	if (!wait_clear(gbpa, GBPA_UPDATE))
		return false;
	*gbpa = *gbpa | GBPA_ABORT | GBPA_UPDATE;
	if (!wait_clear(gbpa, GBPA_UPDATE) || !(*gbpa & GBPA_ABORT))
		return false;
	*reg32(base, SMMU_CR0) = 0;
	return wait_clear(reg32(base, SMMU_CR0ACK), CR0_SMMUEN);
}

static bool smmu(const struct dt *dt, int node, struct report *report)
{
	struct range r;

	if (!reg_need(dt, node, 0, "the SMMU", &r, report))
		return false;
	if (r.start % PAGE || r.end - r.start < SMMU_BYTES)
		return refuse(report, "%s: reg must be 64 KiB or more, on a page", dt_name(dt, node));
	r.end = r.start + SMMU_BYTES;
	if (!identity_map(r, MAP_DEVICE, report))
		return false;
	return smmu_abort(r.start) ||
	       refuse(report, "%s: the SMMU does not confirm that it aborts all streams", dt_name(dt, node));
}

/* Buses that the window has; without the property 0..255, as far as `reg` goes. */
static bool bus_range(const struct dt *dt, int node, struct range ecam, uint32_t *first, uint32_t *last,
		      struct report *report)
{
	uint64_t room = (ecam.end - ecam.start) / PCI_BUS_BYTES;
	int length;
	const void *value = fdt_getprop(dt->blob, dt->node[node].offset, "bus-range", &length);

	*first = 0;
	*last = room < 256 ? (uint32_t)room - 1 : 255;
	if (value && length == 8) {
		*first = dt_cell(value, 0);
		*last = dt_cell(value, 1);
	}
	if (!room || (value && length != 8) || *first > *last || *last > 255 || *last - *first >= room)
		return refuse(report, "%s: bus-range and reg: no range of buses that fits",
			      dt_name(dt, node));
	return true;
}

static bool pci(const struct dt *dt, int node, struct report *report)
{
	struct pci_buses todo = {{0}};
	struct range ecam;
	uint32_t first, last;

	if (!reg_need(dt, node, 0, "ECAM", &ecam, report) ||
	    !bus_range(dt, node, ecam, &first, &last, report))
		return false;
	todo.set[first / 64] |= 1ul << (first % 64);
	for (uint32_t bus = first; bus <= last; bus++) {
		uint64_t base = ecam.start + (bus - first) * PCI_BUS_BYTES;

		if (!(todo.set[bus / 64] >> (bus % 64) & 1))
			continue;
		if (!identity_map((struct range){base, base + PCI_BUS_BYTES}, MAP_DEVICE, report))
			return false;
		pci_bus_quiet(base, bus, last, &todo);
	}
	return true;
}

bool dma_stop(const struct dt *dt, struct report *report)
{
	for (int node = 1; node < dt->nodes; node++) {
		if (dt_compatible(dt, node, "arm,smmu-v3") && dt_enabled(dt, node) && !smmu(dt, node, report))
			return false;
		if (dt_compatible(dt, node, "pci-host-ecam-generic") && dt_enabled(dt, node) &&
		    !pci(dt, node, report))
			return false;
	}
	return true;
}
