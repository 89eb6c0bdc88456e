/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "report.h"

struct sink {
	char *at, *end; /* end: where the NUL must stand at the latest */
};

static void put(struct sink *sink, char c)
{
	if (sink->at < sink->end)
		*sink->at++ = c;
}

static void put_text(struct sink *sink, const char *text)
{
	while (*text)
		put(sink, *text++);
}

static void put_number(struct sink *sink, uint64_t value, unsigned base)
{
	char digits[20];
	unsigned n = 0;

	do {
		unsigned digit = (unsigned)(value % base);

		digits[n++] = (char)(digit < 10 ? '0' + digit : 'a' + digit - 10);
		value /= base;
	} while (value);
	while (n)
		put(sink, digits[--n]);
}

size_t format_list(char *out, size_t room, const char *format, va_list args)
{
	struct sink sink = {out, out + room - 1};

	for (; *format; format++) {
		if (*format != '%') {
			put(&sink, *format);
			continue;
		}
		format++;
		if (*format == 's')
			put_text(&sink, va_arg(args, const char *));
		else if (*format == 'c')
			put(&sink, (char)va_arg(args, int));
		else if (*format == 'u')
			put_number(&sink, va_arg(args, unsigned), 10);
		else if (*format == 'l')
			put_number(&sink, va_arg(args, unsigned long), *++format == 'x' ? 16 : 10);
		else
			put(&sink, *format);
	}
	*sink.at = 0;
	return (size_t)(sink.at - out);
}

size_t format(char *out, size_t room, const char *text, ...)
{
	va_list args;
	size_t n;

	va_start(args, text);
	n = format_list(out, room, text, args);
	va_end(args);
	return n;
}

bool refuse(struct report *report, const char *text, ...)
{
	va_list args;

	va_start(args, text);
	format_list(report->text, sizeof(report->text), text, args);
	va_end(args);
	return false;
}
