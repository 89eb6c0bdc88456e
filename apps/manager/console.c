/* SPDX-License-Identifier: BSD-2-Clause */
#include "console.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "component.h"
#include "rings/console.h"
#include "skerry/start.h"

#define BACKSPACE 8
#define DELETE    127

static struct console_shared *shared;
static uint32_t given, taken;   /* own indices */

void console_open(void)
{
	shared = console_ring;
	given = console_ring_written(&shared->to_console);
	taken = console_ring_taken(&shared->to_client);
}

/* Until the console has done something. */
static void wait(void)
{
	uint64_t bits;

	sk_wait(sk_slot("event"), SK_NEVER, &bits);
}

static void put(const char *bytes, size_t count)
{
	bool signal;

	while (count > 0) {
		size_t n = console_ring_write(&shared->to_console, &given, bytes, count, &signal);

		if (signal)
			console_signal();
		bytes += n;
		count -= n;
		if (count > 0 && !console_ring_want_space(&shared->to_console, given))
			wait();
	}
}

void console_print(const char *format, ...)
{
	char text[256];
	va_list args;
	const char *rest = text, *end;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	for (; (end = strchr(rest, '\n')); rest = end + 1) {
		put(rest, (size_t)(end - rest));
		put("\r\n", 2);
	}
	put(rest, strlen(rest));
}

static char next(void)
{
	char c;

	while (console_ring_read(&shared->to_client, &taken, &c, 1) == 0) {
		if (!console_ring_want(&shared->to_client, taken))
			wait();
	}
	if (console_ring_space_wanted(&shared->to_client))
		console_signal();
	return c;
}

void console_line(char *line, size_t size)
{
	size_t n = 0;

	for (char c = next(); c != '\r' && c != '\n'; c = next()) {
		if ((c == BACKSPACE || c == DELETE) && n > 0) {
			n--;
			put("\b \b", 3);
		} else if (c >= ' ' && c < DELETE && n + 1 < size) {
			line[n++] = c;
			put(&c, 1);
		}
	}
	line[n] = 0;
	put("\r\n", 2);
}
