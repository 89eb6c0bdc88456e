/* SPDX-License-Identifier: BSD-2-Clause */
#include "life.h"

#include "entry.h"
#include "turns.h"

#include <pthread.h>
#include <stdlib.h>

enum { SLOTS = 96, LINE = 41, C_OBJECTS_BYTES = 0xc0000 };

/* Slots of `common` that are put back when they get lost. */
enum { C_SELF = 1, C_OBJECTS = 2, C_RAM = 3, C_CONTROL = 4, C_FIRST = 8 };

struct life life;
static uint32_t places;
static unsigned common_slot, objects_slot, ram_slot, temporary;
static struct cnode *common;
static uint64_t pinned_pages;
static bool trace;                     /* KIT_TRACE: prints each call, checks after each step */

static uint32_t rnd(uint32_t below)
{
	return life.random() % below;
}

/* A slot with a capability of the type, if there is one; else any. */
static uint64_t pick(unsigned type)
{
	unsigned from = rnd(SLOTS);

	if (rnd(30) == 0)
		return rnd(SLOTS + 4);
	for (unsigned i = 0; i < SLOTS; i++) {
		unsigned at = (from + i) % SLOTS;

		if (CAP_TYPE(slot_cap(&common->slot[at])) == type)
			return at;
	}
	return from;
}

static uint64_t empty(void)
{
	unsigned from = rnd(SLOTS);

	for (unsigned i = 0; i < SLOTS; i++) {
		unsigned at = (from + i) % SLOTS;

		if (at >= C_FIRST && slot_empty(&common->slot[at]))
			return at;
	}
	return SLOTS; /* none: out of range */
}

static uint64_t any(void)
{
	return C_FIRST + rnd(SLOTS - C_FIRST);
}

static uint64_t a_rights(void)
{
	return rnd(3) ? SK_RIGHTS_ALL : rnd(128);
}

static uint64_t an_address(void)
{
	return 0x40000000ul + rnd(6) * SK_BLOCK / 2 + (rnd(4) ? 0 : rnd(8) * SK_PAGE);
}

struct arguments { uint64_t slot, w[SK_WORDS], extra; };

static void make_arguments(struct arguments *a)
{
	static const struct { unsigned type; uint64_t size, attribute; } makes[] = {
		{ SK_TYPE_CNODE, 16, 0 }, { SK_TYPE_THREAD, 0, 0 }, { SK_TYPE_THREAD, 0, 1 },
		{ SK_TYPE_ENDPOINT, 0, 0 }, { SK_TYPE_ENDPOINT, 0, 1 }, { SK_TYPE_NOTIFICATION, 0, 0 },
		{ SK_TYPE_NOTIFICATION, 0, 0 }, { SK_TYPE_VCPU, 0, 0 }, { SK_TYPE_SPACE, 6, SK_SPACE_COMPONENT },
		{ SK_TYPE_SPACE, 6, SK_SPACE_GUEST }, { SK_TYPE_IRQ, LINE, C_CONTROL },
		{ SK_TYPE_UNTYPED, 4 * SK_PAGE, 0 }, { SK_TYPE_MEMORY, 3 * SK_BLOCK, 3 },
		{ SK_TYPE_MEMORY, SK_PAGE, 7 }, { SK_TYPE_MEMORY, 5 * SK_PAGE, 1 },
	};
	unsigned i = rnd(ARRAY_SIZE(makes));

	a->slot = makes[i].type == SK_TYPE_MEMORY ? C_RAM : rnd(3) ? C_OBJECTS : pick(SK_TYPE_UNTYPED);
	a->w[0] = makes[i].type;
	a->w[1] = makes[i].size;
	a->w[2] = C_SELF;
	a->w[3] = empty();
	a->w[4] = 1;
	a->w[5] = makes[i].attribute;
}

/* Budget and period: left, a limit, or none. */
static void a_budget(uint64_t w[2])
{
	w[0] = rnd(3) ? rnd(8) ? 10 + rnd(300) : rnd(20) : 0;
	w[1] = w[0] ? w[0] + (rnd(4) ? rnd(1500) : 0) : 0;
}

static void configure_arguments(struct arguments *a)
{
	a->slot = pick(SK_TYPE_THREAD);
	a->w[0] = rnd(2) ? C_SELF : 0;
	a->w[1] = rnd(2) ? pick(SK_TYPE_SPACE) : 0;
	a->w[2] = rnd(3) ? 0 : pick(rnd(2) ? SK_TYPE_ENDPOINT : SK_TYPE_NOTIFICATION);
	a->w[3] = rnd(3) ? 0 : pick(SK_TYPE_NOTIFICATION);
	a->w[4] = rnd(2) ? 0 : SK_SET_PRIORITY | rnd(20) | 100ul << 8;
	a_budget(a->w + 5);
}

