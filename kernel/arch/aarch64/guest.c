/* SPDX-License-Identifier: BSD-2-Clause */
#include "guest.h"

#include "kernel.h"
#include "cpu.h"
#include "fp.h"
#include "gate.h"
#include "gic.h"
#include "lists.h"
#include "sysreg.h"

/* Registers of EL1 that bind, or are seen by, EL0 under TGE, and what components get. */
#define EACH_EL0(X)                                                                  \
	X(sctlr, sctlr_el1, SCTLR_COMPONENT) X(cpacr, cpacr_el1, CPACR_COMPONENT)    \
	X(cntkctl, cntkctl_el1, CNTKCTL_COMPONENT) X(tpidrro_el0, tpidrro_el0, 0)    \
	X(cntv_ctl, cntv_ctl_el0, 0) X(tcr, tcr_el1, 0)

COLD void guest_init_core(struct core *core)
{
	struct gate_values *gate = &core->arch.gate;
	uint64_t vtr = READ_SYSREG(ich_vtr_el2);

	core->arch.lists = (uint32_t)(vtr & 0x1f) + 1;
	core->arch.ap_regs = 1u << ((vtr >> 26 & 7) - 4); /* PREbits field is one less than the number: 5, 6, 7 bits */
	WRITE_SYSREG(ich_hcr_el2, 0);
	WRITE_SYSREG(ich_vmcr_el2, 0);
	for (unsigned i = 0; i < core->arch.lists; i++)
		lists_write(i, 0);
	core->arch.ras = READ_SYSREG(id_aa64pfr0_el1) >> 28 & 0xf;
	if (core->arch.ras)
		WRITE_SYSREG(VDISR_EL2, 0);
	core->arch.busy = (1u << core->arch.lists) - 1;
	core->arch.busy |= (core->arch.ras ? 1u << BUSY_RAS_BIT : 0) | (core->arch.ap_regs > 1 ? BUSY_ALWAYS : 0);
	core->arch.in_guest = 1ul << 32 | (core->number + 1);
	gate->sctlr = SCTLR_COMPONENT;
	gate->cpacr = CPACR_COMPONENT;
	gate->hcr_out = HCR_COMPONENT;
	gate->vbar_out = (uintptr_t)thread_vectors;
	gate->hcr_in = HCR_GUEST;
	gate->vbar_in = (uintptr_t)guest_vectors;
	gate->cptr_open = CPTR_HOST;
	gate->cptr_closed = CPTR_HOST | CPTR_TFP;
}

/*
 * Interrupts in list registers, active priorities, and with RAS what the guest knows of an SError. `swap`
 * in gate.S leaves it out if there is nothing on either side. It is in one place: loaded, memory has zeroes.
 */
static void save_interface(struct core *core, struct arch_vcpu *v)
{
	uint32_t used = lists_used(core);

	for (uint32_t left = used; left; left &= left - 1)
		v->list[__builtin_ctz(left)] = lists_read((unsigned)__builtin_ctz(left));
	for (unsigned i = 0; i < core->arch.ap_regs; i++) {
		v->ap0r[i] = lists_read_ap(0, i);
		v->ap1r[i] = lists_read_ap(1, i);
	}
	if (core->arch.ras)
		v->vdisr = READ_SYSREG(VDISR_EL2);
	v->held = (used | v->ap0r[0] | v->ap1r[0] | v->vdisr) != 0;
}

static void load_interface(struct core *core, struct arch_vcpu *v)
{
	/* those that the one before has left, too */
	for (uint32_t left = lists_used(core) | (v->held ? core->arch.busy & LISTS : 0); left; left &= left - 1) {
		lists_write((unsigned)__builtin_ctz(left), v->list[__builtin_ctz(left)]);
		v->list[__builtin_ctz(left)] = 0;
	}
	for (unsigned i = 0; i < core->arch.ap_regs; i++) {
		lists_write_ap(0, i, v->ap0r[i]);
		lists_write_ap(1, i, v->ap1r[i]);
		v->ap0r[i] = v->ap1r[i] = 0;
	}
	if (core->arch.ras)
		WRITE_SYSREG(VDISR_EL2, v->vdisr);
	v->vdisr = 0;
	v->held = 0;
}

