/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A call that waits for the kernel lock while the other core, which holds it,
 * stops its thread, destroys it, and uses its memory anew. The second core has a
 * host thread of its own; the two change over where they spin.
 */
#include "kit.h"
#include "turns.h"

#include <pthread.h>

static bool started, finished;        /* core 1's call */

/* Core 0 waits for core 1, which makes its call just then; core 1 waits for the lock. */
static bool on_relax(void)
{
	if (finished)
		return false;
	started = true;
	turns_change_over();
	return true;
}

static void *second_core(void *unused)
{
	turns_wait();
	host_syscall(1, SK_YIELD);            /* no lock: it runs */
	host_syscall(1, SK_DELETE);           /* spins until core 0 is done */
	finished = true;
	turns_end();
	return unused;
}

/* Makes core 1 begin a call while `number` is made by root. */
static struct result while_it_waits(unsigned number, uint64_t slot, const uint64_t w[SK_WORDS])
{
	struct result r;
	pthread_t other;

	started = finished = false;
	host.on_relax = on_relax;
	assert_int_equal(pthread_create(&other, NULL, second_core, NULL), 0);
	kit_manual = true;
	r = kit_call(root, number, slot, w, 0);
	assert_true(started);
	while (!finished)
		turns_change_over();
	pthread_join(other, NULL);
	host.on_relax = NULL;
	kit_manual = false;
	host_settle();
	return r;
}

static void test_stopped(void **state)
{
	unsigned slot, victim = kit_make(SK_TYPE_NOTIFICATION, 0, 0);
	struct thread *t = kit_thread(1, 5, &slot);
	uint64_t pc = t->frame.reg[SK_REG_PC];

	(void)state;
	frame_slot(&t->frame) = SK_ROOT_CNODE;
	frame_word(&t->frame, 0) = victim;
	assert_ok(while_it_waits(SK_THREAD_STOP, slot, (const uint64_t[SK_WORDS]){ 0 }));
	assert_int_equal(t->state, SK_THREAD_STOPPED);
	assert_false(slot_empty(&root->cnode->slot[victim])); /* its call was not made */
	assert_int_equal(t->frame.reg[SK_REG_PC], pc + ARCH_CALL_BYTES); /* past the first, at the second */
	/* it makes it when it is started again */
	assert_ok(SYS(SK_THREAD_START, slot));
	frame_slot(&t->frame) = SK_ROOT_CNODE;
	host_syscall(1, SK_DELETE);
	assert_true(slot_empty(&root->cnode->slot[victim]));
}

/*
 * The thread's last capability lies in a cnode that dies: its deletion stops at a
 * preemption point with both on the reaper's list, and it is the next retype that,
 * in one go, stops the thread, waits for the grace period, zeroes, and makes.
 */
static void test_destroyed_and_used_anew(void **state)
{
	unsigned pool = kit_make(SK_TYPE_UNTYPED, 2 * SK_PAGE, 0), slot = kit_slots(1);
	unsigned grave = kit_make(SK_TYPE_CNODE, 64, 0);
	const uint64_t *memory = pa_to_va(slot_base(&root->cnode->slot[pool]));
	struct thread *t;

	(void)state;
	assert_ok(SYS(SK_RETYPE, pool, SK_TYPE_THREAD, 0, SK_ROOT_CNODE, slot, 1, 1));
	assert_ok(SYS(SK_THREAD_CONFIGURE, slot, SK_ROOT_CNODE, SK_ROOT_SPACE, 0, 0, 5 | SK_SET_PRIORITY));
	assert_ok(SYS(SK_THREAD_START, slot));
	t = kit_object(slot);
	assert_ptr_equal(cores[1].current, t);
	assert_ok(SYS(SK_MOVE, grave, 1, SK_ROOT_CNODE, slot));
	host.preempt_every = 1;
	frame_slot(&root->frame) = SK_ROOT_CNODE;
	frame_word(&root->frame, 0) = grave;
	host_syscall(0, SK_DELETE);
	host.preempt_every = 0;
	assert_null(slot_first_child(&root->cnode->slot[pool]));
	assert_ptr_equal(cores[1].current, t); /* runs yet */
	frame_slot(&t->frame) = SK_ROOT_CNODE;
	assert_ok(while_it_waits(SK_RETYPE, pool, (const uint64_t[SK_WORDS]){
		SK_TYPE_UNTYPED, 2 * SK_PAGE, SK_ROOT_CNODE, slot, 1 }));
	assert_null(cores[1].current);
	for (unsigned i = 0; i < 2 * SK_PAGE / sizeof(*memory); i++)
		assert_int_equal(memory[i], 0);
}

/*
 * A thread that is as good as dead (a preempted deletion has left it to the next
 * reaper) is that next one: with a retype of the very memory that it lies in.
 */
static void test_the_dying_reap_themselves(void **state)
{
	unsigned pool = kit_make(SK_TYPE_UNTYPED, 2 * SK_PAGE, 0), slot = kit_slots(1);
	unsigned grave = kit_make(SK_TYPE_CNODE, 64, 0);
	const uint64_t *memory = pa_to_va(slot_base(&root->cnode->slot[pool]));
	struct thread *t;

	(void)state;
	assert_ok(SYS(SK_RETYPE, pool, SK_TYPE_THREAD, 0, SK_ROOT_CNODE, slot, 1, core_count - 1));
	assert_ok(SYS(SK_THREAD_CONFIGURE, slot, SK_ROOT_CNODE, SK_ROOT_SPACE, 0, 0, 5 | SK_SET_PRIORITY));
	assert_ok(SYS(SK_THREAD_START, slot));
	t = kit_object(slot);
	kit_run(t);
	kit_run(root);
	assert_ok(SYS(SK_MOVE, grave, 1, SK_ROOT_CNODE, slot));
	host.preempt_every = 1;
	frame_slot(&root->frame) = SK_ROOT_CNODE;
	frame_word(&root->frame, 0) = grave;
	host_syscall(0, SK_DELETE);
	host.preempt_every = 0;
	frame_slot(&root->frame) = SK_ROOT_CNODE; /* root turns to something else */
	kit_run(t);
	memcpy(t->frame.reg, (const uint64_t[SK_WORDS]){ SK_TYPE_UNTYPED, 2 * SK_PAGE, SK_ROOT_CNODE, slot, 1 },
	       SK_WORDS * sizeof(uint64_t));
	frame_slot(&t->frame) = pool;
	host_syscall(t->o.home, SK_RETYPE);
	assert_ptr_not_equal(cores[core_count - 1].current, t);
	kit_run(root);
	assert_true(slot_empty(&root->cnode->slot[slot])); /* it was not made any more */
	assert_ok(SYS(SK_RETYPE, pool, SK_TYPE_UNTYPED, 2 * SK_PAGE, SK_ROOT_CNODE, slot, 1));
	for (unsigned i = 0; i < 2 * SK_PAGE / sizeof(*memory); i++)
		assert_int_equal(memory[i], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_TWO(test_stopped),
		TEST_TWO(test_destroyed_and_used_anew),
		TEST_ONE(test_the_dying_reap_themselves), TEST_TWO(test_the_dying_reap_themselves),
	};

	return kit_main(tests, ARRAY_SIZE(tests));
}
