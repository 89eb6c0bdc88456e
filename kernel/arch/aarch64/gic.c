/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * [GIC] Arm Generic Interrupt Controller Architecture Specification, GICv3 and
 *       GICv4, IHI 0069H. Registers, by name: chapter 12.
 *
 * Only group 1 is enabled and the registers are used in the way that is the same
 * with one security state and from the non-secure side of two.
 */
#include "gic.h"

#include "kernel.h"
#include "cpu.h"
#include "gate.h"
#include "guest.h"
#include "mmio.h"
#include "sysreg.h"

enum distributor {
	GICD_CTLR = 0x0000,
	GICD_TYPER = 0x0004,
	GICD_IGROUPR = 0x0080,
	GICD_ISENABLER = 0x0100,
	GICD_ICENABLER = 0x0180,
	GICD_ICPENDR = 0x0280,
	GICD_ICACTIVER = 0x0380,
	GICD_IPRIORITYR = 0x0400,
	GICD_ICFGR = 0x0c00,
	GICD_IGRPMODR = 0x0d00,
	GICD_IROUTER = 0x6000,
};

#define GICD_CTLR_ENABLE1 (1u << 1)  /* EnableGrp1, or EnableGrp1A seen from the non-secure side */
#define GICD_CTLR_ARE     (1u << 4)
#define GICD_CTLR_RWP     (1u << 31)
#define GICD_TYPER_LINES  0x1fu

/* The SGI and PPI registers have the distributor's offsets, in the second frame. */
enum redistributor {
	GICR_CTLR = 0x0000,
	GICR_WAKER = 0x0014,
	GICR_SGI_FRAME = 0x10000,
	GICR_ISACTIVER = 0x0300,
};

#define GICR_CTLR_RWP      (1u << 3)
#define GICR_WAKER_SLEEP   (1u << 1)
#define GICR_WAKER_ASLEEP  (1u << 2)

#define ICC_SRE_EL2_ONLY   0x7u      /* SRE, DFB, DIB; not Enable: a guest's ICC_SRE_EL1 traps */
#define ICC_SRE_EL1_ON     0x7u      /* for guests, which cannot write it */
#define ICC_CTLR_EOIMODE   (1u << 1)
#define ICC_PMR_ALL        0xffu

#define PRIORITY_ALL       0xa0a0a0a0u
#define SGI_KERNEL         0u

static uint64_t gicd;
static struct {
	uint64_t rd;        /* address of its redistributor's first frame */
	uint64_t route;     /* GICD_IROUTER of an interrupt that goes there */
} core_gic[SK_MAX_CORES];
static uint32_t timer_hyp, gic_maintenance;
uint64_t gic_sgi1r[SK_MAX_CORES];

static uint64_t sgi_frame(unsigned core)
{
	return core_gic[core].rd + GICR_SGI_FRAME;
}

/* RWP: until a write to ICENABLER or CTLR has taken effect everywhere ([GIC] GICD_CTLR, GICR_CTLR). */
static void wait_clear(uint64_t va, uint32_t bits)
{
	while (mmio_read32(va) & bits)
		arch_relax();
}

/* A line's bit in the register, of those with a bit for each line, that begins at BASE. */
static void write_bit(uint64_t base, unsigned line)
{
	mmio_write32(base + line / 32 * 4, 1u << line % 32);
}

/* [GIC] ICC_SGI1R_EL1: affinity levels 3, 2, 1, and 16 targets of level 0 from RS * 16. */
static uint64_t sgi1r_of(uint64_t mpidr)
{
	uint64_t aff0 = mpidr & 0xff, aff1 = mpidr >> 8 & 0xff, aff2 = mpidr >> 16 & 0xff, aff3 = mpidr >> 32 & 0xff;

	return aff3 << 48 | (aff0 / 16) << 44 | aff2 << 32 | (uint64_t)SGI_KERNEL << 24 | aff1 << 16 |
	       1ul << (aff0 % 16);
}

