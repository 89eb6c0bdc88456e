/* SPDX-License-Identifier: BSD-2-Clause */
#include "supervise.h"

#include <stdarg.h>
#include <stdio.h>
#include "skerry/calls.h"
#include "skerry/end.h"
#include "skerry/log.h"
#include "system.h"

void report(const char *format, ...)
{
	char text[240];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	sk_log("root: %s\n", text);
	sk_root_status(text);
	log_report(text);
}

static const char *fault_name(const struct fault *f)
{
	static const char *const name[] = {
		[SK_FAULT_MEMORY] = "memory read",
		[SK_FAULT_ALIGN] = "unaligned access",
		[SK_FAULT_UNDEFINED] = "undefined instruction",
		[SK_FAULT_TRAP] = "instruction not for components",
		[SK_FAULT_BREAK] = "breakpoint",
		[SK_FAULT_BUS] = "bus error",
	};

	if (f->kind == SK_FAULT_MEMORY && (f->access & SK_ACCESS_EXEC))
		return "instruction fetch";
	if (f->kind == SK_FAULT_MEMORY && (f->access & SK_ACCESS_WRITE))
		return "memory write";
	return f->kind < sizeof(name) / sizeof(name[0]) && name[f->kind] ? name[f->kind] : "unknown fault";
}

/* skerry/end.h if it ended by itself. */
int report_end(uint32_t index, uint32_t thread, const struct fault *f, char *text, size_t size)
{
	uint64_t how = f->kind == SK_FAULT_BREAK ? f->syndrome & 0xffff : 0;
	const char *name = component[index].name;

	if (how == SK_END_OK || how == SK_END_FAILED) {
		snprintf(text, size, "%s ended%s", name, how == SK_END_OK ? "" : " with an error");
		return how == SK_END_OK ? ROOT_EXIT_OFF : ROOT_EXIT_CRASH;
	}
	if (how == SK_END_FAULT) {
		snprintf(text, size, "%s gave up; its log says why", name);
		return ROOT_EXIT_OWN;
	}
	snprintf(text, size, "%s (thread %s) faulted: %s at 0x%llx, pc 0x%llx, syndrome 0x%llx", name,
		 object[thread].name, fault_name(f), (unsigned long long)f->address, (unsigned long long)f->pc,
		 (unsigned long long)f->syndrome);
	return ROOT_EXIT_OWN;
}

/* Four to a line. */
void report_registers(uint32_t thread)
{
	static const char *const name[] = { "x0", "x4", "x8", "x12", "x16", "x20", "x24", "x28 x29 x30 sp", "pc flags" };
	uint64_t r[8];

	for (uint32_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		if (sk_thread_read(object[thread].slot, 4 * i, r) != SK_OK)
			return;
		if (4 * i > SK_REG_SP)
			report("  %s  %016lx %016lx", name[i], (unsigned long)r[0], (unsigned long)r[1]);
		else
			report("  %s  %016lx %016lx %016lx %016lx", name[i], (unsigned long)r[0], (unsigned long)r[1],
			       (unsigned long)r[2], (unsigned long)r[3]);
	}
}
