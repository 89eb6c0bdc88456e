/* SPDX-License-Identifier: BSD-2-Clause */
/* PSCI, SMCCC and TRNG: what the guest gets back. */
#include "fake.h"

#include <string.h>

#include "arch/aarch64/hypercall.h"
#include "core/arch.h"

/* Named by an inline function that nobody calls here. */
uint64_t cntp_poll(struct vcpu *cpu)
{
	(void)cpu;
	return 0;
}

static struct vm vm;

static int setup(void **state)
{
	(void)state;
	memset(&vm, 0, sizeof(vm));
	vm.cpus = 1;
	vm.vcpu[0].vm = &vm;
	vm.ram = (struct guest_ram){ gpa(0x40000000), 0x1000, (uint8_t *)&vm };
	entropy_init(&vm.entropy, "seed", 4);
	fake_logs = 0;
	return 0;
}

/* Makes the call as the loop does; result in vm.vcpu[0].run.w[1..4]. */
static int64_t call(uint64_t id, uint64_t a, uint64_t b, uint64_t c)
{
	struct sk_words exit = { .w = { SK_EXIT_HYPERCALL, id, a, b, c } };

	memset(&vm.vcpu[0].run, 0xee, sizeof(vm.vcpu[0].run));
	arch_exit_hypercall(&vm.vcpu[0], &exit);
	assert_int_equal(vm.vcpu[0].run.w[0], SK_RUN_ANSWER);
	return (int64_t)vm.vcpu[0].run.w[1];
}

static uint64_t result(unsigned n)
{
	return vm.vcpu[0].run.w[1 + n];
}

static void versions(void **state)
{
	(void)state;
	assert_int_equal(call(0x84000000, 0, 0, 0), 0x10001);
	assert_int_equal(call(0x80000000, 0, 0, 0), 0x10001);
	assert_int_equal(call(0x84000050, 0, 0, 0), 0x10000);
	assert_int_equal(call(0x84000006, 0, 0, 0), 2);
}

static void features(void **state)
{
	static const uint32_t there[] = { 0x84000000, 0x84000001, 0xc4000001, 0x84000002, 0x84000003, 0xc4000003,
		0x84000004, 0xc4000004, 0x84000006, 0x84000008, 0x84000009, 0x8400000a, 0x80000000, 0x84000012 };
	static const uint32_t missing[] = { 0x84000005, 0x84000007, 0x8400000e, 0x84000050, 0x12345678, 0xc4000000 };

	(void)state;
	for (size_t i = 0; i < sizeof(there) / sizeof(there[0]); i++)
		assert_int_equal(call(0x8400000a, there[i], 0, 0), 0);
	for (size_t i = 0; i < sizeof(missing) / sizeof(missing[0]); i++)
		assert_int_equal(call(0x8400000a, missing[i], 0, 0), -1);
	assert_int_equal(call(0x80000001, 0x80000001, 0, 0), 0);
	assert_int_equal(call(0x80000001, 0x80008000, 0, 0), -1);
	assert_int_equal(call(0x80000001, 0x84000000, 0, 0), -1);
	assert_int_equal(call(0x84000051, 0xc4000053, 0, 0), 0);
	assert_int_equal(call(0x84000051, 0x84000054, 0, 0), -1);
}

static void unknown(void **state)
{
	struct sk_words exit = { .w = { SK_EXIT_HYPERCALL, 0x84000000, 0, 0, 0, 0, 1 } };

	(void)state;
	assert_int_equal(call(0xc6000000, 7, 8, 9), -1);
	assert_int_equal(fake_logs, 1);
	assert_true(result(1) == 7 && result(2) == 8 && result(3) == 9);
	arch_exit_hypercall(&vm.vcpu[0], &exit); /* immediate 1 is nobody's */
	assert_int_equal((int64_t)result(0), -1);
}

static void cores(void **state)
{
	(void)state;
	assert_int_equal(call(0xc4000003, 0, 0x40000000, 0), -4);
	assert_int_equal(call(0xc4000003, 1, 0x40000000, 0), -2);
	assert_int_equal(call(0xc4000003, 1ul << 32, 0, 0), -2);
	assert_int_equal(call(0x84000003, 1ul << 32, 0, 0), -4); /* 32-bit call: the upper half does not count */
	assert_int_equal(call(0xc4000004, 0, 0, 0), 0);
	assert_int_equal(call(0xc4000004, 0, 1, 0), -2);
	assert_int_equal(call(0xc4000004, 5, 0, 0), -2);
	assert_int_equal(call(0xc4000001, 0, 0, 0), 0);
	assert_int_equal(call(0xc4000001, 0x80000000, 0, 0), -2);
	assert_int_equal(vm.outcome, VM_RUNS);
	call(0x84000002, 0, 0, 0);
	assert_int_equal(vm.outcome, VM_OFF);
}

