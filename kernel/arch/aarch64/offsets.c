/* SPDX-License-Identifier: BSD-2-Clause */
/* Offsets for assembly, taken from C at build time. */
#include <stddef.h>

#include "../../core/cnode.h"
#include "../../core/core.h"
#include "../../core/endpoint.h"
#include "../../core/fast.h"
#include "../../core/notification.h"
#include "../../core/space.h"
#include "../../core/thread.h"
#include "../../core/vcpu.h"
#include "gate.h"

#define OFFSET(name, value) __asm__ volatile(".ascii \"->" #name " %c0\"" : : "i"(value))

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
_Static_assert(offsetof(struct arch_vcpu, underflow) == offsetof(struct arch_vcpu, pending) + 4 &&
	       offsetof(struct arch_vcpu, pending) % 8 == 0, "cleared as one");
_Static_assert(offsetof(struct thread, in_guest) == offsetof(struct thread, guest_core) + 4 &&
	       offsetof(struct thread, guest_core) % 8 == 0, "written as one");
_Static_assert(offsetof(struct arch_vcpu, x) == 0 && SK_REG_X0 == 0 && SK_REG_SP == 31 && SK_REG_PC == SK_REG_SP + 1 &&
	       SK_REG_FLAGS == SK_REG_SP + 2 && SK_REG_TLS == SK_REG_SP + 3, "registers as they lie");
_Static_assert(offsetof(struct thread, prev) == offsetof(struct thread, next) + 8, "stored as a pair");

