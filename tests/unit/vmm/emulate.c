/* SPDX-License-Identifier: BSD-2-Clause */
/* Accesses that the hardware did not describe, and the aborts for those that go nowhere. */
#include "fake.h"

#include <string.h>

#include "core/arch.h"

/* Named by an inline function that nobody calls here. */
uint64_t cntp_poll(struct vcpu *cpu)
{
	(void)cpu;
	return 0;
}

#define BASE   0x40000000ul
#define DEVICE 0x9000000ul
#define CODE   (BASE + 0x100)

static struct vm vm;
static uint8_t ram[0x10000];
static uint64_t registers[8];

static bool device_read(void *state, struct mmio_access *access)
{
	(void)state;
	memcpy(&access->value, (uint8_t *)registers + access->offset, access->width);
	return true;
}

static bool device_write(void *state, struct mmio_access *access)
{
	(void)state;
	memcpy((uint8_t *)registers + access->offset, &access->value, access->width);
	return true;
}

static const struct mmio_ops ops = { device_read, device_write };

static int setup(void **state)
{
	struct mmio_device device = { .name = "device", .base = DEVICE, .size = sizeof(registers), .ops = &ops };

	(void)state;
	memset(&vm, 0, sizeof(vm));
	memset(fake_vreg, 0, sizeof(fake_vreg));
	memset(registers, 0, sizeof(registers));
	vm.ram = (struct guest_ram){ gpa(BASE), sizeof(ram), ram };
	vm.vcpu[0].vm = &vm;
	fake_vreg[SK_VREG_PSTATE] = 0x3c5;
	fake_vreg[SK_VREG_VBAR_EL1] = 0x40008000;
	fake_vreg[SK_VREG_SCTLR_EL1] = 0x30d50838;
	fake_logs = 0;
	return mmio_add(&vm.mmio, &device) ? 0 : -1;
}

/* The guest executes WORD at CODE; the hardware reports an undecoded access at ADDRESS. */
static void undecoded(uint32_t word, uint64_t address, unsigned access)
{
	struct sk_words exit = { .w = { SK_EXIT_UNDECODED, address, address, access, 0, CODE } };

	memcpy(ram + (CODE - BASE), &word, 4);
	fake_vreg[SK_VREG_PC] = CODE;
	arch_exit_undecoded(&vm.vcpu[0], &exit);
}

static void pair_load(void **state)
{
	(void)state;
	registers[1] = 0x1111222233334444ul;
	registers[2] = 0x5555666677778888ul;
	fake_vreg[3] = DEVICE + 8;
	undecoded(0xa8c10861, DEVICE + 8, SK_ACCESS_READ); /* ldp x1, x2, [x3], #16 */
	assert_int_equal(fake_vreg[1], registers[1]);
	assert_int_equal(fake_vreg[2], registers[2]);
	assert_int_equal(fake_vreg[3], DEVICE + 24);
	assert_int_equal(fake_vreg[SK_VREG_PC], CODE + 4);
	assert_int_equal(fake_logs, 0);
}

static void store_with_writeback(void **state)
{
	(void)state;
	fake_vreg[1] = 0xffffffffaabbccddul;
	fake_vreg[2] = DEVICE;
	undecoded(0xb8004441, DEVICE, SK_ACCESS_WRITE); /* str w1, [x2], #4 */
	assert_int_equal(registers[0], 0xaabbccdd);
	assert_int_equal(fake_vreg[2], DEVICE + 4);
	assert_int_equal(fake_vreg[SK_VREG_PC], CODE + 4);
}

/* Register 31 is the stack pointer as a base, zero as data. */
static void register_31(void **state)
{
	(void)state;
	registers[0] = ~0ul;
	fake_vreg[SK_VREG_SP_EL1] = DEVICE;
	undecoded(0xb90003ff, DEVICE, SK_ACCESS_WRITE); /* str wzr, [sp] */
	assert_int_equal(registers[0], 0xffffffff00000000ul);
	fake_vreg[SK_VREG_PSTATE] = 0x3c4; /* EL1t: SP_EL0 */
	fake_vreg[SK_VREG_SP_EL0] = DEVICE + 8;
	undecoded(0xf94003ff, DEVICE + 8, SK_ACCESS_READ); /* ldr xzr, [sp] */
	assert_int_equal(fake_vreg[31], CODE + 4);         /* 31 is the pc's number, not xzr's */
	assert_int_equal(fake_logs, 0);
}

