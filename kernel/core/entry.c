/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel.h"

static COLD status_t call_yield(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	sched_yield(core);
	return SK_OK;
}

static COLD status_t call_null(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	frame_word(&thread->frame, 0) = SK_ABI_MAJOR << 16 | SK_ABI_MINOR;
	frame_word(&thread->frame, 1) = core->number;
	return SK_OK;
}

static COLD status_t call_power(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	uint64_t action = frame_word(&thread->frame, 0);

	if (action > SK_POWER_RESET)
		return SK_BAD_ARG;
	/* decoded */
	arch_power((unsigned)action);
	return SK_NOT_IMPLEMENTED;
}

/* Type and right as they stand in the upper bits of a capability. */
#define ON(type, right) { 0xff00u | (right), (type) << 8 | (right) }

/*
 * Each call: who performs it, and what the slot register must name; without that it looks
 * itself. SK_DEBUG_PUT is not there: the debug kernel takes it before (kernel/debug).
 */
static const struct call {
	kernel_call *perform;
	struct { uint32_t mask, value; } on;
} calls[] = {
	[SK_CALL] = { .perform = endpoint_call },
	[SK_REPLY_WAIT] = { .perform = endpoint_reply_wait },
	[SK_SIGNAL] = { notification_call_signal, ON(SK_TYPE_NOTIFICATION, SK_RIGHT_SIGNAL) },
	[SK_WAIT] = { notification_call_wait, ON(SK_TYPE_NOTIFICATION, SK_RIGHT_WAIT) },
	[SK_POLL] = { notification_call_poll, ON(SK_TYPE_NOTIFICATION, SK_RIGHT_WAIT) },
	[SK_VCPU_RUN] = { .perform = vcpu_run },
	[SK_YIELD] = { .perform = call_yield },
	[SK_NULL] = { .perform = call_null },
	[SK_COPY] = { cnode_copy, ON(SK_TYPE_CNODE, SK_RIGHT_WRITE) },
	[SK_MINT] = { cnode_mint, ON(SK_TYPE_CNODE, SK_RIGHT_WRITE) },
	[SK_MOVE] = { cnode_move, ON(SK_TYPE_CNODE, SK_RIGHT_WRITE) },
	[SK_DELETE] = { cnode_delete, ON(SK_TYPE_CNODE, SK_RIGHT_WRITE) },
	[SK_REVOKE] = { cnode_revoke, ON(SK_TYPE_CNODE, SK_RIGHT_WRITE) },
	[SK_INSPECT] = { cnode_inspect, ON(SK_TYPE_CNODE, SK_RIGHT_READ) },
	[SK_RETYPE] = { untyped_retype, ON(SK_TYPE_UNTYPED, SK_RIGHT_WRITE) },
	[SK_MAP] = { memory_map, ON(SK_TYPE_MEMORY, 0) },
	[SK_UNMAP] = { memory_unmap, ON(SK_TYPE_MEMORY, 0) },
	[SK_PROTECT] = { memory_protect, ON(SK_TYPE_MEMORY, 0) },
	[SK_SPACE_DONATE] = { space_donate, ON(SK_TYPE_SPACE, SK_RIGHT_WRITE) },
	[SK_SPACE_PIN] = { space_pin, ON(SK_TYPE_SPACE, SK_RIGHT_WRITE) },
	[SK_SPACE_ROOT] = { space_root, ON(SK_TYPE_PIN, SK_RIGHT_READ) },
	[SK_THREAD_CONFIGURE] = { thread_configure, ON(SK_TYPE_THREAD, SK_RIGHT_WRITE) },
	[SK_THREAD_START] = { thread_start, ON(SK_TYPE_THREAD, SK_RIGHT_WRITE) },
	[SK_THREAD_STOP] = { thread_stop, ON(SK_TYPE_THREAD, SK_RIGHT_WRITE) },
	[SK_THREAD_READ] = { thread_read, ON(SK_TYPE_THREAD, SK_RIGHT_READ) },
	[SK_THREAD_WRITE] = { thread_write, ON(SK_TYPE_THREAD, SK_RIGHT_WRITE) },
	[SK_THREAD_MOVE] = { thread_move, ON(SK_TYPE_THREAD, SK_RIGHT_WRITE) },
	[SK_VCPU_BIND] = { vcpu_bind, ON(SK_TYPE_VCPU, SK_RIGHT_WRITE) },
	[SK_VCPU_READ] = { vcpu_read, ON(SK_TYPE_VCPU, SK_RIGHT_READ) },
	[SK_VCPU_WRITE] = { vcpu_write, ON(SK_TYPE_VCPU, SK_RIGHT_WRITE) },
	[SK_IRQ_BIND] = { irq_bind, ON(SK_TYPE_IRQ, SK_RIGHT_WRITE) },
	[SK_IRQ_ACK] = { irq_unmask, ON(SK_TYPE_IRQ, SK_RIGHT_WRITE) },
	[SK_IRQ_MASK] = { irq_mask, ON(SK_TYPE_IRQ, SK_RIGHT_WRITE) },
	[SK_IRQ_UNMASK] = { irq_unmask, ON(SK_TYPE_IRQ, SK_RIGHT_WRITE) },
	[SK_POWER] = { call_power, ON(SK_TYPE_POWER, SK_RIGHT_WRITE) },
};

