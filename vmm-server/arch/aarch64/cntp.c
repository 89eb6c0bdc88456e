/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The EL1 physical timer (Arm ARM DDI 0487, D12.2), emulated: a guest should use
 * the virtual timer, which the kernel links to hardware. This one is right about
 * time whenever it is read, and wakes a vCPU that waits in WFI; while the guest
 * computes, its interrupt comes with the next exit.
 *
 * The guest reads the physical counter itself, without a trap and without offset.
 */
#include "arch/aarch64/cntp.h"

#include <skerry/calls.h>

#include "arch/aarch64/machine.h"
#include "core/vm.h"

#define ENABLE  1u
#define IMASK   2u
#define ISTATUS 4u

#define CNTP_TVAL SK_SYSREG(3, 3, 14, 2, 0)
#define CNTP_CTL  SK_SYSREG(3, 3, 14, 2, 1)
#define CNTP_CVAL SK_SYSREG(3, 3, 14, 2, 2)

static bool due(const struct vcpu *cpu, uint64_t count)
{
	return (cpu->arch.cntp_ctl & ENABLE) && count >= cpu->arch.cntp_cval;
}

uint64_t cntp_poll(struct vcpu *cpu)
{
	uint64_t now = sk_counter();
	bool line = due(cpu, now) && !(cpu->arch.cntp_ctl & IMASK);

	vgic_set_ppi(&cpu->vm->arch.gic, cpu->index, PPI_FIRST + PPI_TIMER_PHYS, line);
	if (line || (cpu->arch.cntp_ctl & (ENABLE | IMASK)) != ENABLE)
		return SK_NEVER;
	return cpu->arch.cntp_cval;
}

static uint64_t read(const struct vcpu *cpu, unsigned reg, uint64_t count)
{
	switch (reg) {
	case CNTP_TVAL:
		return (uint32_t)(cpu->arch.cntp_cval - count);
	case CNTP_CTL:
		return cpu->arch.cntp_ctl | (due(cpu, count) ? ISTATUS : 0);
	default:
		return cpu->arch.cntp_cval;
	}
}

static void write(struct vcpu *cpu, unsigned reg, uint64_t count, uint64_t value)
{
	if (reg == CNTP_TVAL)
		cpu->arch.cntp_cval = count + (uint64_t)(int64_t)(int32_t)value;
	else if (reg == CNTP_CVAL)
		cpu->arch.cntp_cval = value;
	else if (reg == CNTP_CTL)
		cpu->arch.cntp_ctl = value & (ENABLE | IMASK);
	cntp_poll(cpu);
}

bool cntp_access(struct vcpu *cpu, unsigned reg, bool store, uint64_t *value)
{
	uint64_t count = sk_counter();

	if (reg != CNTP_TVAL && reg != CNTP_CTL && reg != CNTP_CVAL)
		return false;
	if (store)
		write(cpu, reg, count, *value);
	else
		*value = read(cpu, reg, count);
	return true;
}