static void maintenance_completes(void **state)
{
	(void)state;
	undecoded(0xd50b7e22, 0x1000, SK_ACCESS_WRITE); /* dc civac, x2 */
	assert_int_equal(fake_vreg[SK_VREG_PC], CODE + 4);
}

static void expect_abort(uint64_t esr, uint64_t far, uint64_t vector)
{
	assert_int_equal(fake_vreg[SK_VREG_ESR_EL1], esr);
	assert_int_equal(fake_vreg[SK_VREG_FAR_EL1], far);
	assert_int_equal(fake_vreg[SK_VREG_ELR_EL1], CODE);
	assert_int_equal(fake_vreg[SK_VREG_PC], 0x40008000 + vector);
	assert_int_equal(fake_vreg[SK_VREG_PSTATE] & 0x3cf, 0x3c5);
	assert_int_equal(fake_logs, 1);
}

static void refused_aborts(void **state)
{
	(void)state;
	fake_vreg[2] = DEVICE;
	undecoded(0x885f7c41, DEVICE, SK_ACCESS_READ); /* ldxr w1, [x2] */
	expect_abort(0x96000010, DEVICE, 0x200);
	assert_int_equal(fake_vreg[SK_VREG_SPSR_EL1], 0x3c5);
	assert_int_equal(fake_vreg[1], 0);
}

/* The second half of the pair is outside the device: nothing is written back. */
static void half_outside(void **state)
{
	(void)state;
	fake_vreg[1] = 1;
	fake_vreg[2] = 2;
	fake_vreg[3] = DEVICE + sizeof(registers) - 8;
	undecoded(0xa8c10861, fake_vreg[3], SK_ACCESS_READ); /* ldp x1, x2, [x3], #16 */
	assert_true(fake_vreg[1] == 1 && fake_vreg[2] == 2);
	expect_abort(0x96000010, DEVICE + sizeof(registers) - 8, 0x200);
}

static void no_instruction(void **state)
{
	struct sk_words exit = { .w = { SK_EXIT_UNDECODED, 0x1000, 0x1000, SK_ACCESS_WRITE, 0, 0x2000 } };

	(void)state;
	arch_exit_undecoded(&vm.vcpu[0], &exit);
	assert_int_equal(fake_vreg[SK_VREG_ESR_EL1], 0x96000050);
	assert_int_equal(fake_vreg[SK_VREG_ELR_EL1], 0x2000);
}

/* MMIO without a device, from user mode: lower-EL vector and class, FAR the virtual address. */
static void bus_error_from_el0(void **state)
{
	struct sk_words exit = { .w = { SK_EXIT_MMIO | SK_EXIT_WRITE | 4ul << SK_EXIT_WIDTH_SHIFT, 0x1000, 5, 0x7f0000,
		0, CODE } };

	(void)state;
	fake_vreg[SK_VREG_PSTATE] = 0x80000000;
	arch_bus_error(&vm.vcpu[0], &exit);
	expect_abort(0x92000050, 0x7f0000, 0x400);
	assert_int_equal(fake_vreg[SK_VREG_SPSR_EL1], 0x80000000);
	assert_int_equal(fake_vreg[SK_VREG_PSTATE] >> 31, 1);
}

static void fetch_abort(void **state)
{
	struct sk_words exit = { .w = { SK_EXIT_FETCH, 0x1000, 0xffff0000, 0, 0, CODE } };

	(void)state;
	fake_vreg[SK_VREG_SCTLR_EL1] &= ~(1ul << 23); /* SPAN = 0: PSTATE.PAN is set on entry */
	arch_exit_fetch(&vm.vcpu[0], &exit);
	expect_abort(0x86000010, 0xffff0000, 0x200);
	assert_int_equal(fake_vreg[SK_VREG_PSTATE] >> 22 & 1, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(pair_load, setup),
		cmocka_unit_test_setup(store_with_writeback, setup),
		cmocka_unit_test_setup(register_31, setup),
		cmocka_unit_test_setup(maintenance_completes, setup),
		cmocka_unit_test_setup(refused_aborts, setup),
		cmocka_unit_test_setup(half_outside, setup),
		cmocka_unit_test_setup(no_instruction, setup),
		cmocka_unit_test_setup(bus_error_from_el0, setup),
		cmocka_unit_test_setup(fetch_abort, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
