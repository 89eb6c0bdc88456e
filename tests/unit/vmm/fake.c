/* SPDX-License-Identifier: BSD-2-Clause */
#include "fake.h"

#include "arch/aarch64/cntp.h"
#include "arch/aarch64/vreg.h"
#include "core/log.h"

uint64_t fake_vreg[SK_VREG_COUNT];
unsigned fake_logs;

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
