/* SPDX-License-Identifier: BSD-2-Clause */
#include "kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROOT_LINE = 63, RESTARTS = 100000 };

struct thread *root;
bool kit_manual;
static unsigned next_slot = FIRST_FREE;

/* How a test is run; see kit_main. */
static const struct variant {
	const char *name;
	unsigned preempt_every;
	bool from_user;
} variants[] = {
	{ "as is", 0, false },
	{ "stopped at every preemption point", 1, false },
	{ "others at user level", 3, true },
};
static const struct variant *variant = &variants[0];

static struct result result_of(const struct thread *thread)
{
	struct result r = { .status = (unsigned)frame_slot(&thread->frame), .extra = frame_extra(&thread->frame) };

	memcpy(r.w, thread->frame.reg, sizeof(r.w));
	if (thread->state != SK_THREAD_READY)
		r.status = KIT_BLOCKED;
	else if (thread->in_guest)
		r.status = KIT_IN_GUEST;
	return r;
}

struct result kit_outcome(struct thread *thread)
{
	return result_of(thread);
}

static void wake_root(void)
{
	host_line(ROOT_LINE, true);
	host_take_interrupts(0);
	host_line(ROOT_LINE, false);
	assert_ptr_equal(cores[0].current, root);
	assert_ok(result_of(root));
	assert_ok(SYS(SK_IRQ_ACK, ROOT_IRQ));
}

void kit_run(struct thread *thread)
{
	struct core *core = &cores[thread->o.home];

	if (core->current == thread)
		return;
	if (thread == root)
		wake_root();
	else if (core->current == root)
		assert_status(KIT_BLOCKED, SYS(SK_WAIT, ROOT_NOTE, SK_NEVER));
	assert_ptr_equal(core->current, thread);
}

struct result kit_call(struct thread *thread, unsigned number, uint64_t slot, const uint64_t w[SK_WORDS],
		       uint64_t extra)
{
	unsigned home = thread->o.home, tries = 0;
	uint64_t pc;

	kit_run(thread);
	assert_false(thread->in_guest);
	pc = thread->frame.reg[SK_REG_PC];
	memcpy(thread->frame.reg, w, SK_WORDS * sizeof(w[0]));
	frame_slot(&thread->frame) = slot;
	frame_extra(&thread->frame) = extra;
	do {
		assert_true(tries++ < RESTARTS);
		host_syscall(home, number);
		if (!kit_manual)
			host_settle();
	} while (cores[home].current == thread && thread->frame.reg[SK_REG_PC] == pc && !thread->in_guest);
	return result_of(thread);
}

/* --- making things --------------------------------------------------------- */

unsigned kit_slots(unsigned count)
{
	unsigned first = next_slot;

	next_slot += count;
	assert_true(next_slot <= SK_ROOT_CNODE_SLOTS);
	return first;
}

unsigned kit_make(enum sk_type type, uint64_t size, uint64_t attribute)
{
	unsigned slot = kit_slots(1);

	assert_ok(SYS(SK_RETYPE, POOL, type, size, SK_ROOT_CNODE, slot, 1, attribute));
	return slot;
}

unsigned kit_memory(uint64_t bytes, unsigned rights)
{
	unsigned slot = kit_slots(1);

	assert_ok(SYS(SK_RETYPE, RAM, SK_TYPE_MEMORY, bytes, SK_ROOT_CNODE, slot, 1, rights));
	return slot;
}

unsigned kit_copy(unsigned from, unsigned rights)
{
	unsigned slot = kit_slots(1);

	assert_ok(SYS(SK_COPY, SK_ROOT_CNODE, slot, SK_ROOT_CNODE, from, rights));
	return slot;
}

unsigned kit_badge(unsigned from, uint64_t badge)
{
	unsigned slot = kit_slots(1);

	assert_ok(SYS(SK_MINT, SK_ROOT_CNODE, slot, SK_ROOT_CNODE, from, SK_RIGHTS_ALL, badge));
	return slot;
}

void *kit_object(unsigned slot)
{
	return CAP_OBJECT(slot_cap(&root->cnode->slot[slot]));
}