static void arguments_of(unsigned number, struct arguments *a)
{
	switch (number) {
	case SK_CALL:
		a->slot = pick(SK_TYPE_ENDPOINT);
		a->extra = rnd(3) ? 0 : (rnd(2) ? any() : 0) | (rnd(2) ? empty() : 0) << SK_SECOND_SLOT;
		break;
	case SK_REPLY_WAIT:
		a->slot = rnd(8) ? pick(SK_TYPE_ENDPOINT) : 0;
		a->extra = rnd(2) ? 0 : empty() | (rnd(2) ? any() : 0) << SK_SECOND_SLOT;
		break;
	case SK_SIGNAL:
	case SK_POLL:
		a->slot = pick(SK_TYPE_NOTIFICATION);
		break;
	case SK_WAIT:
		a->slot = pick(SK_TYPE_NOTIFICATION);
		a->w[0] = rnd(4) ? host.now + rnd(3000) : SK_NEVER;
		break;
	case SK_VCPU_RUN:
		a->w[0] = rnd(16) | rnd(4) << 8 | rnd(4) << 16;
		a->w[5] = rnd(2) ? 0 : SK_LIST_PENDING | rnd(4);
		a->w[6] = rnd(2) ? 0 : SK_LIST_PENDING | rnd(4);
		break;
	case SK_COPY:
	case SK_MINT:
	case SK_MOVE:
		a->slot = C_SELF;
		a->w[0] = empty();
		a->w[1] = C_SELF;
		a->w[2] = number == SK_MINT && rnd(2) ? pick(rnd(2) ? SK_TYPE_NOTIFICATION : SK_TYPE_ENDPOINT) : any();
		a->w[3] = a_rights();
		a->w[4] = number == SK_MINT ? rnd(2) ? 1ul << rnd(63) : rnd(3) * SK_PAGE : 0;
		a->w[5] = SK_PAGE * rnd(4);
		break;
	case SK_DELETE:
	case SK_REVOKE:
	case SK_INSPECT:
		a->slot = rnd(10) ? C_SELF : pick(SK_TYPE_CNODE);
		a->w[0] = number == SK_REVOKE && rnd(40) == 0 ? rnd(C_FIRST) : any();
		break;
	case SK_RETYPE:
		make_arguments(a);
		break;
	case SK_MAP:
		a->slot = pick(SK_TYPE_MEMORY);
		a->w[0] = pick(SK_TYPE_SPACE);
		a->w[1] = an_address();
		a->w[2] = rnd(2) ? 0 : rnd(600) * SK_PAGE;
		a->w[3] = rnd(2) ? SK_PAGE * (1 + rnd(5)) : SK_BLOCK * (1 + rnd(3));
		a->w[4] = rnd(2) ? 1 : 3;
		break;
	case SK_UNMAP:
	case SK_PROTECT:
		a->slot = pick(SK_TYPE_MEMORY);
		a->w[0] = rnd(2) ? 0 : rnd(600) * SK_PAGE;
		a->w[1] = rnd(2) ? SK_PAGE * (1 + rnd(600)) : SK_BLOCK * (1 + rnd(3));
		a->w[2] = rnd(2) ? 1 : 3;
		break;
	case SK_SPACE_DONATE:
		a->slot = pick(SK_TYPE_SPACE);
		a->w[0] = rnd(2) ? C_OBJECTS : pick(SK_TYPE_UNTYPED);
		a->w[1] = 1 + rnd(3);
		break;
	case SK_THREAD_CONFIGURE:
		configure_arguments(a);
		break;
	case SK_THREAD_START:
	case SK_THREAD_STOP:
		a->slot = pick(SK_TYPE_THREAD);
		break;
	case SK_THREAD_READ:
	case SK_THREAD_WRITE:
		a->slot = pick(SK_TYPE_THREAD);
		a->w[0] = rnd(36);
		a->w[1] = 1 + rnd(6);
		break;
	case SK_THREAD_MOVE:
		a->slot = pick(SK_TYPE_THREAD);
		a->w[0] = rnd(2);
		break;
	case SK_VCPU_BIND:
		a->slot = pick(SK_TYPE_VCPU);
		a->w[0] = pick(SK_TYPE_SPACE);
		a->w[1] = pick(SK_TYPE_THREAD);
		break;
	case SK_VCPU_READ:
	case SK_VCPU_WRITE:
		a->slot = pick(SK_TYPE_VCPU);
		a->w[0] = rnd(92);
		a->w[1] = 1 + rnd(6);
		break;
	case SK_IRQ_BIND:
		a->slot = pick(SK_TYPE_IRQ);
		a->w[0] = rnd(4) ? pick(rnd(2) ? SK_TYPE_NOTIFICATION : SK_TYPE_VCPU) : 0;
		a->w[1] = (32 + rnd(3)) | SK_LIST_GROUP1;
		a->w[2] = rnd(4);
		break;
	case SK_IRQ_ACK:
	case SK_IRQ_MASK:
	case SK_IRQ_UNMASK:
		a->slot = pick(SK_TYPE_IRQ);
		break;
	default:
		break;
	}
}

