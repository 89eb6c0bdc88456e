/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registers that the distributor and a redistributor's SGI frame have alike
 * ([GIC] 12.9, 12.11: same offsets, same layout): one bit, two bits or a byte an
 * interrupt.
 *
 * 32-bit registers answer 32-bit accesses, IPRIORITYR also bytes ([GIC]
 * 12.1.3); any other size reads as zero and is ignored.
 */
#include "arch/aarch64/vgic_state.h"

enum bank {
	IGROUPR = 0x080,
	ISENABLER = 0x100,
	ICENABLER = 0x180,
	ISPENDR = 0x200,
	ICPENDR = 0x280,
	ISACTIVER = 0x300,
	ICACTIVER = 0x380,
	IPRIORITYR = 0x400,
	ITARGETSR = 0x800, /* affinity routing is on: RES0 */
	ICFGR = 0xc00,
	ICFGR_END = 0xd00,
};

/* Whose interrupts one access is about. */
struct span {
	unsigned n, first, last;
};

static bool inside(const struct span *s, unsigned intid)
{
	return intid >= s->first && intid <= s->last;
}

static bool read_bit(struct vgic *gic, unsigned n, unsigned intid, enum bank bank)
{
	const struct vgic_irq *irq = vgic_irq(gic, n, intid);

	switch (bank) {
	case IGROUPR:
		return irq->group1;
	case ISENABLER:
	case ICENABLER:
		return irq->enabled;
	case ISPENDR:
	case ICPENDR:
		return vgic_live(gic, n, intid).pending;
	case ISACTIVER:
	case ICACTIVER:
		return vgic_live(gic, n, intid).active;
	default:
		return false;
	}
}

static void clear_pending(struct vgic *gic, unsigned n, unsigned intid)
{
	struct vgic_irq *irq = vgic_irq(gic, n, intid);

	irq->latch = irq->again = false;
	vgic_refresh(gic, n, intid);
}

/*
 * Gets an interrupt out of its list register: at once if that is the own vCPU's,
 * else it is asked for and comes when that vCPU flushes. Returns whether it is out.
 */
static bool reclaim(struct vgic *gic, const struct vgic_irq *irq)
{
	struct vgic_vcpu *v = &gic->vcpu[irq->holder];

	if (irq->list < 0)
		return true;
	if (irq->holder == vgic_self(gic)) {
		vgic_fold(gic, v);
		return true;
	}
	v->resync = true;
	vgic_touch(gic, v);
	return false;
}

static void set_active(struct vgic *gic, unsigned n, unsigned intid, bool active)
{
	struct vgic_irq *irq = vgic_irq(gic, n, intid);

	if (!reclaim(gic, irq)) {
		irq->force = active ? VGIC_ACTIVATE : VGIC_DEACTIVATE;
		return;
	}
	if (active && !irq->active) {
		const struct vgic_vcpu *v = vgic_destination(gic, n, intid);

		irq->holder = v ? v->index : 0;
	}
	irq->active = active;
	vgic_refresh(gic, n, intid);
}

static void write_bit(struct vgic *gic, unsigned n, unsigned intid, enum bank bank, bool set)
{
	struct vgic_irq *irq = vgic_irq(gic, n, intid);
	bool kernels = vgic_is_kernels(irq, intid);

	if (bank == IGROUPR)
		irq->group1 = set;
	else if (bank == ISENABLER && set)
		irq->enabled = true;
	else if (bank == ICENABLER && set)
		irq->enabled = false;
	else if (bank == ISPENDR && set && !kernels)
		vgic_pend(gic, n, intid);
	else if (bank == ICPENDR && set && !kernels)
		clear_pending(gic, n, intid);
	else if (bank == ISACTIVER && set && !kernels)
		set_active(gic, n, intid, true);
	else if (bank == ICACTIVER && set && !kernels)
		set_active(gic, n, intid, false);
	if (bank > ICENABLER)
		return;
	if (intid == VGIC_VTIMER)
		vgic_program_vtimer(gic, n);
	else
		vgic_refresh(gic, n, intid);
}

