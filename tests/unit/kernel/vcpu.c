/* SPDX-License-Identifier: BSD-2-Clause */
/* vCPUs: binding, running, answers, EVENT and the kick, list registers, access from elsewhere, destruction. */
#include "entry.h"
#include "kit.h"

#define FAR (core_count - 1)

static unsigned vcpu, guest_space, runner_slot, n, kick;
static struct thread *runner;

/* A vCPU bound to a thread of the farthest core that has a bound notification. */
static void setup(void)
{
	vcpu = kit_make(SK_TYPE_VCPU, 0, 0);
	guest_space = kit_make(SK_TYPE_SPACE, 4, SK_SPACE_GUEST);
	n = kit_make(SK_TYPE_NOTIFICATION, 0, 0);
	kick = kit_badge(n, 1);
	runner = kit_thread_stopped(FAR, 30, &runner_slot);
	assert_ok(SYS(SK_THREAD_CONFIGURE, runner_slot, 0, 0, 0, n));
	assert_ok(SYS(SK_VCPU_BIND, vcpu, guest_space, runner_slot));
	assert_ok(SYS(SK_THREAD_START, runner_slot));
}

static void enter(void)
{
	assert_status(KIT_IN_GUEST, CALL(runner, SK_VCPU_RUN, 0));
	kit_run(runner);
	assert_true(host_in_guest(FAR));
}

/* A read from a device: word, address; answer to X5. */
static void mmio_exit(void)
{
	host_guest_exit(FAR, SK_EXIT_MMIO | 4u << SK_EXIT_WIDTH_SHIFT, 0x9000000, SK_VREG_X0 + 5);
}

static void test_run_and_answer(void **state)
{
	struct result r;

	(void)state;
	setup();
	enter();
	*host_guest_reg(FAR, SK_VREG_PC) = 0x40000;
	mmio_exit();
	r = kit_outcome(runner);
	assert_ok(r);
	assert_int_equal(r.w[0], SK_EXIT_MMIO | 4u << SK_EXIT_WIDTH_SHIFT);
	assert_int_equal(r.w[1], 0x9000000);
	assert_int_equal(r.w[5], 0x40000);
	assert_int_equal(r.w[7], 7); /* all three list registers are empty */
	assert_false(host_in_guest(FAR));
	assert_status(KIT_IN_GUEST, CALL(runner, SK_VCPU_RUN, 0, SK_RUN_ANSWER, 4711));
	kit_run(runner);
	assert_int_equal(*host_guest_reg(FAR, SK_VREG_X0 + 5), 4711);
	/* without the flag there is no answer; a late one goes nowhere */
	mmio_exit();
	assert_status(KIT_IN_GUEST, CALL(runner, SK_VCPU_RUN, 0, 0, 1));
	kit_run(runner);
	assert_int_equal(*host_guest_reg(FAR, SK_VREG_X0 + 5), 4711);
	mmio_exit();
	assert_status(KIT_IN_GUEST, CALL(runner, SK_VCPU_RUN, 0));
	kit_run(runner);
	host_guest_exit(FAR, SK_EXIT_WFI, SK_NEVER, 0);
	assert_int_equal(kit_outcome(runner).w[0], SK_EXIT_WFI);
}

