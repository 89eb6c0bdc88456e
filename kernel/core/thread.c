/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel.h"

#define WRITE_WORDS 6u

/* --- on the home core ----------------------------------------------------- */

/* In the guest: the call is dropped, and made again without an answer if the thread is started. */
static void leave_guest(struct core *core, struct thread *thread)
{
	thread->in_guest = 0;
	arch_vcpu_leave(core, thread->vcpu);
	frame_word(&thread->frame, 0) = 0;
	frame_pc(&thread->frame) -= ARCH_CALL_BYTES;
}

void thread_stop_here(struct core *core, struct thread *thread)
{
	if (thread->state == SK_THREAD_STOPPED)
		return;
	if (thread->state == SK_THREAD_READY && thread->queued)
		sched_remove(core, thread);
	budget_stop(core, thread);
	if (thread->state == SK_THREAD_WAITING)
		notification_cancel_wait(core, thread);
	if (thread->in_guest)
		leave_guest(core, thread);
	endpoint_forget(core, thread);
	arch_thread_unload(core, thread);
	thread->state = SK_THREAD_STOPPED;
	if (core->current == thread) {
		core->current = NULL;
		if (core->lock_awaited)
			frame_pc(&thread->frame) -= ARCH_CALL_BYTES; /* its call has not begun: see kernel_perform */
	}
	core->resched = true;
}

void thread_start_here(struct core *core, struct thread *thread)
{
	budget_start(core, thread);
	sched_ready(core, thread);
}

void thread_drop_event(struct core *core, struct thread *thread)
{
	struct notification *n = thread->event;

	if (thread->state == SK_THREAD_WAITING && thread->waits == n) {
		notification_cancel_wait(core, thread);
		sched_ready(core, thread);
	} else if (thread->waits_event) {
		thread->waits_event = 0; /* SERVING: goes on waiting for callers */
		notification_unsleep(n);
	}
	thread->event = NULL;
	atomic_store_explicit(&n->bound, NULL, memory_order_release);
	atomic_store_explicit(&n->waiter, NULL, memory_order_release);
}

void thread_fault(struct core *core, struct thread *thread, unsigned fault, uint64_t address, unsigned access,
		  uint64_t syndrome)
{
	uint64_t *words = thread->fault_words, badge, cap;

	words[0] = fault;
	words[1] = address;
	words[2] = frame_pc(&thread->frame);
	words[3] = access;
	words[4] = syndrome;
	if (endpoint_call_fault(core, thread))
		return;
	thread->state = SK_THREAD_FAULTED;
	core->resched = true;
	if (thread->caller) {
		endpoint_forget(core, thread);
		thread->state = SK_THREAD_FAULTED;
	}
	cap = slot_read(&thread->slot[THREAD_FAULT], &badge);
	if (CAP_TYPE(cap) == SK_TYPE_NOTIFICATION)
		notification_signal(core, CAP_OBJECT(cap), badge);
}

/* --- under the kernel lock ------------------------------------------------ */

void thread_lose(struct slot *slot, enum holder holder)
{
	enum thread_slot which = (enum thread_slot)(holder - HOLD_THREAD_CNODE);
	struct thread *thread = container_of(slot - which, struct thread, slot);
	struct core *core = core_here();

	if (which == THREAD_FAULT)
		return; /* it is looked up at each fault */
	core_request(core, thread->o.home, which == THREAD_EVENT ? REQUEST_DROP_EVENT : REQUEST_STOP_THREAD, thread);
	if (which == THREAD_CNODE)
		thread->cnode = NULL;
	if (which == THREAD_SPACE)
		thread->space = NULL;
	if (which == THREAD_VCPU) {
		core_request(core, thread->o.home, REQUEST_UNLOAD_VCPU, thread->vcpu);
		thread->vcpu->thread = NULL;
		thread->vcpu = NULL;
	}
}