static void write_priority(struct vgic *gic, unsigned n, unsigned intid, uint8_t value)
{
	vgic_irq(gic, n, intid)->priority = value & VGIC_PRIORITY_MASK;
	if (intid == VGIC_VTIMER)
		vgic_program_vtimer(gic, n);
	else
		vgic_refresh(gic, n, intid);
}

/* SGIs are edge-triggered for ever, and so the timer is level-triggered. */
static void write_config(struct vgic *gic, unsigned n, unsigned intid, bool edge)
{
	struct vgic_irq *irq = vgic_irq(gic, n, intid);

	if (intid < 16 || intid == VGIC_VTIMER || irq->edge == edge)
		return;
	reclaim(gic, irq);
	irq->edge = edge;
	vgic_refresh(gic, n, intid);
}

bool vgic_bank_read(struct vgic *gic, unsigned n, unsigned first, unsigned last, struct mmio_access *access)
{
	const struct span s = { n, first, last };
	unsigned offset = (unsigned)access->offset, bank = offset & ~0x7fu;
	unsigned bytes = access->width;

	access->value = 0;
	if (offset >= IPRIORITYR && offset < ITARGETSR) {
		for (unsigned i = 0; i < bytes && bytes <= 4; i++) {
			unsigned intid = offset - IPRIORITYR + i;

			if (inside(&s, intid))
				access->value |= (uint64_t)vgic_irq(gic, n, intid)->priority << 8 * i;
		}
	} else if (bytes != 4) {
		return true;
	} else if (offset >= ICFGR && offset < ICFGR_END) {
		for (unsigned i = 0; i < 16; i++) {
			unsigned intid = (offset - ICFGR) * 4 + i;

			if (inside(&s, intid) && vgic_irq(gic, n, intid)->edge)
				access->value |= 2ul << 2 * i;
		}
	} else if (offset >= IGROUPR && offset < IPRIORITYR) {
		for (unsigned i = 0; i < 32; i++) {
			unsigned intid = (offset - bank) * 8 + i;

			if (inside(&s, intid) && read_bit(gic, n, intid, (enum bank)bank))
				access->value |= 1ul << i;
		}
	}
	return true;
}

bool vgic_bank_write(struct vgic *gic, unsigned n, unsigned first, unsigned last, const struct mmio_access *access)
{
	const struct span s = { n, first, last };
	unsigned offset = (unsigned)access->offset, bank = offset & ~0x7fu;
	unsigned bytes = access->width;

	if (offset >= IPRIORITYR && offset < ITARGETSR) {
		for (unsigned i = 0; i < bytes && bytes <= 4; i++) {
			if (inside(&s, offset - IPRIORITYR + i))
				write_priority(gic, n, offset - IPRIORITYR + i, access->value >> 8 * i & 0xff);
		}
	} else if (bytes != 4) {
		return true;
	} else if (offset >= ICFGR && offset < ICFGR_END) {
		for (unsigned i = 0; i < 16; i++) {
			if (inside(&s, (offset - ICFGR) * 4 + i))
				write_config(gic, n, (offset - ICFGR) * 4 + i, access->value >> (2 * i + 1) & 1);
		}
	} else if (offset >= IGROUPR && offset < IPRIORITYR) {
		for (unsigned i = 0; i < 32; i++) {
			if (inside(&s, (offset - bank) * 8 + i))
				write_bit(gic, n, (offset - bank) * 8 + i, (enum bank)bank, access->value >> i & 1);
		}
	}
	return true;
}

/* All but PIDR2 are IMPLEMENTATION DEFINED ([GIC] 12.9, GICD_PIDR2); the others name a GICv3 by Arm. */
uint32_t vgic_id_register(unsigned offset)
{
	static const uint8_t id[12] = {
		0x44, 0, 0, 0,              /* PIDR4..7 */
		0x92, 0xb4, 0x3b, 0,        /* PIDR0..3; PIDR2: GICv3, JEDEC code */
		0x0d, 0xf0, 0x05, 0xb1,     /* CIDR0..3 */
	};

	return id[(offset - 0xffd0) / 4 % 12];
}
