/* SPDX-License-Identifier: BSD-2-Clause */
#include "log_sink.h"

#include "rings/console.h"
#include "skerry/calls.h"
#include "skerry/start.h"

#define PATIENCE 4000 /* yields without progress before bytes are dropped */

static void debug_output(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (sk_debug_put((uint8_t)bytes[i]) != SK_OK)
			return;
	}
}

static void ring_output(struct console_ring *ring, const char *bytes, size_t length)
{
	static uint32_t own;
	static uint32_t tell; /* 0: the first time; without the slot that is no matter */
	int idle = 0;

	if (!tell) {
		tell = sk_slot("log.signal");
		own = console_ring_written(ring);
		sk_signal(tell); /* unasked: who was here before may have died on its way to that */
	}
	while (length > 0 && idle < PATIENCE) {
		bool signal = false;
		size_t n = console_ring_write(ring, &own, bytes, length, &signal);

		bytes += n;
		length -= n;
		if (signal)
			sk_signal(tell);
		idle = n ? 0 : idle + 1;
		if (length > 0)
			sk_yield();
	}
}

void log_sink(const char *bytes, size_t length)
{
	static struct console_shared *shared;
	size_t size = sizeof(*shared);

	if (!shared)
		shared = sk_region("log", &size);
	if (shared && size < sizeof(*shared))
		shared = NULL; /* the spec wired it too small: as if there were none */
	if (shared)
		ring_output(&shared->to_console, bytes, length);
	else
		debug_output(bytes, length);
}
