/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers of a vCPU by name. */
#include "kernel.h"
#include "cpu.h"
#include "guest.h"
#include "lists.h"
#include "sysreg.h"

#define V(field) offsetof(struct arch_vcpu, field)
#define NONE     0xffffu          /* reads as zero, writes are ignored */

static const uint16_t place[SK_VREG_COUNT] = {
	[SK_VREG_PC] = V(pc), [SK_VREG_PSTATE] = V(pstate),
	[SK_VREG_SP_EL0] = V(el0.sp_el0), [SK_VREG_SP_EL1] = V(lazy.sp_el1),
	[SK_VREG_ELR_EL1] = V(lazy.elr), [SK_VREG_SPSR_EL1] = V(lazy.spsr), [SK_VREG_ESR_EL1] = V(lazy.esr),
	[SK_VREG_FAR_EL1] = V(lazy.far), [SK_VREG_VBAR_EL1] = V(lazy.vbar),
	[SK_VREG_SCTLR_EL1] = V(el0.sctlr), [SK_VREG_CPACR_EL1] = V(el0.cpacr),
	[SK_VREG_TTBR0_EL1] = V(lazy.ttbr0), [SK_VREG_TTBR1_EL1] = V(lazy.ttbr1), [SK_VREG_TCR_EL1] = V(el0.tcr),
	[SK_VREG_MAIR_EL1] = V(lazy.mair), [SK_VREG_AMAIR_EL1] = V(lazy.amair),
	[SK_VREG_CONTEXTIDR_EL1] = V(lazy.contextidr),
	[SK_VREG_TPIDR_EL0] = V(el0.tpidr_el0), [SK_VREG_TPIDRRO_EL0] = V(el0.tpidrro_el0),
	[SK_VREG_TPIDR_EL1] = V(lazy.tpidr_el1), [SK_VREG_PAR_EL1] = V(lazy.par),
	[SK_VREG_AFSR0_EL1] = V(lazy.afsr0), [SK_VREG_AFSR1_EL1] = V(lazy.afsr1),
	[SK_VREG_CSSELR_EL1] = V(lazy.csselr), [SK_VREG_ACTLR_EL1] = NONE,
	[SK_VREG_CNTKCTL_EL1] = V(el0.cntkctl), [SK_VREG_MDSCR_EL1] = NONE,
	[SK_VREG_CNTV_CTL] = V(el0.cntv_ctl), [SK_VREG_CNTV_CVAL] = V(lazy.cntv_cval),
	[SK_VREG_CNTVOFF] = V(lazy.cntvoff), [SK_VREG_VMPIDR] = V(lazy.vmpidr), [SK_VREG_VPIDR] = V(lazy.vpidr),
	[SK_VREG_ICH_VMCR] = V(lazy.ich_vmcr), [SK_VREG_VTIMER] = V(lazy.timer_list), [SK_VREG_LISTS] = NONE,
};

/* A VMM sees the timer's list register behind its own. */
static uint64_t *list_place(struct arch_vcpu *v, unsigned usable, unsigned n)
{
	return n > usable ? NULL : &v->list[n == usable ? TIMER_LIST : FIRST_LIST + n];
}

static uint64_t live_list(unsigned usable, unsigned n)
{
	unsigned at = n == usable ? TIMER_LIST : FIRST_LIST + n;

	/* of an empty one nothing: it may be what another vCPU has left there */
	return n > usable || READ_SYSREG(ich_elrsr_el2) >> at & 1 ? 0 : lists_read(at);
}

static uint64_t *find(struct arch_vcpu *v, unsigned usable, unsigned reg)
{
	if (reg < SK_VREG_PC)
		return &v->x[reg];
	if (reg >= SK_VREG_AP1R0)
		return &v->ap1r[reg - SK_VREG_AP1R0];
	if (reg >= SK_VREG_AP0R0)
		return &v->ap0r[reg - SK_VREG_AP0R0];
	if (reg >= SK_VREG_LIST0)
		return list_place(v, usable, reg - SK_VREG_LIST0);
	return place[reg] == NONE ? NULL : (uint64_t *)(void *)((char *)v + place[reg]);
}

/* All but the timer's, which is not counted, and those of links, the last. */
static uint32_t writable(const struct core *core, unsigned links)
{
	return ((1u << (core->arch.lists - 1 - links)) - 1) | (links ? LIST_LINKS : 0);
}

void arch_vcpu_init(struct vcpu *vcpu)
{
	vcpu->arch.pstate = 0x3c5; /* EL1h, all masked */
	vcpu->arch.writable = writable(core_here(), 0);
	vcpu->arch.lazy.vpidr = READ_SYSREG(midr_el1);
	vcpu->arch.lazy.vmpidr = 1ul << 31;
}

