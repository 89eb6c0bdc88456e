/* SPDX-License-Identifier: BSD-2-Clause */
#include "skerry/fail.h"

#include <stdarg.h>
#include <stdio.h>
#include "skerry/end.h"
#include "skerry/log.h"
#include "skerry/start.h"

void sk_fail(const char *format, ...)
{
	char text[SK_END_TEXT];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	sk_log("%s: %s\n", sk_start()->component, text);
	sk_end(SK_END_FAULT, 1, text);
}

const char *sk_status_text(enum sk_status status)
{
	static const char *const text[] = {
		[SK_OK] = "ok",
		[SK_EVENT] = "event",
		[SK_NO_CAP] = "no capability in that slot",
		[SK_WRONG_TYPE] = "capability of another type",
		[SK_NO_RIGHT] = "right missing",
		[SK_BAD_ARG] = "bad argument",
		[SK_NO_CALL] = "no such call",
		[SK_NOT_IMPLEMENTED] = "not implemented",
		[SK_NO_MEMORY] = "not enough memory",
		[SK_OCCUPIED] = "slot occupied",
		[SK_BUSY] = "busy",
		[SK_ABORTED] = "aborted",
		[SK_TIMEOUT] = "timed out",
		[SK_WRONG_CORE] = "homed on another core",
		[SK_NO_TABLES] = "no free table page",
		[SK_MAPPED] = "already mapped",
		[SK_NOT_MAPPED] = "not mapped",
		[SK_STATE] = "not in that state",
		[SK_PINNED] = "pinned",
		[SK_NO_RECEIVE_SLOT] = "receiver takes no capability",
		[SK_TOO_DEEP] = "call chain too deep",
	};

	return (size_t)status < sizeof(text) / sizeof(text[0]) ? text[status] : "unknown status";
}

void sk_check(enum sk_status status, const char *what)
{
	if (status != SK_OK)
		sk_fail("%s: %s", what, sk_status_text(status));
}
