/* SPDX-License-Identifier: BSD-2-Clause */
#include "skerry/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "log_sink.h"
#include "skerry/calls.h"

static atomic_flag busy = ATOMIC_FLAG_INIT;

void sk_log_write(const char *bytes, size_t length)
{
	/* A holder that runs below us on this core would never finish: give up after a while, garble rather than hang. */
	for (int i = 0; atomic_flag_test_and_set_explicit(&busy, memory_order_acquire) && i < 1000; i++)
		sk_yield();
	log_sink(bytes, length);
	atomic_flag_clear_explicit(&busy, memory_order_release);
}

void sk_log(const char *format, ...)
{
	char line[256];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (n <= 0)
		return;
	if ((size_t)n >= sizeof(line)) {
		n = sizeof(line) - 1;
		line[n - 1] = '\n';
	}
	sk_log_write(line, (size_t)n);
}
