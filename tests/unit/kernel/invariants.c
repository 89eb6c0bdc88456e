/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What holds between any two calls:
 *   - sibling and parent links agree in both directions, without cycles;
 *   - an object's `refs` is the number of slots that name it;
 *   - objects do not overlap; an untyped's children lie in what it handed out;
 *   - a memory capability is on the list of just the Space that it is bound to;
 *   - a pinned Space has a VMID, and its pin;
 *   - what a Space's tables map, a memory capability bound there maps, with no more rights;
 *   - table walks see the tables as they are; no TLB holds what they do not say, nor anything of a dead Space;
 *   - the thread, Space and vCPU that a core has loaded are alive;
 *   - threads stand in the queues that their state says, at the priority of the highest who waits for them;
 *   - of those who wait for a thread one with budget left pays for it, or it is parked.
 */
#include "kit.h"

#include "budget.h"
#include "chain.h"

#include <stdlib.h>

enum { MAX_SLOTS = 40000, MAX_OBJECTS = 4000 };

static struct slot *slots[MAX_SLOTS];
static struct object *objects[MAX_OBJECTS];
static unsigned slot_count, object_count;

static void add_slot(struct slot *slot)
{
	assert_true(slot_count < MAX_SLOTS);
	if (!slot_empty(slot))
		slots[slot_count++] = slot;
}

static void add_object(struct object *object)
{
	for (unsigned i = 0; i < object_count; i++) {
		if (objects[i] == object)
			return;
	}
	assert_true(object_count < MAX_OBJECTS);
	objects[object_count++] = object;
	if (object->type == SK_TYPE_CNODE) {
		struct cnode *cnode = (struct cnode *)(void *)object;

		for (unsigned i = 0; i < cnode->size; i++)
			add_slot(&cnode->slot[i]);
	} else if (object->type == SK_TYPE_THREAD) {
		struct thread *thread = (struct thread *)(void *)object;

		for (unsigned i = 0; i < THREAD_SLOTS; i++)
			add_slot(&thread->slot[i]);
	} else if (object->type == SK_TYPE_VCPU) {
		add_slot(&((struct vcpu *)(void *)object)->space_slot);
	} else if (object->type == SK_TYPE_IRQ) {
		add_slot(&((struct irq *)(void *)object)->target);
	}
}

/* All slots of all objects that any slot names, from root's cnode on. */
static void collect(void)
{
	slot_count = object_count = 0;
	add_object(&root->cnode->o);
	add_object(&root->o);
	for (unsigned i = 0; i < slot_count; i++) {
		struct object *object = CAP_OBJECT(slot_cap(slots[i]));

		if (object)
			add_object(object);
		for (struct slot *child = slot_first_child(slots[i]); child;
		     child = child->next & LINK_UP ? NULL : ref_to(child->next)) {
			struct object *of = CAP_OBJECT(slot_cap(child));

			if (of)
				add_object(of);
		}
	}
}

static bool known(const struct slot *slot)
{
	for (unsigned i = 0; i < slot_count; i++) {
		if (slots[i] == slot)
			return true;
	}
	return false;
}

static void check_links(struct slot *slot)
{
	struct slot *child = slot_first_child(slot);
	unsigned guard = 0;

	assert_int_equal(slot->first == 0, slot->last == 0);
	assert_int_equal(slot->next == 0, slot->prev == 0);
	assert_int_equal(atomic_load(&slot->seq) & 1, 0);
	if (!child)
		return;
	assert_int_equal(child->prev, ref_of(slot) | LINK_UP);
	for (;;) {
		struct slot *next;

		assert_true(guard++ < MAX_SLOTS);
		assert_true(known(child));
		if (child->next & LINK_UP)
			break;
		next = ref_to(child->next);
		assert_non_null(next);
		assert_int_equal(next->prev, ref_of(child));
		child = next;
	}
	assert_int_equal(child->next, ref_of(slot) | LINK_UP);
	assert_int_equal(slot->last, ref_of(child));
}

static void check_refs(const struct object *object)
{
	unsigned named = 0;

	for (unsigned i = 0; i < slot_count; i++)
		named += CAP_OBJECT(slot_cap(slots[i])) == object;
	assert_int_equal(object->refs, named);
	assert_in_range(object->type, SK_TYPE_CNODE, SK_TYPE_IRQ);
}

static uint64_t bytes_of(const struct object *object)
{
	switch (object->type) {
	case SK_TYPE_CNODE:
		return cnode_bytes(((const struct cnode *)(const void *)object)->size);
	case SK_TYPE_SPACE:
		return space_bytes(0);
	case SK_TYPE_THREAD:
		return sizeof(struct thread);
	case SK_TYPE_VCPU:
		return sizeof(struct vcpu);
	default:
		return REF_UNIT;
	}
}

static int by_address(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t)*(struct object *const *)a, y = (uintptr_t)*(struct object *const *)b;

	return x < y ? -1 : x > y;
}

