/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Everything that an architecture of the VMM provides, besides the image loader
 * (core/image.h). vm_arch.h: struct vcpu_arch, struct vm_arch. vm_arch_run.h,
 * inline: arch_before_run, arch_after_exit (the interrupt controller's part of
 * entering and leaving the guest), arch_interrupt_pending, arch_deadline.
 */
#ifndef VMM_ARCH_H
#define VMM_ARCH_H

#include <stdbool.h>
#include <stddef.h>

#include "core/vm.h"

/* Opens what describes the machine (region guest.tree). Returns where the guest's RAM begins. */
uint64_t arch_vm_open(struct vm *vm);

/* The interrupt controller and the platform's devices: adds them to vm->mmio. Once. */
void arch_vm_init(struct vm *vm);

/* All devices as after power-on. */
void arch_vm_reset(struct vm *vm);

/*
 * The machine starts: vCPU 0, whose thread it is, has the registers of power-on
 * and is about to execute at ENTRY with the device tree at DTB; the others are
 * off. None runs.
 */
void arch_vm_start(struct vm *vm, gpa_t entry, gpa_t dtb);

/*
 * In the vCPU's thread, which found VCPU_OFF: waits until the guest switches it
 * on, which takes VCPU_OFF away, or the outcome is decided.
 */
void arch_vcpu_off(struct vcpu *cpu);

/* In the vCPU's thread: it does not run again before the next arch_vm_start. */
void arch_vcpu_leave(struct vcpu *cpu);

/*
 * Writes the machine's device tree, completed, into TREE (ROOM bytes), images as PLACED.
 * Returns its size, or 0 if it does not fit (the command line is too long).
 */
size_t arch_device_tree(struct vm *vm, const struct image_placed *placed, void *tree, size_t room);

/* The access that EXIT (MMIO) describes has no device: the guest takes what the machine would raise. */
void arch_bus_error(struct vcpu *cpu, const struct sk_words *exit);

/* Exits that are the architecture's: each sets cpu->run for the next entry. */
void arch_exit_undecoded(struct vcpu *cpu, const struct sk_words *exit);
void arch_exit_fetch(struct vcpu *cpu, const struct sk_words *exit);
void arch_exit_hypercall(struct vcpu *cpu, const struct sk_words *exit);
void arch_exit_sysreg(struct vcpu *cpu, const struct sk_words *exit);
void arch_exit_undefined(struct vcpu *cpu, const struct sk_words *exit);

#include "vm_arch_run.h"

#endif