/* Interrupts from FIRST to END, in a frame that has their registers: masked, idle, of group 1 and one priority. */
static void init_lines(uint64_t frame, unsigned first, unsigned end)
{
	for (unsigned i = first / 8; i < end / 8; i += 4) {
		mmio_write32(frame + GICD_ICENABLER + i, ~0u);
		mmio_write32(frame + GICD_ICPENDR + i, ~0u);
		mmio_write32(frame + GICD_ICACTIVER + i, ~0u);
		mmio_write32(frame + GICD_IGROUPR + i, ~0u);
		mmio_write32(frame + GICD_IGRPMODR + i, 0);
	}
	for (unsigned i = first; i < end; i += 4)
		mmio_write32(frame + GICD_IPRIORITYR + i, PRIORITY_ALL);
}

static void init_distributor(const struct bootinfo *boot)
{
	unsigned lines;

	gicd = boot->gicd_va;
	timer_hyp = boot->timer_hyp;
	gic_maintenance = boot->gic_maintenance;
	for (unsigned i = 0; i < boot->cores; i++) {
		core_gic[i].rd = boot->gicr_va[i];
		core_gic[i].route = boot->mpidr[i] & 0xff00fffffful; /* Aff3..Aff0 stand where MPIDR has them */
		gic_sgi1r[i] = sgi1r_of(boot->mpidr[i]);
	}
	/* ARE never goes from 1 back to 0: that is UNPREDICTABLE ([GIC] GICD_CTLR) */
	mmio_write32(gicd + GICD_CTLR, mmio_read32(gicd + GICD_CTLR) & GICD_CTLR_ARE);
	wait_clear(gicd + GICD_CTLR, GICD_CTLR_RWP);
	mmio_write32(gicd + GICD_CTLR, GICD_CTLR_ARE);
	wait_clear(gicd + GICD_CTLR, GICD_CTLR_RWP);
	lines = ((mmio_read32(gicd + GICD_TYPER) & GICD_TYPER_LINES) + 1) * 32;
	if (lines > ARCH_LINES)
		lines = ARCH_LINES;
	init_lines(gicd, FIRST_SPI, lines);
	for (unsigned i = FIRST_SPI; i < lines; i++)
		mmio_write64(gicd + GICD_IROUTER + i * 8, core_gic[0].route);
	wait_clear(gicd + GICD_CTLR, GICD_CTLR_RWP);
	mmio_write32(gicd + GICD_CTLR, GICD_CTLR_ARE | GICD_CTLR_ENABLE1);
	wait_clear(gicd + GICD_CTLR, GICD_CTLR_RWP);
}

void gic_init_core(struct core *core, const struct bootinfo *boot)
{
	uint64_t rd, sgi;

	if (core->number == 0)
		init_distributor(boot);
	rd = core_gic[core->number].rd;
	sgi = sgi_frame(core->number);
	/* private interrupts: all masked and idle but the kernel's own (the virtual timer's: gic_ppi_enable) */
	mmio_write32(rd + GICR_WAKER, mmio_read32(rd + GICR_WAKER) & ~GICR_WAKER_SLEEP);
	wait_clear(rd + GICR_WAKER, GICR_WAKER_ASLEEP);
	init_lines(sgi, 0, FIRST_SPI);
	wait_clear(rd + GICR_CTLR, GICR_CTLR_RWP);
	mmio_write32(sgi + GICD_ICFGR + 4, 0); /* PPIs: level */
	mmio_write32(sgi + GICD_ISENABLER, 1u << SGI_KERNEL | 1u << timer_hyp | 1u << gic_maintenance);
	WRITE_SYSREG(ICC_SRE_EL2, ICC_SRE_EL2_ONLY);
	isb(); /* the other ICC registers exist only with SRE in force */
	WRITE_SYSREG(ICC_SRE_EL1, ICC_SRE_EL1_ON);
	WRITE_SYSREG(ICC_CTLR_EL1, ICC_CTLR_EOIMODE);
	WRITE_SYSREG(ICC_BPR1_EL1, 0);
	WRITE_SYSREG(ICC_PMR_EL1, ICC_PMR_ALL);
	WRITE_SYSREG(ICC_IGRPEN1_EL1, 1);
	isb();
}

