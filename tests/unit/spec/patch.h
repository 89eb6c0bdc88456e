/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The files tests/reject/spec/NAME.patch: what to change in a good spec, and the
 * message that must follow. Lines:
 *   # ...                          a comment
 *   expect TEXT                    a part of the message
 *   header FIELD VALUE             magic version size
 *   table NAME offset|count VALUE  strings components objects caps maps params
 *   component|object NAME FIELD VALUE
 *   cap|map|param INDEX FIELD VALUE
 *   byte OFFSET VALUE              one byte from the start of the strings
 *   cut BYTES                      cut off the end
 */
#ifndef PATCH_H
#define PATCH_H

#include <stddef.h>
#include <stdint.h>

/* Applies PATH to the spec of *SIZE bytes; EXPECT receives the expected message. Fails the test on a line that it does not know. */
void patch_apply(const char *path, uint8_t *spec, size_t *size, char *expect, size_t expect_size);

#endif
