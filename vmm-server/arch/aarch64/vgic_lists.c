/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtual GIC's list registers: what goes in before the guest runs, what
 * came back after it.
 *
 * While there are more interrupts due than list registers, each register asks
 * for an exit at its end (SK_LIST_EOI), so the next in the queue follows at
 * once; and whenever something is added, all are read back and the most urgent
 * chosen anew. So a high priority is never kept waiting by low ones that happen
 * to stand in the registers.
 */
#include "arch/aarch64/vgic_state.h"

#include "abi/skerry.h"
#include "skerry/svc.h"

static const uint64_t state_bits = SK_LIST_PENDING | SK_LIST_ACTIVE;

/* A list register's part of the way is over: NOW is what it holds, WAS what was put. */
static inline __attribute__((always_inline)) void take_back(struct vgic_irq *irq, uint64_t was, uint64_t now)
{
	bool taken = (was & SK_LIST_PENDING) && !(now & SK_LIST_PENDING);

	irq->latch = (irq->latch && !taken) || irq->again;
	irq->again = false;
	irq->active = irq->force == VGIC_KEEP ? (now & SK_LIST_ACTIVE) != 0 : irq->force == VGIC_ACTIVATE;
	irq->force = VGIC_KEEP;
	irq->list = -1;
}

static void release(struct vgic *gic, struct vgic_vcpu *v, unsigned list, uint64_t now)
{
	unsigned intid = v->intid[list];
	struct vgic_irq *irq = vgic_irq(gic, v->index, intid);

	take_back(irq, v->value[list], now);
	v->used &= ~(1ul << list);
	vgic_note(v, list, now);
	/* It was in no `wants`: if nothing is left of it there is nothing to do. */
	if (irq->active || vgic_is_pending(irq))
		vgic_refresh(gic, v->index, intid);
}

void vgic_fold(struct vgic *gic, struct vgic_vcpu *v)
{
	uint64_t now[VGIC_LISTS];

	v->resync = false;
	v->folds++;
	if (!v->used)
		return;
	vgic_hw_read_lists(v->slot, 0, now, v->lists);
	for (unsigned i = 0; i < v->lists; i++) {
		if (!(v->used >> i & 1))
			continue;
		release(gic, v, i, now[i] & state_bits ? now[i] : 0);
	}
	vgic_touch(gic, v);
}

/*
 * Makes vCPU V read its list registers back. It may be waiting for ours in the
 * same way, so we do what it asks for. A vCPU that does not run has none in use.
 */
static void recall(struct vgic *gic, struct vgic_vcpu *v)
{
	unsigned self = vgic_self(gic);
	uint32_t folds = v->folds;

	v->resync = true;
	vgic_touch(gic, v);
	while (v->folds == folds) {
		if (gic->vcpu[self].resync)
			vgic_fold(gic, &gic->vcpu[self]);
		vgic_unlock(gic);
		lock_pause();
		vgic_lock(gic, self);
	}
}

static struct vgic_live live_elsewhere(struct vgic *gic, struct vgic_irq *irq)
{
	recall(gic, &gic->vcpu[irq->holder]);
	/* If it stands there again: as it was when it was put there. */
	return (struct vgic_live){ vgic_is_pending(irq), irq->active };
}

struct vgic_live vgic_live(struct vgic *gic, unsigned n, unsigned intid)
{
	struct vgic_irq *irq = vgic_irq(gic, n, intid), copy = *irq;
	struct vgic_vcpu *v = &gic->vcpu[irq->list >= 0 ? irq->holder : n];
	uint64_t now;

	if (irq->list >= 0 && irq->holder != vgic_self(gic))
		return live_elsewhere(gic, irq);
	if (irq->linked)
		v = &gic->vcpu[gic->link[irq->linked - 1].holder];
	if (vgic_is_kernels(irq, intid)) {
		vgic_hw_read_lists(v->slot, vgic_own_list(gic, v, irq), &now, 1);
		if ((now & SK_LIST_INTID) != intid)
			now = 0;
		return (struct vgic_live){ now & SK_LIST_PENDING, now & SK_LIST_ACTIVE };
	}
	if (irq->list >= 0) {
		vgic_hw_read_lists(v->slot, (unsigned)irq->list, &now, 1);
		take_back(&copy, v->value[irq->list], now);
	}
	return (struct vgic_live){ vgic_is_pending(&copy), copy.active };
}

/* True if A goes before B: the active ones first (they were taken by priority), then by priority. */
static bool before(const struct vgic_irq *a, const struct vgic_irq *b)
{
	return a->active != b->active ? a->active : a->priority < b->priority;
}