static void test_lists(void **state)
{
	uint64_t a = SK_LIST_PENDING | SK_LIST_GROUP1 | 33, b = SK_LIST_PENDING | SK_LIST_GROUP1 | 34;

	(void)state;
	setup();
	assert_status(KIT_IN_GUEST, CALL(runner, SK_VCPU_RUN, 0, SK_RUN_LIST_A | SK_RUN_LIST_B | 0u << 8 | 2u << 16,
					 0, 0, 0, 0, a, b));
	kit_run(runner);
	assert_int_equal(*host_guest_reg(FAR, SK_VREG_LIST0), a);
	assert_int_equal(*host_guest_reg(FAR, SK_VREG_LIST0 + 2), b);
	mmio_exit();
	assert_int_equal(kit_outcome(runner).w[7], 2);
	/* refused: nothing is done, not even the answer, nor the other list register */
	assert_status(SK_BAD_ARG, CALL(runner, SK_VCPU_RUN, 0, SK_RUN_ANSWER | SK_RUN_LIST_A | 3u << 8, 9, 0, 0, 0, a));
	assert_status(SK_BAD_ARG, CALL(runner, SK_VCPU_RUN, 0, SK_RUN_ANSWER | SK_RUN_LIST_A | 1u << 8, 9, 0, 0, 0, a));
	assert_status(SK_BAD_ARG, CALL(runner, SK_VCPU_RUN, 0, SK_RUN_LIST_A | 1u << 8, 9, 0, 0, 0, 40 | SK_LIST_HW));
	assert_status(SK_BAD_ARG, CALL(runner, SK_VCPU_RUN, 0,
				       SK_RUN_ANSWER | SK_RUN_LIST_A | SK_RUN_LIST_B | 1u << 8 | 2u << 16, 9, 0, 0, 0,
				       SK_LIST_PENDING | 50, SK_LIST_HW));
	assert_int_equal(SYS(SK_VCPU_READ, vcpu, SK_VREG_LIST0 + 1).status, FAR ? SK_STATE : SK_OK);
	assert_status(KIT_IN_GUEST, CALL(runner, SK_VCPU_RUN, 0, SK_RUN_ANSWER, 10));
	kit_run(runner);
	assert_int_equal(*host_guest_reg(FAR, SK_VREG_X0 + 5), 10);
	assert_int_equal(*host_guest_reg(FAR, SK_VREG_LIST0 + 1), 0);
}

enum { LINE = 44, INTID = 40, WAKES = 4 };
#define VALUE (SK_LIST_GROUP1 | 0x80ul << SK_LIST_PRIORITY_SHIFT | INTID)
#define FIRED (VALUE | SK_LIST_PENDING | SK_LIST_HW | (uint64_t)LINE << 32)

static unsigned make_irq(unsigned line)
{
	unsigned irq = kit_slots(1);

	assert_ok(SYS(SK_RETYPE, POOL, SK_TYPE_IRQ, line, SK_ROOT_CNODE, irq, 1, SK_ROOT_IRQ_CONTROL));
	return irq;
}

static void level(bool up)
{
	host_line(LINE, up);
	host_settle();
}

/* The guest takes the interrupt, quiets the device and ends it: the hardware lets the line fire again. */
static void serve(void)
{
	assert_int_equal(*host_guest_reg(FAR, SK_VREG_LIST0 + 2), FIRED);
	host_line(LINE, false);
	*host_guest_reg(FAR, SK_VREG_LIST0 + 2) = 0;
	arch_irq_unmask(LINE);
}

/* A line that the guest has: no exit, nobody told but a thread that waits outside. */
static void test_linked_line(void **state)
{
	unsigned irq;

	(void)state;
	setup();
	irq = make_irq(LINE);
	assert_ok(SYS(SK_IRQ_BIND, irq, vcpu, VALUE, WAKES));
	assert_int_equal(host_line_core(LINE), FAR);
	assert_false(host_line_masked(LINE));
	enter();
	for (unsigned i = 0; i < 3; i++) {
		level(true);
		assert_true(host_in_guest(FAR));
		serve();
	}
	/* a VMM writes neither the register nor the interrupt */
	mmio_exit();
	assert_status(SK_BAD_ARG, CALL(runner, SK_VCPU_RUN, 0, SK_RUN_LIST_A | 2u << 8, 0, 0, 0, 0, SK_LIST_PENDING | 50));
	assert_status(SK_BAD_ARG, CALL(runner, SK_VCPU_RUN, 0, SK_RUN_LIST_A | 0u << 8, 0, 0, 0, 0, SK_LIST_PENDING | INTID));
	/* its thread waits, as after WFI */
	assert_status(KIT_BLOCKED, CALL(runner, SK_WAIT, n, SK_NEVER));
	level(true);
	assert_int_equal(kit_outcome(runner).w[0], WAKES);
	enter();
	serve();
	/* the line stays with the vCPU where that is */
	assert_ok(SYS(SK_THREAD_STOP, runner_slot));
	assert_status(SK_STATE, SYS(SK_THREAD_MOVE, runner_slot, 0));
	level(true);
	assert_ok(SYS(SK_IRQ_BIND, irq, 0));
	assert_true(host_line_masked(LINE));
	assert_int_equal(SYS(SK_VCPU_READ, vcpu, SK_VREG_LIST0 + 2).w[0], 0); /* what fired goes with the link */
	assert_ok(SYS(SK_THREAD_MOVE, runner_slot, 0));
	level(false);
}