struct thread *kit_thread_stopped(unsigned core, unsigned priority, unsigned *slot)
{
	*slot = kit_make(SK_TYPE_THREAD, 0, core);
	assert_ok(SYS(SK_THREAD_CONFIGURE, *slot, SK_ROOT_CNODE, SK_ROOT_SPACE, 0, 0,
		      priority | priority << 8 | SK_SET_PRIORITY));
	return kit_object(*slot);
}

struct thread *kit_thread(unsigned core, unsigned priority, unsigned *slot)
{
	struct thread *thread = kit_thread_stopped(core, priority, slot);

	assert_ok(SYS(SK_THREAD_START, *slot));
	return thread;
}

/* --- a test's beginning and end --------------------------------------------- */

static void start(unsigned count)
{
	host_boot(count);
	root = cores[0].current;
	assert_non_null(root);
	assert_ok(SYS(SK_RETYPE, SK_ROOT_OBJECTS, SK_TYPE_UNTYPED, POOL_BYTES, SK_ROOT_CNODE, POOL, 1));
	assert_ok(SYS(SK_RETYPE, SK_ROOT_OBJECTS, SK_TYPE_NOTIFICATION, 0, SK_ROOT_CNODE, ROOT_NOTE, 1, 0));
	assert_ok(SYS(SK_MINT, SK_ROOT_CNODE, ROOT_BADGED, SK_ROOT_CNODE, ROOT_NOTE, SK_RIGHTS_ALL, 1ul << 62));
	assert_ok(SYS(SK_RETYPE, SK_ROOT_OBJECTS, SK_TYPE_IRQ, ROOT_LINE, SK_ROOT_CNODE, ROOT_IRQ, 1,
		      SK_ROOT_IRQ_CONTROL | (uint64_t)SK_TRIGGER_EDGE << 32));
	assert_ok(SYS(SK_IRQ_BIND, ROOT_IRQ, ROOT_BADGED));
	host.preempt_every = variant->preempt_every;
	host.relax_takes_interrupts = host.slow_signals = variant->from_user;
}

int kit_one_core(void **state)
{
	(void)state;
	start(1);
	return 0;
}

int kit_two_cores(void **state)
{
	(void)state;
	start(2);
	return 0;
}

int kit_end(void **state)
{
	const uint64_t *pool;

	(void)state;
	kit_manual = false;
	host_settle();
	kit_run(root);
	kit_check();
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, POOL));
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, RAM));
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, DEVICE));
	kit_check();
	for (unsigned i = FIRST_FREE; i < root->cnode->size; i++)
		assert_true(slot_empty(&root->cnode->slot[i]));
	for (unsigned i = 0; i < core_count; i++) {
		assert_ptr_equal(cores[i].current, i == 0 ? root : NULL);
		assert_null(cores[i].timeouts.first);
		assert_int_equal(cores[i].ready.top, -1);
		assert_null(cores[i].arch.loaded);
	}
	/* all of the pool can be had again, as zeroes */
	assert_ok(SYS(SK_RETYPE, POOL, SK_TYPE_UNTYPED, POOL_BYTES, SK_ROOT_CNODE, FIRST_FREE, 1));
	pool = pa_to_va(slot_base(&root->cnode->slot[POOL]));
	for (unsigned i = 0; i < POOL_BYTES / sizeof(*pool); i++)
		assert_int_equal(pool[i], 0);
	return 0;
}

static int run_alone(const struct CMUnitTest *test)
{
	int status;
	pid_t child;

	if (getenv("KIT_NOFORK")) /* for a debugger */
		exit(_cmocka_run_group_tests(variant->name, test, 1, NULL, NULL));
	fflush(NULL);
	child = fork();
	if (child == 0)
		exit(_cmocka_run_group_tests(variant->name, test, 1, NULL, NULL));
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return 1;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	fprintf(stderr, "FAILED: %s, %s\n", test->name, variant->name);
	return 1;
}

int kit_main(const struct CMUnitTest *tests, size_t count)
{
	const char *only = getenv("KIT_TEST");
	int failed = 0;

	for (size_t i = 0; i < count; i++) {
		for (variant = variants; variant < variants + ARRAY_SIZE(variants); variant++) {
			if (!only || strcmp(only, tests[i].name) == 0)
				failed += run_alone(&tests[i]);
		}
	}
	return failed ? 1 : 0;
}
