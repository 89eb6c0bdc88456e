/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entries and exits, as the trace has them, and the kernel's own traps.
 * [ARM] DDI 0487 K.a, D24.2.40 (ESR_EL2); [GIC] IHI 0069H, 12.2.4 (ICC_HPPIR1_EL1).
 */
#include "debug.h"

#include "entry.h"
#include "gate.h"
#include "sysreg.h"
#include "thread.h"
#include "vcpu.h"

#define EC_SVC      0x15u
#define EC_HVC      0x16u
#define EC_SMC      0x17u
#define INTID_MASK  0xfffffful
#define VECTOR_IRQ  1u           /* of four: synchronous, IRQ, FIQ, SError */

void debug_enter(struct core *core, const uint64_t *x, uint64_t from);
void debug_leave(struct core *core, const uint64_t *x, uint64_t from);
void __real_kernel_main(const struct bootinfo *boot, unsigned number, uint64_t stack_top);
void __wrap_kernel_main(const struct bootinfo *boot, unsigned number, uint64_t stack_top);
void debug_woken(struct core *core);
_Noreturn void trap_kernel(uint64_t esr, uint64_t elr, uint64_t far);

/* Of each core: how it came in. */
static struct came {
	struct thread *sender;       /* by IPC, or a fault; null: neither */
	struct thread *caller;       /* whom that one was serving */
	bool reader;                 /* by a call of debug kernels, which leaves no trace: it reads it */
} came[SK_MAX_CORES];

void __wrap_kernel_main(const struct bootinfo *boot, unsigned number, uint64_t stack_top)
{
	if (number == 0)
		debug_uart_init(boot);
	__real_kernel_main(boot, number, stack_top);
}

static uint64_t pending_intid(void)
{
	return READ_SYSREG(ICC_HPPIR1_EL1) & INTID_MASK;
}

static void enter_call(struct core *core, const uint64_t *x, uint64_t pc, unsigned number)
{
	struct came *in = &came[core->number];

	in->reader = number == SK_DEBUG_TRACE || number == SK_DEBUG_CHECK || number == SK_DEBUG_PUT;
	if (number == SK_CALL || number == SK_REPLY_WAIT)
		in->sender = core->current;
	if (!in->reader)
		debug_record(core, SK_TRACE_CALL, pc, number, x[8], x[0]);
}

/* x: the register file of who trapped; x0..x18 are stored there. from: in the vectors. */
void debug_enter(struct core *core, const uint64_t *x, uint64_t from)
{
	bool guest = from >= (uintptr_t)guest_vectors;
	uint64_t esr = READ_SYSREG(esr_el2), pc = READ_SYSREG(elr_el2);
	unsigned class = esr >> 26 & 0x3f;

	came[core->number] = (struct came){ NULL, core->current->caller, false };
	if ((from >> 7 & 3) == VECTOR_IRQ) {
		debug_record(core, SK_TRACE_INTERRUPT, pc, pending_intid(), guest, 0);
	} else if (guest) {
		debug_record(core, SK_TRACE_EXIT, pc, esr, READ_SYSREG(far_el2),
			     class == EC_HVC || class == EC_SMC ? x[0] : READ_SYSREG(hpfar_el2) >> 4 << SK_PAGE_BITS);
	} else if (class == EC_SVC) {
		enter_call(core, x, pc, esr & 0xffff);
	} else {
		came[core->number].sender = core->current;
		debug_record(core, SK_TRACE_FAULT, pc, esr, READ_SYSREG(far_el2), 0);
	}
	debug_check(core);
}

static void record_ipc(struct core *core, uint64_t pc, const struct thread *from, const struct thread *to)
{
	debug_record(core, SK_TRACE_IPC, pc, from->o.id, to->o.id, frame_word(&to->frame, 0));
}

/* Which messages were handed over: seen by who serves whom now. x0..x18 of who goes on are stored. */
static void leave_ipc(struct core *core, uint64_t pc)
{
	struct thread *sender = came[core->number].sender, *caller = came[core->number].caller;

	if (!sender)
		return;
	came[core->number].sender = NULL;
	if (caller && sender->caller != caller)
		record_ipc(core, pc, sender, caller);
	if (sender->caller && sender->caller != caller)
		record_ipc(core, pc, sender->caller, sender);
	if (sender->state == SK_THREAD_CALLING && sender->server)
		record_ipc(core, pc, sender, sender->server);
}

/* x0..x18 of who goes on are stored in x. */
void debug_leave(struct core *core, const uint64_t *x, uint64_t from)
{
	struct thread *thread = core->current;
	uint64_t pc = READ_SYSREG(elr_el2);

	(void)from;
	leave_ipc(core, pc);
	if (thread->vcpu && x == thread->vcpu->arch.x)
		debug_record(core, SK_TRACE_GUEST, pc, 0, 0, 0);
	else if (!came[core->number].reader)
		debug_record(core, SK_TRACE_THREAD, pc, x[8], x[0], 0);
}

/* An idle core: it does not come through the vectors. */
void debug_woken(struct core *core)
{
	came[core->number].sender = NULL;
	debug_record(core, SK_TRACE_INTERRUPT, 0, pending_intid(), 0, 0);
}

void trap_kernel(uint64_t esr, uint64_t elr, uint64_t far)
{
	debug_print("\nskerry: the kernel trapped: esr %x elr %x far %x\n", esr, elr, far);
	debug_print_trace(32);
	arch_halt();
}
