/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * [GIC] Arm Generic Interrupt Controller Architecture Specification, GICv3 and
 *       GICv4, IHI 0069H. Registers, by name: chapter 12.
 *
 * Only group 1 is enabled and the registers are used in the way that is the same
 * with one security state and from the non-secure side of two.
 */
#include "gic.h"

#include "arch.h"
#include "core.h"
#include "cpu.h"
#include "entry.h"
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
	uint64_t rd, sgi;   /* addresses of the two frames */
	uint64_t route;     /* GICD_IROUTER of an interrupt that goes there */
} core_gic[SK_MAX_CORES];
static uint32_t timer_virtual, timer_hyp;
uint64_t gic_sgi1r[SK_MAX_CORES];
uint32_t gic_maintenance;

/* Until a write to ICENABLER or CTLR has taken effect everywhere ([GIC] GICD_CTLR.RWP). */
static void wait_distributor(void)
{
	while (mmio_read32(gicd + GICD_CTLR) & GICD_CTLR_RWP)
		arch_relax();
}

static void wait_redistributor(unsigned core)
{
	while (mmio_read32(core_gic[core].rd + GICR_CTLR) & GICR_CTLR_RWP)
		arch_relax();
}

static uint64_t bit_register(uint64_t base, unsigned intid)
{
	return base + intid / 32 * 4;
}

static uint32_t bit_of(unsigned intid)
{
	return 1u << (intid % 32);
}

/* [GIC] ICC_SGI1R_EL1: affinity levels 3, 2, 1, and 16 targets of level 0 from RS * 16. */
static uint64_t sgi1r_of(uint64_t mpidr)
{
	uint64_t aff0 = mpidr & 0xff, aff1 = mpidr >> 8 & 0xff, aff2 = mpidr >> 16 & 0xff, aff3 = mpidr >> 32 & 0xff;

	return aff3 << 48 | (aff0 / 16) << 44 | aff2 << 32 | (uint64_t)SGI_KERNEL << 24 | aff1 << 16 |
	       1ul << (aff0 % 16);
}

static void keep(const struct bootinfo *boot)
{
	gicd = boot->gicd_va;
	timer_virtual = boot->timer_virtual;
	timer_hyp = boot->timer_hyp;
	gic_maintenance = boot->gic_maintenance;
	for (unsigned i = 0; i < boot->cores; i++) {
		core_gic[i].rd = boot->gicr_va[i];
		core_gic[i].sgi = boot->gicr_va[i] + GICR_SGI_FRAME;
		gic_sgi1r[i] = sgi1r_of(boot->mpidr[i]);
		core_gic[i].route = boot->mpidr[i] & 0xff00fffffful; /* Aff3..Aff0 stand where MPIDR has them */
	}
}

void gic_init_distributor(const struct bootinfo *boot)
{
	unsigned lines;

	keep(boot);
	/* ARE never goes from 1 back to 0: that is UNPREDICTABLE ([GIC] GICD_CTLR) */
	mmio_write32(gicd + GICD_CTLR, mmio_read32(gicd + GICD_CTLR) & GICD_CTLR_ARE);
	wait_distributor();
	mmio_write32(gicd + GICD_CTLR, GICD_CTLR_ARE);
	wait_distributor();
	lines = ((mmio_read32(gicd + GICD_TYPER) & GICD_TYPER_LINES) + 1) * 32;
	if (lines > ARCH_LINES)
		lines = ARCH_LINES;
	for (unsigned i = FIRST_SPI; i < lines; i += 32) {
		mmio_write32(bit_register(gicd + GICD_ICENABLER, i), ~0u);
		mmio_write32(bit_register(gicd + GICD_ICPENDR, i), ~0u);
		mmio_write32(bit_register(gicd + GICD_ICACTIVER, i), ~0u);
		mmio_write32(bit_register(gicd + GICD_IGROUPR, i), ~0u);
		mmio_write32(bit_register(gicd + GICD_IGRPMODR, i), 0);
	}
	for (unsigned i = FIRST_SPI; i < lines; i += 4)
		mmio_write32(gicd + GICD_IPRIORITYR + i, PRIORITY_ALL);
	for (unsigned i = FIRST_SPI; i < lines; i++)
		mmio_write64(gicd + GICD_IROUTER + i * 8, core_gic[0].route);
	wait_distributor();
	mmio_write32(gicd + GICD_CTLR, GICD_CTLR_ARE | GICD_CTLR_ENABLE1);
	wait_distributor();
}

static void wake_redistributor(uint64_t rd)
{
	mmio_write32(rd + GICR_WAKER, mmio_read32(rd + GICR_WAKER) & ~GICR_WAKER_SLEEP);
	while (mmio_read32(rd + GICR_WAKER) & GICR_WAKER_ASLEEP)
		arch_relax();
}