static void test_links_end(void **state)
{
	unsigned irq, other, third, copy;

	(void)state;
	setup();
	irq = make_irq(LINE);
	other = make_irq(LINE + 1);
	third = make_irq(LINE + 2);
	assert_status(SK_BAD_ARG, SYS(SK_IRQ_BIND, irq, vcpu, 27 | SK_LIST_GROUP1));
	assert_status(SK_BAD_ARG, SYS(SK_IRQ_BIND, irq, vcpu, VALUE | SK_LIST_PENDING));
	assert_status(SK_BAD_ARG, SYS(SK_IRQ_BIND, irq, vcpu, VALUE, SK_WAITER));
	assert_status(SK_WRONG_TYPE, SYS(SK_IRQ_BIND, irq, runner_slot, VALUE));
	assert_status(SK_STATE, SYS(SK_IRQ_BIND, irq, kit_make(SK_TYPE_VCPU, 0, 0), VALUE)); /* nobody runs it */
	assert_ok(SYS(SK_IRQ_BIND, irq, vcpu, VALUE, WAKES));
	assert_status(SK_BUSY, SYS(SK_IRQ_BIND, other, vcpu, VALUE));
	assert_ok(SYS(SK_IRQ_BIND, other, vcpu, VALUE + 1));
	assert_status(SK_BUSY, SYS(SK_IRQ_BIND, third, vcpu, VALUE + 2));
	assert_ok(SYS(SK_IRQ_BIND, irq, vcpu, VALUE + 3)); /* anew: its own place */
	/* the irq goes, the vCPU goes */
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, irq));
	assert_ok(SYS(SK_IRQ_BIND, third, vcpu, VALUE));
	assert_true(host_line_masked(LINE));
	copy = kit_copy(vcpu, SK_RIGHTS_ALL);
	(void)copy;
	enter();
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, vcpu));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, vcpu));
	assert_true(host_line_masked(LINE + 1));
	assert_true(host_line_masked(LINE + 2));
	assert_status(SK_STATE, SYS(SK_IRQ_ACK, third));
}

static void test_event_before_entry(void **state)
{
	struct result r;

	(void)state;
	setup();
	enter();
	mmio_exit();
	kit_run(root);
	assert_ok(SYS(SK_SIGNAL, kick));
	/* the answer is committed all the same, and not again */
	r = CALL(runner, SK_VCPU_RUN, 0, SK_RUN_ANSWER, 5);
	assert_status(SK_EVENT, r);
	assert_int_equal(r.w[0], 1);
	assert_int_equal(r.w[7], 7);
	assert_false(host_in_guest(FAR));
	assert_int_equal(atomic_load(&runner->guest_core), 0);
	assert_status(KIT_IN_GUEST, CALL(runner, SK_VCPU_RUN, 0, SK_RUN_ANSWER, 6));
	kit_run(runner);
	assert_int_equal(*host_guest_reg(FAR, SK_VREG_X0 + 5), 5);
}