/* Any call; those that end a thread's life less often, those that make something of it more. */
static unsigned a_call(void)
{
	static const uint8_t often[] = {
		SK_RETYPE, SK_RETYPE, SK_RETYPE, SK_RETYPE, SK_VCPU_BIND, SK_THREAD_START, SK_THREAD_CONFIGURE, SK_MAP, SK_MAP, SK_UNMAP, SK_PROTECT, SK_COPY, SK_MINT, SK_CALL,
		SK_REPLY_WAIT, SK_SIGNAL, SK_VCPU_RUN, SK_VCPU_RUN, SK_VCPU_READ, SK_VCPU_WRITE, SK_IRQ_BIND,
		SK_IRQ_ACK,
	};
	unsigned number = rnd(2) ? often[rnd(ARRAY_SIZE(often))] : rnd(SK_CALLS + 1);

	if ((number == SK_REVOKE || number == SK_THREAD_STOP || number == SK_WAIT || number == SK_DELETE) && rnd(3))
		return SK_SIGNAL;
	return number;
}

static void system_call(unsigned core)
{
	struct thread *thread = cores[core].current;
	unsigned number = a_call();
	struct arguments a = { 0 };
	uint64_t pc = thread->frame.reg[SK_REG_PC];
	unsigned id = thread->o.id;

	arguments_of(number, &a);
	memcpy(thread->frame.reg, a.w, sizeof(a.w));
	frame_slot(&thread->frame) = a.slot;
	frame_extra(&thread->frame) = a.extra;
	for (unsigned tries = 0; tries < 10000; tries++) {
		host_syscall(core, number);
		if (cores[core].current != thread || thread->o.id != id || thread->in_guest ||
		    thread->frame.reg[SK_REG_PC] != pc)
			break;
	}
	if (trace)
		print_message("core %u thread %u call %u slot %lu: %lx %lx %lx %lx %lx %lx -> %lu\n", core, id, number, a.slot,
			      a.w[0], a.w[1], a.w[2], a.w[3], a.w[4], a.w[5], frame_slot(&thread->frame));
	if (cores[core].current == thread && thread->o.id == id && !thread->in_guest && number < SK_CALLS)
		life.done[number] += frame_slot(&thread->frame) == SK_OK;
}

static void fault(unsigned core)
{
	struct core *before = host_switch(core);

	kernel_fault(&cores[core], 1 + rnd(6), an_address(), 1 + rnd(2), 0);
	host_switch(before->number);
}

/* What the current thread of a core does next. */
static void user_step(unsigned core)
{
	uint64_t pa;

	switch (host_in_guest(core) ? 8 + rnd(4) : rnd(8)) {
	case 0:
		host_translate(core, an_address(), &pa);
		break;
	case 1:
		host_fp_swap(core, rnd(1000));
		break;
	case 2:
		if (rnd(12) == 0) {
			fault(core);
			host_take_interrupts(core);
		}
		break;
	case 8:
		host_guest_exit(core, SK_EXIT_MMIO, an_address(), rnd(31));
		break;
	case 9:
		host_translate(core, an_address(), &pa);
		break;
	case 10:
	case 11:
		break;
	default:
		system_call(core);
		break;
	}
}

/* Pages that a Space maps. */
static uint64_t pages_of(const pte_t *table, unsigned level)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < 512; i++) {
		if (pte_valid(table[i]))
			n += level && pte_is_table(table[i]) ? pages_of(pa_to_va(pte_address(table[i])), level - 1) :
							       1ul << 9 * level;
	}
	return n;
}

static void put_back(unsigned slot, unsigned from, unsigned call)
{
	if (slot_empty(&common->slot[slot]))
		assert_ok(SYS(call, common_slot, slot, SK_ROOT_CNODE, from, SK_RIGHTS_ALL));
}

