/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a trap means: exception classes to system calls, faults and exits.
 * [ARM] DDI 0487 K.a, D24.2.40 (ESR_EL2 and its ISS encodings).
 */
#include "kernel.h"
#include "cpu.h"
#include "esr.h"
#include "gate.h"
#include "gic.h"
#include "guest.h"
#include "lists.h"
#include "sysreg.h"

#define ISS_FSC     0x3ful

#define FSC_CLASS(esr)   ((esr) >> 2 & 0xf)
#define FSC_TRANSLATION  1u
#define FSC_PERMISSION   3u
#define FSC_ALIGNMENT    0x21u

static unsigned class_of(uint64_t esr)
{
	return (unsigned)(esr >> 26 & 0x3f);
}

/* The page's address is in HPFAR_EL2, the rest in FAR_EL2. */
static uint64_t fault_ipa(void)
{
	return READ_SYSREG(hpfar_el2) >> 4 << SK_PAGE_BITS | (READ_SYSREG(far_el2) & (SK_PAGE - 1));
}

static unsigned access_of(uint64_t esr)
{
	if (class_of(esr) == EC_FETCH)
		return SK_ACCESS_EXEC;
	return (esr & (1ul << ISS_WNR | 1ul << ISS_S1PTW)) == 1ul << ISS_WNR ? SK_ACCESS_WRITE : SK_ACCESS_READ;
}

/*
 * A Space without a VMID is loaded as an empty one with VMID 0, so the first thing
 * that fails in it is a fetch. (It may have got one meanwhile, on another core.)
 */
static bool lacks_vmid(uint64_t esr)
{
	return class_of(esr) == EC_FETCH && READ_SYSREG(vttbr_el2) >> VTTBR_VMID_SHIFT == 0;
}

/* --- from a component ------------------------------------------------------- */

/* With stage 1 off the virtual address is the IPA, whatever HPFAR_EL2 says. */
static void component_abort(struct core *core, uint64_t esr)
{
	unsigned fault = SK_FAULT_BUS;

	if (lacks_vmid(esr)) {
		kernel_fetch(core);
		return;
	}
	if (FSC_CLASS(esr) >= FSC_TRANSLATION && FSC_CLASS(esr) <= FSC_PERMISSION)
		fault = SK_FAULT_MEMORY;
	else if ((esr & ISS_FSC) == FSC_ALIGNMENT)
		fault = SK_FAULT_ALIGN;
	kernel_fault(core, fault, READ_SYSREG(far_el2), access_of(esr), esr);
}

/* Of the other classes; 0: undefined instruction. */
static const uint8_t fault_of[64] = {
	[EC_WFX] = SK_FAULT_TRAP, [EC_SYSREG] = SK_FAULT_TRAP, [EC_PC_ALIGN] = SK_FAULT_ALIGN,
	[EC_SP_ALIGN] = SK_FAULT_ALIGN, [EC_SERROR] = SK_FAULT_BUS, [EC_BRK] = SK_FAULT_BREAK,
};

static COLD void thread_sync_other(struct core *core, uint64_t esr)
{
	unsigned class = class_of(esr), fault = fault_of[class];

	if (class == EC_FP)
		fp_take(core, &core->current->arch.fp);
	else if (class == EC_DATA || class == EC_FETCH)
		component_abort(core, esr);
	else
		kernel_fault(core, fault ? fault : SK_FAULT_UNDEFINED,
			     fault == SK_FAULT_ALIGN ? READ_SYSREG(far_el2) : 0, 0, esr);
}

void trap_thread_sync(struct core *core, uint64_t esr)
{
	if (class_of(esr) == EC_DATA && FSC_CLASS(esr) == FSC_TRANSLATION)
		kernel_fault(core, SK_FAULT_MEMORY, READ_SYSREG(far_el2), access_of(esr), esr);
	else
		thread_sync_other(core, esr);
}

/* --- from a guest ----------------------------------------------------------- */

/* At the instruction; what is to become of it the VMM says. */
static void syndrome_exit(const struct vcpu *vcpu, enum sk_exit code, uint64_t esr)
{
	gate_exit(code, esr, READ_SYSREG(far_el2), 0, 0, vcpu->arch.pc, 0);
}

static void guest_abort(struct core *core, struct vcpu *vcpu, uint64_t esr)
{
	unsigned access = access_of(esr);
	uint64_t ipa = SK_ADDRESS_UNKNOWN;

	if (lacks_vmid(esr)) {
		kernel_fetch(core);
		return;
	}
	if (FSC_CLASS(esr) < FSC_TRANSLATION || FSC_CLASS(esr) > FSC_PERMISSION) {
		syndrome_exit(vcpu, SK_EXIT_ERROR, esr);
		return;
	}
	/*
	 * HPFAR_EL2 is UNKNOWN for a permission fault that is not of a stage 1 walk ([ARM] D23.2.58), and the
	 * kernel walks no table of a guest's (an AT here could take an abort of theirs): the VMM does.
	 */
	if (FSC_CLASS(esr) != FSC_PERMISSION || esr >> ISS_S1PTW & 1) {
		ipa = fault_ipa();
		if (space_fault_is_stale(core, vcpu->space, (ipa_t){ ipa }, access))
			return; /* our tables changed meanwhile: it tries again */
	}
	if (class_of(esr) == EC_DATA && ipa != SK_ADDRESS_UNKNOWN &&
	    (esr & (1ul << ISS_ISV | 1ul << ISS_S1PTW | 1ul << ISS_CM)) == 1ul << ISS_ISV) {
		gate_mmio(esr);
		return;
	}
	gate_exit(class_of(esr) == EC_FETCH ? SK_EXIT_FETCH : SK_EXIT_UNDECODED, ipa,
		   READ_SYSREG(far_el2), access, 0, vcpu->arch.pc, 0);
}