static void test_kick_while_the_guest_runs(void **state)
{
	(void)state;
	setup();
	enter();
	if (FAR != 0) {
		/* the other core's interrupt takes it out */
		assert_int_equal(atomic_load(&runner->guest_core), FAR + 1);
		kit_manual = true;
		assert_ok(SYS(SK_SIGNAL, kick));
		assert_true(host.ipi[FAR]);
		assert_true(host_in_guest(FAR));
		host_take_interrupts(FAR);
		assert_status(SK_EVENT, kit_outcome(runner));
		/* not in the guest: no interrupt for nothing */
		assert_ok(SYS(SK_SIGNAL, kick));
		assert_false(host.ipi[FAR]);
		kit_manual = false;
		assert_status(SK_EVENT, CALL(runner, SK_VCPU_RUN, 0));
	} else {
		/* a thread of the same core preempts it, signals, and it comes back to bits */
		kit_run(root);
		assert_false(host_in_guest(0));
		assert_ok(SYS(SK_SIGNAL, kick));
		assert_status(KIT_BLOCKED, SYS(SK_WAIT, ROOT_NOTE, SK_NEVER));
		assert_status(SK_EVENT, kit_outcome(runner));
	}
}

static void test_preemption_is_no_return(void **state)
{
	unsigned other_slot;
	struct thread *other;

	(void)state;
	setup();
	enter();
	*host_guest_reg(FAR, SK_VREG_X0 + 1) = 77;
	other = kit_thread(FAR, 31, &other_slot);
	kit_run(other);
	assert_false(host_in_guest(FAR));
	assert_ptr_equal(cores[FAR].current, other);
	assert_ok(CALL(other, SK_NULL, 0));
	assert_ok(SYS(SK_THREAD_STOP, other_slot));
	kit_run(runner);
	assert_true(host_in_guest(FAR));
	assert_int_equal(*host_guest_reg(FAR, SK_VREG_X0 + 1), 77);
}

static void test_two_vcpus_on_a_core(void **state)
{
	unsigned first_vcpu, second_slot;
	struct thread *first;

	(void)state;
	setup();
	enter();
	*host_guest_reg(FAR, SK_VREG_TTBR0_EL1) = 0x1111;
	first = runner;
	first_vcpu = vcpu;
	host_guest_exit(FAR, SK_EXIT_WFI, SK_NEVER, 0);
	assert_status(KIT_BLOCKED, CALL(first, SK_WAIT, n, SK_NEVER));
	setup(); /* another, of the same priority */
	second_slot = runner_slot;
	enter();
	assert_int_equal(*host_guest_reg(FAR, SK_VREG_TTBR0_EL1), 0);
	*host_guest_reg(FAR, SK_VREG_TTBR0_EL1) = 0x2222;
	assert_ok(SYS(SK_THREAD_STOP, second_slot));
	assert_int_equal(SYS(SK_VCPU_READ, vcpu, SK_VREG_TTBR0_EL1).w[0], 0x2222);
	assert_int_equal(((struct vcpu *)kit_object(first_vcpu))->arch.reg[SK_VREG_TTBR0_EL1], 0x1111);
	kit_check();
}

