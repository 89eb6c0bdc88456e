/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The contract of an architecture: everything that kernel/core calls and
 * kernel/arch/{aarch64,riscv64,host} implement, under the same file names.
 * The types and short inline functions stand in <arch_types.h>, found by the
 * include path of the architecture; they are:
 *
 *   struct arch_frame      a thread's registers: reg[], by enum sk_reg
 *   ARCH_FLAGS             what a thread may have in SK_REG_FLAGS
 *   ARCH_CALL_BYTES        of the instruction that makes a system call
 *   struct arch_vcpu       a guest's register file             (vcpu_regs.c)
 *   struct arch_core       what a core keeps for the hardware
 *   pte_t and pte_*()      one entry of a stage-2 table
 *   ARCH_WINDOW            virtual address where the window begins
 *   ARCH_ROOT_BYTES        size and alignment of a stage-2 root table
 *   ARCH_VMIDS             number of VMIDs
 *   ARCH_LINES             interrupt lines that irq objects may name: INTIDs 32..ARCH_LINES-1
 *   ARCH_LINKS             interrupt lines that may be linked to a vCPU
 *   core_here()            the core that this runs on
 *   pa_to_va, va_to_pa     inside the window; arch_window_set(boot) once at boot
 *   struct arch_space      what a Space adds for the hardware
 *   arch_space_publish(executable)  after entries were filled or made valid: visible to all table walkers
 *   struct arch_thread     a thread's lazily kept state (FP)
 *
 * All run with interrupts masked. "home" = only on the home core of the object.
 */
#pragma once

#include "types.h"
#include "bootinfo.h"
#include "arch_types.h"

/* --- cores and time ------------------------------------------------------ */
/* Per core, once: traps, interrupt controller, timer, every trap register whole. */
void arch_core_init(struct core *core, const struct bootinfo *boot);
/* Sends an inter-processor interrupt to a core (never the own): it enters the kernel soon. Full barrier before. */
void arch_ipi(unsigned core);
/* An interrupt waits to be taken: a preemptible perform stops. (Requests are served by whoever spins or takes the IPI.) */
bool arch_interrupt_pending(void);
/* The physical counter, in ticks. */
uint64_t arch_now(void);
/* This core's kernel timer fires at the deadline (ticks), SK_NEVER: not at all. */
void arch_timer_set(uint64_t deadline);
/* Ticks of the physical counter in a second. */
uint64_t arch_counter_hz(void);
/* Spinning: a hint to the core. */
void arch_relax(void);
/* Powers off or resets the machine (enum sk_power). Returns if it cannot. */
void arch_power(unsigned action);
/* The kernel found itself broken: stops the machine for good. */
_Noreturn void arch_halt(void);

/* --- interrupts ---------------------------------------------------------- */
/* Line = INTID of a shared interrupt. Any core, under the kernel lock unless said. */
void arch_irq_setup(unsigned line, bool edge, unsigned core); /* route, trigger; masked */
void arch_irq_mask(unsigned line);     /* any time, no lock */
void arch_irq_unmask(unsigned line);   /* any time, no lock */

/* --- threads ------------------------------------------------------------- */
/* Message word n (0..7); the slot in, the status out; what else goes with a call (abi/skerry.h). */
#define frame_word(f, n)  ((f)->reg[n])
#define frame_slot(f)     ((f)->reg[8])
#define frame_extra(f)    ((f)->reg[9])
#define frame_pc(f)       ((f)->reg[SK_REG_PC])
/* home: the thread's lazily kept state (FP) is in memory, and in no core any more. */
void arch_thread_unload(struct core *core, struct thread *thread);

/* --- stage 2 ------------------------------------------------------------- */
/* Fills `hardware`: root and VMID are set; VMID 0: it loads as a Space where nothing is mapped. */
void arch_space_set(struct space *space);
/* Makes the space the one that the core translates by; null: none at all. */
void arch_space_load(struct core *core, struct space *space);
/* After entries were cleared or weakened: drops COUNT pages from ipa (all, if many) for this VMID on all cores and waits. */
void arch_space_flush(const struct space *space, ipa_t ipa, uint64_t pages);
/* Drops everything of a VMID on all cores and waits. */
void arch_vmid_flush(unsigned vmid);

/* --- vCPUs --------------------------------------------------------------- */
/* Reset values; nothing loaded. */
void arch_vcpu_init(struct vcpu *vcpu);
/* home, or not loaded anywhere, under the lock. reg: enum sk_vreg, in range. */
uint64_t arch_vcpu_read(struct core *core, struct vcpu *vcpu, unsigned reg);
void arch_vcpu_write(struct core *core, struct vcpu *vcpu, unsigned reg, uint64_t value);
/* home: takes lazily kept state (EL1, FP, list registers, timer) out of the core, into memory. */
void arch_vcpu_unload(struct core *core, struct vcpu *vcpu);
/*
 * home. Commits the answer and the list-register writes that the calling
 * thread's frame holds: false (and nothing done) if a value is refused.
 */
bool arch_vcpu_answer(struct core *core, struct vcpu *vcpu, struct arch_frame *frame);
/* home. Writes word 7 of an exit or EVENT: the list registers' state. */
void arch_vcpu_lists(struct core *core, struct vcpu *vcpu, struct arch_frame *frame);
/*
 * A link, k < ARCH_LINKS: the line's interrupt is given to the guest by the hardware, in a list register of its own, and
 * ended by the guest there. VALUE as a VMM would write it to a list register.
 */
bool arch_link_legal(unsigned k, uint64_t value);
/* home. Sets it up, VALUE 0: ends it; the register is empty then. */
void arch_vcpu_link(struct core *core, struct vcpu *vcpu, unsigned k, unsigned line, uint64_t value);
/* home. Its line fired, and stays active until the guest has ended it: so the register is free. */
void arch_vcpu_fire(struct core *core, struct vcpu *vcpu, unsigned k);
/* home. Guest registers that bind user level leave the core; the thread's are in force. */
void arch_vcpu_leave(struct core *core, struct vcpu *vcpu);

/* --- leaving the kernel -------------------------------------------------- */
/* Runs the core's current thread at user level, or its guest, or idles. */
_Noreturn void arch_resume(struct core *core);

/* --- what the architecture calls in core --------------------------------- */
/* kernel/core/entry.h: kernel_start, kernel_syscall, kernel_fault, kernel_interrupt */
