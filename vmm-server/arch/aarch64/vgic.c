/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtual GIC's state: who is pending, enabled and for whom, and the inputs
 * that change it. Registers are in vgic_dist.c, vgic_redist.c and vgic_bank.c,
 * list registers in vgic_lists.c.
 *
 * An interrupt is in one of three places:
 *
 *	  nowhere  --due-->  wants[] of a vCPU  --flush-->  a list register
 *	     ^                     |                             |
 *	     +----- not due -------+        fold, retire --------+
 *
 * While it stands in a list register the guest owns its pending and active
 * state, and what is kept here is how it was put there and what came since.
 */
#include "arch/aarch64/vgic_state.h"

#include <string.h>

#include "abi/skerry.h"

static const unsigned first_ppi = 16;

struct vgic_vcpu *vgic_destination(struct vgic *gic, unsigned n, unsigned intid)
{
	const struct vgic_irq *irq = vgic_irq(gic, n, intid);

	if (intid < VGIC_PRIVATE)
		return &gic->vcpu[n];
	if (irq->active)
		return &gic->vcpu[irq->holder];
	return irq->target < gic->vcpus ? &gic->vcpu[irq->target] : NULL;
}

/*
 * The own vCPU looks at it anyway before it enters the guest. Another one is kicked
 * by the first who sets something since its last flush.
 */
static void set_due(struct vgic *gic, struct vgic_vcpu *v, unsigned self, uint32_t bits)
{
	uint32_t kicked = v->index == self ? 0 : VGIC_DUE_KICKED, old;

	if (!gic->lock.shared) {
		vgic_due_change(v, VGIC_DUE_ALL, bits);
		return;
	}
	/* release: pairs with the acquire in vgic_flush */
	old = atomic_fetch_or_explicit(&v->due, bits | kicked, memory_order_release);
	if (kicked && !(old & kicked) && gic->kick)
		gic->kick(v->index);
}

void vgic_touch(struct vgic *gic, struct vgic_vcpu *v)
{
	if (!(atomic_load_explicit(&v->due, memory_order_relaxed) & VGIC_DUE_FLUSH))
		set_due(gic, v, vgic_self(gic), VGIC_DUE_FLUSH);
}

/*
 * Whether the list register must be looked at: what was put there is not what
 * would be put there now. A level that rose again needs nothing: its end is
 * reported and it is looked at then.
 */
static bool outdated(struct vgic *gic, unsigned n, unsigned intid, const struct vgic_irq *irq)
{
	const struct vgic_vcpu *v = &gic->vcpu[irq->holder];
	uint64_t put = v->value[irq->list];

	if (irq->again || irq->priority != (put >> SK_LIST_PRIORITY_SHIFT & 0xff) ||
	    irq->group1 != !!(put & SK_LIST_GROUP1))
		return true;
	return (put & SK_LIST_PENDING) &&
		(!vgic_deliverable(gic, irq) || vgic_destination(gic, n, intid) != v);
}

/* Tells the kernel where a linked interrupt goes: nowhere while it is disabled, and what was under way comes again. */
static void program_link(struct vgic *gic, unsigned intid)
{
	const struct vgic_irq *irq = vgic_irq(gic, 0, intid);
	struct vgic_link *link = &gic->link[irq->linked - 1];
	uint64_t value = 0;

	if (irq->enabled && (gic->ctlr >> irq->group1 & 1) && irq->target < gic->vcpus) {
		value = intid | (uint64_t)irq->priority << SK_LIST_PRIORITY_SHIFT;
		value |= irq->group1 ? SK_LIST_GROUP1 : 0;
	}
	if (value == link->value && (!value || link->holder == irq->target))
		return;
	link->value = value;
	if (value)
		link->holder = irq->target;
	vgic_hw_link(link->irq, value ? gic->vcpu[irq->target].slot : 0, value);
}

bool vgic_link(struct vgic *gic, uint32_t intid, uint32_t irq)
{
	struct vgic_irq *spi = intid >= VGIC_PRIVATE ? vgic_irq(gic, 0, intid) : NULL;

	if (!spi || spi->linked || gic->links == VGIC_LINKS)
		return false;
	gic->link[gic->links++] = (struct vgic_link){ .irq = irq, .intid = (uint16_t)intid };
	spi->linked = (uint8_t)gic->links;
	vgic_hw_link(irq, 0, 0);
	return true;
}