uint64_t arch_vcpu_read(struct core *core, struct vcpu *vcpu, unsigned reg)
{
	uint64_t *at;

	if (reg == SK_VREG_LISTS)
		return core->arch.lists - 1;
	if (core->arch.loaded == vcpu) {
		/* A VMM reads list registers after many a device interrupt: they alone are read where they are. */
		if (reg >= SK_VREG_LIST0 && reg < SK_VREG_AP0R0)
			return live_list(core->arch.lists - 1, reg - SK_VREG_LIST0);
		arch_vcpu_unload(core, vcpu);
	}
	at = find(&vcpu->arch, core->arch.lists - 1, reg);
	return at ? *at : 0;
}

/* Flags and masks that an exception return may set; the mode: EL0t, EL1t, EL1h of AArch64. */
static uint64_t legal_pstate(uint64_t value)
{
	uint64_t mode = value & 0x1f;

	return (value & (0xful << 28 | 0xful << 22 | 0x3ul << 24 | 7ul << 10 | 0xful << 6)) |
	       (mode == 0 || mode == 4 ? mode : 5);
}

#define LIST_TIMER_BITS (SK_LIST_GROUP1 | 0xfful << SK_LIST_PRIORITY_SHIFT)

static uint64_t timer_template(uint64_t value)
{
	return value ? (value & LIST_TIMER_BITS) | SK_LIST_PENDING | SK_LIST_HW | (uint64_t)VTIMER_PPI << 32 | VTIMER_PPI : 0;
}

bool arch_link_legal(unsigned k, uint64_t value)
{
	uint64_t intid = value & SK_LIST_INTID;

	/* one register at least is left to the VMM */
	return k + 1 < core_here()->arch.lists - 1 && (value & ~(LIST_TIMER_BITS | SK_LIST_INTID)) == 0 &&
	       intid >= FIRST_SPI && intid < SPECIAL_FIRST;
}

static void put_link(struct core *core, struct vcpu *vcpu, unsigned k, uint64_t value)
{
	unsigned n = core->arch.lists - 1 - k;

	if (core->arch.loaded == vcpu) {
		lists_write(n, value);
		return;
	}
	vcpu->arch.list[n] = value;
	vcpu->arch.held = LISTS;
}

void arch_vcpu_link(struct core *core, struct vcpu *vcpu, unsigned k, unsigned line, uint64_t value)
{
	vcpu->arch.link[k] = value ? value | SK_LIST_PENDING | SK_LIST_HW | (uint64_t)line << 32 : 0;
	vcpu->arch.writable = writable(core, vcpu->arch.link[1] ? 2 : vcpu->arch.link[0] != 0);
	put_link(core, vcpu, k, 0);
}

void arch_vcpu_fire(struct core *core, struct vcpu *vcpu, unsigned k)
{
	put_link(core, vcpu, k, vcpu->arch.link[k]);
}

/* In the saved registers, as lists_answer does in the live ones. */
static void write_list(struct arch_vcpu *v, unsigned usable, unsigned n, uint64_t value)
{
	if (!(v->writable >> n & 1) || !list_legal(value) || (list_live(value) && list_linked(v, value)))
		return;
	for (unsigned i = 0; list_live(value) && i < usable; i++) {
		uint64_t other = v->list[FIRST_LIST + i];

		if (i != n && list_live(other) && (other & SK_LIST_INTID) == (value & SK_LIST_INTID))
			return;
	}
	v->list[FIRST_LIST + n] = value;
}

void arch_vcpu_write(struct core *core, struct vcpu *vcpu, unsigned reg, uint64_t value)
{
	struct arch_vcpu *v = &vcpu->arch;
	unsigned usable = core->arch.lists - 1;
	uint64_t *at;

	if (core->arch.loaded == vcpu)
		arch_vcpu_unload(core, vcpu);
	v->held = LISTS;
	if (reg >= SK_VREG_LIST0 && reg < SK_VREG_AP0R0) {
		write_list(v, usable, reg - SK_VREG_LIST0, value);
		return;
	}
	if (reg == SK_VREG_PSTATE) {
		value = legal_pstate(value);
	} else if (reg == SK_VREG_VTIMER) {
		/* What fired and was not taken goes by what is written now: the line fires anew. */
		if ((v->list[TIMER_LIST] & (SK_LIST_PENDING | SK_LIST_ACTIVE)) == SK_LIST_PENDING)
			v->list[TIMER_LIST] = v->timer_active = 0;
		value = timer_template(value);
	}
	at = find(v, usable, reg);
	if (at)
		*at = value;
}