static void check_overlap(void)
{
	qsort(objects, object_count, sizeof(objects[0]), by_address);
	for (unsigned i = 1; i < object_count; i++)
		assert_true((uintptr_t)objects[i - 1] + bytes_of(objects[i - 1]) <= (uintptr_t)objects[i]);
}

static void check_memory(struct slot *slot)
{
	struct slot *parent;

	if (CAP_TYPE(slot_cap(slot)) == SK_TYPE_MEMORY && slot->space) {
		struct space *space = ref_to(slot->space);
		struct slot *at = ref_to(space->mapped);

		while (at && at != slot)
			at = ref_to(at->map_next);
		assert_ptr_equal(at, slot);
	}
	if (CAP_HOLDER(slot_cap(slot)) == HOLD_IRQ_TARGET && CAP_TYPE(slot_cap(slot)) == SK_TYPE_VCPU) {
		const struct irq *irq = container_of(slot, struct irq, target);
		const struct vcpu *vcpu = CAP_OBJECT(slot_cap(slot));

		assert_ptr_equal(vcpu->link[irq->link], irq);
		assert_int_equal(host_line_core(irq->line), vcpu->o.home);
	}
	if (CAP_TYPE(slot_cap(slot)) == SK_TYPE_PIN) {
		const struct space *space = CAP_OBJECT(slot_cap(slot));

		assert_int_equal(space->pin, slot_badge(slot));
		assert_int_not_equal(space->vmid, 0);
	}
	if (CAP_TYPE(slot_cap(slot)) == SK_TYPE_SPACE) {
		struct space *space = CAP_OBJECT(slot_cap(slot));

		for (struct slot *at = ref_to(space->mapped); at; at = ref_to(at->map_next)) {
			assert_int_equal(CAP_TYPE(slot_cap(at)), SK_TYPE_MEMORY);
			assert_ptr_equal(ref_to(at->space), space);
		}
	}
	/* children of an untyped lie in what it has handed out */
	if (CAP_TYPE(slot_cap(slot)) != SK_TYPE_UNTYPED)
		return;
	for (parent = slot_first_child(slot); parent; parent = parent->next & LINK_UP ? NULL : ref_to(parent->next)) {
		void *object = CAP_OBJECT(slot_cap(parent));
		uint64_t at = object ? va_to_pa(object).a : slot_base(parent).a;

		assert_in_range(at - slot_base(slot).a, 0, slot->ipa - 1);
	}
}

/* Neither the root of its callers, nor a server between, nor one who waits for such a server. */
static void check_nobody_pays(const struct thread *thread)
{
	assert_false(budget_left(chain_root(thread)));
	for (; thread; thread = thread->caller) {
		assert_false(budget_left(thread));
		assert_null(chain_lender(thread));
	}
}

static void check_member(const struct thread *thread)
{
	const struct thread *at = thread->serves ? thread->serves->members : NULL;
	unsigned guard = 0;

	assert_int_equal(thread->serves != NULL, thread->member_next != NULL);
	if (!at)
		return;
	assert_ptr_equal(thread->serves->core, &cores[thread->o.home]);
	assert_ptr_equal(thread->member_next->member_prev, thread);
	assert_ptr_equal(thread->member_next->serves, thread->serves);
	while (at != thread) {
		assert_true(guard++ < MAX_OBJECTS);
		at = at->member_next;
	}
}

/* Who is out of budget waits for more; nobody has more than one budget. */
static void check_budget(const struct core *core, const struct thread *thread)
{
	bool stopped = thread->state == SK_THREAD_STOPPED, waits = thread->budget.refill.height != 0;

	if (!stopped)
		assert_int_equal(waits, !budget_left(thread));
	else
		assert_false(waits);
	if (thread->budget.ticks) {
		assert_true(thread->budget.ticks < thread->budget.period);
		assert_true(thread->budget.left <= (int64_t)thread->budget.ticks);
	}
	assert_true(!stopped || core->payer != thread);
}

/* What a core runs somebody pays for: the root of its callers, or else the core says that it is lent. */
static void check_payer(const struct core *core)
{
	if (!core->current) {
		assert_null(core->payer);
		return;
	}
	assert_non_null(core->payer);
	assert_true(budget_left(core->payer));
	assert_int_equal(core->lent, core->payer != chain_root(core->current));
	assert_ptr_equal(chain_end(core->payer), core->current);
	/* (a request was served that it has not left the kernel after, as a core does that spins) */
	assert_true(core->resched || core->ready.top <= (int)core->current->running_priority);
}

