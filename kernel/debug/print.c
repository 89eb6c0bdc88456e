/* SPDX-License-Identifier: BSD-2-Clause */
#include "debug.h"

#include <stdarg.h>

static void put_number(uint64_t value, unsigned base)
{
	char digits[20];
	unsigned n = 0;

	do {
		digits[n++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	while (n)
		debug_put(digits[--n]);
}

static void put_string(const char *s)
{
	while (*s)
		debug_put(*s++);
}

void debug_print(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	for (; *format; format++) {
		if (*format == '\n')
			debug_put('\r');
		if (*format != '%') {
			debug_put(*format);
			continue;
		}
		format++;
		if (*format == 's')
			put_string(va_arg(args, const char *));
		else
			put_number(va_arg(args, uint64_t), *format == 'x' ? 16 : 10);
	}
	va_end(args);
}
