/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A signal, which takes no lock, is cut off at each of its accesses to something
 * shared in turn, and the other core changes just then what the signal goes by: the
 * slot (its sequence number must show it), or the object (its memory must not be used
 * anew before the signal has left the kernel: the grace period). Each core has a host
 * thread of its own; one of them runs at a time.
 */
#include "kit.h"
#include "turns.h"

#include <pthread.h>

enum { PLACES = 64 };

static unsigned place, accesses;
static bool armed, finished;

static unsigned slot, first, second;  /* what is signalled; two notifications */
static struct thread *signaller;

static void on_shared(void)
{
	if (!armed || turns_me != 1 || accesses++ != place)
		return;
	armed = false;
	turns_change_over();
}

/* Core 0 waits for core 1, which goes on with its signal and then takes the interrupt. */
static bool on_relax(void)
{
	if (finished)
		return false;
	turns_change_over();
	return true;
}

static void *second_core(void *unused)
{
	turns_wait();
	frame_slot(&signaller->frame) = slot;
	frame_extra(&signaller->frame) = 0;
	host_syscall(1, SK_SIGNAL);
	host_take_interrupts(1);
	finished = true;
	turns_end();
	return unused;
}

/* The signal, cut off at its PLACEth access by `meanwhile`. False: it has not so many. */
static bool cut_off_at(unsigned n, void (*meanwhile)(void))
{
	pthread_t other;

	place = n;
	accesses = 0;
	armed = true;
	finished = false;
	kit_run(signaller);
	assert_int_equal(pthread_create(&other, NULL, second_core, NULL), 0);
	host.on_shared = on_shared;
	host.on_relax = on_relax;
	kit_manual = true;
	turns_change_over();
	if (!finished)
		meanwhile();
	while (!finished)
		turns_change_over();
	pthread_join(other, NULL);
	kit_manual = false;
	host.on_shared = NULL;
	host.on_relax = NULL;
	host_settle();
	return !armed;
}

static uint64_t bits_of(unsigned notification)
{
	return atomic_load(&((struct notification *)kit_object(notification))->word);
}

static void set_up(void)
{
	unsigned thread;

	first = kit_make(SK_TYPE_NOTIFICATION, 0, 0);
	second = kit_make(SK_TYPE_NOTIFICATION, 0, 0);
	slot = kit_slots(1);
	signaller = kit_thread(1, 50, &thread);
}

/* --- the slot ---------------------------------------------------------------------------- */

static void other_capability(void)
{
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, slot));
	assert_ok(SYS(SK_MINT, SK_ROOT_CNODE, slot, SK_ROOT_CNODE, second, SK_RIGHTS_ALL, 2));
}

static void test_slot_changes_under_a_signal(void **state)
{
	unsigned n = 0;
	bool cut;

	(void)state;
	set_up();
	do {
		assert_ok(SYS(SK_MINT, SK_ROOT_CNODE, slot, SK_ROOT_CNODE, first, SK_RIGHTS_ALL, 1));
		cut = cut_off_at(n, other_capability);
		assert_int_equal(bits_of(first) & ~1ul, 0);
		assert_int_equal(bits_of(second) & ~2ul, 0);
		assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, slot));
	} while (cut && ++n < PLACES);
	assert_in_range(n, 5, PLACES - 1); /* it was cut off, everywhere */
}

/* --- the object --------------------------------------------------------------------------- */

static unsigned pool, anew;

static void used_anew(void)
{
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, slot));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, anew));
	assert_ok(SYS(SK_RETYPE, pool, SK_TYPE_NOTIFICATION, 0, SK_ROOT_CNODE, anew, 1));
}

static void test_memory_is_not_used_anew_under_a_signal(void **state)
{
	unsigned n = 0;
	bool cut;

	(void)state;
	set_up();
	pool = kit_make(SK_TYPE_UNTYPED, SK_PAGE, 0);
	anew = kit_slots(1);
	assert_ok(SYS(SK_RETYPE, pool, SK_TYPE_NOTIFICATION, 0, SK_ROOT_CNODE, anew, 1));
	do {
		assert_ok(SYS(SK_MINT, SK_ROOT_CNODE, slot, SK_ROOT_CNODE, anew, SK_RIGHTS_ALL, 1));
		cut = cut_off_at(n, used_anew);
		if (cut)
			assert_int_equal(bits_of(anew), 0); /* the signal was for the one before */
		else
			assert_int_equal(bits_of(anew), 1);
		kit_check();
		if (!slot_empty(&root->cnode->slot[slot]))
			assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, slot));
	} while (cut && ++n < PLACES);
	assert_in_range(n, 5, PLACES - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_TWO(test_slot_changes_under_a_signal),
		TEST_TWO(test_memory_is_not_used_anew_under_a_signal),
	};

	return kit_main(tests, ARRAY_SIZE(tests));
}
