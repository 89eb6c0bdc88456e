/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the debug kernel has and the release kernel has nothing of: a UART, a trace
 * ring of each core, checks of the invariants, a report when the kernel itself breaks.
 *
 * No line of the kernel calls any of it. Entries and exits come from the vectors and
 * from leave_kernel (aarch64/hook.S); some functions are replaced where the debug
 * kernel is linked (ld --wrap, kernel/debug/CMakeLists.txt): __wrap_f is called in the
 * place of f, which is __real_f then.
 */
#ifndef SKERRY_DEBUG_H
#define SKERRY_DEBUG_H

#include "core.h"

/* --- uart.c, print.c ---------------------------------------------------------------- */
void debug_uart_init(const struct bootinfo *boot);
void debug_put(char c);
/* Texts and numbers: %s string, %x and %u uint64_t. */
void debug_print(const char *format, ...);

/* --- ring.c: what a core did last. Own core only, but for the readers -------------------- */
struct debug_event {
	uint64_t time;               /* physical counter */
	uint32_t kind;               /* enum sk_trace */
	uint32_t thread;             /* object id of the current thread, 0: idle */
	uint64_t pc, a, b, c;        /* by kind */
};

void debug_record(struct core *core, enum sk_trace kind, uint64_t pc, uint64_t a, uint64_t b, uint64_t c);
/* Events since boot; the event of a number, false if it is gone, or yet to come. */
uint64_t debug_events(unsigned core);
bool debug_event(unsigned core, uint64_t number, struct debug_event *out);
/* The last events of each core, oldest first. */
void debug_print_trace(unsigned count);

/* --- world.c ----------------------------------------------------------------------------- */
/* Takes the kernel lock and holds all other cores up, outside of kernel paths or before the lock. False: it is somebody's. */
bool debug_stop_others(struct core *core);
void debug_release_others(void);

/* --- every.c ----------------------------------------------------------------------------- */
/* Who is found from here is checked. */
void debug_check_from(struct thread *root);
/* At each n-th entry from now on, 0: never. Returns how many checks there were. */
uint64_t debug_check_every(uint64_t n);
/* At an entry: checks the invariants if it is time to. */
void debug_check(struct core *core);

#endif