static void test_read_and_write(void **state)
{
	struct result r;

	(void)state;
	setup();
	if (FAR != 0) {
		assert_status(SK_STATE, SYS(SK_VCPU_READ, vcpu, 0));
		assert_status(SK_STATE, SYS(SK_VCPU_WRITE, vcpu, 0, 1, 1));
	}
	/* the runner itself, between exits */
	assert_ok(CALL(runner, SK_VCPU_WRITE, vcpu, SK_VREG_X0, 6, 1, 2, 3, 4, 5, 6));
	enter();
	assert_int_equal(*host_guest_reg(FAR, SK_VREG_X0 + 5), 6);
	*host_guest_reg(FAR, SK_VREG_X0 + 5) = 60;
	mmio_exit();
	r = CALL(runner, SK_VCPU_READ, vcpu, SK_VREG_X0);
	assert_int_equal(r.w[0], 1);
	assert_int_equal(r.w[5], 60);
	assert_int_equal(CALL(runner, SK_VCPU_READ, vcpu, SK_VREG_LISTS).w[0], HOST_LISTS - 1);
	/* from elsewhere once it is stopped: what is loaded comes out first */
	assert_ok(SYS(SK_THREAD_STOP, runner_slot));
	assert_int_equal(SYS(SK_VCPU_READ, vcpu, SK_VREG_X0 + 5).w[0], 60);
	assert_ok(SYS(SK_VCPU_WRITE, vcpu, SK_VREG_X0 + 5, 1, 61));
	assert_ok(SYS(SK_THREAD_START, runner_slot));
	enter();
	assert_int_equal(*host_guest_reg(FAR, SK_VREG_X0 + 5), 61);
	mmio_exit();
	/* arguments */
	r = CALL(runner, SK_VCPU_READ, vcpu, SK_VREG_COUNT - 1);
	assert_ok(r);
	for (unsigned i = 1; i < SK_WORDS; i++)
		assert_int_equal(r.w[i], 0);
	assert_status(SK_BAD_ARG, CALL(runner, SK_VCPU_READ, vcpu, SK_VREG_COUNT));
	assert_status(SK_BAD_ARG, CALL(runner, SK_VCPU_READ, vcpu, ~0ul));
	assert_status(SK_BAD_ARG, CALL(runner, SK_VCPU_WRITE, vcpu, 0, 0));
	assert_status(SK_BAD_ARG, CALL(runner, SK_VCPU_WRITE, vcpu, 0, 7));
	assert_status(SK_BAD_ARG, CALL(runner, SK_VCPU_WRITE, vcpu, SK_VREG_COUNT - 1, 2));
	assert_status(SK_BAD_ARG, CALL(runner, SK_VCPU_WRITE, vcpu, ~0ul, 1));
}

static void test_bind_arguments(void **state)
{
	unsigned other, other_thread;

	(void)state;
	setup();
	assert_ok(SYS(SK_THREAD_STOP, runner_slot));
	other = kit_make(SK_TYPE_VCPU, 0, 0);
	assert_status(SK_BAD_ARG, SYS(SK_VCPU_BIND, other, SK_ROOT_SPACE, runner_slot)); /* component kind */
	assert_status(SK_WRONG_TYPE, SYS(SK_VCPU_BIND, other, runner_slot, runner_slot));
	assert_status(SK_WRONG_TYPE, SYS(SK_VCPU_BIND, other, guest_space, guest_space));
	assert_status(SK_WRONG_TYPE, SYS(SK_VCPU_BIND, n, guest_space, runner_slot));
	assert_status(SK_NO_CAP, SYS(SK_VCPU_BIND, 0, guest_space, runner_slot));
	assert_status(SK_NO_RIGHT, SYS(SK_VCPU_BIND, kit_copy(other, SK_RIGHT_READ), guest_space, runner_slot));
	assert_status(SK_NO_RIGHT, SYS(SK_VCPU_BIND, other, kit_copy(guest_space, SK_RIGHT_READ), runner_slot));
	assert_status(SK_NO_RIGHT, SYS(SK_VCPU_BIND, other, guest_space, kit_copy(runner_slot, SK_RIGHT_READ)));
	assert_status(SK_STATE, SYS(SK_VCPU_BIND, vcpu, guest_space, runner_slot)); /* once only */
	assert_status(SK_STATE, SYS(SK_VCPU_BIND, other, guest_space, runner_slot)); /* the thread has one */
	kit_thread(0, 1, &other_thread);
	assert_status(SK_STATE, SYS(SK_VCPU_BIND, other, guest_space, other_thread)); /* not stopped */
	assert_status(SK_STATE, SYS(SK_VCPU_RUN, 0));
}

static void test_stop_in_the_guest(void **state)
{
	uint64_t pc;

	(void)state;
	setup();
	kit_run(runner);
	pc = runner->frame.reg[SK_REG_PC];
	enter();
	*host_guest_reg(FAR, SK_VREG_X0 + 1) = 5;
	assert_ok(SYS(SK_THREAD_STOP, runner_slot));
	assert_int_equal(runner->state, SK_THREAD_STOPPED);
	assert_int_equal(atomic_load(&runner->guest_core), 0);
	/* started, it makes the call again, with nothing to answer */
	assert_int_equal(runner->frame.reg[SK_REG_PC], pc);
	assert_int_equal(frame_word(&runner->frame, 0), 0);
	assert_ok(SYS(SK_THREAD_START, runner_slot));
	enter();
	assert_int_equal(*host_guest_reg(FAR, SK_VREG_X0 + 1), 5);
}