/* Unlike an hvc it is taken before itself. */
static void smc_exit(struct vcpu *vcpu, uint64_t esr)
{
	struct arch_vcpu *v = &vcpu->arch;
	uint64_t pc = v->pc;

	v->pc = pc + 4;
	v->pending = PENDING_CALL;
	gate_exit(SK_EXIT_HYPERCALL | SK_EXIT_SMC, v->x[0], v->x[1], v->x[2], v->x[3], pc, esr & 0xffff);
}

/* What the core has in an ID register, op0 3, op1 0, CRn 0: the VMM says what its guest sees of it. */
static uint64_t id_register(unsigned name)
{
	switch (name) {
#define X(crm, op2) case SK_SYSREG(3, 0, 0, crm, op2): return READ_SYSREG(S3_0_C0_C##crm##_##op2);
	X(4, 0) X(5, 0) X(6, 0) X(6, 1) X(6, 2) X(7, 0) X(7, 1) X(7, 2)
#undef X
	default:
		return 0;
	}
}

/* A read; gate.S makes the exit of a write. */
static void sysreg_exit(struct vcpu *vcpu, uint64_t esr)
{
	struct arch_vcpu *v = &vcpu->arch;
	unsigned reg = esr >> 5 & 31;
	unsigned name = SK_SYSREG(esr >> 20 & 3, esr >> 14 & 7, esr >> 10 & 15, esr >> 1 & 15, esr >> 17 & 7);
	uint64_t pc = v->pc;

	v->pc = pc + 4;
	v->pending = 1u << ISS_ISV | 3u << ISS_SAS | reg << ISS_SRT | 1u << ISS_SF;
	gate_exit(SK_EXIT_SYSREG | 8u << SK_EXIT_WIDTH_SHIFT, name, id_register(name), 0, 0, pc, 0);
}

#define CTL_ENABLE 1ul
#define CTL_IMASK  2ul

static bool list_pending(struct core *core)
{
	for (uint32_t used = lists_used(core); used; used &= used - 1) {
		if (lists_read((unsigned)__builtin_ctz(used)) & SK_LIST_PENDING)
			return true;
	}
	return false;
}

static void wfi_exit(struct core *core, struct vcpu *vcpu)
{
	struct arch_vcpu *v = &vcpu->arch;
	uint64_t ctl = READ_SYSREG(cntv_ctl_el0), pc = v->pc, deadline = SK_NEVER;

	v->pc = pc + 4;
	if (v->lazy.timer_list && (ctl & (CTL_ENABLE | CTL_IMASK)) == CTL_ENABLE)
		deadline = READ_SYSREG(cntv_cval_el0) + READ_SYSREG(cntvoff_el2);
	gate_exit(SK_EXIT_WFI, deadline, list_pending(core), 0, 0, pc, 0);
}

/* What guest_sync in gate.S leaves: all but HVC and the plain access to a device. */
COLD void trap_guest_sync(struct core *core, uint64_t esr)
{
	struct vcpu *vcpu = core->arch.guest;

	vcpu_left(core->current);
	switch (class_of(esr)) {
	case EC_DATA:
	case EC_FETCH:
		guest_abort(core, vcpu, esr);
		break;
	case EC_SMC:
		smc_exit(vcpu, esr);
		break;
	case EC_SYSREG:
		sysreg_exit(vcpu, esr);
		break;
	case EC_WFX:
		wfi_exit(core, vcpu);
		break;
	case EC_FP:
		fp_take(core, &vcpu->arch.fp);
		break;
	case EC_UNKNOWN:
	case EC_PAUTH:
	case EC_SVE:
	case EC_SME:
		syndrome_exit(vcpu, SK_EXIT_UNDEFINED, esr);
		break;
	default:
		syndrome_exit(vcpu, SK_EXIT_ERROR, esr);
	}
}

/* --- out --------------------------------------------------------------------- */

COLD void kernel_main(const struct bootinfo *boot, unsigned number, uint64_t stack_top)
{
	struct core *core = &cores[number];

	core->arch.stack_top = stack_top;
	WRITE_SYSREG(tpidr_el2, (uintptr_t)core);
	kernel_start(boot, number);
	arch_resume(core);
}

void arch_resume(struct core *core)
{
	struct thread *thread = core->current;

	if (thread && thread->in_guest && !vcpu_may_enter(core, thread))
		vcpu_event(core, thread);
	if (thread && thread->in_guest) {
		if (core->arch.guest && core->arch.guest != thread->vcpu)
			arch_vcpu_leave(core, core->arch.guest);
		guest_resume(core, thread->vcpu);
	}
	if (core->arch.guest)
		arch_vcpu_leave(core, core->arch.guest);
	gate_fp(core, thread ? &thread->arch.fp : NULL);
	if (!thread)
		core_idle(core);
	if (core->space != thread->space)
		arch_space_load(core, thread->space);
	thread_enter(&thread->frame);
}
