/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How root learns of ends and faults, and of what others want of it.
 *
 * Root's supervisor is one thread on core 0. It serves the endpoint behind the
 * spec's CONTROL (control.c) and sleeps there; bound to it is one notification.
 * Component i has two bits of it, spec_outcome_bits(): signalled by the component,
 * through capabilities that the spec gives it. The bit EVENT_FAULT says that a
 * watcher has written down a fault: a thread of root on each core that has
 * component threads, with the endpoint that the kernel sends their faults to.
 */
#ifndef ROOT_SUPERVISE_H
#define ROOT_SUPERVISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "abi/skerry.h"
#include "skerry/supervisor.h"
#include "skerry/svc.h"

#define EVENT_FAULT (1ul << 62)
#define EVENT_ASKED (1ul << 61) /* something was sent to the status port: of a debug kernel, a trace is wanted */

/* What a watcher saw. */
struct fault {
	uint64_t kind;       /* enum sk_fault */
	uint64_t address, pc, access, syndrome;
	uint32_t generation; /* of the component */
};

/* What the supervisor knows of a component. */
struct life {
	enum sk_life now;
	bool told;           /* it has said how its guest ended, and is about to end itself ... */
	enum sk_life then;   /* ... to be this */
	int code;            /* of the last end: as if the system had ended with it */
	uint32_t failures;   /* ever */
	uint32_t restarts;   /* in the present period */
	uint64_t since;      /* when that began */
	struct fault last;   /* the last failure; kind 0: none, or it said so itself */
};

/* --- supervise.c ---------------------------------------------------------------- */

/* Makes the notification and the endpoint. First of all. */
void supervise_open(void);

/* Root's slots of them, all rights. */
uint32_t supervise_slot(void);
uint32_t control_slot(void);

const struct life *life_of(uint32_t index);

/* Slot of the supervisor's thread. */
uint32_t supervise_thread(void);

/* By the supervisor's thread. STATE: it runs already. */
enum sk_status supervise_start(uint32_t index);

/* What has ended by itself becomes STOPPED, too. STATE: it is that already. */
enum sk_status supervise_stop(uint32_t index);

/* STATE: it does not run. */
enum sk_status supervise_restart(uint32_t index);

/* --- control.c ------------------------------------------------------------------ */

/* Answers one call, in place. */
void control_answer(struct sk_words *m);

/* --- report.c ------------------------------------------------------------------- */

/* To the log, as a line that is no "exit" to the status port, and to the system's console. */
void report(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* How its thread ended it by itself: an enum sk_end; 0: it did not, this is a fault. */
uint32_t report_how(const struct fault *f);

/* Says in TEXT how component INDEX ended by the fault of its thread; returns an exit code. */
int report_end(uint32_t index, uint32_t thread, const struct fault *f, char *text, size_t size);

/* The image that component INDEX runs, its guest, and what it has mapped where it faulted: lines for the status port. */
void report_place(uint32_t index, const struct fault *f);

/* The thread's registers, to the status port. It is stopped. */
void report_registers(uint32_t thread);

/* --- log.c ---------------------------------------------------------------------- */

/* A line for the system's console, if the spec connects root with one. By the supervisor's thread. */
void log_report(const char *text);

/* --- trace.c -------------------------------------------------------------------- */

#define TRACE_USUAL 64u  /* at the end, and when a component fails */
#define TRACE_MOST  256u /* the kernel's ring has twice as many */

/*
 * The last COUNT (1..TRACE_MOST) events of each core, to the status port. NO_CALL: this is no
 * debug kernel; BAD_ARG.
 */
enum sk_status trace_report(uint32_t count);

/* Under a debug kernel: takes memory for it; EVENT_ASKED from now on. Before root gives up the right to make interrupts. */
void trace_open(void);

/* At EVENT_ASKED. */
void trace_asked(void);

/* --- watch.c -------------------------------------------------------------------- */

/*
 * Makes in SLOT (which it empties) a capability to be the fault handler of thread
 * OBJECT, homed on CORE, in this life of its component; starts the core's watcher.
 */
void watch_handler(uint32_t slot, uint32_t core, uint32_t object);

/* Slot of the core's watcher; 0: there is none. */
uint32_t watch_thread(uint32_t core);

/* The last fault of thread OBJECT, of whatever life. Valid once EVENT_FAULT was seen. */
struct fault watch_fault(uint32_t object);

#endif
