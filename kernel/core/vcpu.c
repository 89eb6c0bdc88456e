/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel.h"

#define WRITE_WORDS 6u

void vcpu_init(void *object, uint64_t size, uint64_t attribute)
{
	arch_vcpu_init(object);
}

status_t vcpu_run(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	struct vcpu *vcpu = thread->vcpu;

	if (!vcpu || !vcpu->space)
		return SK_STATE;
	if (!arch_vcpu_answer(core, vcpu, &thread->frame))
		return SK_BAD_ARG;
	/* committed: the answer is given, whatever happens next */
	thread->in_guest = 1;
	return STATUS_BLOCKED;
}

void vcpu_event(struct core *core, struct thread *thread)
{
	uint64_t bits;

	atomic_store_explicit(&thread->guest_core, 0, memory_order_relaxed);
	bits = notification_take(thread->event);
	thread->in_guest = 0;
	arch_vcpu_lists(core, thread->vcpu, &thread->frame); /* before it leaves: that ends the list registers' state */
	arch_vcpu_leave(core, thread->vcpu);
	frame_word(&thread->frame, 0) = bits;
	frame_slot(&thread->frame) = SK_EVENT;
}

void vcpu_lose_space(struct slot *slot)
{
	struct vcpu *vcpu = container_of(slot, struct vcpu, space_slot);
	struct core *core = core_here();

	if (vcpu->thread)
		core_request(core, vcpu->o.home, REQUEST_STOP_THREAD, vcpu->thread);
	core_request(core, vcpu->o.home, REQUEST_UNLOAD_VCPU, vcpu);
	vcpu->space = NULL;
}

status_t vcpu_reap(struct core *core, void *object)
{
	struct vcpu *vcpu = object;

	/* It is loaded nowhere: only its thread loads it, whose capability was one to it, and thread_lose has unloaded it. */
	return slot_delete_step(&vcpu->space_slot);
}

status_t vcpu_bind(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	struct arch_frame *f = &thread->frame;
	struct slot *space_slot, *thread_slot;
	struct vcpu *vcpu = object;
	struct thread *runner;
	status_t status = cap_lookup(thread, frame_word(f, 0), SK_TYPE_SPACE, SK_RIGHT_WRITE, &space_slot);

	if (status == SK_OK)
		status = cap_lookup(thread, frame_word(f, 1), SK_TYPE_THREAD, SK_RIGHT_WRITE, &thread_slot);
	if (status != SK_OK)
		return status;
	runner = CAP_OBJECT(slot_cap(thread_slot));
	if (((struct space *)CAP_OBJECT(slot_cap(space_slot)))->kind != SK_SPACE_GUEST)
		return SK_BAD_ARG;
	if (vcpu->thread || vcpu->space || runner->vcpu || runner->state != SK_THREAD_STOPPED)
		return SK_STATE;
	/* decoded */
	slot_derive(space_slot, &vcpu->space_slot, SK_RIGHTS_ALL, 0, HOLD_VCPU_SPACE);
	slot_derive(slot, &runner->slot[THREAD_VCPU], SK_RIGHTS_ALL, 0, HOLD_THREAD_VCPU);
	vcpu->space = CAP_OBJECT(slot_cap(&vcpu->space_slot));
	vcpu->o.home = runner->o.home;
	vcpu->thread = runner;
	runner->vcpu = vcpu;
	return SK_OK;
}

/*
 * Another thread's vCPU may be loaded on its home core, even run there: it is
 * unloaded first, its registers then lie in memory and the kernel lock keeps
 * them there no longer than its thread stays out, so the own core must be home
 * or the access is made there.
 */
static status_t reach(struct core *core, struct vcpu *vcpu)
{
	if (vcpu->o.home == core->number)
		return SK_OK;
	if (vcpu->thread && !thread_at_rest(vcpu->thread))
		return SK_STATE;
	core_request(core, vcpu->o.home, REQUEST_UNLOAD_VCPU, vcpu);
	return SK_OK;
}

status_t vcpu_read(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	struct arch_frame *f = &thread->frame;
	uint64_t first = frame_word(f, 0);
	status_t status;

	if (first >= SK_VREG_COUNT)
		return SK_BAD_ARG;
	status = reach(core, object);
	if (status != SK_OK)
		return status;
	/* decoded */
	for (unsigned i = 0; i < SK_WORDS; i++)
		frame_word(f, i) = first + i < SK_VREG_COUNT ? arch_vcpu_read(core, object, (unsigned)first + i) : 0;
	return SK_OK;
}

status_t vcpu_write(struct core *core, struct thread *thread, struct slot *slot, void *object)
{
	struct arch_frame *f = &thread->frame;
	uint64_t first = frame_word(f, 0), count = frame_word(f, 1);
	status_t status;

	if (count == 0 || count > WRITE_WORDS || first >= SK_VREG_COUNT || count > SK_VREG_COUNT - first)
		return SK_BAD_ARG;
	status = reach(core, object);
	if (status != SK_OK)
		return status;
	/* decoded */
	for (unsigned i = 0; i < count; i++)
		arch_vcpu_write(core, object, (unsigned)first + i, frame_word(f, 2 + i));
	return SK_OK;
}
