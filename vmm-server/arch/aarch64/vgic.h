/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's GICv3: distributor, one redistributor per vCPU, SGIs, and the
 * list registers that the kernel lends. One security state (GICD_CTLR.DS = 1),
 * affinity routing always on, no LPIs, no message-based SPIs.
 *
 * References
 *   [GIC] Arm IHI 0069H.b, GIC architecture specification v3 and v4.
 *
 * How the VMM uses it, in a vCPU's thread:
 *
 *	for (;;) {
 *		vgic_before_run(&gic, &gic.vcpu[n], &words);    adds list-register writes
 *		sk_vcpu_run(&words);
 *		vgic_after_exit(&gic, &gic.vcpu[n], words.w[7]); sees what the guest ended
 *		... handle the exit: mmio_perform, vgic_sgi,
 *		    vgic_set_spi ...
 *	}
 *
 * If sk_vcpu_run answers BAD_ARG the list writes were not done; that cannot
 * happen for values made here.
 *
 * Threads. Each call comes from the thread of the vCPU that it names (an access:
 * access->cpu; an SPI: gic->caller). All state is `lock`'s, but two things that
 * need none: `due`, through which others tell a vCPU that there is something to
 * do, SGIs to it included; and `used`, which the vCPU's own thread alone changes
 * and may read. So an exit after which nothing is due and nothing was ended, and
 * the sending of an SGI, take no lock.
 * List registers are touched by their vCPU's own thread alone. What others change
 * about an interrupt that stands there waits for the next vgic_flush (`resync`);
 * only who reads its state must wait for that.
 */
#ifndef VMM_VGIC_H
#define VMM_VGIC_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/lock.h"
#include "core/mmio.h"

#define VGIC_VCPUS        8u
#define VGIC_SPIS         256u
#define VGIC_PRIVATE      32u   /* SGIs 0..15, PPIs 16..31 */
#define VGIC_INTIDS       (VGIC_PRIVATE + VGIC_SPIS)
#define VGIC_LISTS        16u
#define VGIC_LINKS        2u    /* SPIs that the kernel may deliver by itself, from a line of the machine */
#define VGIC_VTIMER       27u   /* the PPI that the kernel delivers by itself */

#define VGIC_DIST_SIZE    0x10000u  /* GICD window */
#define VGIC_REDIST_SIZE  0x20000u  /* GICR window of one vCPU: RD frame and SGI frame */

struct vgic_irq {
	uint8_t priority;     /* 5 bits, at the top */
	uint8_t holder;       /* vCPU where it is active or stands in a list register */
	uint8_t target;       /* vCPU that the route names; VGIC_VCPUS: nobody */
	int8_t list;          /* its list register, or -1 */
	bool group1;
	bool enabled;
	bool edge;
	bool line;            /* level of the input: changed by its device alone, with the lock */
	bool latch;           /* pending by an edge, an SGI or ISPENDR; while in a list register: as when put there */
	bool again;           /* the same, since it was put there */
	bool active;          /* ... as when put there */
	uint8_t linked;       /* 1 + its number in gic->link, 0: an interrupt like others */
	uint8_t force;        /* enum vgic_force: to be done to `active` once it is out of the list register */
	uint64_t route;       /* GICD_IROUTER */
};

enum vgic_force { VGIC_KEEP, VGIC_ACTIVATE, VGIC_DEACTIVATE };

#define VGIC_DUE_SGIS   0xffffu     /* bits of `due`: SGIs sent to it, */
#define VGIC_DUE_FLUSH  (1u << 31)  /* before_run has something else to do, */
#define VGIC_DUE_ALL    ~0u
#define VGIC_DUE_KICKED (1u << 30)  /* and somebody has kicked it for that */

struct vgic_vcpu {
	_Atomic uint32_t due;     /* set by any thread, taken by vgic_flush */
	bool resync;              /* the list registers must be read first */
	bool retime;              /* the virtual timer's template may have changed */
	bool asleep;              /* GICR_WAKER.ProcessorSleep */
	uint8_t index;            /* of this vCPU */
	uint8_t lists;            /* list registers that may be used */
	uint32_t slot;            /* capability of the kernel's vCPU object */
	uint64_t used;            /* list registers that hold an interrupt of ours */
	uint32_t written;         /* list registers whose `value` is not 0 */
	uint32_t folds;           /* how often they have been read back, mod 2^32 */
	uint64_t affinity;        /* as MPIDR_EL1: Aff3 at 39:32, Aff2..0 at 23:0 */
	uint64_t vtimer;          /* template as last programmed */
	uint16_t intid[VGIC_LISTS];           /* who stands, or last stood, there */
	uint64_t value[VGIC_LISTS];           /* as last written or read */
	uint64_t wants[(VGIC_INTIDS + 63) / 64]; /* due here and in no list register */
	struct vgic_irq private[VGIC_PRIVATE];
};