/* Private interrupts: all masked and idle but the kernel's own. (The virtual timer's: gic_ppi_enable.) */
static void init_private(unsigned core)
{
	uint64_t sgi = core_gic[core].sgi;
	uint32_t mine = bit_of(SGI_KERNEL) | bit_of(timer_hyp) | bit_of(gic_maintenance);

	mmio_write32(sgi + GICD_ICENABLER, ~0u);
	wait_redistributor(core);
	mmio_write32(sgi + GICD_ICPENDR, ~0u);
	mmio_write32(sgi + GICD_ICACTIVER, ~0u);
	mmio_write32(sgi + GICD_IGROUPR, ~0u);
	mmio_write32(sgi + GICD_IGRPMODR, 0);
	for (unsigned i = 0; i < FIRST_SPI; i += 4)
		mmio_write32(sgi + GICD_IPRIORITYR + i, PRIORITY_ALL);
	mmio_write32(sgi + GICD_ICFGR + 4, 0); /* PPIs: level */
	mmio_write32(sgi + GICD_ISENABLER, mine);
}

void gic_init_core(struct core *core, const struct bootinfo *boot)
{
	(void)boot; /* gic_init_distributor kept it */
	wake_redistributor(core_gic[core->number].rd);
	init_private(core->number);
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
	return mmio_read32(core_gic[core].sgi + GICR_ISACTIVER) & bit_of(intid);
}

void gic_ppi_set_active(unsigned core, unsigned intid, bool active)
{
	uint64_t sgi = core_gic[core].sgi;

	mmio_write32(sgi + (active ? GICR_ISACTIVER : GICD_ICACTIVER), bit_of(intid));
	/* read back: the write has arrived before a guest can end the interrupt through a list register */
	(void)mmio_read32(sgi + GICR_ISACTIVER);
	dsb(sy);
}

void gic_ppi_enable(unsigned core, unsigned intid, bool enable)
{
	mmio_write32(core_gic[core].sgi + (enable ? GICD_ISENABLER : GICD_ICENABLER), bit_of(intid));
	if (!enable)
		wait_redistributor(core);
}

void arch_irq_mask(unsigned line)
{
	mmio_write32(bit_register(gicd + GICD_ICENABLER, line), bit_of(line));
	wait_distributor();
}

/*
 * A line that was taken stays active, and so does not come again, until it is
 * acknowledged: here ([GIC] 4.1, 4.8; EOImode 1). That spares masking it when it fires.
 */
void arch_irq_unmask(unsigned line)
{
	mmio_write32(bit_register(gicd + GICD_ICACTIVER, line), bit_of(line));
	mmio_write32(bit_register(gicd + GICD_ISENABLER, line), bit_of(line));
}

void arch_irq_setup(unsigned line, bool edge, unsigned core)
{
	uint64_t config = gicd + GICD_ICFGR + line / 16 * 4;
	uint32_t bit = 2u << (line % 16 * 2);

	/* the trigger may change only while the line is masked ([GIC] GICD_ICFGR<n>) */
	arch_irq_mask(line);
	mmio_write32(bit_register(gicd + GICD_ICACTIVER, line), bit_of(line));
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

static void drop(unsigned intid)
{
	WRITE_SYSREG(ICC_EOIR1_EL1, intid);
}

static void deactivate(unsigned intid)
{
	WRITE_SYSREG(ICC_DIR_EL1, intid);
}

static void take_private(struct core *core, unsigned intid)
{
	drop(intid);
	if (intid == timer_virtual) {
		/* the guest deactivates it, by ending the list register that is linked to it */
		guest_timer_fired(core);
		return;
	}
	if (intid == timer_hyp) {
		kernel_timer(core);
		isb(); /* the new deadline has lowered the line before it may fire again */
	}
	deactivate(intid);
	if (intid == SGI_KERNEL)
		kernel_ipi(core);
	else if (intid == gic_maintenance)
		guest_maintenance(core);
}

void gic_take(struct core *core, unsigned intid)
{
	if (intid >= FIRST_SPECIAL)
		return;
	dsb(sy); /* acknowledged before anything at the device is touched ([GIC] ICC_IAR1_EL1) */
	if (intid >= FIRST_SPI) {
		drop(intid);
		kernel_interrupt(core, intid);
	} else {
		take_private(core, intid);
	}
}

/* What else waits traps again: the eret, or arch_idle, is between the drop and the next acknowledge. */
void arch_irq(struct core *core)
{
	gic_take(core, (unsigned)READ_SYSREG(ICC_IAR1_EL1) & 0xffffffu);
}
