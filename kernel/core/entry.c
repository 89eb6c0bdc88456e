/* SPDX-License-Identifier: BSD-2-Clause */
#include "entry.h"

#include "cnode.h"
#include "core.h"
#include "endpoint.h"
#include "fast.h"
#include "irq.h"
#include "memory.h"
#include "notification.h"
#include "reap.h"
#include "sched.h"
#include "space.h"
#include "thread.h"
#include "untyped.h"
#include "vcpu.h"

static COLD status_t call_yield(struct core *core, struct thread *thread)
{
	(void)thread;
	sched_yield(core);
	return SK_OK;
}

static COLD status_t call_null(struct core *core, struct thread *thread)
{
	frame_word(&thread->frame, 0) = SK_ABI_MAJOR << 16 | SK_ABI_MINOR;
	frame_word(&thread->frame, 1) = core->number;
	return SK_OK;
}

static COLD status_t call_power(struct core *core, struct thread *thread)
{
	uint64_t action = frame_word(&thread->frame, 0);
	struct slot *slot;
	status_t status = cap_lookup(thread, frame_slot(&thread->frame), SK_TYPE_POWER, SK_RIGHT_WRITE, &slot);

	(void)core;
	if (status != SK_OK)
		return status;
	if (action > SK_POWER_RESET)
		return SK_BAD_ARG;
	/* decoded */
	arch_power((unsigned)action);
	return SK_NOT_IMPLEMENTED;
}

/* What only the debug kernel does: it takes the call before (kernel/debug). */
static COLD status_t call_none(struct core *core, struct thread *thread)
{
	(void)core;
	(void)thread;
	return SK_NO_CALL;
}

const kernel_call kernel_calls[SK_CALLS] = {
	[SK_CALL] = endpoint_call,
	[SK_REPLY_WAIT] = endpoint_reply_wait,
	[SK_SIGNAL] = notification_call_signal,
	[SK_WAIT] = notification_call_wait,
	[SK_POLL] = notification_call_poll,
	[SK_VCPU_RUN] = vcpu_run,
	[SK_YIELD] = call_yield,
	[SK_NULL] = call_null,
	[SK_COPY] = cnode_copy,
	[SK_MINT] = cnode_mint,
	[SK_MOVE] = cnode_move,
	[SK_DELETE] = cnode_delete,
	[SK_REVOKE] = cnode_revoke,
	[SK_INSPECT] = cnode_inspect,
	[SK_RETYPE] = untyped_retype,
	[SK_MAP] = memory_map,
	[SK_UNMAP] = memory_unmap,
	[SK_PROTECT] = memory_protect,
	[SK_SPACE_DONATE] = space_donate,
	[SK_SPACE_PIN] = space_pin,
	[SK_SPACE_ROOT] = space_root,
	[SK_THREAD_CONFIGURE] = thread_configure,
	[SK_THREAD_START] = thread_start,
	[SK_THREAD_STOP] = thread_stop,
	[SK_THREAD_READ] = thread_read,
	[SK_THREAD_WRITE] = thread_write,
	[SK_THREAD_MOVE] = thread_move,
	[SK_VCPU_BIND] = vcpu_bind,
	[SK_VCPU_READ] = vcpu_read,
	[SK_VCPU_WRITE] = vcpu_write,
	[SK_IRQ_BIND] = irq_bind,
	[SK_IRQ_ACK] = irq_ack,
	[SK_IRQ_MASK] = irq_mask,
	[SK_IRQ_UNMASK] = irq_unmask,
	[SK_POWER] = call_power,
	[SK_DEBUG_PUT] = call_none,
};

/* Those that do without the kernel lock. (vectors.S: none from SK_COPY to SK_IRQ_BIND.) */
#define BIT(call) (1ul << (call))
#define FREE_CALLS \
	(BIT(SK_CALL) | BIT(SK_REPLY_WAIT) | BIT(SK_SIGNAL) | BIT(SK_WAIT) | BIT(SK_POLL) | BIT(SK_VCPU_RUN) | BIT(SK_YIELD) | \
	 BIT(SK_NULL) | BIT(SK_IRQ_ACK) | BIT(SK_IRQ_MASK) | BIT(SK_IRQ_UNMASK) | \
	 BIT(SK_DEBUG_PUT))

