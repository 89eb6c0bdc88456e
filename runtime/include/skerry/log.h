/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a component's output goes: stdout, stderr and these. The sink is the
 * console connection of region "log" (struct console_shared, rings/console.h)
 * with slot "log.signal" to tell its reader; without one the kernel's debug
 * output, which a release kernel does not have: then it is lost.
 */
#ifndef SKERRY_LOG_H
#define SKERRY_LOG_H

#include <stddef.h>

/*
 * Writes LENGTH bytes. A reader that does not keep up is waited for some
 * thousand yields, then the rest is dropped: a log never stops its writer for
 * good. Any thread; lines of several threads do not mix.
 */
void sk_log_write(const char *bytes, size_t length);

/* printf for any thread, at most 255 bytes, without malloc or stdio's locks. */
void sk_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
