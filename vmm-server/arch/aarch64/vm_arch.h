/* SPDX-License-Identifier: BSD-2-Clause */
/* The AArch64 part of struct vm and struct vcpu. */
#ifndef VMM_VM_ARCH_H
#define VMM_VM_ARCH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "arch/aarch64/v2m.h"
#include "arch/aarch64/vgic.h"

/*
 * A vCPU as PSCI knows it. ON -> OFF: the vCPU itself. OFF -> CLAIMED -> STARTING:
 * who calls CPU_ON, and writes entry and context in between. STARTING -> ON: its thread.
 */
enum vcpu_power { VCPU_POWER_ON, VCPU_POWER_OFF, VCPU_POWER_CLAIMED, VCPU_POWER_STARTING };

struct vcpu;

struct vcpu_arch {
	struct vgic_vcpu *gic; /* its part of the virtual GIC */
	uint64_t affinity;     /* MPIDR_EL1's fields, without bit 31 */
	_Atomic enum vcpu_power power;
	uint64_t entry, context; /* of CPU_ON */
	bool os_lock;          /* OSLSR_EL1.OSLK */
	uint32_t cntp_ctl;     /* the physical timer: CNTP_CTL_EL0 without ISTATUS */
	uint64_t cntp_cval;
};

struct vm_arch {
	struct vgic gic;
	struct v2m v2m;
	const void *tree;      /* the device tree as the system was built (tree.h) */
	uint64_t start;        /* physical counter at power-on or reset: the virtual counter's 0, of all vCPUs */
};

/* The registers of a vCPU that starts at ENTRY, with ARGUMENT in x0. Its own thread. */
void vcpu_power_on(struct vcpu *cpu, uint64_t entry, uint64_t argument);

#endif
