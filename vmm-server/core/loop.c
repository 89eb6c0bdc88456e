/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exit -> handler; address -> device (mmio.c). A handler leaves in cpu->run what
 * goes in with the next SK_VCPU_RUN: nothing, unless it says otherwise.
 */
#include "core/loop.h"

#include <skerry/calls.h>
#include <skerry/fail.h>

#include "core/arch.h"
#include "core/log.h"

typedef void exit_handler(struct vcpu *cpu, const struct sk_words *exit);

/* Straight through for either direction: nothing is asked twice. */
static inline void exit_mmio(struct vcpu *cpu, const struct sk_words *exit)
{
	struct mmio_access access; /* not initialised as a whole: its padding would be, too */
	bool done;

	access.value = exit->w[2]; /* 0 if it is a read */
	access.width = exit->w[0] >> SK_EXIT_WIDTH_SHIFT & 0xff;
	access.cpu = cpu->index;
	if (exit->w[0] & SK_EXIT_WRITE) {
		access.write = true;
		done = mmio_perform(&cpu->vm->mmio, exit->w[1], &access);
	} else {
		access.write = false;
		done = mmio_perform(&cpu->vm->mmio, exit->w[1], &access);
		cpu->run.w[0] = done ? SK_RUN_ANSWER : 0;
		cpu->run.w[1] = access.value;
	}
	if (__builtin_expect(!done, 0))
		arch_bus_error(cpu, exit);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t poll_clock(struct vcpu *cpu)
{
	uint64_t deadline = pl031_alarm(&cpu->vm->rtc);

	if (deadline == SK_NEVER || deadline > sk_counter())
		return deadline;
	lock_take(&cpu->vm->lock, cpu->index);
	deadline = pl031_poll(&cpu->vm->rtc);
	lock_drop(&cpu->vm->lock);
	return deadline;
}

void vcpu_idle(struct vcpu *cpu, uint64_t deadline)
{
	uint64_t alarm;

	lock_take(&cpu->vm->lock, cpu->index);
	virtio_set_idle(cpu->vm);
	lock_drop(&cpu->vm->lock);
	/* The emulated timers first: asking for their deadlines may raise an interrupt. */
	alarm = poll_clock(cpu);
	deadline = earlier(deadline, earlier(alarm, arch_deadline(cpu)));
	if (arch_interrupt_pending(cpu))
		return;
	vcpu_wait(cpu, deadline);
	if (deadline == alarm)
		poll_clock(cpu);
}

static void exit_wfi(struct vcpu *cpu, const struct sk_words *exit)
{
	if (!exit->w[2])
		vcpu_idle(cpu, exit->w[1]);
}

/* List registers were emptied: arch_after_exit has seen to it. */
static void exit_maintenance(struct vcpu *cpu, const struct sk_words *exit)
{
	(void)cpu;
	(void)exit;
}

static void exit_fatal(struct vcpu *cpu, const struct sk_words *exit)
{
	vm_log("vCPU %u stopped: exit %lu, syndrome 0x%lx, at pc 0x%lx", cpu->index,
	       (unsigned long)(exit->w[0] & SK_EXIT_CODE), (unsigned long)exit->w[1], (unsigned long)exit->w[5]);
	vm_decide(cpu->vm, VM_CRASHED);
}

/* An access to a device, which comes most often, is run's. */
static exit_handler *const handlers[] = {
	[SK_EXIT_UNDECODED] = arch_exit_undecoded,
	[SK_EXIT_FETCH] = arch_exit_fetch,
	[SK_EXIT_HYPERCALL] = arch_exit_hypercall,
	[SK_EXIT_SYSREG] = arch_exit_sysreg,
	[SK_EXIT_WFI] = exit_wfi,
	[SK_EXIT_MAINT] = exit_maintenance,
	[SK_EXIT_DEBUG] = exit_fatal,
	[SK_EXIT_ERROR] = exit_fatal,
	[SK_EXIT_UNDEFINED] = arch_exit_undefined,
};

static exit_handler *handler(uint64_t word)
{
	unsigned code = word & SK_EXIT_CODE;

	if (code >= sizeof(handlers) / sizeof(handlers[0]) || !handlers[code])
		return exit_fatal;
	return handlers[code];
}

static void serve_events(struct vcpu *cpu, uint64_t bits)
{
	/* VMM_EVENT_KICK: `halt` and the interrupts that changed are looked at before each entry. */
	if (bits & VMM_EVENT_PASSES)
		passed_event(cpu->vm, bits);
	if (!(bits & (VMM_EVENT_CONSOLE | VMM_EVENT_VIRTIO)))
		return;
	lock_take(&cpu->vm->lock, cpu->index);
	if (bits & VMM_EVENT_CONSOLE)
		pl011_event(&cpu->vm->uart);
	if (bits & VMM_EVENT_VIRTIO)
		virtio_set_event(cpu->vm, bits);
	lock_drop(&cpu->vm->lock);
}

void vcpu_kick(struct vcpu *cpu)
{
	sk_signal(cpu->event);
}

void vm_decide(struct vm *vm, enum vm_outcome outcome)
{
	enum vm_outcome runs = VM_RUNS;

	if (!atomic_compare_exchange_strong(&vm->outcome, &runs, outcome))
		return;
	for (unsigned i = 0; i < vm->cpus; i++) {
		atomic_fetch_or(&vm->vcpu[i].halt, VCPU_END);
		if (vm->cpus > 1)
			vcpu_kick(&vm->vcpu[i]);
	}
}

void vcpu_wait(struct vcpu *cpu, uint64_t deadline)
{
	uint64_t bits;

	if (sk_wait(cpu->event, deadline, &bits) == SK_OK)
		serve_events(cpu, bits);
}

static void refused(struct vcpu *cpu, enum sk_status status)
{
	vm_log("SK_VCPU_RUN of vCPU %u: %s", cpu->index, sk_status_text(status));
	vm_decide(cpu->vm, VM_CRASHED);
}

static void run(struct vcpu *cpu)
{
	const struct sk_words *exit = &cpu->exit;

	while (!atomic_load_explicit(&cpu->halt, memory_order_relaxed)) {
		arch_before_run(cpu);
		enum sk_status status = sk_vcpu_enter(&cpu->run, &cpu->exit);
		cpu->run.w[0] = 0;
		arch_after_exit(cpu, exit->w[7]);
		if (__builtin_expect(atomic_load_explicit(&cpu->vm->passed.raised, memory_order_relaxed) != 0, 0))
			passed_ended(cpu->vm);
		if (status == SK_OK && (exit->w[0] & SK_EXIT_CODE) == SK_EXIT_MMIO)
			exit_mmio(cpu, exit);
		else if (status == SK_OK)
			handler(exit->w[0])(cpu, exit);
		else if (status == SK_EVENT)
			serve_events(cpu, exit->w[0]);
		else
			refused(cpu, status);
	}
}

void vcpu_loop(struct vcpu *cpu)
{
	while (atomic_load(&cpu->vm->outcome) == VM_RUNS) {
		if (atomic_load(&cpu->halt) & VCPU_OFF)
			arch_vcpu_off(cpu);
		run(cpu);
	}
	arch_vcpu_leave(cpu);
}
