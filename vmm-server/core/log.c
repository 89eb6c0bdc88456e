/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/log.h"

#include <stdarg.h>
#include <stdio.h>

#include <skerry/calls.h>
#include <skerry/log.h>
#include <skerry/start.h>

static void line(const char *format, va_list args)
{
	char text[200];

	vsnprintf(text, sizeof(text), format, args);
	sk_log("%s: %s\n", sk_start()->component, text);
}

void vm_log(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	line(format, args);
	va_end(args);
}

void guest_log(const char *format, ...)
{
	/* Several threads at once may miscount a line; no harm. */
	static _Atomic uint64_t second;
	static _Atomic unsigned sent, dropped;
	uint64_t now = sk_counter() / sk_start()->counter_hz;
	va_list args;

	if (now != second) {
		if (dropped)
			vm_log("%u more lines like these left out", dropped);
		second = now;
		sent = dropped = 0;
	}
	if (sent == GUEST_LOG_LINES) {
		dropped++;
		return;
	}
	sent++;
	va_start(args, format);
	line(format, args);
	va_end(args);
}