/* An untyped of `bytes` in a slot of `common`, if it was lost; from one that is started again when it is empty. */
static void put_back_untyped(unsigned slot, unsigned from, uint64_t bytes)
{
	if (!slot_empty(&common->slot[slot]))
		return;
	if (SYS(SK_RETYPE, from, SK_TYPE_UNTYPED, bytes, common_slot, slot, 1).status == SK_OK)
		return;
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, from));
	assert_ok(SYS(SK_RETYPE, from, SK_TYPE_UNTYPED, bytes, common_slot, slot, 1));
}

/* Root's copy of a capability of the type out of `common`: calls take the caller's slots. 0: there is none. */
static unsigned borrow(unsigned type, unsigned to)
{
	uint64_t at = pick(type);

	SYS(SK_DELETE, SK_ROOT_CNODE, to);
	if (at >= SLOTS || CAP_TYPE(slot_cap(&common->slot[at])) != type)
		return 0;
	return SYS(SK_COPY, SK_ROOT_CNODE, to, common_slot, at, SK_RIGHTS_ALL).status == SK_OK ? to : 0;
}

/* Makes a thread and what it needs from what all share, and starts it, or one that was there. */
static void start_one(unsigned core)
{
	unsigned thread, space, guest, vcpu;
	uint64_t budget[2];

	assert_ok(SYS(SK_MOVE, SK_ROOT_CNODE, temporary + 4, common_slot, C_OBJECTS));
	SYS(SK_RETYPE, temporary + 4, SK_TYPE_THREAD, 0, common_slot, empty(), 1, core);
	SYS(SK_RETYPE, temporary + 4, SK_TYPE_SPACE, 5, common_slot, empty(), 1, rnd(2));
	SYS(SK_RETYPE, temporary + 4, SK_TYPE_VCPU, 0, common_slot, empty(), 1, 0);
	assert_ok(SYS(SK_MOVE, common_slot, C_OBJECTS, SK_ROOT_CNODE, temporary + 4));
	thread = borrow(SK_TYPE_THREAD, temporary);
	space = borrow(SK_TYPE_SPACE, temporary + 1);
	if (!thread || !space)
		return;
	a_budget(budget);
	SYS(SK_THREAD_CONFIGURE, thread, common_slot, space, 0, 0, SK_SET_PRIORITY | (1 + rnd(20)) | 100ul << 8, budget[0],
	    budget[1]);
	vcpu = borrow(SK_TYPE_VCPU, temporary + 2);
	guest = borrow(SK_TYPE_SPACE, temporary + 3);
	if (vcpu && guest)
		life.done[SK_VCPU_BIND] += SYS(SK_VCPU_BIND, vcpu, guest, thread).status == SK_OK;
	if (rnd(4))
		SYS(SK_THREAD_START, thread);
}

/*
 * Root pins a Space of theirs for a while: nothing that they do meanwhile may take away what it maps, though
 * all that names it may go.
 */
static void pin(void)
{
	const struct slot *slot = &root->cnode->slot[temporary + 5];

	if (borrow(SK_TYPE_SPACE, temporary))
		SYS(SK_SPACE_PIN, temporary, SK_ROOT_IOMMU, SK_ROOT_CNODE, temporary + 5, 1 + rnd(9));
	life.done[SK_SPACE_PIN] += !slot_empty(slot);
	pinned_pages = slot_empty(slot) ? 0 : pages_of(((struct space *)CAP_OBJECT(slot_cap(slot)))->root, 2);
}

static void unpin(void)
{
	const struct space *space = CAP_OBJECT(slot_cap(&root->cnode->slot[temporary + 5]));

	if (!space)
		return;
	life.done[SK_SPACE_ROOT] += SYS(SK_SPACE_ROOT, temporary + 5).w[0] == space->root_pa.a;
	assert_true(pages_of(space->root, 2) >= pinned_pages);
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, temporary + 5));
}

/* Root sees to it that there are threads, and the means to make more. */
static void look_after(void)
{
	kit_run(root);
	unpin();
	put_back(C_SELF, common_slot, SK_COPY);
	put_back(C_CONTROL, SK_ROOT_IRQ_CONTROL, SK_COPY);
	put_back_untyped(C_OBJECTS, objects_slot, C_OBJECTS_BYTES);
	put_back_untyped(C_RAM, ram_slot, 8 * SK_BLOCK);
	/* free slots, now and then */
	for (unsigned i = C_FIRST; i < SLOTS; i++) {
		if (rnd(12) == 0)
			assert_ok(SYS(SK_DELETE, common_slot, i));
	}
	for (unsigned i = 0; i < 3 * core_count; i++)
		start_one(i % core_count);
	if (rnd(2))
		pin();
	for (unsigned i = 0; i < 4; i++)
		assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, temporary + i));
	assert_status(KIT_BLOCKED, SYS(SK_WAIT, ROOT_NOTE, SK_NEVER));
}

