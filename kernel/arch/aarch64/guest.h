/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest on its core: what of a vCPU is in the hardware.
 *
 *   in memory --load--> loaded --enter--> guest
 *             <-unload-        <-leave---
 *
 * loaded: EL1 registers, list registers, timer. guest: besides these the
 * registers that bind EL0 (struct el0_state). Own core only.
 */
#pragma once

#include "arch_types.h"

struct space;
struct vcpu;

void guest_init_core(struct core *core);

/* Makes the vCPU, which is not, the loaded one: by the first, or as the second does for all cases. */
void guest_load(struct core *core, struct vcpu *vcpu);
void guest_load_slowly(struct core *core, struct vcpu *vcpu);

/* Goes on in the guest, whatever of it is in the core. */
_Noreturn void guest_resume(struct core *core, struct vcpu *vcpu);

/* The virtual timer's interrupt was taken (priority dropped, still active). */
void guest_timer_fired(struct core *core);

/* The loaded vCPU's timer template changed: enables or disables the line. */
void guest_timer_line(struct core *core, const struct vcpu *vcpu);

/* Drops what this core's TLB holds of a guest's own translations, by VMID (stage2.c). */
void stage2_flush_local(const struct space *space);

/* Assembly. The registers that stay while threads run. */
void guest_save_lazy(struct lazy_state *to);
void guest_load_lazy(const struct lazy_state *from);
_Noreturn void guest_enter(struct arch_vcpu *vcpu);
_Noreturn void thread_enter(struct arch_frame *frame);
/* Nobody runs, no guest is in the core, FP is closed: waits for an interrupt, takes it, and goes on with whoever runs then. */
_Noreturn void core_idle(struct core *core);
