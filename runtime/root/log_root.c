/* SPDX-License-Identifier: BSD-2-Clause */
#include "../src/log_sink.h"

#include "device.h"
#include "skerry/calls.h"

void log_sink(const char *bytes, size_t length)
{
	void *uart = device_console();

	for (size_t i = 0; i < length; i++) {
		if (!uart && sk_debug_put((uint8_t)bytes[i]) != SK_OK)
			return;
		if (uart && bytes[i] == '\n')
			device_put(uart, '\r');
		if (uart)
			device_put(uart, bytes[i]);
	}
}