static void check_thread(const struct thread *thread)
{
	const struct core *core = &cores[thread->o.home];

	switch (thread->state) {
	case SK_THREAD_READY:
		assert_int_equal((core->current == thread) + (thread->queued != 0) + (thread->parked != 0), 1);
		if (thread->parked)
			check_nobody_pays(thread);
		break;
	case SK_THREAD_CALLING:
		assert_true((thread->server != NULL) != (thread->queued != 0));
		break;
	case SK_THREAD_SERVING:
		assert_true(thread->queued);
		break;
	case SK_THREAD_WAITING:
		assert_non_null(thread->waits);
		assert_false(thread->queued);
		break;
	default:
		assert_false(thread->queued);
		break;
	}
	if (thread->state != SK_THREAD_READY) {
		assert_ptr_not_equal(core->current, thread);
		assert_false(thread->parked);
	}
	if (thread->state != SK_THREAD_WAITING)
		assert_int_equal(thread->timeout.height != 0, thread->state == SK_THREAD_CALLING && thread->queued);
	check_member(thread);
	check_budget(core, thread);
	if (thread->caller) {
		assert_ptr_equal(thread->caller->server, thread);
		assert_int_equal(thread->caller->state, SK_THREAD_CALLING);
		assert_true(thread->depth > thread->caller->depth);
	}
	assert_true(thread->depth <= SK_CALL_DEPTH);
	assert_int_equal(thread->running_priority, chain_priority(thread));
	if (thread->server)
		assert_ptr_equal(thread->server->caller, thread);
	if (thread->event)
		assert_ptr_equal(atomic_load(&thread->event->bound), thread);
	if (thread->vcpu)
		assert_ptr_equal(thread->vcpu->thread, thread);
}

/* A memory capability that is bound to the Space and may map this page to pa. */
static bool accounted_for(const struct space *space, uint64_t ipa, uint64_t bytes, pte_t pte)
{
	for (struct slot *m = ref_to(space->mapped); m; m = ref_to(m->map_next)) {
		uint64_t offset = ipa - m->ipa, size = (uint64_t)m->pages << SK_PAGE_BITS;

		if (offset < size && bytes <= size - offset && slot_base(m).a + offset == pte_address(pte).a &&
		    (pte_rights(pte) & ~CAP_RIGHTS(slot_cap(m))) == 0)
			return true;
	}
	return false;
}

static void check_table(const struct space *space, const pte_t *table, uint64_t ipa, unsigned shift)
{
	assert_true(host_walkers_see(table, SK_PAGE));
	for (unsigned i = 0; i < 512; i++, ipa += 1ul << shift) {
		if (!pte_valid(table[i]))
			continue;
		if (pte_is_table(table[i]))
			check_table(space, pa_to_va(pte_address(table[i])), ipa, shift - 9);
		else
			assert_true(accounted_for(space, ipa, 1ul << shift, table[i]));
	}
}

/* What the tables say of an address, by software. */
static pte_t look_up(const struct space *space, uint64_t ipa, uint64_t *bytes)
{
	const pte_t *table = space->root;

	for (unsigned shift = 30;; shift -= 9) {
		pte_t pte = table[ipa >> shift & 511];

		if (!pte_valid(pte) || !pte_is_table(pte)) {
			*bytes = 1ul << shift;
			return pte;
		}
		table = pa_to_va(pte_address(pte));
	}
}

static struct space *space_of_vmid(unsigned vmid)
{
	for (unsigned i = 0; i < object_count; i++) {
		struct space *space = (struct space *)(void *)objects[i];

		if (objects[i]->type == SK_TYPE_SPACE && space->vmid == vmid)
			return space;
	}
	return NULL;
}

static bool lives(const struct object *object)
{
	for (unsigned i = 0; i < object_count; i++) {
		if (objects[i] == object)
			return true;
	}
	return false;
}

/* What a core has loaded is there. */
static void check_core(const struct core *core)
{
	if (core->space)
		assert_true(lives(&core->space->o));
	if (core->arch.loaded)
		assert_true(lives(&core->arch.loaded->o));
	if (core->current)
		assert_true(lives(&core->current->o));
}

static void check_tlbs(void)
{
	struct host_translation t;

	for (unsigned c = 0; c < core_count; c++) {
		for (unsigned i = 0; host_tlb_entry(c, i, &t); i++) {
			struct space *space = space_of_vmid(t.vmid);
			uint64_t bytes;
			pte_t pte;

			assert_non_null(space);
			pte = look_up(space, t.ipa, &bytes);
			assert_true(pte_valid(pte));
			assert_int_equal(pte_rights(pte), t.rights);
			assert_int_equal(pte_address(pte).a, t.pa);
			assert_int_equal(bytes, t.bytes);
		}
	}
}

void kit_check(void)
{
	collect();
	for (unsigned i = 0; i < slot_count; i++) {
		check_links(slots[i]);
		check_memory(slots[i]);
	}
	for (unsigned i = 0; i < object_count; i++) {
		check_refs(objects[i]);
		if (objects[i]->type == SK_TYPE_THREAD)
			check_thread((struct thread *)(void *)objects[i]);
		if (objects[i]->type == SK_TYPE_SPACE) {
			const struct space *space = (const struct space *)(const void *)objects[i];

			check_table(space, space->root, 0, 30);
		}
	}
	for (unsigned i = 0; i < core_count; i++) {
		check_payer(&cores[i]);
		check_core(&cores[i]);
	}
	check_overlap();
	check_tlbs();
}