void offsets(void)
{
	OFFSET(CORE_CURRENT, offsetof(struct core, current));
	OFFSET(CORE_NUMBER, offsetof(struct core, number));
	OFFSET(CORE_SPACE, offsetof(struct core, space));
	OFFSET(FAST_TOLD, FAST_TOLD);
	OFFSET(CORE_LENT, offsetof(struct core, lent));
	OFFSET(CORE_RESCHED, offsetof(struct core, resched));
	OFFSET(TICKETS_OWNER, offsetof(struct kernel_tickets, owner));
	OFFSET(TICKETS_DYING, offsetof(struct kernel_tickets, dying));
	OFFSET(STATUS_RESTART, STATUS_RESTART);
	OFFSET(CORE_WAKE, offsetof(struct core, wake));
	OFFSET(CORE_REQUEST, offsetof(struct core, request));
	OFFSET(CORE_TOP, offsetof(struct core, ready.top));
	OFFSET(CORE_FP_OPEN, offsetof(struct core, arch.fp_open));
	OFFSET(CORE_STACK, offsetof(struct core, arch.stack_top));
	OFFSET(FRAME_SP, offsetof(struct arch_frame, reg[SK_REG_SP]));
	OFFSET(FRAME_PSTATE, offsetof(struct arch_frame, reg[SK_REG_FLAGS]));
	OFFSET(FRAME_X19, offsetof(struct arch_frame, reg[19]));
	OFFSET(THREAD_FRAME, offsetof(struct thread, frame));
	OFFSET(THREAD_STATE, offsetof(struct thread, state));
	OFFSET(THREAD_PRIORITY, offsetof(struct thread, priority));
	OFFSET(THREAD_RUNNING_PRIORITY, offsetof(struct thread, running_priority));
	OFFSET(THREAD_FAULT_WAITS, offsetof(struct thread, fault_waits));
	OFFSET(THREAD_WAITS_EVENT, offsetof(struct thread, waits_event));
	OFFSET(DEPTH_LIMIT_BIT, 16 + 3);
	OFFSET(THREAD_RECEIVE_SLOT, offsetof(struct thread, receive_slot));
	OFFSET(THREAD_GUEST_CORE, offsetof(struct thread, guest_core));
	OFFSET(THREAD_CNODE_POINTER, offsetof(struct thread, cnode));
	OFFSET(THREAD_SPACE_POINTER, offsetof(struct thread, space));
	OFFSET(THREAD_EVENT_POINTER, offsetof(struct thread, event));
	OFFSET(THREAD_NEXT, offsetof(struct thread, next));
	OFFSET(THREAD_CALLER, offsetof(struct thread, caller));
	OFFSET(THREAD_SERVER, offsetof(struct thread, server));
	OFFSET(CNODE_SIZE, offsetof(struct cnode, size));
	OFFSET(CNODE_SLOTS, offsetof(struct cnode, slot));
	OFFSET(SLOT_CAP, offsetof(struct slot, cap));
	OFFSET(SLOT_BADGE, offsetof(struct slot, badge));
	OFFSET(SLOT_SEQ, offsetof(struct slot, seq));
	OFFSET(ENDPOINT_CORE, offsetof(struct endpoint, core));
	OFFSET(ENDPOINT_CALLERS, offsetof(struct endpoint, callers.first));
	OFFSET(ENDPOINT_SERVERS, offsetof(struct endpoint, servers));
	OFFSET(NOTIFICATION_WORD, offsetof(struct notification, word));
	OFFSET(NOTIFICATION_BOUND, offsetof(struct notification, bound));
	OFFSET(SPACE_VTTBR, offsetof(struct space, hardware));
	OFFSET(STATE_READY, SK_THREAD_READY);
	OFFSET(STATE_CALLING, SK_THREAD_CALLING);
	OFFSET(STATE_SERVING, SK_THREAD_SERVING);
	OFFSET(TYPE_ENDPOINT, SK_TYPE_ENDPOINT);
	OFFSET(TYPE_NOTIFICATION, SK_TYPE_NOTIFICATION);
	OFFSET(CORE_CHANGES_SEEN, offsetof(struct core, changes_seen));
	OFFSET(CORE_LOADED, offsetof(struct core, arch.loaded));
	OFFSET(CORE_ICH_HCR, offsetof(struct core, arch.ich_hcr));
	OFFSET(CORE_GUEST, offsetof(struct core, arch.guest));
	OFFSET(CORE_FP, offsetof(struct core, arch.fp));
	OFFSET(CORE_GATE, offsetof(struct core, arch.gate));
	OFFSET(THREAD_IN_GUEST, offsetof(struct thread, in_guest));
	OFFSET(CORE_IN_GUEST, offsetof(struct core, arch.in_guest));
	OFFSET(THREAD_VCPU, offsetof(struct thread, vcpu));
	OFFSET(VCPU_THREAD, offsetof(struct vcpu, thread));
	OFFSET(VCPU_SPACE_POINTER, offsetof(struct vcpu, space));
	OFFSET(VCPU_REGISTERS, offsetof(struct vcpu, arch));
	OFFSET(VCPU_EL0, offsetof(struct arch_vcpu, el0));
	OFFSET(VCPU_FP, offsetof(struct vcpu, arch.fp));
	OFFSET(VCPU_TIMER_LIST, offsetof(struct arch_vcpu, timer_list));
	OFFSET(VCPU_PENDING, offsetof(struct arch_vcpu, pending));
	OFFSET(VCPU_PC, offsetof(struct arch_vcpu, pc));
	OFFSET(PENDING_CALL, PENDING_CALL);
	OFFSET(ICH_RUN, ICH_RUN);
	OFFSET(EXIT_MMIO, SK_EXIT_MMIO);
	OFFSET(EXIT_HYPERCALL, SK_EXIT_HYPERCALL);
	OFFSET(EXIT_SYSREG, SK_EXIT_SYSREG);
	OFFSET(SK_EVENT, SK_EVENT);
	OFFSET(EXIT_WRITE, SK_EXIT_WRITE);
	OFFSET(EXIT_WIDTH_SHIFT, SK_EXIT_WIDTH_SHIFT);
	OFFSET(RUN_ANSWER, SK_RUN_ANSWER);
	OFFSET(RUN_LIST_A, SK_RUN_LIST_A);
	OFFSET(RUN_LIST_B, SK_RUN_LIST_B);
	OFFSET(RUN_LIST_A_SHIFT, SK_RUN_LIST_A_SHIFT);
	OFFSET(RUN_LIST_B_SHIFT, SK_RUN_LIST_B_SHIFT);
}
