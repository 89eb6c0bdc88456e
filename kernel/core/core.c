/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel.h"

struct core cores[SK_MAX_CORES];
unsigned core_count;

struct kernel_tickets kernel_tickets;

void core_wait_for_lock(struct core *core, uint32_t ticket)
{
	while (!kernel_turn(ticket)) {
		core_serve(core);
		arch_relax();
	}
}

/* True: there is more to do of it. */
static bool perform(struct core *core, enum request what, void *object)
{
	switch (what) {
	case REQUEST_STOP_THREAD:
		thread_stop_here(core, object);
		break;
	case REQUEST_START_THREAD:
		thread_start_here(core, object);
		break;
	case REQUEST_ABORT_WAIT:
		notification_abort_here(core, object);
		break;
	case REQUEST_ABORT_ENDPOINT:
		return endpoint_abort_here(core, object);
	case REQUEST_UNLOAD_VCPU:
		arch_vcpu_unload(core, object);
		break;
	case REQUEST_DROP_SPACE:
		if (core->space == object)
			arch_space_load(core, NULL);
		break;
	case REQUEST_DROP_EVENT:
		thread_drop_event(core, object);
		break;
	case REQUEST_LINK_IRQ:
		irq_link_here(core, object);
		break;
	case REQUEST_GRACE:
		return !sched_take_wakes(core);
	case REQUEST_NONE:
		break;
	}
	return false;
}

void core_serve(struct core *core)
{
	/* acquire: the object that was stored before; pairs with core_request */
	uint32_t what = atomic_load_explicit(&core->request, memory_order_acquire);

	if (what == REQUEST_NONE)
		return;
	core->request_more = perform(core, what, core->request_object);
	/* release: the requester sees what was done */
	atomic_store_explicit(&core->request, REQUEST_NONE, memory_order_release);
}

bool core_request_step(struct core *core, unsigned target, enum request what, void *object)
{
	struct core *other = &cores[target];

	if (other == core)
		return perform(core, what, object);
	other->request_object = object;
	atomic_store_explicit(&other->request, what, memory_order_release);
	arch_ipi(target);
	while (atomic_load_explicit(&other->request, memory_order_acquire) != REQUEST_NONE)
		arch_relax();
	return other->request_more;
}

void core_request(struct core *core, unsigned target, enum request what, void *object)
{
	while (core_request_step(core, target, what, object)) {
	}
}

void core_request_all(struct core *core, enum request what, void *object)
{
	for (unsigned i = 0; i < core_count; i++)
		core_request(core, i, what, object);
}
