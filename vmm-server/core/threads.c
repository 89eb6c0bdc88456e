/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vCPUs' threads. The machine runs in rounds: one from power-on to the first
 * reset, and so on. Between two rounds the main thread has the whole struct vm to
 * itself.
 */
#include "core/threads.h"

#include <stdio.h>

#include <skerry/calls.h>
#include <skerry/fail.h>
#include <skerry/start.h>
#include <skerry/thread.h>

#include "core/loop.h"

#define STACK_BYTES 16384u

/* A vCPU's thread calls no musl function that is not for all threads. */
static struct {
	_Alignas(16) uint8_t stack[STACK_BYTES];
	_Alignas(16) uint8_t tls[SK_THREAD_TLS_BYTES];
} memory[VMM_MAX_CPUS - 1];

static void further(void *arg)
{
	struct vcpu *cpu = arg;
	struct vm *vm = cpu->vm;
	uint64_t bits;

	for (uint32_t round = 0;;) {
		/* acquire: pairs with the release in threads_run */
		while (atomic_load_explicit(&vm->round, memory_order_acquire) == round)
			sk_wait(cpu->event, SK_NEVER, &bits);
		round++;
		vcpu_loop(cpu);
		/* release: pairs with the acquire in threads_run */
		atomic_store_explicit(&cpu->round, round, memory_order_release);
		vcpu_kick(&vm->vcpu[0]);
	}
}

void threads_start(struct vm *vm)
{
	char name[24];

	for (unsigned i = 1; i < vm->cpus; i++) {
		uint32_t slot;
		enum sk_status status;

		snprintf(name, sizeof(name), "thread%u", i);
		slot = sk_need_slot(name);
		status = sk_thread_spawn(slot, further, &vm->vcpu[i], memory[i - 1].stack, STACK_BYTES, memory[i - 1].tls);
		if (status != SK_OK)
			sk_fail("%s cannot be started: %s", name, sk_status_text(status));
	}
}

void threads_run(struct vm *vm)
{
	uint32_t round = atomic_load_explicit(&vm->round, memory_order_relaxed) + 1;

	atomic_store_explicit(&vm->round, round, memory_order_release);
	for (unsigned i = 1; i < vm->cpus; i++)
		vcpu_kick(&vm->vcpu[i]);
	vcpu_loop(&vm->vcpu[0]);
	for (unsigned i = 1; i < vm->cpus; i++) {
		while (atomic_load_explicit(&vm->vcpu[i].round, memory_order_acquire) != round)
			vcpu_wait(&vm->vcpu[0], SK_NEVER);
	}
}
