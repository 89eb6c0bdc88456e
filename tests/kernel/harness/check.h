/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reporting of the kernel's tests. Every check prints a line; the runner counts
 * them and compares with the last line, so a program that dies early has failed.
 *   ok NAME
 *   not ok NAME: why
 *   done P passed F failed
 * For the first thread only: others report by shared variables.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stdint.h>
#include "abi/skerry.h"

/* OK: passed. */
void check(const char *name, bool ok);

/* A call's status is what it should be; prints both if not. */
void check_status(const char *name, enum sk_status got, enum sk_status expected);

/* A value is what it should be. */
void check_value(const char *name, uint64_t got, uint64_t expected);

/* What the tests need in order to go on: ends the program as failed if STATUS is an error. */
void must(const char *what, enum sk_status status);

/*
 * From the first must(), so the first object, on the kernel checks its invariants at each entry; a test that
 * measures time, which that takes, has it off. Prints how many there were at the end.
 */
void check_invariants(bool on);

/* Prints the last line and powers off. */
_Noreturn void check_done(void);

#endif
