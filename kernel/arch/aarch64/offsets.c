/* SPDX-License-Identifier: BSD-2-Clause */
/* Offsets for assembly, taken from C at build time. */
#include <stddef.h>

#include "../../core/kernel.h"
#include "gate.h"
#include "lists.h"

/* The names are in capitals in the end. */
#define VALUE(name, value)         __asm__ volatile(".ascii \"->" #name " %c0\"" : : "i"(value));
#define FIELD(type, field)         VALUE(type##_##field, offsetof(struct type, field))
#define INNER(type, name, field)   VALUE(type##_##name, offsetof(struct type, field))
#define ABI(name)                  VALUE(name, SK_##name)

void offsets(void);

/* What vectors.S takes for granted. */
_Static_assert(sizeof(struct slot) == 1 << 6, "a slot's index is shifted");
_Static_assert(SK_RIGHT_CALL == 1 << 3 && SK_RIGHT_SERVE == 1 << 4 && SK_RIGHT_SIGNAL == 1 << 5, "right bits");
_Static_assert(offsetof(struct endpoint, servers) == offsetof(struct endpoint, callers.first) + 8, "loaded as a pair");
_Static_assert(offsetof(struct thread, serves) == offsetof(struct thread, event) + 8, "loaded as a pair");
_Static_assert(offsetof(struct thread, state) % 4 == 0 && offsetof(struct thread, queued) == offsetof(struct thread, state) + 1 &&
	       offsetof(struct thread, depth) == offsetof(struct thread, state) + 2 &&
	       offsetof(struct thread, running_priority) == offsetof(struct thread, state) + 3, "one word");
_Static_assert(offsetof(struct kernel_tickets, next) == 0 && SK_NULL + 1 == SK_COPY, "vectors.S takes the lock");
_Static_assert(SK_CALL_DEPTH == 1 << 3, "the limit is one bit of the depth");
_Static_assert(offsetof(struct gate_values, cpacr) == 8 && offsetof(struct gate_values, hcr_out) == 16 &&
	       offsetof(struct gate_values, hcr_in) == 32 && offsetof(struct gate_values, cptr_open) == 48, "pairs");
_Static_assert(offsetof(struct el0_state, cntkctl) == 16 && offsetof(struct el0_state, cntv_ctl) == 32 &&
	       offsetof(struct el0_state, tpidr_el0) == 48 && offsetof(struct el0_state, tcr) == 56, "pairs");
_Static_assert(offsetof(struct lazy_state, ich_vmcr) == 17 * 8 && offsetof(struct lazy_state, timer_list) == 21 * 8, "pairs");
_Static_assert(offsetof(struct arch_vcpu, underflow) == offsetof(struct arch_vcpu, pending) + 4 &&
	       offsetof(struct arch_vcpu, pending) % 8 == 0, "cleared as one");
_Static_assert(offsetof(struct thread, in_guest) == offsetof(struct thread, guest_core) + 4 &&
	       offsetof(struct thread, guest_core) % 8 == 0, "written as one");
_Static_assert(offsetof(struct arch_vcpu, x) == 0 && SK_REG_X0 == 0 && SK_REG_SP == 31 && SK_REG_PC == SK_REG_SP + 1 &&
	       SK_REG_FLAGS == SK_REG_SP + 2 && SK_REG_TLS == SK_REG_SP + 3, "registers as they lie");
_Static_assert(offsetof(struct thread, prev) == offsetof(struct thread, next) + 8, "stored as a pair");

void offsets(void)
{
	FIELD(core, current) FIELD(core, number) FIELD(core, space) FIELD(core, lent) FIELD(core, resched)
	FIELD(core, wake) FIELD(core, request) FIELD(core, changes_seen) INNER(core, top, ready.top)
	INNER(core, fp_open, arch.fp_open) INNER(core, stack, arch.stack_top) INNER(core, loaded, arch.loaded)
	INNER(core, ich_hcr, arch.ich_hcr) INNER(core, guest, arch.guest) INNER(core, fp, arch.fp)
	INNER(core, gate, arch.gate) INNER(core, in_guest, arch.in_guest)
	VALUE(tickets_owner, offsetof(struct kernel_tickets, owner)) VALUE(tickets_dying, offsetof(struct kernel_tickets, dying))
	VALUE(frame_sp, offsetof(struct arch_frame, reg[SK_REG_SP])) VALUE(frame_x19, offsetof(struct arch_frame, reg[19]))
	VALUE(frame_pstate, offsetof(struct arch_frame, reg[SK_REG_FLAGS]))
	FIELD(thread, frame) FIELD(thread, state) FIELD(thread, priority) FIELD(thread, running_priority)
	FIELD(thread, fault_waits) FIELD(thread, waits_event) FIELD(thread, receive_slot) FIELD(thread, guest_core)
	FIELD(thread, in_guest) FIELD(thread, vcpu) FIELD(thread, next) FIELD(thread, caller) FIELD(thread, server)
	INNER(thread, cnode_pointer, cnode) INNER(thread, space_pointer, space) INNER(thread, event_pointer, event)
	FIELD(cnode, size) INNER(cnode, slots, slot) FIELD(slot, cap) FIELD(slot, badge) FIELD(slot, seq)
	FIELD(endpoint, core) FIELD(endpoint, servers) INNER(endpoint, callers, callers.first)
	FIELD(notification, word) FIELD(notification, bound) INNER(space, vttbr, hardware.vttbr)
	INNER(space, last, hardware.last) INNER(core, busy, arch.busy) INNER(core, timer_enabled, arch.timer_enabled) INNER(vcpu, id, o.id)
	FIELD(vcpu, thread) INNER(vcpu, space_pointer, space) INNER(vcpu, registers, arch) INNER(vcpu, fp, arch.fp)
	/* from where a trap finds them */
	VALUE(vcpu_el0, offsetof(struct arch_vcpu, el0)) VALUE(vcpu_timer_list, offsetof(struct arch_vcpu, lazy.timer_list))
	VALUE(vcpu_pending, offsetof(struct arch_vcpu, pending)) VALUE(vcpu_pc, offsetof(struct arch_vcpu, pc))
	VALUE(vcpu_lazy, offsetof(struct arch_vcpu, lazy)) VALUE(vcpu_held, offsetof(struct arch_vcpu, held))
	VALUE(FAST_TOLD, FAST_TOLD) VALUE(STATUS_RESTART, STATUS_RESTART) VALUE(PENDING_CALL, PENDING_CALL)
	VALUE(ICH_RUN, ICH_RUN) VALUE(BUSY_RAS_BIT, BUSY_RAS_BIT) VALUE(SK_EVENT, SK_EVENT) VALUE(DEPTH_LIMIT_BIT, 16 + 3)
	ABI(THREAD_READY) ABI(THREAD_CALLING) ABI(THREAD_SERVING) ABI(TYPE_ENDPOINT) ABI(TYPE_NOTIFICATION)
	ABI(EXIT_MMIO) ABI(EXIT_HYPERCALL) ABI(EXIT_SYSREG) ABI(EXIT_WRITE) ABI(EXIT_WIDTH_SHIFT)
	ABI(RUN_ANSWER) ABI(RUN_LIST_A) ABI(RUN_LIST_B) ABI(RUN_LIST_A_SHIFT) ABI(RUN_LIST_B_SHIFT)
}
