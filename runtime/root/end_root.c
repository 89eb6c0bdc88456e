/* SPDX-License-Identifier: BSD-2-Clause */
#include "skerry/end.h"

#include <stdio.h>
#include "device.h"
#include "skerry/calls.h"
#include "skerry/log.h"
#include "skerry/root.h"

void sk_root_status(const char *text)
{
	void *uart = device_status();

	if (!uart) {
		sk_log("status: %s\n", text);
		return;
	}
	while (*text)
		device_put(uart, *text++);
	device_put(uart, '\n');
}

bool sk_root_listen(void)
{
	if (device_status())
		device_listen(device_status());
	return device_status() != NULL;
}

void sk_root_heard(void)
{
	device_heard(device_status());
}

void sk_root_exit(int code, const char *reason)
{
	char line[240];

	snprintf(line, sizeof(line), "exit %d %s", code, reason);
	sk_root_status(line);
	for (;;)
		sk_power(SK_ROOT_POWER, SK_POWER_OFF);
}

void sk_end(enum sk_end how, int code, const char *why)
{
	sk_root_exit(code, how != SK_END_FAULT ? "root ended" : why ? why : "root failed");
}
