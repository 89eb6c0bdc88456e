/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the architecture's trap code enters the core. All run on the trapping
 * core with interrupts masked; arch_resume follows each.
 */
#pragma once

#include "abi/skerry.h"
#include "types.h"

struct bootinfo;

/* Every core comes here once from the loader; returns when it may run threads. */
void kernel_start(const struct bootinfo *boot, unsigned number);

/*
 * The current thread made a system call; its frame holds the arguments. True: it
 * has been the current thread all the time and goes on behind the call, nothing of
 * its state but the words and the status changed; false: arch_resume finds out who
 * runs, and where.
 */
bool kernel_syscall(struct core *core, uint64_t number);

/*
 * The parts of kernel_syscall for trap code that does the common case itself. Between a ticket and the unlock, as
 * kernel_call and STATUS_LOST: the thread is not to be touched any more;
 */
unsigned kernel_perform(struct core *core, struct thread *thread, uint64_t number, uint32_t ticket);
/* the same, if it is the ticket's turn and nothing is dying; */
unsigned kernel_invoke(struct core *core, struct thread *thread, uint64_t number);
/* after the unlock. Returns as kernel_syscall. */
bool kernel_call_done(struct core *core, struct thread *thread, unsigned status);

/* The current thread faulted (enum sk_fault). address: IPA; access: SK_ACCESS_*. */
void kernel_fault(struct core *core, unsigned fault, uint64_t address, unsigned access, uint64_t syndrome);

/*
 * The current thread, or its guest, could not fetch its next instruction because
 * the Space loaded has no VMID: gets one and tries again.
 */
void kernel_fetch(struct core *core);

/* An interrupt of a line (acknowledged; it comes again after arch_irq_unmask only), of the kernel timer, or from another core. */
void kernel_interrupt(struct core *core, unsigned line);
void kernel_timer(struct core *core);
void kernel_ipi(struct core *core);