void guest_timer_line(struct core *core, const struct vcpu *vcpu)
{
	bool enable = vcpu->arch.lazy.timer_list != 0;

	if (core->arch.timer_enabled == enable)
		return;
	core->arch.timer_enabled = enable;
	gic_ppi_enable(core->number, VTIMER_PPI, enable);
}

/* The timer line's active state belongs to the vCPU: it leaves and comes with it. */
static COLD void unload(struct core *core, struct vcpu *vcpu)
{
	arch_vcpu_leave(core, vcpu);
	guest_save_lazy(&vcpu->arch.lazy);
	save_interface(core, &vcpu->arch);
	/* The line is active exactly while its list register holds the interrupt: else the device need not be asked. */
	vcpu->arch.timer_active = list_live(READ_SYSREG(ich_lr0_el2)) && gic_ppi_active(core->number, VTIMER_PPI);
	if (vcpu->arch.timer_active)
		gic_ppi_set_active(core->number, VTIMER_PPI, false);
	core->arch.loaded = NULL;
}

COLD void arch_vcpu_unload(struct core *core, struct vcpu *vcpu)
{
	if (core->arch.loaded == vcpu)
		unload(core, vcpu);
	fp_drop(core, &vcpu->arch.fp);
}

/*
 * Two vCPUs of one Space share its VMID, but an ASID need not mean the same to
 * both: a core that changes from one to the other forgets the guest's translations.
 */
static void own_translations(struct core *core, const struct vcpu *vcpu)
{
	uint32_t *last = &vcpu->space->hardware.last[core->number];

	if (*last != 0 && *last != vcpu->o.id)
		stage2_flush_local(vcpu->space);
	*last = vcpu->o.id;
}

void guest_load_slowly(struct core *core, struct vcpu *vcpu)
{
	struct arch_vcpu *v = &vcpu->arch;

	if (core->arch.loaded)
		unload(core, core->arch.loaded);
	core->arch.loaded = vcpu;
	own_translations(core, vcpu);
	guest_load_lazy(&v->lazy);
	load_interface(core, v);
	if (v->timer_active)
		gic_ppi_set_active(core->number, VTIMER_PPI, true);
	v->timer_active = false;
	guest_timer_line(core, vcpu);
}

void guest_resume(struct core *core, struct vcpu *vcpu)
{
	if (core->arch.loaded != vcpu)
		guest_load(core, vcpu);
	if (core->arch.guest == vcpu) {
		gate_fp(core, &vcpu->arch.fp);
		guest_enter(&vcpu->arch);
	}
	gate_interface(core, vcpu->arch.underflow ? ICH_RUN | ICH_UIE : ICH_RUN);
	gate_enter(core, vcpu);
	__builtin_unreachable();
}

/* sp_el0 and tpidr_el0 of a thread are written where it is entered. */
COLD void gate_out(struct core *core, struct arch_vcpu *v)
{
	core->arch.guest = NULL;
#define X(field, reg, component) v->el0.field = READ_SYSREG(reg);
	EACH_EL0(X)
#undef X
	v->el0.sp_el0 = READ_SYSREG(sp_el0);
	v->el0.tpidr_el0 = READ_SYSREG(tpidr_el0);
#define X(field, reg, component) WRITE_SYSREG(reg, component);
	EACH_EL0(X)
#undef X
	WRITE_SYSREG(hcr_el2, HCR_COMPONENT);
	WRITE_SYSREG(vbar_el2, (uintptr_t)thread_vectors);
}

void arch_vcpu_leave(struct core *core, struct vcpu *vcpu)
{
	if (core->arch.guest == vcpu)
		gate_out(core, &vcpu->arch);
}

/*
 * The hardware link keeps the line active until the guest ends the interrupt,
 * so its list register is free whenever the line fires again.
 */
void guest_timer_fired(struct core *core)
{
	struct vcpu *vcpu = core->arch.loaded;

	if (vcpu && vcpu->arch.lazy.timer_list)
		lists_write(TIMER_LIST, vcpu->arch.lazy.timer_list);
	else
		gic_ppi_set_active(core->number, VTIMER_PPI, false);
}
