/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtual GIC's distributor, GICD ([GIC] 12.9): SPIs and what is common.
 * One security state, affinity routing always on: the registers of interrupts
 * 0..31, ITARGETSR, SGIR, NSACR and IGRPMODR are RAZ/WI, as are SETSPI and
 * CLRSPI (TYPER.MBIS = 0).
 */
#include "arch/aarch64/vgic_state.h"

enum dist_register {
	GICD_CTLR = 0x0000,
	GICD_TYPER = 0x0004,
	GICD_IIDR = 0x0008,
	GICD_BANK = 0x0080,
	GICD_BANK_END = 0x0d00,
	GICD_IROUTER = 0x6000,
	GICD_IROUTER_END = 0x6000 + 8 * VGIC_INTIDS,
	GICD_ID = 0xffd0,
};

#define CTLR_ENABLES 3u
#define CTLR_ARE     (1u << 4)
#define CTLR_DS      (1u << 6)
#define CTLR_RWP     (1u << 31)
#define TYPER_LINES  (VGIC_INTIDS / 32 - 1)
#define TYPER_IDBITS (9u << 19)  /* INTIDs of 10 bits */

#define ROUTE_IRM    (1ul << 31)
#define ROUTE_BITS   0xff80fffffful

/* One of all (IRM = 1) is the first vCPU: any choice is allowed, and it is repeatable. */
static void set_route(struct vgic *gic, unsigned intid, uint64_t route)
{
	struct vgic_irq *irq = vgic_irq(gic, 0, intid);

	irq->route = route & ROUTE_BITS;
	irq->target = VGIC_VCPUS;
	if (irq->route & ROUTE_IRM) {
		irq->target = 0;
	} else {
		for (unsigned i = 0; i < gic->vcpus; i++) {
			if (gic->vcpu[i].affinity == irq->route)
				irq->target = (uint8_t)i;
		}
	}
	vgic_refresh(gic, 0, intid);
}

/* IROUTER takes 64-bit accesses and 32-bit ones to either half. */
static uint64_t access_route(struct vgic *gic, const struct mmio_access *access)
{
	unsigned intid = (unsigned)(access->offset - GICD_IROUTER) / 8;
	unsigned shift = access->offset & 4 ? 32 : 0;
	uint64_t mask = access->width == 8 ? ~0ul : 0xfffffffful;
	uint64_t route;

	if (intid < VGIC_PRIVATE || access->width < 4)
		return 0;
	route = vgic_irq(gic, 0, intid)->route;
	if (access->write)
		set_route(gic, intid, (route & ~(mask << shift)) | (access->value & mask) << shift);
	return route >> shift & mask;
}

static uint32_t read_ctlr(const struct vgic *gic)
{
	uint32_t ctlr = gic->ctlr | CTLR_ARE | CTLR_DS;

	for (unsigned n = 0; n < gic->vcpus; n++)
		ctlr |= vgic_write_pending(gic, n) ? CTLR_RWP : 0;
	return ctlr;
}

static uint32_t read_word(const struct vgic *gic, unsigned offset)
{
	switch (offset) {
	case GICD_CTLR:
		return read_ctlr(gic);
	case GICD_TYPER:
		return TYPER_LINES | TYPER_IDBITS;
	case GICD_IIDR:
		return VGIC_IIDR;
	default:
		return offset >= GICD_ID ? vgic_id_register(offset) : 0;
	}
}

static bool read_locked(struct vgic *gic, struct mmio_access *access)
{
	unsigned offset = (unsigned)access->offset;

	if (offset >= GICD_IROUTER && offset < GICD_IROUTER_END)
		access->value = access_route(gic, access);
	else if (offset >= GICD_BANK && offset < GICD_BANK_END)
		return vgic_bank_read(gic, 0, VGIC_PRIVATE, VGIC_INTIDS - 1, access);
	else if (access->width == 4)
		access->value = read_word(gic, offset);
	return true;
}

static bool write_locked(struct vgic *gic, struct mmio_access *access)
{
	unsigned offset = (unsigned)access->offset;

	if (offset >= GICD_IROUTER && offset < GICD_IROUTER_END) {
		access_route(gic, access);
	} else if (offset >= GICD_BANK && offset < GICD_BANK_END) {
		return vgic_bank_write(gic, 0, VGIC_PRIVATE, VGIC_INTIDS - 1, access);
	} else if (offset == GICD_CTLR && access->width == 4) {
		gic->ctlr = access->value & CTLR_ENABLES;
		vgic_refresh_all(gic);
	}
	return true;
}

static inline bool access_locked(struct vgic *gic, struct mmio_access *access,
			  bool (*perform)(struct vgic *gic, struct mmio_access *access))
{
	bool done;

	vgic_lock(gic, access->cpu);
	done = perform(gic, access);
	vgic_unlock(gic);
	return done;
}

static bool dist_read(void *state, struct mmio_access *access)
{
	return access_locked(state, access, read_locked);
}

static bool dist_write(void *state, struct mmio_access *access)
{
	return access_locked(state, access, write_locked);
}

const struct mmio_ops vgic_dist_ops = { .read = dist_read, .write = dist_write };