/* Two more cores: on, off, and what they are asked meanwhile. */
static void several_cores(void **state)
{
	(void)state;
	vm.cpus = 3;
	for (unsigned i = 1; i < 3; i++) {
		vm.vcpu[i] = (struct vcpu){ .vm = &vm, .index = i, .halt = VCPU_OFF };
		vm.vcpu[i].arch.affinity = i;
		vm.vcpu[i].arch.power = VCPU_POWER_OFF;
	}
	fake_kicks = 0;
	assert_int_equal(call(0xc4000004, 1, 0, 0), 1);
	assert_int_equal(call(0xc4000003, 1, 0x40000002, 5), -9);
	assert_int_equal(call(0xc4000003, 1, 0x40001000, 5), -9);
	assert_int_equal(vm.vcpu[1].arch.power, VCPU_POWER_OFF);
	assert_int_equal(call(0xc4000003, 1, 0x40000ffc, 5), 0);
	assert_int_equal(fake_kicks, 1);
	assert_true(vm.vcpu[1].arch.entry == 0x40000ffc && vm.vcpu[1].arch.context == 5);
	assert_int_equal(call(0xc4000004, 1, 0, 0), 2);
	assert_int_equal(call(0xc4000003, 1, 0x40000000, 6), -5);
	assert_true(vm.vcpu[1].arch.entry == 0x40000ffc && vm.vcpu[1].arch.context == 5);
	vm.vcpu[1].arch.power = VCPU_POWER_ON; /* its thread does that */
	assert_int_equal(call(0xc4000003, 1, 0x40000000, 6), -4);
	call(0x84000002, 0, 0, 0);
	assert_int_equal(vm.outcome, VM_RUNS); /* vCPU 1 goes on */
	assert_int_equal(vm.vcpu[0].halt, VCPU_OFF);
	assert_int_equal(call(0xc4000004, 0, 0, 0), 1);
}

static void suspend_waits_for_the_timer(void **state)
{
	(void)state;
	fake_vreg[SK_VREG_CNTV_CTL] = 0;
	assert_int_equal(call(0x84000001, 0, 0, 0), 0);
	assert_true(fake_idle == SK_NEVER);
	fake_vreg[SK_VREG_CNTV_CTL] = 1;
	fake_vreg[SK_VREG_CNTV_CVAL] = 700;
	fake_vreg[SK_VREG_CNTVOFF] = 50;
	assert_int_equal(call(0xc4000001, 0x10000, 0x40000000, 0), 0);
	assert_int_equal(fake_idle, 750);
	fake_vreg[SK_VREG_CNTV_CTL] = 3;
	assert_int_equal(call(0x84000001, 0, 0, 0), 0);
	assert_true(fake_idle == SK_NEVER);
	vm.arch.gic.vcpu[0].used = 1;
	fake_idle = 0;
	assert_int_equal(call(0x84000001, 0, 0, 0), 0);
	assert_int_equal(fake_idle, 0);
}

static void system_power(void **state)
{
	(void)state;
	call(0x84000008, 0, 0, 0);
	assert_int_equal(vm.outcome, VM_OFF);
	call(0x84000009, 0, 0, 0);
	assert_int_equal(vm.outcome, VM_RESET);
	vm.outcome = VM_RUNS;
	assert_int_equal(call(0xc4000012, 0x80000001, 0, 0), -2);
	assert_int_equal(vm.outcome, VM_RUNS);
	call(0xc4000012, 0, 0, 0);
	assert_int_equal(vm.outcome, VM_RESET);
}

static void random_numbers(void **state)
{
	uint64_t first;

	(void)state;
	assert_int_equal(call(0xc4000053, 192, 0, 0), 0);
	assert_true(result(1) && result(2) && result(3));
	assert_true(result(1) != result(2) && result(2) != result(3));
	first = result(3);
	assert_int_equal(call(0xc4000053, 64, 0, 0), 0);
	assert_true(result(1) == 0 && result(2) == 0 && result(3) != 0 && result(3) != first);
	assert_int_equal(call(0xc4000053, 65, 0, 0), 0);
	assert_true(result(1) == 0 && result(2) <= 1);
	assert_int_equal(call(0x84000053, 96, 0, 0), 0);
	assert_true(result(1) >> 32 == 0 && result(2) >> 32 == 0 && result(3) >> 32 == 0);
	assert_int_equal(call(0x84000053, 1, 0, 0), 0);
	assert_true(result(3) <= 1);
	assert_int_equal(call(0x84000053, 97, 0, 0), -2);
	assert_int_equal(call(0xc4000053, 193, 0, 0), -2);
	assert_int_equal(call(0xc4000053, 0, 0, 0), -2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(versions, setup),
		cmocka_unit_test_setup(features, setup),
		cmocka_unit_test_setup(unknown, setup),
		cmocka_unit_test_setup(cores, setup),
		cmocka_unit_test_setup(several_cores, setup),
		cmocka_unit_test_setup(suspend_waits_for_the_timer, setup),
		cmocka_unit_test_setup(system_power, setup),
		cmocka_unit_test_setup(random_numbers, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
