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

static status_t call_yield(struct core *core, struct thread *thread)
{
	(void)thread;
	sched_yield(core);
	return SK_OK;
}

static status_t call_null(struct core *core, struct thread *thread)
{
	frame_word(&thread->frame, 0) = SK_ABI_MAJOR << 16 | SK_ABI_MINOR;
	frame_word(&thread->frame, 1) = core->number;
	return SK_OK;
}

static status_t call_power(struct core *core, struct thread *thread)
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
static status_t call_none(struct core *core, struct thread *thread)
{
	(void)core;
	(void)thread;
	return SK_NO_CALL;
}

/*
 * Decodes the call from the thread's frame and performs it. A status is written
 * to the frame; STATUS_BLOCKED: the frame is complete or will be; STATUS_RESTART:
 * the thread makes the call again.
 */
typedef status_t (*call_t)(struct core *core, struct thread *thread);

static const struct {
	call_t perform;
	bool locked;         /* takes the kernel lock */
} calls[SK_CALLS] = {
	[SK_CALL] = { endpoint_call, false },
	[SK_REPLY_WAIT] = { endpoint_reply_wait, false },
	[SK_SIGNAL] = { notification_call_signal, false },
	[SK_WAIT] = { notification_call_wait, false },
	[SK_POLL] = { notification_call_poll, false },
	[SK_VCPU_RUN] = { vcpu_run, false },
	[SK_YIELD] = { call_yield, false },
	[SK_NULL] = { call_null, false },
	[SK_COPY] = { cnode_copy, true },
	[SK_MINT] = { cnode_mint, true },
	[SK_MOVE] = { cnode_move, true },
	[SK_DELETE] = { cnode_delete, true },
	[SK_REVOKE] = { cnode_revoke, true },
	[SK_INSPECT] = { cnode_inspect, true },
	[SK_RETYPE] = { untyped_retype, true },
	[SK_MAP] = { memory_map, true },
	[SK_UNMAP] = { memory_unmap, true },
	[SK_PROTECT] = { memory_protect, true },
	[SK_SPACE_DONATE] = { space_donate, true },
	[SK_SPACE_PIN] = { space_pin, true },
	[SK_SPACE_ROOT] = { space_root, true },
	[SK_THREAD_CONFIGURE] = { thread_configure, true },
	[SK_THREAD_START] = { thread_start, true },
	[SK_THREAD_STOP] = { thread_stop, true },
	[SK_THREAD_READ] = { thread_read, true },
	[SK_THREAD_WRITE] = { thread_write, true },
	[SK_THREAD_MOVE] = { thread_move, true },
	[SK_VCPU_BIND] = { vcpu_bind, true },
	[SK_VCPU_READ] = { vcpu_read, true },
	[SK_VCPU_WRITE] = { vcpu_write, true },
	[SK_IRQ_BIND] = { irq_bind, true },
	[SK_IRQ_ACK] = { irq_ack, false },
	[SK_IRQ_MASK] = { irq_mask, false },
	[SK_IRQ_UNMASK] = { irq_unmask, false },
	[SK_POWER] = { call_power, true },
	[SK_DEBUG_PUT] = { call_none, false },
};

/* The lock was waited for, or something is dying: what that may have done to the thread is looked at. */
static __attribute__((noinline)) status_t perform_late(struct core *core, struct thread *thread, call_t perform)
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
static inline status_t perform_locked(struct core *core, struct thread *thread, call_t perform)
{
	status_t status;

	kernel_lock(core, true);
	if (reap_first || core->current != thread)
		status = perform_late(core, thread, perform);
	else
		status = perform(core, thread);
	kernel_unlock(core);
	return status;
}

/* A call that takes the lock only if it finds that it needs it: the capability of a message. */
static __attribute__((noinline)) status_t perform_free(struct core *core, struct thread *thread, call_t perform)
{
	status_t status = perform(core, thread);

	if (!core->lock_wanted)
		return status;
	core->lock_wanted = false;
	return perform_locked(core, thread, perform);
}

bool kernel_syscall(struct core *core, uint64_t number)
{
	struct thread *thread = core->current;
	status_t status = SK_NO_CALL;

	if (number < SK_CALLS) {
		call_t perform = calls[number].perform;

		if (calls[number].locked)
			status = perform_locked(core, thread, perform);
		else
			status = perform_free(core, thread, perform);
	}
	if (status < STATUS_RESTART)
		thread_result(thread, status);
	else if (status == STATUS_RESTART)
		arch_frame_restart(&thread->frame);
	sched_leave(core);
	return status != STATUS_RESTART && status != STATUS_LOST && core->current == thread;
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

void kernel_fetch(struct core *core)
{
	kernel_lock(core, false);
	/* (a request that was served while the lock was waited for may have taken thread and Space away) */
	if (core->space)
		space_tag(core, core->space);
	kernel_unlock(core);
	kernel_leave(core);
}

void kernel_timer(struct core *core)
{
	sched_tick(core);
	kernel_leave(core);
}

void kernel_ipi(struct core *core)
{
	core_serve(core);
	sched_take_wakes(core);
	kernel_leave(core);
}

void kernel_leave(struct core *core)
{
	sched_leave(core);
}