bool gic_ppi_active(unsigned core, unsigned intid)
{
	return mmio_read32(sgi_frame(core) + GICR_ISACTIVER) & 1u << intid;
}

void gic_ppi_set_active(unsigned core, unsigned intid, bool active)
{
	write_bit(sgi_frame(core) + (active ? GICR_ISACTIVER : GICD_ICACTIVER), intid);
	(void)gic_ppi_active(core, intid); /* the write has arrived before a guest can end the interrupt through a list register */
	dsb(sy);
}

void gic_ppi_enable(unsigned core, unsigned intid, bool enable)
{
	write_bit(sgi_frame(core) + (enable ? GICD_ISENABLER : GICD_ICENABLER), intid);
	if (!enable)
		wait_clear(core_gic[core].rd + GICR_CTLR, GICR_CTLR_RWP);
}

void arch_irq_mask(unsigned line)
{
	write_bit(gicd + GICD_ICENABLER, line);
	wait_clear(gicd + GICD_CTLR, GICD_CTLR_RWP);
}

/*
 * A line that was taken stays active, and so does not come again, until it is
 * acknowledged: here ([GIC] 4.1, 4.8; EOImode 1). That spares masking it when it fires.
 */
void arch_irq_unmask(unsigned line)
{
	write_bit(gicd + GICD_ICACTIVER, line);
	write_bit(gicd + GICD_ISENABLER, line);
}

void arch_irq_setup(unsigned line, bool edge, unsigned core)
{
	uint64_t config = gicd + GICD_ICFGR + line / 16 * 4;
	uint32_t bit = 2u << (line % 16 * 2);

	/* the trigger may change only while the line is masked ([GIC] GICD_ICFGR<n>) */
	arch_irq_mask(line);
	write_bit(gicd + GICD_ICACTIVER, line);
	mmio_write32(config, (mmio_read32(config) & ~bit) | (edge ? bit : 0));
	mmio_write64(gicd + GICD_IROUTER + line * 8, core_gic[core].route);
}

void arch_ipi(unsigned core)
{
	dsb(ish); /* what was stored before is there when the interrupt is; pairs with the taking of it */
	WRITE_SYSREG(ICC_SGI1R_EL1, gic_sgi1r[core]);
	isb();
}

bool arch_interrupt_pending(void)
{
	return READ_SYSREG(isr_el1) != 0;
}

void gic_take(struct core *core, unsigned intid)
{
	if (intid >= FIRST_SPECIAL)
		return;
	dsb(sy); /* acknowledged before anything at the device is touched ([GIC] ICC_IAR1_EL1) */
	WRITE_SYSREG(ICC_EOIR1_EL1, intid);
	if (intid == gic_maintenance) {
		WRITE_SYSREG(ICC_DIR_EL1, intid);
		if (core->arch.guest) {
			gate_exit(SK_EXIT_MAINT, 0, 0, 0, 0, core->arch.guest->arch.pc, 0);
			return;
		}
		gate_interface(core, 0); /* it came when the guest had been left: the exit told the same */
		isb(); /* the interface is off, so the line is low before the next acknowledge */
	} else if (intid == VTIMER_PPI) {
		guest_timer_fired(core); /* the guest deactivates it, by ending the list register that is linked to it */
	} else if (intid == timer_hyp) {
		kernel_timer(core);
		isb(); /* the new deadline has lowered the line before it may fire again */
		WRITE_SYSREG(ICC_DIR_EL1, intid);
	} else if (intid == SGI_KERNEL) {
		WRITE_SYSREG(ICC_DIR_EL1, intid);
		kernel_ipi(core);
	} else {
		kernel_interrupt(core, intid);
	}
}