void vgic_refresh(struct vgic *gic, unsigned n, unsigned intid)
{
	struct vgic_irq *irq = vgic_irq(gic, n, intid);
	uint64_t bit = 1ul << intid % 64;
	struct vgic_vcpu *v;

	if (irq->linked) {
		program_link(gic, intid);
		return;
	}
	if (irq->list >= 0) {
		v = &gic->vcpu[irq->holder];
		if (outdated(gic, n, intid, irq)) {
			v->resync = true;
			vgic_touch(gic, v);
		}
		return;
	}
	v = irq->active || vgic_deliverable(gic, irq) ? vgic_destination(gic, n, intid) : NULL;
	if (intid < VGIC_PRIVATE) {
		gic->vcpu[n].wants[intid / 64] &= ~bit;
	} else {
		for (unsigned i = 0; i < gic->vcpus; i++)
			gic->vcpu[i].wants[intid / 64] &= ~bit;
	}
	if (v) {
		v->wants[intid / 64] |= bit;
		vgic_touch(gic, v);
	}
}

void vgic_refresh_all(struct vgic *gic)
{
	for (unsigned n = 0; n < gic->vcpus; n++) {
		for (unsigned i = 0; i < VGIC_PRIVATE; i++) {
			if (i != VGIC_VTIMER)
				vgic_refresh(gic, n, i);
		}
		vgic_program_vtimer(gic, n);
	}
	for (unsigned i = VGIC_PRIVATE; i < VGIC_INTIDS; i++)
		vgic_refresh(gic, 0, i);
}

void vgic_pend(struct vgic *gic, unsigned n, unsigned intid)
{
	struct vgic_irq *irq = vgic_irq(gic, n, intid);

	if (irq->list >= 0)
		irq->again = true;
	else
		irq->latch = true;
	vgic_refresh(gic, n, intid);
}

static void set_input(struct vgic *gic, unsigned self, unsigned n, unsigned intid, bool level)
{
	struct vgic_irq *irq = vgic_irq(gic, n, intid);

	vgic_lock(gic, self);
	irq->line = level;
	if (!irq->edge)
		vgic_refresh(gic, n, intid);
	else if (level)
		vgic_pend(gic, n, intid);
	vgic_unlock(gic);
}

/*
 * Devices say again and again what is so already. `line` is changed by its device
 * alone, so it can be looked at without the lock.
 */
static bool changes(const struct vgic *gic, unsigned intid, bool level)
{
	return intid >= VGIC_PRIVATE && intid < VGIC_INTIDS && gic->spi[intid - VGIC_PRIVATE].line != level;
}

static unsigned caller(const struct vgic *gic)
{
	return gic->caller ? gic->caller() : 0;
}

void vgic_set_spi(void *gic, uint32_t intid, bool level)
{
	if (changes(gic, intid, level))
		set_input(gic, caller(gic), 0, intid, level);
}

void vgic_set_ppi(struct vgic *gic, unsigned n, uint32_t intid, bool level)
{
	if (intid >= first_ppi && intid < VGIC_PRIVATE && intid != VGIC_VTIMER && n < gic->vcpus &&
	    gic->vcpu[n].private[intid].line != level)
		set_input(gic, n, n, intid, level);
}

void vgic_pulse_spi(struct vgic *gic, uint32_t intid)
{
	if (intid < VGIC_PRIVATE || intid >= VGIC_INTIDS)
		return;
	vgic_lock(gic, caller(gic));
	vgic_pend(gic, 0, intid);
	vgic_unlock(gic);
}

bool vgic_spi_idle(struct vgic *gic, uint32_t intid)
{
	const struct vgic_irq *irq;
	bool idle;

	if (intid < VGIC_PRIVATE || intid >= VGIC_INTIDS)
		return true;
	irq = vgic_irq(gic, 0, intid);
	vgic_lock(gic, caller(gic));
	idle = !irq->latch && !irq->again && !irq->active && irq->list < 0;
	vgic_unlock(gic);
	return idle;
}

/*
 * The kernel puts the virtual timer's interrupt into its own list register, by
 * hardware link; it only has to know the priority and the group.
 */
void vgic_program_vtimer(struct vgic *gic, unsigned n)
{
	struct vgic_vcpu *v = &gic->vcpu[n];
	const struct vgic_irq *irq = &v->private[VGIC_VTIMER];
	uint64_t template = 0;

	if (n != vgic_self(gic)) {
		v->retime = true;
		vgic_touch(gic, v);
		return;
	}
	v->retime = false;
	/*
	 * Zero means disabled, so a group 0 interrupt of priority 0 takes the next
	 * priority: nothing else distinguishes the two.
	 */
	if (irq->enabled && (gic->ctlr >> irq->group1 & 1)) {
		template = (uint64_t)irq->priority << SK_LIST_PRIORITY_SHIFT;
		template |= irq->group1 ? SK_LIST_GROUP1 : 0;
		template |= template ? 0 : 8ul << SK_LIST_PRIORITY_SHIFT;
	}
	if (template != v->vtimer) {
		v->vtimer = template;
		vgic_hw_write_vtimer(v->slot, template);
	}
}

