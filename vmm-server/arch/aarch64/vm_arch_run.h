/* SPDX-License-Identifier: BSD-2-Clause */
/* What is done at every entry and exit; core/arch.h describes it. */
#ifndef VMM_VM_ARCH_RUN_H
#define VMM_VM_ARCH_RUN_H

#include "arch/aarch64/cntp.h"
#include "core/vm.h"

static inline void arch_before_run(struct vcpu *cpu)
{
	if (__builtin_expect(cpu->arch.cntp_ctl != 0, 0))
		cntp_poll(cpu);
	vgic_before_run(&cpu->vm->arch.gic, cpu->arch.gic, &cpu->run);
}

static inline void arch_after_exit(struct vcpu *cpu, uint64_t lists)
{
	vgic_after_exit(&cpu->vm->arch.gic, cpu->arch.gic, lists);
}

/* An interrupt is due for a vCPU that waits, list registers aside. */
static inline bool arch_interrupt_pending(const struct vcpu *cpu)
{
	return vgic_pending(&cpu->vm->arch.gic, cpu->index);
}

/* When a timer that the VMM emulates wants this vCPU to run again (physical counter). */
static inline uint64_t arch_deadline(struct vcpu *cpu)
{
	return cpu->arch.cntp_ctl ? cntp_poll(cpu) : SK_NEVER;
}

#endif
