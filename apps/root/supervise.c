/* SPDX-License-Identifier: BSD-2-Clause */
#include "supervise.h"

#include <stdio.h>
#include "skerry/calls.h"
#include "skerry/end.h"
#include "skerry/log.h"
#include "skerry/start.h"
#include "system.h"

static uint32_t supervisor;

void supervise_open(void)
{
	supervisor = root_slots(1);
	root_check(sk_retype(SK_ROOT_OBJECTS, SK_TYPE_NOTIFICATION, 0, SK_ROOT_CNODE, supervisor, 1, 0), "making",
		   "the supervisor's notification");
}

uint32_t supervise_slot(void)
{
	return supervisor;
}

/*
 * What the spec does not give root and supervision does not need: interrupt
 * lines, the IOMMU right, devices. Root keeps its RAM and object untypeds, the
 * components' threads, cnodes, spaces and memory (to stop and take them back),
 * the status port and the power.
 */
static void give_up(void)
{
	const struct sk_root_info *info = sk_root_info();

	sk_delete(SK_ROOT_CNODE, SK_ROOT_IRQ_CONTROL);
	sk_delete(SK_ROOT_CNODE, SK_ROOT_IOMMU);
	for (uint32_t i = 0; i < info->regions; i++) {
		if (i != info->status && info->region[i].kind != SK_REGION_RAM &&
		    info->region[i].kind != SK_REGION_ARCHIVE)
			sk_delete(SK_ROOT_CNODE, SK_ROOT_REGIONS + i);
	}
	for (uint32_t i = 0; i < spec.objects; i++) {
		if (object[i].spec->kind == SPEC_DEVICE)
			sk_delete(SK_ROOT_CNODE, object[i].memory.piece[0].slot);
	}
}

/* The last words of a guest are on their way through the console's rings: its driver gets some time for them. */
_Noreturn static void leave(int code, const char *reason)
{
	uint64_t bits, until = sk_counter() + sk_root_info()->counter_hz / 20;

	/* The VMM that just told of its guest's end signals once more, when it ends itself. */
	while (sk_wait(supervisor, until, &bits) == SK_OK)
		;
	sk_root_exit(code, reason);
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

/* How a component ended: skerry/end.h if it did so itself. */
static int end_of(const struct fault *f, const char *name, char *text, size_t size)
{
	uint64_t how = f->kind == SK_FAULT_BREAK ? f->syndrome & 0xffff : 0;

	if (how == SK_END_OK || how == SK_END_FAILED) {
		snprintf(text, size, "%s ended%s", name, how == SK_END_OK ? "" : " with an error");
		return how == SK_END_OK ? ROOT_EXIT_OFF : ROOT_EXIT_CRASH;
	}
	if (how == SK_END_FAULT) {
		snprintf(text, size, "%s gave up; its log says why", name);
		return ROOT_EXIT_OWN;
	}
	snprintf(text, size, "%s (thread %s) faulted: %s at 0x%llx, pc 0x%llx, syndrome 0x%llx", name,
		 object[f->thread].name, fault_name(f), (unsigned long long)f->address, (unsigned long long)f->pc,
		 (unsigned long long)f->syndrome);
	return ROOT_EXIT_OWN;
}

/* The most serious of the codes wins; the system ends when all that matter have ended, or at once if one of ours failed. */
static void handle(uint32_t index, uint32_t events, uint32_t *running)
{
	static int worst = ROOT_EXIT_OFF;
	static char reason[200];
	const char *name = component[index].name;
	int code = ROOT_EXIT_OFF;
	char text[200];

	if (events & 1u << EVENT_FAULT)
		code = end_of(watch_fault(index), name, text, sizeof(text));
	else if (events & 1u << SPEC_CRASH)
		code = ROOT_EXIT_CRASH, snprintf(text, sizeof(text), "the guest of %s crashed", name);
	else if (events & 1u << SPEC_RESET)
		code = ROOT_EXIT_RESET, snprintf(text, sizeof(text), "the guest of %s reset itself", name);
	else
		snprintf(text, sizeof(text), "the guest of %s powered off", name);
	if (code >= worst) {
		worst = code;
		snprintf(reason, sizeof(reason), "%s", text);
	}
	if (code != ROOT_EXIT_OFF)
		sk_log("root: %s\n", text);
	if (*running & 1u << index) {
		*running &= ~(1u << index);
		if (*running == 0)
			leave(worst, reason);
	}
	if (code == ROOT_EXIT_OWN)
		leave(code, text);
}

/* The components that the system ends with: those that can tell of an end; if there is none, all. */
static uint32_t find_running(void)
{
	uint32_t running = 0;

	for (uint32_t i = 0; i < spec.components; i++)
		running |= component[i].exits ? 1u << i : 0;
	return running ? running : (1u << spec.components) - 1;
}

void system_run(void)
{
	uint32_t running = find_running();

	give_up();
	for (uint32_t i = 0; i < spec.components; i++)
		root_check(sk_thread_start(object[component[i].spec->thread].slot), "starting", component[i].name);
	for (;;) {
		uint64_t bits;

		if (sk_wait(supervisor, SK_NEVER, &bits) != SK_OK)
			continue;
		for (uint32_t i = 0; i < spec.components; i++) {
			if (bits >> (4 * i) & 0xf)
				handle(i, bits >> (4 * i) & 0xf, &running);
		}
	}
}
