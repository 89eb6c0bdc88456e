/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the loader's checks say what is wrong. A check returns true, or false
 * and one line that names the node, field or file. Nothing here touches
 * hardware: the host's unit tests run the same checks.
 */
#ifndef BOOT_REPORT_H
#define BOOT_REPORT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct report {
	char text[224];
};

/*
 * A small vsnprintf: %s, %c, %u, %lu, %lx and %%. Cuts what does not fit; the
 * text always ends in NUL. Returns the length written.
 */
size_t format_list(char *out, size_t room, const char *format, va_list args);
size_t format(char *out, size_t room, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Writes the message and returns false, so that a check ends in `return refuse(...)`. */
bool refuse(struct report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
