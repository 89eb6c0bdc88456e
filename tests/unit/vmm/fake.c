/* SPDX-License-Identifier: BSD-2-Clause */
#include "fake.h"

#include "arch/aarch64/cntp.h"
#include "arch/aarch64/vreg.h"
#include "core/log.h"

uint64_t fake_vreg[SK_VREG_COUNT];
unsigned fake_logs, fake_kicks;
uint64_t fake_idle;

uint64_t vreg_read(const struct vcpu *cpu, unsigned reg)
{
	(void)cpu;
	assert_in_range(reg, 0, SK_VREG_COUNT - 1);
	return fake_vreg[reg];
}

void vreg_write(struct vcpu *cpu, unsigned reg, uint64_t value)
{
	(void)cpu;
	assert_in_range(reg, 0, SK_VREG_COUNT - 1);
	fake_vreg[reg] = value;
}

void vm_decide(struct vm *vm, enum vm_outcome outcome)
{
	vm->outcome = outcome;
}

void vcpu_kick(struct vcpu *cpu)
{
	(void)cpu;
	fake_kicks++;
}

void vcpu_idle(struct vcpu *cpu, uint64_t deadline)
{
	(void)cpu;
	fake_idle = deadline;
}

void lock_pause(void)
{
	fail();
}

void vm_log(const char *format, ...)
{
	(void)format;
	fake_logs++;
}

void guest_log(const char *format, ...)
{
	(void)format;
	fake_logs++;
}