status_t thread_reap(struct core *core, void *object)
{
	struct thread *thread = object;

	core_request(core, thread->o.home, REQUEST_STOP_THREAD, thread);
	for (unsigned i = 0; i < THREAD_SLOTS; i++) {
		status_t status = slot_delete_step(&thread->slot[i]);

		if (status != SK_OK)
			return status;
	}
	return SK_OK;
}

/* --- system calls --------------------------------------------------------- */

/* What the slots of a thread may be given: word 0 of SK_THREAD_CONFIGURE the first, and so on. */
static const struct {
	uint8_t type, right;
} given[THREAD_VCPU] = {
	[THREAD_CNODE] = { SK_TYPE_CNODE, SK_RIGHT_READ },
	[THREAD_SPACE] = { SK_TYPE_SPACE, SK_RIGHT_WRITE },
	[THREAD_FAULT] = { SK_TYPE_NOTIFICATION, SK_RIGHT_SIGNAL }, /* or an endpoint */
	[THREAD_EVENT] = { SK_TYPE_NOTIFICATION, SK_RIGHT_WAIT },
};

static status_t decode_fault_endpoint(struct thread *thread, const struct thread *target, uint64_t index, struct slot **out)
{
	status_t status = cap_lookup(thread, index, SK_TYPE_ENDPOINT, SK_RIGHT_CALL, out);

	if (status != SK_OK)
		return status;
	return ((struct endpoint *)CAP_OBJECT(slot_cap(*out)))->o.home == target->o.home ? SK_OK : SK_WRONG_CORE;
}

static status_t decode_priorities(const struct thread *thread, uint64_t word)
{
	unsigned priority = word & 0xff, max = word >> 8 & 0xff;

	if (!(word & SK_SET_PRIORITY))
		return word == 0 ? SK_OK : SK_BAD_ARG;
	if (word & ~(SK_SET_PRIORITY | 0xffffu))
		return SK_BAD_ARG;
	return priority <= thread->max_priority && max <= thread->max_priority ? SK_OK : SK_NO_RIGHT;
}

/*
 * A notification is bound to one thread, a new one only where none was. Last step
 * of decoding: claims it, since a thread on another core may begin to wait there.
 */
static status_t claim_event(struct thread *target, const struct slot *from)
{
	struct thread *nobody = NULL;
	struct notification *n;

	if (!from)
		return SK_OK;
	n = CAP_OBJECT(slot_cap(from));
	return !target->event && atomic_compare_exchange_strong(&n->waiter, &nobody, target) ? SK_OK : SK_BUSY;
}

/* from[]: what is to be put into the thread's slots; null: it stays as it is. */
static status_t decode_configuration(struct thread *thread, struct thread *target, struct slot *from[THREAD_VCPU])
{
	struct arch_frame *f = &thread->frame;
	status_t status;

	for (unsigned i = 0; i < THREAD_VCPU; i++) {
		uint64_t index = frame_word(f, i);

		from[i] = NULL;
		if (index == 0)
			continue;
		status = cap_lookup(thread, index, given[i].type, given[i].right, &from[i]);
		if (status == SK_WRONG_TYPE && i == THREAD_FAULT)
			status = decode_fault_endpoint(thread, target, index, &from[i]);
		if (status != SK_OK)
			return status;
	}
	status = decode_priorities(thread, frame_word(f, 4));
	if (status != SK_OK)
		return status;
	if (from[THREAD_SPACE] && ((struct space *)CAP_OBJECT(slot_cap(from[THREAD_SPACE])))->kind != SK_SPACE_COMPONENT)
		return SK_BAD_ARG;
	if (!budget_legal(frame_word(f, 5), frame_word(f, 6)))
		return SK_BAD_ARG;
	return claim_event(target, from[THREAD_EVENT]);
}

