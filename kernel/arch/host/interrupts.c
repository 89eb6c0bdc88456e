/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupt lines, interrupts between cores, and timers: flags until a core takes them. */
#include <stdio.h>
#include <stdlib.h>

#include "arch.h"
#include "core.h"
#include "entry.h"
#include "machine.h"
#include "simulation.h"

static struct line {
	bool unmasked, edge, level;
	bool latched;              /* an edge came and was not taken */
	unsigned core;
} lines[ARCH_LINES];

void arch_irq_setup(unsigned line, bool edge, unsigned core)
{
	lines[line].edge = edge;
	lines[line].core = core;
	lines[line].unmasked = false;
}

void arch_irq_mask(unsigned line)
{
	lines[line].unmasked = false;
}

void arch_irq_unmask(unsigned line)
{
	lines[line].unmasked = true;
}

void arch_ipi(unsigned core)
{
	host.ipi[core] = true;
	host.ipis++;
}

uint64_t arch_now(void)
{
	return host.now;
}

void arch_timer_set(uint64_t deadline)
{
	host_here->arch.timer = deadline;
}

void host_line(unsigned line, bool level)
{
	lines[line].latched |= lines[line].edge && level && !lines[line].level;
	lines[line].level = level;
}

bool host_line_masked(unsigned line)
{
	return !lines[line].unmasked;
}

unsigned host_line_core(unsigned line)
{
	return lines[line].core;
}

bool host_line_edge(unsigned line)
{
	return lines[line].edge;
}

void host_advance(uint64_t ticks)
{
	host.now += ticks;
}

void host_take_ipi(struct core *core)
{
	if (!host.ipi[core->number])
		return;
	host.ipi[core->number] = false;
	host_trap(core);
	kernel_ipi(core);
	host_resume(core);
}

static bool take_timer(struct core *core)
{
	if (core->arch.timer > host.now)
		return false;
	host_trap(core);
	kernel_timer(core);
	host_resume(core);
	if (core->arch.timer <= host.now) {
		fprintf(stderr, "host machine: core %u left its timer at %lu, which is past\n", core->number,
			core->arch.timer);
		abort();
	}
	return true;
}

static bool take_line(struct core *core)
{
	for (unsigned i = 0; i < ARCH_LINES; i++) {
		struct line *l = &lines[i];

		if (!l->unmasked || l->core != core->number || !(l->edge ? l->latched : l->level))
			continue;
		l->latched = false;
		l->unmasked = false;
		host_trap(core);
		kernel_interrupt(core, i);
		host_resume(core);
		return true;
	}
	return false;
}

static bool take_any(unsigned number)
{
	struct core *core = &cores[number], *before = host_switch(number);
	bool taken = host.ipi[number];

	host_take_ipi(core);
	taken |= take_timer(core);
	taken |= take_line(core);
	host_here = before;
	return taken;
}

void host_take_interrupts(unsigned core)
{
	while (take_any(core)) {
	}
}

void host_settle(void)
{
	bool taken;

	do {
		taken = false;
		for (unsigned i = 0; i < core_count; i++)
			taken |= take_any(i);
	} while (taken);
}