static void test_move(void **state)
{
	(void)state;
	setup();
	enter();
	*host_guest_reg(1, SK_VREG_CNTV_CVAL) = 555;
	assert_ok(SYS(SK_THREAD_STOP, runner_slot));
	assert_ok(SYS(SK_THREAD_MOVE, runner_slot, 0));
	assert_null(cores[1].arch.loaded);
	assert_ok(SYS(SK_THREAD_START, runner_slot));
	assert_status(KIT_IN_GUEST, CALL(runner, SK_VCPU_RUN, 0));
	kit_run(runner);
	assert_true(host_in_guest(0));
	assert_int_equal(*host_guest_reg(0, SK_VREG_CNTV_CVAL), 555);
	/* while it runs: in the guest there as it was here */
	kit_run(root);
	assert_ok(SYS(SK_THREAD_MOVE, runner_slot, 1));
	assert_int_equal(runner->state, SK_THREAD_READY);
	assert_null(cores[0].arch.loaded);
	enter();
	assert_int_equal(*host_guest_reg(1, SK_VREG_CNTV_CVAL), 555);
}

static void test_destruction(void **state)
{
	(void)state;
	/* the Space */
	setup();
	enter();
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, guest_space));
	kit_run(runner);
	assert_true(host_in_guest(FAR)); /* no: the vCPU's own capability keeps it */
	assert_ok(SYS(SK_THREAD_STOP, runner_slot));
	setup();
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, guest_space));
	assert_int_equal(runner->state, SK_THREAD_STOPPED);
	assert_ok(SYS(SK_THREAD_START, runner_slot));
	assert_status(SK_STATE, CALL(runner, SK_VCPU_RUN, 0));
	assert_ok(SYS(SK_THREAD_STOP, runner_slot));
	/* the vCPU */
	setup();
	assert_ok(SYS(SK_REVOKE, SK_ROOT_CNODE, vcpu));
	assert_null(runner->vcpu);
	assert_ok(SYS(SK_THREAD_START, runner_slot));
	assert_status(SK_STATE, CALL(runner, SK_VCPU_RUN, 0));
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, vcpu));
	assert_ok(SYS(SK_THREAD_STOP, runner_slot));
	/* the thread */
	setup();
	assert_ok(SYS(SK_DELETE, SK_ROOT_CNODE, runner_slot));
	assert_null(((struct vcpu *)kit_object(vcpu))->thread);
	assert_ptr_not_equal(cores[FAR].arch.loaded, kit_object(vcpu));
	kit_check();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_ONE(test_run_and_answer), TEST_TWO(test_run_and_answer),
		TEST_ONE(test_lists), TEST_TWO(test_lists),
		TEST_ONE(test_linked_line), TEST_TWO(test_linked_line),
		TEST_ONE(test_links_end), TEST_TWO(test_links_end),
		TEST_ONE(test_event_before_entry), TEST_TWO(test_event_before_entry),
		TEST_ONE(test_kick_while_the_guest_runs), TEST_TWO(test_kick_while_the_guest_runs),
		TEST_ONE(test_preemption_is_no_return), TEST_TWO(test_preemption_is_no_return),
		TEST_ONE(test_two_vcpus_on_a_core), TEST_TWO(test_two_vcpus_on_a_core),
		TEST_ONE(test_read_and_write), TEST_TWO(test_read_and_write),
		TEST_ONE(test_bind_arguments), TEST_TWO(test_bind_arguments),
		TEST_ONE(test_stop_in_the_guest), TEST_TWO(test_stop_in_the_guest),
		TEST_TWO(test_move),
		TEST_ONE(test_destruction), TEST_TWO(test_destruction),
	};

	return kit_main(tests, ARRAY_SIZE(tests));
}