/* The most urgent interrupt that waits for a list register, VGIC_INTIDS if none does. PENDING: of those not active. */
static unsigned choose(struct vgic *gic, struct vgic_vcpu *v, bool pending)
{
	unsigned best = VGIC_INTIDS;

	for (unsigned w = 0; w < sizeof(v->wants) / sizeof(v->wants[0]); w++) {
		for (uint64_t bits = v->wants[w]; bits; bits &= bits - 1) {
			unsigned intid = w * 64 + (unsigned)__builtin_ctzl(bits);
			const struct vgic_irq *irq = vgic_irq(gic, v->index, intid);

			if (pending && irq->active)
				continue;
			if (best == VGIC_INTIDS || before(irq, vgic_irq(gic, v->index, best)))
				best = intid;
		}
	}
	return best;
}

/* The one that waits, if it is the only one: the common case. Else VGIC_INTIDS. */
static unsigned lone(const struct vgic_vcpu *v)
{
	uint64_t all = 0;
	unsigned w = 0;

	for (unsigned i = 0; i < sizeof(v->wants) / sizeof(v->wants[0]); i++)
		all += v->wants[i] != 0;
	if (all != 1)
		return VGIC_INTIDS;
	while (!v->wants[w])
		w++;
	if (v->wants[w] & (v->wants[w] - 1))
		return VGIC_INTIDS;
	return w * 64 + (unsigned)__builtin_ctzl(v->wants[w]);
}

static uint32_t unused(const struct vgic_vcpu *v)
{
	return ~(uint32_t)v->used & ((1u << v->lists) - 1);
}

/*
 * The register in which INTID still stands after a fold, as a mask. It goes back
 * there: so no INTID ever stands in two, and it may need no write.
 */
static uint32_t home(const struct vgic_vcpu *v, unsigned intid)
{
	for (uint32_t left = unused(v) & v->written; left; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);

		if ((v->value[i] & state_bits) && v->intid[i] == intid)
			return 1u << i;
	}
	return 0;
}

/* HOMES: registers to which others go back. */
static unsigned pick_list(const struct vgic_vcpu *v, unsigned intid, uint32_t homes)
{
	uint32_t own = home(v, intid), left = unused(v) & ~homes;

	if (own)
		return (unsigned)__builtin_ctz(own);
	/* One that must be written anyway is best. */
	return (unsigned)__builtin_ctz(left & v->written ? left & v->written : left);
}

static bool any_waits(const struct vgic_vcpu *v)
{
	uint64_t bits = 0;

	for (unsigned w = 0; w < sizeof(v->wants) / sizeof(v->wants[0]); w++)
		bits |= v->wants[w];
	return bits;
}

static uint64_t compose(const struct vgic *gic, const struct vgic_irq *irq, unsigned intid, bool crowded)
{
	uint64_t value = intid | (uint64_t)irq->priority << SK_LIST_PRIORITY_SHIFT;

	value |= irq->group1 ? SK_LIST_GROUP1 : 0;
	value |= irq->active ? SK_LIST_ACTIVE : 0;
	/* A level is looked at again at its end; were it pending and active at once, a fallen level would be taken. */
	if (vgic_deliverable(gic, irq) && (irq->edge || !irq->active))
		value |= SK_LIST_PENDING;
	value |= !irq->edge || crowded ? SK_LIST_EOI : 0;
	return value;
}

static uint32_t take_list(struct vgic *gic, struct vgic_vcpu *v, unsigned intid, uint32_t homes)
{
	struct vgic_irq *irq = vgic_irq(gic, v->index, intid);
	unsigned list = pick_list(v, intid, homes);

	v->wants[intid / 64] &= ~(1ul << intid % 64);
	irq->list = (int8_t)list;
	irq->holder = v->index;
	v->used |= 1ul << list;
	v->intid[list] = (uint16_t)intid;
	return 1u << list;
}

/* Chooses who gets the free registers; returns those newly filled. */
static uint32_t place(struct vgic *gic, struct vgic_vcpu *v)
{
	uint16_t chosen[VGIC_LISTS];
	unsigned count = 0, intid = lone(v);
	uint32_t homes = 0, filled = 0, room = unused(v);

	if (intid < VGIC_INTIDS && room)
		return take_list(gic, v, intid, 0);
	for (; room && any_waits(v); room &= room - 1) {
		/* Many active ones must not shut out an interrupt that preempts them: the last register is for it. */
		intid = room & (room - 1) ? VGIC_INTIDS : choose(gic, v, true);
		if (intid == VGIC_INTIDS)
			intid = choose(gic, v, false);
		v->wants[intid / 64] &= ~(1ul << intid % 64);
		chosen[count++] = (uint16_t)intid;
		homes |= home(v, intid);
	}
	for (unsigned c = 0; c < count; c++)
		filled |= take_list(gic, v, chosen[c], homes);
	return filled;
}

/* Hands VALUE for register LIST to the kernel: two travel with SK_VCPU_RUN, more need a call each. */
static void write_list(struct vgic_vcpu *v, struct sk_words *words, unsigned list, uint64_t value)
{
	vgic_note(v, list, value);
	if (!(words->w[0] & SK_RUN_LIST_A)) {
		words->w[0] |= SK_RUN_LIST_A | (uint64_t)list << SK_RUN_LIST_A_SHIFT;
		words->w[5] = value;
	} else if (!(words->w[0] & SK_RUN_LIST_B)) {
		words->w[0] |= SK_RUN_LIST_B | (uint64_t)list << SK_RUN_LIST_B_SHIFT;
		words->w[6] = value;
	} else {
		vgic_hw_write_list(v->slot, list, value);
	}
}

