/* SPDX-License-Identifier: BSD-2-Clause */
#include "spec.h"

const char *spec_kind_name(uint32_t kind)
{
	static const char *const name[SPEC_KINDS] = {
		[SPEC_NOTIFICATION] = "notification",
		[SPEC_ENDPOINT] = "endpoint",
		[SPEC_THREAD] = "thread",
		[SPEC_VCPU] = "vcpu",
		[SPEC_GUEST] = "guest",
		[SPEC_MEMORY] = "memory",
		[SPEC_FILE] = "file",
		[SPEC_DEVICE] = "device",
		[SPEC_IRQ] = "irq",
		[SPEC_SUPERVISOR] = "supervisor",
		[SPEC_SLOT] = "slot",
		[SPEC_CONTROL] = "control",
		[SPEC_CNODE] = "cnode",
	};

	return kind < SPEC_KINDS && name[kind] ? name[kind] : "unknown";
}
