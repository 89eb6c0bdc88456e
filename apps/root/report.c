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

#define BESIDE_STACK (1ul << 20)

struct area {
	const char *name;
	uint64_t first, bytes;
	uint32_t rights;
};

static bool within(const struct area *a, uint64_t address)
{
	return address - a->first < a->bytes;
}

/* The N-th part of a component's own memory, in the order of struct component's `own`; false, and nothing in AREA, behind them. */
static bool own_area(const struct component *c, uint32_t n, struct area *area)
{
	const uint32_t data = SK_RIGHT_READ | SK_RIGHT_WRITE, image = n - 1, segments = c->image.segments;

	if (n == 0)
		*area = (struct area){ "its start page", SK_START_IPA, SK_START_PAGES * SK_PAGE, SK_RIGHT_READ };
	else if (image < segments)
		*area = (struct area){ "its image", c->image.segment[image].ipa, c->image.segment[image].bytes,
				       c->image.segment[image].rights };
	else if (image == segments)
		*area = (struct area){ "its stack", LAYOUT_STACK_TOP - c->spec->stack, c->spec->stack, data };
	else if (image == segments + 1)
		*area = (struct area){ "its heap", LAYOUT_HEAP, c->spec->heap, data };
	else
		*area = (struct area){ 0 };
	return n <= segments + 2;
}

/* Copies what is written at ADDRESS of the component's own memory, up to its end; nothing if that is no text. */
static void read_text(const struct component *of, uint64_t address, char text[SK_END_TEXT])
{
	struct area area;
	uint64_t offset = 0;
	const volatile char *from;
	uint32_t i = 0;
	char c;

	for (uint32_t n = 0; own_area(of, n, &area) && !within(&area, address); n++)
		offset += area.bytes;
	if (within(&area, address)) {
		from = (const volatile char *)ram_open_window(&of->own) + offset + (address - area.first);
		while (i < SK_END_TEXT - 1 && i < area.first + area.bytes - address && (c = from[i]) >= ' ' && c <= '~')
			text[i++] = c;
		ram_close_window(&of->own);
	}
	text[i] = 0;
}

/* Why it gave up, in its own words (sk_fail). The thread is stopped; others of the component may still write there. */
static void read_why(uint32_t index, uint32_t thread, char why[SK_END_TEXT])
{
	uint64_t r[SK_WORDS];

	*why = 0;
	if (sk_thread_read(object[thread].slot, SK_REG_X0, r) == SK_OK)
		read_text(&component[index], r[1], why);
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

uint32_t report_how(const struct fault *f)
{
	uint32_t how = f->kind == SK_FAULT_BREAK ? f->syndrome & 0xffff : 0;

	return how == SK_END_OK || how == SK_END_FAILED || how == SK_END_FAULT ? how : 0;
}

int report_end(uint32_t index, uint32_t thread, const struct fault *f, char *text, size_t size)
{
	uint32_t how = report_how(f);
	const char *name = component[index].name;

	if (how == SK_END_OK || how == SK_END_FAILED) {
		snprintf(text, size, "%s ended%s", name, how == SK_END_OK ? "" : " with an error");
		return how == SK_END_OK ? ROOT_EXIT_OFF : ROOT_EXIT_CRASH;
	}
	if (how == SK_END_FAULT) {
		char why[SK_END_TEXT];

		read_why(index, thread, why);
		snprintf(text, size, "%s gave up%s%s", name, *why ? ": " : "; its log says why", why);
		return ROOT_EXIT_OWN;
	}
	snprintf(text, size, "%s (thread %s) faulted: %s at 0x%llx, pc 0x%llx, syndrome 0x%llx", name,
		 object[thread].name, fault_name(f), (unsigned long long)f->address, (unsigned long long)f->pc,
		 (unsigned long long)f->syndrome);
	return ROOT_EXIT_OWN;
}

/* What component INDEX has mapped at the address. */
static bool find_area(uint32_t index, uint64_t address, struct area *area)
{
	for (uint32_t n = 0; own_area(&component[index], n, area) && !within(area, address); n++)
		;
	for (uint32_t i = 0; i < spec.maps && !within(area, address); i++) {
		const struct spec_map *m = &spec.map[i];

		if (m->guest == SPEC_NONE && m->component == index && mapping_ipa[i])
			*area = (struct area){ object[m->object].name, mapping_ipa[i], object[m->object].memory.bytes, m->rights };
	}
	return within(area, address);
}

/* What the component's capabilities say of the address that it faulted at. */
void report_place(uint32_t index, const struct fault *f)
{
	const struct component *c = &component[index];
	uint64_t stack = LAYOUT_STACK_TOP - c->spec->stack;
	struct area area;

	report("  image %s", spec_string(&spec, c->spec->image));
	for (uint32_t i = 0; i < spec.objects; i++) {
		if (object[i].spec->kind == SPEC_GUEST && object[i].spec->owner == index && !object[i].missing)
			report("  it is the VMM of the guest %s", object[i].name);
	}
	if (f->kind != SK_FAULT_MEMORY && f->kind != SK_FAULT_ALIGN && f->kind != SK_FAULT_BUS)
		return;
	if (find_area(index, f->address, &area))
		report("  0x%llx is in %s, which it may%s%s%s", (unsigned long long)f->address, area.name,
		       area.rights & SK_RIGHT_READ ? " read" : "", area.rights & SK_RIGHT_WRITE ? " write" : "",
		       area.rights & SK_RIGHT_EXEC ? " execute" : "");
	else if (f->address < stack && stack - f->address <= BESIDE_STACK)
		report("  0x%llx is below its stack of %u KiB: too small, or a recursion does not end",
		       (unsigned long long)f->address, c->spec->stack >> 10);
	else
		report("  nothing is mapped at 0x%llx", (unsigned long long)f->address);
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