/* A group 1 request reaches SGIs of either group: no need to look here. A group 0 request does not. */
static void send_sgi(struct vgic *gic, unsigned self, unsigned to, unsigned intid, bool group1)
{
	if (group1) {
		set_due(gic, &gic->vcpu[to], self, 1u << intid);
		return;
	}
	vgic_lock(gic, self);
	if (!gic->vcpu[to].private[intid].group1)
		vgic_pend(gic, to, intid);
	vgic_unlock(gic);
}

/* ICC_SGI1R_EL1: [GIC] 12.2.20. Without range selector: targets are Aff0 0..15. */
void vgic_sgi(struct vgic *gic, unsigned n, uint64_t value, bool group1)
{
	const uint64_t all_but_self = 1ul << 40, range = 0xful << 44;
	unsigned intid = value >> 24 & 15;
	uint64_t cluster = (value >> 48 & 0xff) << 32 | (value >> 32 & 0xff) << 16 | (value >> 16 & 0xff) << 8;

	for (unsigned i = 0; i < gic->vcpus; i++) {
		uint64_t affinity = gic->vcpu[i].affinity;
		bool hit;

		if (value & all_but_self)
			hit = i != n;
		else
			hit = !(value & range) && (affinity & ~0xfful) == cluster &&
				(affinity & 0xff) < 16 && (value >> (affinity & 15) & 1);
		if (hit)
			send_sgi(gic, n, i, intid, group1);
	}
}

static void reset_irq(struct vgic_irq *irq, bool edge)
{
	bool line = irq->line; /* the device's, which is reset by itself */

	*irq = (struct vgic_irq){ .list = -1, .edge = edge, .line = line, .linked = irq->linked };
}

static void reset_state(struct vgic *gic)
{
	gic->ctlr = 0;
	for (unsigned n = 0; n < VGIC_VCPUS; n++) {
		struct vgic_vcpu *v = &gic->vcpu[n];

		v->index = (uint8_t)n;
		v->asleep = true;
		v->due = 0;
		v->resync = false;
		v->used = 0;
		memset(v->wants, 0, sizeof(v->wants));
		for (unsigned i = 0; i < VGIC_PRIVATE; i++)
			reset_irq(&v->private[i], i < first_ppi);
	}
	for (unsigned i = 0; i < VGIC_SPIS; i++)
		reset_irq(&gic->spi[i], false);
}

void vgic_init(struct vgic *gic, unsigned vcpus)
{
	memset(gic, 0, sizeof(*gic));
	gic->vcpus = vcpus <= VGIC_VCPUS ? (uint8_t)vcpus : VGIC_VCPUS;
	lock_init(&gic->lock, vcpus > 1);
	reset_state(gic);
}

static void empty_lists(struct vgic_vcpu *v)
{
	for (unsigned i = 0; i < v->lists; i++) {
		vgic_note(v, i, 0);
		vgic_hw_write_list(v->slot, i, 0);
	}
}

void vgic_attach(struct vgic *gic, unsigned n, uint32_t slot, uint64_t affinity)
{
	struct vgic_vcpu *v = &gic->vcpu[n];
	unsigned lists = vgic_hw_lists(slot);

	v->slot = slot;
	v->affinity = affinity & 0xff00fffffful;
	lists = lists > gic->links ? lists - gic->links : 0;
	v->lists = lists <= VGIC_LISTS ? (uint8_t)lists : VGIC_LISTS;
}

void vgic_reset(struct vgic *gic)
{
	vgic_lock(gic, 0);
	reset_state(gic);
	empty_lists(&gic->vcpu[0]);
	for (unsigned n = 0; n < gic->vcpus; n++)
		vgic_program_vtimer(gic, n);
	for (unsigned k = 0; k < gic->links; k++)
		program_link(gic, gic->link[k].intid);
	vgic_unlock(gic);
}

void vgic_leave(struct vgic *gic, unsigned n)
{
	struct vgic_vcpu *v = &gic->vcpu[n];

	vgic_lock(gic, n);
	vgic_fold(gic, v);
	empty_lists(v);
	vgic_unlock(gic);
}