/* --- interleaved ------------------------------------------------------------------ */

/*
 * Each core in a host thread of its own, one of which runs at a time: they change
 * over where a core spins, at preemption points under the kernel lock, now and then
 * at an access to something shared, and between steps. So one core makes calls
 * while the other is in the middle of one.
 */
static bool interleaved, quit, at_user_level; /* at_user_level: core 1 */

static bool on_relax(void)
{
	if (interleaved)
		turns_change_over();
	return interleaved;
}

/* Each access to what cores share; in the kernel only: user level's come between steps. */
static void on_shared(void)
{
	/* not by life.random: there are so many that a fuzzer's input would go into nothing else */
	places = places * 1664525u + 1013904223u;
	if (interleaved && places >> 26 == 0)
		turns_change_over();
}

static void on_look(void)
{
	if (interleaved && rnd(2))
		turns_change_over();
}

static void *second_core(void *unused)
{
	turns_wait();
	while (!quit) {
		at_user_level = false;
		if (cores[1].current)
			user_step(1);
		if (rnd(3) == 0)
			host_take_interrupts(1);
		at_user_level = true;
		turns_change_over();
	}
	turns_end();
	return unused;
}

/* A few steps of both cores; at the end both are at user level. */
static void interleave(void)
{
	interleaved = true;
	for (unsigned i = 0; i < 20; i++) {
		if (cores[0].current && cores[0].current != root)
			user_step(0);
		if (rnd(3) == 0)
			host_take_interrupts(0);
		if (rnd(2))
			turns_change_over();
	}
	while (!at_user_level) {
		host_take_interrupts(0); /* it may wait for us */
		turns_change_over();
	}
	interleaved = false;
}

void life_begin(void)
{
	trace = getenv("KIT_TRACE") != NULL;
	places = life.random();
	common_slot = kit_make(SK_TYPE_CNODE, SLOTS, 0);
	common = kit_object(common_slot);
	objects_slot = kit_make(SK_TYPE_UNTYPED, 2 * C_OBJECTS_BYTES, 0);
	ram_slot = kit_slots(1);
	temporary = kit_slots(6);
	assert_ok(SYS(SK_RETYPE, RAM, SK_TYPE_UNTYPED, 12 * SK_BLOCK, SK_ROOT_CNODE, ram_slot, 1, 0));
}

void life_interleaved(unsigned rounds)
{
	pthread_t other;

	quit = false;
	at_user_level = true;
	host.on_relax = on_relax;
	host.on_look = on_look;
	host.on_shared = on_shared;
	assert_int_equal(pthread_create(&other, NULL, second_core, NULL), 0);
	for (unsigned round = 0; round < rounds && (!life.more || life.more()); round++) {
		kit_manual = true;
		interleave();
		host_advance(rnd(4000));
		host_line(LINE, rnd(2));
		kit_manual = false;
		host_settle();
		look_after();
		kit_check();
	}
	quit = true;
	turns_change_over();
	pthread_join(other, NULL);
	kit_run(root);
	unpin();
	host_line(LINE, false);
	host.on_relax = NULL;
	host.on_look = NULL;
	host.on_shared = NULL;
}

void life_alone(unsigned steps)
{
	for (unsigned step = 0; step < steps && (!life.more || life.more()); step++) {
		unsigned core = rnd(core_count), what = rnd(40);

		kit_manual = true;
		if (cores[core].current && cores[core].current != root)
			user_step(core);
		if (what < 6)
			host_take_interrupts(rnd(core_count));
		else if (what == 6)
			host_advance(rnd(4000));
		else if (what == 7)
			host_line(LINE, rnd(2));
		for (unsigned i = 0; i < core_count; i++)
			life.spent += cores[i].refills.first != NULL;
		kit_manual = false;
		if (step % 40 == 0) {
			host_settle();
			look_after();
		}
		/* dying objects that a preempted call has left to the next are in nobody's reach: not then */
		if (step % 40 == 0 || (!host.preempt_every && (step % life.check_every == 0 || trace)))
			kit_check();
	}
	host_settle();
	host_line(LINE, false);
	kit_run(root);
	unpin();
}