static void apply(struct thread *target, struct slot *from[THREAD_VCPU], struct arch_frame *f)
{
	uint64_t priorities = frame_word(f, 4), budget = frame_word(f, 5), period = frame_word(f, 6);

	for (unsigned i = 0; i < THREAD_VCPU; i++) {
		if (!from[i])
			continue;
		slot_delete_step(&target->slot[i]); /* nothing hangs below such a slot: one step empties it */
		slot_derive(from[i], &target->slot[i], SK_RIGHTS_ALL, slot_badge(from[i]), (enum holder)(HOLD_THREAD_CNODE + i));
	}
	if (from[THREAD_CNODE])
		target->cnode = CAP_OBJECT(slot_cap(&target->slot[THREAD_CNODE]));
	if (from[THREAD_SPACE])
		target->space = CAP_OBJECT(slot_cap(&target->slot[THREAD_SPACE]));
	if (from[THREAD_EVENT]) {
		target->event = CAP_OBJECT(slot_cap(&target->slot[THREAD_EVENT]));
		atomic_store(&target->event->bound, target);
	}
	if (priorities) {
		target->priority = target->running_priority = priorities & 0xff;
		target->max_priority = priorities >> 8 & 0xff;
	}
	if (budget)
		budget_set(target, budget == period ? 0 : budget, period);
}

status_t thread_configure(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	struct slot *from[THREAD_VCPU];
	struct thread *target = object;
	status_t status;

	if (target->state != SK_THREAD_STOPPED)
		return SK_STATE;
	status = decode_configuration(thread, target, from);
	if (status != SK_OK)
		return status;
	/* decoded */
	apply(target, from, &thread->frame);
	/* What was replaced may have been the last of its object. Where this stops the next reaper goes on. */
	(void)reap_all(core);
	return SK_OK;
}

status_t thread_start(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	struct thread *target = object;

	if (!thread_at_rest(target) || !target->cnode || !target->space)
		return SK_STATE;
	/* decoded */
	core_request(core, target->o.home, REQUEST_START_THREAD, target);
	return SK_OK;
}

status_t thread_stop(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	struct thread *target = object;

	core_request(core, target->o.home, REQUEST_STOP_THREAD, target);
	return SK_OK;
}

status_t thread_read(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	struct arch_frame *f = &thread->frame;
	uint64_t first = frame_word(f, 0);
	struct thread *target = object;

	if (first >= SK_REG_COUNT)
		return SK_BAD_ARG;
	if (!thread_at_rest(target))
		return SK_STATE;
	/* decoded */
	for (unsigned i = 0; i < SK_WORDS; i++)
		frame_word(f, i) = first + i < SK_REG_COUNT ? target->frame.reg[first + i] : 0;
	return SK_OK;
}

status_t thread_write(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	struct arch_frame *f = &thread->frame;
	uint64_t first = frame_word(f, 0), count = frame_word(f, 1);
	struct thread *target = object;

	if (count == 0 || count > WRITE_WORDS || first >= SK_REG_COUNT || count > SK_REG_COUNT - first)
		return SK_BAD_ARG;
	if (!thread_at_rest(target))
		return SK_STATE;
	/* decoded */
	for (unsigned i = 0; i < count; i++)
		target->frame.reg[first + i] = frame_word(f, 2 + i) & (first + i == SK_REG_FLAGS ? ARCH_FLAGS : ~0ul);
	return SK_OK;
}

status_t thread_move(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	uint64_t to = frame_word(&thread->frame, 0);
	struct thread *target = object;
	bool runs;

	if (to >= core_count)
		return SK_BAD_ARG;
	runs = target->state == SK_THREAD_READY && target != thread;
	if (!(runs || thread_at_rest(target)) || (target->vcpu && vcpu_linked(target->vcpu)))
		return SK_STATE;
	/* decoded */
	core_request(core, target->o.home, REQUEST_STOP_THREAD, target); /* FP state out of the old core */
	if (target->vcpu) {
		core_request(core, target->o.home, REQUEST_UNLOAD_VCPU, target->vcpu);
		target->vcpu->o.home = (uint16_t)to;
	}
	/* a wake-up pushed for it before must not be found by the old core later */
	core_request_all(core, REQUEST_GRACE, NULL);
	core_request_all(core, REQUEST_GRACE, NULL);
	target->o.home = (uint16_t)to;
	if (runs)
		core_request(core, (unsigned)to, REQUEST_START_THREAD, target);
	return SK_OK;
}