/* Takes back those placed but not yet written: they are as they were. */
static void unplace(struct vgic *gic, struct vgic_vcpu *v, uint32_t filled)
{
	for (uint32_t bits = filled; bits; bits &= bits - 1) {
		unsigned list = (unsigned)__builtin_ctz(bits), intid = v->intid[list];

		vgic_irq(gic, v->index, intid)->list = -1;
		v->used &= ~(1ul << list);
		vgic_refresh(gic, v->index, intid);
	}
}

static void write_lists(struct vgic *gic, struct vgic_vcpu *v, struct sk_words *words, uint32_t filled, bool crowded)
{
	for (uint32_t left = filled | (v->written & ~(uint32_t)v->used); left; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctz(left);
		uint64_t value = 0;

		if (filled >> i & 1)
			value = compose(gic, vgic_irq(gic, v->index, v->intid[i]), v->intid[i], crowded);
		/* An end that is reported without need costs less than a write. */
		if (value != v->value[i] && (!value || (value | SK_LIST_EOI) != v->value[i]))
			write_list(v, words, i, value);
	}
}

/* Leaves FLUSH there: what we touch ourselves from here on we see to. acquire: pairs with the release in set_due. */
static uint32_t take_due(const struct vgic *gic, struct vgic_vcpu *v)
{
	if (!gic->lock.shared)
		return vgic_due_change(v, 0, VGIC_DUE_FLUSH);
	return atomic_exchange_explicit(&v->due, VGIC_DUE_FLUSH, memory_order_acquire);
}

/* SGIs that came meanwhile have kicked, and stay. */
static void drop_flush(const struct vgic *gic, struct vgic_vcpu *v)
{
	if (!gic->lock.shared)
		vgic_due_change(v, ~VGIC_DUE_FLUSH, 0);
	else
		atomic_fetch_and_explicit(&v->due, ~VGIC_DUE_FLUSH, memory_order_relaxed);
}

/* One SGI and nothing else, the common case: straight into a list register. False: nothing was done. */
static bool flush_sgi(struct vgic *gic, struct vgic_vcpu *v, struct sk_words *words, uint32_t due)
{
	uint32_t sgi = due & VGIC_DUE_SGIS;
	struct vgic_irq *irq;
	unsigned intid;

	if (sgi == 0 || (sgi & (sgi - 1)) || (due & VGIC_DUE_FLUSH) || v->retime || v->resync || v->used || v->written ||
	    any_waits(v))
		return false;
	intid = (unsigned)__builtin_ctz(sgi);
	irq = &v->private[intid];
	if (irq->active)
		return false;
	irq->latch = true;
	if (vgic_deliverable(gic, irq)) {
		take_list(gic, v, intid, 0);
		write_list(v, words, 0, compose(gic, irq, intid, false));
	}
	return true;
}

static void flush(struct vgic *gic, struct vgic_vcpu *v, struct sk_words *words, uint32_t due)
{
	uint32_t filled;

	for (uint32_t bits = due & VGIC_DUE_SGIS; bits; bits &= bits - 1)
		vgic_pend(gic, v->index, (unsigned)__builtin_ctz(bits));
	if (v->retime)
		vgic_program_vtimer(gic, v->index);
	if (v->resync)
		vgic_fold(gic, v);
	filled = place(gic, v);
	if (any_waits(v) && (v->used & ~filled)) {
		unplace(gic, v, filled);
		vgic_fold(gic, v);
		filled = place(gic, v);
	}
	write_lists(gic, v, words, filled, any_waits(v));
}

void vgic_flush(struct vgic *gic, struct vgic_vcpu *v, struct sk_words *words)
{
	uint32_t due;

	vgic_lock(gic, v->index);
	due = take_due(gic, v);
	if (!flush_sgi(gic, v, words, due))
		flush(gic, v, words, due);
	drop_flush(gic, v);
	vgic_unlock(gic);
}

void vgic_retire(struct vgic *gic, struct vgic_vcpu *v, uint32_t ended, bool without_entry)
{
	vgic_lock(gic, v->index);
	for (uint32_t bits = ended; bits; bits &= bits - 1)
		release(gic, v, (unsigned)__builtin_ctz(bits), 0);
	if (any_waits(v))
		vgic_touch(gic, v);
	if (without_entry) {
		/* The guest ends its innermost interrupt first: the most urgent of those active. */
		unsigned intid = choose(gic, v, false);

		if (intid < VGIC_INTIDS && vgic_irq(gic, v->index, intid)->active) {
			vgic_irq(gic, v->index, intid)->active = false;
			vgic_refresh(gic, v->index, intid);
		}
	}
	vgic_unlock(gic);
}
