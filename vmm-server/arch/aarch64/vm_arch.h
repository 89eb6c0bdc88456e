/* SPDX-License-Identifier: BSD-2-Clause */
/* The AArch64 part of struct vm and struct vcpu. */
#ifndef VMM_VM_ARCH_H
#define VMM_VM_ARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "arch/aarch64/vgic.h"

struct vcpu_arch {
	uint64_t affinity;     /* MPIDR_EL1's fields, without bit 31 */
	bool off;              /* by PSCI CPU_OFF */
	bool os_lock;          /* OSLSR_EL1.OSLK */
	uint32_t cntp_ctl;     /* the physical timer: CNTP_CTL_EL0 without ISTATUS */
	uint64_t cntp_cval;
};

struct vm_arch {
	struct vgic gic;
};

#endif
