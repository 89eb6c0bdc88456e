/* SPDX-License-Identifier: BSD-2-Clause */
/* One bad input a file, with the message that it must get in its first lines: `expect: TEXT`. */
#ifndef TEST_CASES_H
#define TEST_CASES_H

#include <stddef.h>

#define CASES_MAX 128

/*
 * Runs RUN(path, expected message) as a test of its own for each file of FOLDER
 * that ends in SUFFIX. Returns the number of failures; no file at all is one.
 */
int cases_run(const char *folder, const char *suffix, void (*run)(const char *path, const char *expect));

#endif
