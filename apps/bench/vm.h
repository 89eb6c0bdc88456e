/* SPDX-License-Identifier: BSD-2-Clause */
/* VMs of the least that there can be: a Space, a vCPU, a thread; one page, which all of them share. */
#ifndef VM_H
#define VM_H

#include <stdint.h>

/* Where a guest begins in its page. */
#define VM_EXITS  0x000u /* 1: hvc; b 1b */
#define VM_COUNTS 0x040u /* counts, and exits never */

/* Makes the guests' page and the untypeds that VMs are made of. Once. */
void vm_prepare(void);

/* A VM whose thread, stopped, runs RUN(0) on CORE; the guest begins at AT. Four at a time. Returns the thread's slot. */
uint32_t vm_make(void (*run)(void *), uint32_t core, uint32_t priority, uint64_t at);

/* Slot of the untyped in which are all vCPUs and nothing else. */
uint32_t vm_vcpu_untyped(void);

/* How far a guest of VM_COUNTS has counted. */
uint64_t vm_progress(void);

/* All of them go, with all they are made of. */
void vm_destroy(void);

/* Prints what a VM's and a thread's objects take, as metrics. There must be no VM. */
void vm_print_bytes(void);

#endif