struct vgic {
	struct lock lock;
	uint32_t ctlr;            /* GICD_CTLR.EnableGrp0, EnableGrp1 */
	uint8_t vcpus;
	/*
	 * Makes vCPU N leave the guest soon, sticky; called, never for the
	 * caller's own, when its `due` becomes nonzero. Null with one vCPU.
	 */
	void (*kick)(unsigned n);
	unsigned (*caller)(void); /* the vCPU whose thread changes an SPI's input. Null: 0 */
	struct vgic_vcpu vcpu[VGIC_VCPUS];
	struct vgic_irq spi[VGIC_SPIS];
	unsigned links;           /* the last list registers of each vCPU are theirs */
	struct vgic_link {
		uint32_t irq;     /* slot of the line */
		uint16_t intid;
		uint8_t holder;   /* vCPU that has it, if `value` is not 0: */
		uint64_t value;   /* what the kernel was told */
	} link[VGIC_LINKS];
};

struct sk_words;

/* The state after reset: all disabled, inactive, group 0, priority 0. VCPUS is 1..VGIC_VCPUS. */
void vgic_init(struct vgic *gic, unsigned vcpus);

/*
 * Names the kernel's vCPU object and the guest's affinity (what VMPIDR shows)
 * of vCPU N. To be called for each before its first run; asks the kernel how
 * many list registers there are.
 */
void vgic_attach(struct vgic *gic, unsigned n, uint32_t slot, uint64_t affinity);

/*
 * SPI INTID is delivered by the kernel from now on, from the machine's line IRQ (slot); false: there are VGIC_LINKS such.
 * After vgic_init, before vgic_attach.
 */
bool vgic_link(struct vgic *gic, uint32_t intid, uint32_t irq);

/*
 * All as after vgic_init and vgic_attach; by vCPU 0, whose list registers it
 * empties. For SYSTEM_RESET: the other vCPUs have done vgic_leave.
 */
void vgic_reset(struct vgic *gic);

/* vCPU N, out of the guest, stays out for long or starts anew: empties its list registers. What stood there stays due. */
void vgic_leave(struct vgic *gic, unsigned n);

/*
 * The two devices, state: the struct vgic. Windows: VGIC_DIST_SIZE at GICD's
 * base; vcpus * VGIC_REDIST_SIZE at GICR's, vCPU n's at n * VGIC_REDIST_SIZE.
 */
extern const struct mmio_ops vgic_dist_ops;
extern const struct mmio_ops vgic_redist_ops;

/* A write of ICC_SGI1R_EL1 (GROUP1) or of ICC_SGI0R_EL1, ICC_ASGI1R_EL1 (which with DS=1 make group 0 SGIs) by vCPU N. */
void vgic_sgi(struct vgic *gic, unsigned n, uint64_t value, bool group1);

/*
 * Interrupt inputs. Level-triggered: the level; edge-triggered: a false to true
 * change pends. INTIDs out of range are ignored. vgic_set_spi fits struct irq_line.
 */
void vgic_set_spi(void *gic, uint32_t intid, bool level);
void vgic_set_ppi(struct vgic *gic, unsigned n, uint32_t intid, bool level);
/* An edge on an SPI: pends it whatever its input line does. */
void vgic_pulse_spi(struct vgic *gic, uint32_t intid);

/* The SPI neither pends nor is active: the guest has ended what was pulsed. */
bool vgic_spi_idle(struct vgic *gic, uint32_t intid);

/*
 * True if vCPU N's list registers are to change, so that a WFI should rather run
 * on. (What stands in them already the kernel looks at: w2 of the exit.)
 */
static inline bool vgic_pending(const struct vgic *gic, unsigned n)
{
	return atomic_load_explicit(&gic->vcpu[n].due, memory_order_relaxed) != 0;
}

/* Whether something of ours stands in vCPU N's list registers. Its own thread. */
static inline bool vgic_in_use(const struct vgic *gic, unsigned n)
{
	return gic->vcpu[n].used != 0;
}

/* The slow halves of the two below. */
void vgic_flush(struct vgic *gic, struct vgic_vcpu *v, struct sk_words *words);
void vgic_retire(struct vgic *gic, struct vgic_vcpu *v, uint32_t ended, bool without_entry);

/*
 * Puts what is due into list registers: A and B through WORDS (w0, w5, w6 of
 * SK_VCPU_RUN; adds to w0, which the caller has set before), more by system call.
 */
static inline void vgic_before_run(struct vgic *gic, struct vgic_vcpu *v, struct sk_words *words)
{
	if (__builtin_expect(atomic_load_explicit(&v->due, memory_order_relaxed) != 0, 0))
		vgic_flush(gic, v, words);
}

/* Takes in the list register state W7 that came out of SK_VCPU_RUN. */
static inline void vgic_after_exit(struct vgic *gic, struct vgic_vcpu *v, uint64_t w7)
{
	if (__builtin_expect(w7 & (v->used | 1ul << 32), 0))
		vgic_retire(gic, v, (uint32_t)(w7 & v->used), w7 >> 32 & 1);
}

/*
 * The machine below, implemented by vgic_hw.c with system calls and by the unit
 * tests with a little CPU interface. SLOT names the vCPU object.
 */
unsigned vgic_hw_lists(uint32_t slot);
void vgic_hw_read_lists(uint32_t slot, unsigned first, uint64_t *value, unsigned count);
void vgic_hw_write_list(uint32_t slot, unsigned n, uint64_t value);
void vgic_hw_write_vtimer(uint32_t slot, uint64_t template);
void vgic_hw_link(uint32_t irq, uint32_t slot, uint64_t value); /* slot 0: not any more */

#endif
