/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Root: the first component. What its parts share. One thread; whatever cannot
 * be goes to root_fail(), since without its system there is nothing to run.
 */
#ifndef ROOT_H
#define ROOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/skerry.h"
#include "skerry/fail.h"
#include "skerry/root.h"
#include "spec.h"

/* Where things lie in root's own space; runtime-root has 0x60000000 and 0x60010000. */
#define ROOT_TRACE    0x60020000ul  /* of a debug kernel, while it is printed */
#define ROOT_ARCHIVES 0x100000000ul /* one every 4 GiB */
#define ROOT_SCRATCH  0x700000000ul /* memory that is being filled */

/* Exit codes on the status port, as ./skerry documents them. */
#define ROOT_EXIT_OFF   0
#define ROOT_EXIT_USER  1  /* what was asked for cannot be: sizes, files */
#define ROOT_EXIT_CRASH 3
#define ROOT_EXIT_RESET 4
#define ROOT_EXIT_OWN   5  /* a component of ours, or root, failed */

/* Says why in the log and on the status port, then powers off. */
_Noreturn void root_fail(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* root_fail() unless the status is OK: something that the spec cannot cause. */
void root_check(enum sk_status status, const char *doing, const char *what);

/* N slots of root's cnode in a row. */
uint32_t root_slots(uint32_t n);

/* How many are left. */
uint32_t root_slots_free(void);

static inline uint64_t round_up(uint64_t value, uint64_t unit)
{
	return (value + unit - 1) & ~(unit - 1);
}

#endif