/* The lock was waited for, or something is dying: what that may have done to the thread is looked at. */
static COLD status_t perform_late(struct core *core, struct thread *thread, kernel_call perform)
{
	status_t status;

	core->lock_awaited = true;
	status = reap_all(core);
	core->lock_awaited = false;
	if (core->current != thread)
		return STATUS_LOST;
	return status == SK_OK ? perform(core, thread) : status;
}

/*
 * Under the lock. First comes what a preempted call has left to the reaper, so
 * that no object which is named while the call is decoded dies before its end.
 * This, and the requests served while the lock was waited for, may stop the thread,
 * which may even be destroyed and its memory used anew: then it is not touched any
 * more. thread_stop_here has seen to it that the call is made again if the thread
 * is ever started.
 */
COLD status_t kernel_perform(struct core *core, struct thread *thread, uint64_t number, uint32_t ticket)
{
	if (!kernel_turn(ticket))
		core_wait_for_lock(core, ticket, true);
	else if (!kernel_tickets.dying)
		return kernel_calls[number](core, thread);
	return perform_late(core, thread, kernel_calls[number]);
}

static status_t perform_locked(struct core *core, struct thread *thread, uint64_t number)
{
	status_t status;

	core->locked = true;
	status = kernel_perform(core, thread, number, kernel_ticket());
	core->locked = false;
	kernel_unlock();
	return status;
}

COLD bool kernel_call_done(struct core *core, struct thread *thread, status_t status)
{
	if (status < STATUS_RESTART)
		thread_result(thread, status);
	else if (status == STATUS_RESTART)
		arch_frame_restart(&thread->frame);
	sched_leave(core);
	return status != STATUS_RESTART && status != STATUS_LOST && core->current == thread;
}

COLD bool kernel_syscall(struct core *core, uint64_t number)
{
	struct thread *thread = core->current;
	status_t status = SK_NO_CALL;

	if (number < SK_CALLS && (FREE_CALLS >> number & 1)) {
		status = kernel_calls[number](core, thread);
		if (core->lock_wanted) {
			core->lock_wanted = false;
			status = perform_locked(core, thread, number);
		}
	} else if (number < SK_CALLS) {
		status = perform_locked(core, thread, number);
	}
	return kernel_call_done(core, thread, status);
}

/* Not inline, so that the common case of kernel_fault needs no stack frame. */
static __attribute__((noinline)) void fault_slowly(struct core *core, unsigned fault, uint64_t address, unsigned access,
						   uint64_t syndrome)
{
	struct thread *thread = core->current;

	if (fault == SK_FAULT_MEMORY && space_fault_is_stale(core, thread->space, (ipa_t){ address }, access))
		return;
	thread_fault(core, thread, fault, address, access, syndrome);
	kernel_leave(core);
}

void kernel_fault(struct core *core, unsigned fault, uint64_t address, unsigned access, uint64_t syndrome)
{
	/* nothing has changed in any Space: it cannot be stale */
	if (atomic_load_explicit(&space_changes, memory_order_seq_cst) != core->changes_seen ||
	    !fast_fault(core, core->current, fault, address, access, syndrome))
		fault_slowly(core, fault, address, access, syndrome);
}

COLD void kernel_fetch(struct core *core)
{
	kernel_lock(core);
	/* (a request that was served while the lock was waited for may have taken thread and Space away) */
	if (core->space)
		space_tag(core, core->space);
	kernel_unlock();
	kernel_leave(core);
}

void kernel_timer(struct core *core)
{
	if (fast_timeout(core))
		return;
	sched_tick(core);
	kernel_leave(core);
}

COLD void kernel_ipi(struct core *core)
{
	core_serve(core);
	sched_take_wakes(core);
	kernel_leave(core);
}

void kernel_leave(struct core *core)
{
	sched_leave(core);
}
