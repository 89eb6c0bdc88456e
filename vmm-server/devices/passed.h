/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Interrupts of the devices that the guest is given. The guest drives their registers
 * itself, which are mapped for it. The first two interrupts are linked to the guest's
 * controller (vgic_link): they come and end without the VMM. The machine's interrupt of
 * any other comes to the VMM as an event (core/wiring.h) and is pended in the virtual
 * controller once. When the guest has ended it, the machine's line is acknowledged: if
 * the device still asks for attention it comes again, as a level-triggered line does.
 */
#ifndef VMM_PASSED_H
#define VMM_PASSED_H

#include <stdatomic.h>
#include <stdint.h>

#include "core/wiring.h"

struct vm;
struct vgic;

struct passed_set {
	struct {
		uint32_t slot, intid; /* irq capability, 0: none, or linked; its number for the guest */
	} device[VMM_MAX_PASSED];
	_Atomic uint32_t raised;      /* by device: pended for the guest, which has not ended it yet */
};

/* Finds what the system gives. Before the guest starts. */
void passed_init(struct passed_set *set);

/* Links what can be linked. */
void passed_link(struct passed_set *set, struct vgic *gic);

/* BITS of the event: the machine's interrupts that came. */
void passed_event(struct vm *vm, uint64_t bits);

/* Acknowledges what the guest has ended. By any vCPU's thread, while something is raised. */
void passed_ended(struct vm *vm);

#endif
