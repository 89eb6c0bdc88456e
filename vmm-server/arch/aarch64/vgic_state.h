/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by the files of the virtual GIC, not for others. */
#ifndef VMM_VGIC_STATE_H
#define VMM_VGIC_STATE_H

#include <stddef.h>

#include "arch/aarch64/vgic.h"

#define VGIC_PRIORITY_MASK 0xf8u /* 5 bits, as ICH_VTR_EL2.PRIbits of every GICv3 that we run on */

/* Interrupt INTID as vCPU N sees it; null if there is none. */
static inline struct vgic_irq *vgic_irq(struct vgic *gic, unsigned n, unsigned intid)
{
	if (intid < VGIC_PRIVATE)
		return &gic->vcpu[n].private[intid];
	return intid < VGIC_INTIDS ? &gic->spi[intid - VGIC_PRIVATE] : NULL;
}

/* SELF: the vCPU whose thread it is. */
static inline void vgic_lock(struct vgic *gic, unsigned self)
{
	lock_take(&gic->lock, self);
}

static inline void vgic_unlock(struct vgic *gic)
{
	lock_drop(&gic->lock);
}

/* Whose thread holds the lock. */
static inline unsigned vgic_self(const struct vgic *gic)
{
	return lock_holder(&gic->lock);
}

/* With one vCPU: keeps KEEP of its `due` and adds BITS. Returns what it was. */
static inline uint32_t vgic_due_change(struct vgic_vcpu *v, uint32_t keep, uint32_t bits)
{
	uint32_t old = atomic_load_explicit(&v->due, memory_order_relaxed);

	atomic_store_explicit(&v->due, (old & keep) | bits, memory_order_relaxed);
	return old;
}

/* All below: with the lock. */

/* What list register LIST holds now. */
static inline void vgic_note(struct vgic_vcpu *v, unsigned list, uint64_t value)
{
	v->value[list] = value;
	v->written = (v->written & ~(1u << list)) | (uint32_t)(value != 0) << list;
}

/* The vCPU that an interrupt is for now, null if nobody. */
struct vgic_vcpu *vgic_destination(struct vgic *gic, unsigned n, unsigned intid);

static inline bool vgic_is_pending(const struct vgic_irq *irq)
{
	return irq->latch || (!irq->edge && irq->line);
}

/* Pending, enabled, and its group enabled. */
static inline bool vgic_deliverable(const struct vgic *gic, const struct vgic_irq *irq)
{
	return irq->enabled && (gic->ctlr >> irq->group1 & 1) && vgic_is_pending(irq);
}

/* To be called after any change of an interrupt's state: decides who has to do what about it. N: whose, if private. */
void vgic_refresh(struct vgic *gic, unsigned n, unsigned intid);

/* After a change of GICD_CTLR. */
void vgic_refresh_all(struct vgic *gic);

/* Makes vCPU V flush before it enters the guest again, and leave it for that. */
void vgic_touch(struct vgic *gic, struct vgic_vcpu *v);

/* An edge, an SGI, or ISPENDR. */
void vgic_pend(struct vgic *gic, unsigned n, unsigned intid);

/*
 * Whether vCPU N has yet to take out of its list registers what another changed, the caller
 * say: until then its guest may take an interrupt that was disabled ([GIC] GICD_CTLR.RWP,
 * GICR_CTLR.RWP). A vCPU that is off has none there.
 */
static inline bool vgic_write_pending(const struct vgic *gic, unsigned n)
{
	return n != vgic_self(gic) && gic->vcpu[n].resync;
}

/* Its pending and active state is the kernel's and follows the hardware: the guest's writes have no effect. */
static inline bool vgic_is_kernels(const struct vgic_irq *irq, unsigned intid)
{
	return intid == VGIC_VTIMER || irq->linked;
}

/* The list register, as the kernel numbers them, that the timer or a link has for itself. */
static inline unsigned vgic_own_list(const struct vgic *gic, const struct vgic_vcpu *v, const struct vgic_irq *irq)
{
	return v->lists + gic->links - irq->linked;
}

/* Tells the kernel how the virtual timer's PPI stands: now if vCPU N is the own one, else before it runs. */
void vgic_program_vtimer(struct vgic *gic, unsigned n);

/*
 * vgic_lists.c: takes all interrupts out of the own vCPU V's list registers into
 * the state above; the registers themselves are rewritten by the next flush.
 */
void vgic_fold(struct vgic *gic, struct vgic_vcpu *v);

/*
 * What the guest would read of interrupt INTID now. If it stands in another
 * vCPU's list register the lock is given up while that one is asked.
 */
struct vgic_live {
	bool pending, active;
};
struct vgic_live vgic_live(struct vgic *gic, unsigned n, unsigned intid);

/*
 * vgic_bank.c: the registers that distributor and SGI frame have alike, from
 * IGROUPR to ICFGR, for interrupts FIRST..LAST. Others read as zero, writes to
 * them are ignored.
 */
bool vgic_bank_read(struct vgic *gic, unsigned n, unsigned first, unsigned last, struct mmio_access *access);
bool vgic_bank_write(struct vgic *gic, unsigned n, unsigned first, unsigned last, const struct mmio_access *access);

/* Identification registers at 0xffd0..0xfffc of each frame. */
uint32_t vgic_id_register(unsigned offset);
#define VGIC_IIDR 0x5300043bu  /* product 'S', implementer: Arm's code as other GIC models use */

#endif