/* (vectors.S takes it for all of the range.) */
static bool takes_lock(uint64_t number)
{
	return (number >= SK_COPY && number <= SK_IRQ_BIND) || number == SK_POWER;
}

static inline bool fits(uint64_t cap, const struct call *call)
{
	return (cap >> 48 & call->on.mask) == call->on.value;
}

/* Without the lock: capability and badge are read together. */
static status_t invoke_free(struct core *core, struct thread *thread, const struct call *call)
{
	struct slot *slot = NULL;
	uint64_t cap = 0;

	if (call->on.mask) {
		slot = cnode_at(thread->cnode, frame_slot(&thread->frame));
		cap = slot_read(slot, &thread->badge);
		if (!fits(cap, call))
			return cap_error(cap, call->on.value >> 8);
	}
	return call->perform(core, thread, slot, CAP_OBJECT(cap));
}

status_t kernel_invoke(struct core *core, struct thread *thread, uint64_t number)
{
	const struct call *call = &calls[number];
	struct cnode *cnode = thread->cnode;
	uint64_t index = frame_slot(&thread->frame), cap;

	if (index >= cnode->size)
		return SK_NO_CAP;
	cap = slot_cap(&cnode->slot[index]); /* (slot 0 is there, and empty) */
	if (!fits(cap, call))
		return cap_error(cap, call->on.value >> 8);
	return call->perform(core, thread, &cnode->slot[index], CAP_OBJECT(cap));
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
	status_t status;

	core->lock_awaited = true;
	core_wait_for_lock(core, ticket);
	status = reap_all(core);
	core->lock_awaited = false;
	if (core->current != thread)
		return STATUS_LOST;
	return status == SK_OK ? kernel_invoke(core, thread, number) : status;
}

COLD bool kernel_call_done(struct core *core, struct thread *thread, status_t status)
{
	if (status < STATUS_RESTART)
		thread_result(thread, status);
	else if (status == STATUS_RESTART)
		frame_pc(&thread->frame) -= ARCH_CALL_BYTES;
	sched_leave(core);
	return status != STATUS_RESTART && status != STATUS_LOST && core->current == thread;
}

COLD bool kernel_syscall(struct core *core, uint64_t number)
{
	struct thread *thread = core->current;
	status_t status = SK_NO_CALL;

	if (number < ARRAY_SIZE(calls)) {
		core->lock_wanted = takes_lock(number);
		if (!core->lock_wanted)
			status = invoke_free(core, thread, &calls[number]);
	}
	if (core->lock_wanted) {
		core->lock_wanted = false;
		core->locked = true;
		status = kernel_perform(core, thread, number, kernel_ticket());
		core->locked = false;
		kernel_unlock();
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
	sched_leave(core);
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
	core_wait_for_lock(core, kernel_ticket());
	/* (a request that was served while the lock was waited for may have taken thread and Space away) */
	if (core->space)
		space_tag(core, core->space);
	kernel_unlock();
	sched_leave(core);
}

void kernel_timer(struct core *core)
{
	if (fast_timeout(core))
		return;
	sched_tick(core);
	sched_leave(core);
}

COLD void kernel_ipi(struct core *core)
{
	core_serve(core);
	sched_take_wakes(core);
	sched_leave(core);
}
