/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What goes on between cores, and what a VM costs to make and keep. The counter is one for all cores, and
 * tells nothing of who executed how much: all is counted by tools/trace/sections.c, so this program
 * prints which section is what, and of memory the bytes.
 */
#include <stdatomic.h>
#include <string.h>

#include "check.h"
#include "exit_loop.h"
#include "make.h"
#include "measure.h"
#include "skerry/calls.h"
#include "skerry/memory.h"
#include "skerry/root.h"
#include "vm.h"

#define LOW    100u
#define HIGH   200u
#define ROUNDS 200u

/* Sections (section.h): of one core each; EXITS is the first of four. */
enum { EXITS = 0, SENDER = 4, RECEIVER = 5 };

/* Of all cores, the kernel's part. */
enum { MOVE = 24, REVOKE = 25, MAKE = 26 };

/* --- exits on all cores at once ------------------------------------------------------------ */

#define EXIT_ROUNDS 20000u

static _Atomic uint32_t ready, over;
static uint32_t all_over;

static void let_others(void)
{
	__asm__ volatile("yield"); /* QEMU: it is another core's turn */
}

static void together(void)
{
	atomic_fetch_add(&ready, 1);
	while (atomic_load(&ready) < sk_root_info()->cores)
		let_others();
}

/* Who waits for all of them runs on core 0, and is not to disturb the loop there. */
static void finished(uint32_t core)
{
	atomic_fetch_add(&over, 1);
	while (core == 0 && atomic_load(&over) < sk_root_info()->cores)
		let_others();
	if (core == 0)
		sk_signal(all_over);
}

/* A section's number is part of its instructions. */
#define RUNNER(n) static void runner_##n(void *arg)                           \
{                                                                             \
	struct sk_words m = { { 0 }, 0, 0 };                                  \
									      \
	(void)arg;                                                            \
	sk_vcpu_run(&m);                                                      \
	together();                                                           \
	SECTION_BEGIN(EXITS + n);                                             \
	exit_loop(EXIT_ROUNDS);                                               \
	SECTION_END(EXITS + n);                                               \
	finished(n);                                                          \
}
RUNNER(0)
RUNNER(1)
RUNNER(2)
RUNNER(3)

static void exits(uint32_t cores)
{
	static const char *const name[] = { "", "exit_rt_1_core", "exit_rt_2_cores", "", "exit_rt_4_cores" };
	static void (*const runner[])(void *) = { runner_0, runner_1, runner_2, runner_3 };

	uint64_t bits;

	all_over = make_badge(make(SK_TYPE_NOTIFICATION, 0, 0), 1);
	for (uint32_t core = 0; core < cores; core++)
		must("start", sk_thread_start(vm_make(runner[core], core, LOW, VM_EXITS)));
	must("wait", sk_wait(all_over, SK_NEVER, &bits));
	vm_destroy();
	for (uint32_t core = 0; core < cores; core++)
		measure_exact(name[cores], EXITS + core, EXIT_ROUNDS, EXIT_LOOP_OWN);
}

/* --- a signal to a thread on another core, which sleeps ------------------------------------- */

#define SIGNAL_OWN 1u /* mov */

static uint32_t bell;

static void waiter(void *arg)
{
	uint64_t bits;

	(void)arg;
	for (;;) {
		sk_wait(bell, SK_NEVER, &bits);
		SECTION_END(RECEIVER);
	}
}

static void signal_remote(void)
{
	uint32_t thread;

	bell = make_badge(make(SK_TYPE_NOTIFICATION, 0, 0), 1);
	thread = make_thread(waiter, 0, 1, HIGH);
	for (unsigned i = 0; i < ROUNDS; i++) {
		make_time(3000); /* it waits, and its core sleeps: mostly, the machine's time being the host's */
		SECTION_BEGIN(RECEIVER);
		SECTION_BEGIN(SENDER);
		sk_signal(bell);
		SECTION_END(SENDER);
	}
	make_time(3000);
	must("stop the waiter", sk_thread_stop(thread));
	measure_exact("signal_remote_sender", SENDER, 1, SIGNAL_OWN);
	measure_exact("signal_remote_receiver", RECEIVER, 1, 0);
}

/* --- a guest that runs, moved and revoked --------------------------------------------------- */

static void run_guest(void *arg)
{
	struct sk_words m = { { 0 }, 0, 0 };

	(void)arg;
	sk_vcpu_run(&m);
}

/* Looks until the guest has gone on. Not asleep: the kernel would have to do with it. */
static void guest_goes_on(void)
{
	uint64_t then = vm_progress();

	while (vm_progress() - then < 2)
		let_others();
}

/* Between cores 1 and 2, from the call until the guest goes on. */
static void move(void)
{
	uint32_t thread = vm_make(run_guest, 1, LOW, VM_COUNTS);

	must("start", sk_thread_start(thread));
	for (unsigned i = 0; i < ROUNDS; i++) {
		guest_goes_on();
		SECTION_BEGIN(MOVE);
		must("move", sk_thread_move(thread, 2 - i % 2));
		guest_goes_on();
		SECTION_END(MOVE);
	}
	must("stop", sk_thread_stop(thread));
	measure_exact("vcpu_move", MOVE, 1, 0);
}

/* Until the call returns: the guest runs on core 1, and the vCPU is all there is in its untyped. */
static void revoke(void)
{
	for (unsigned i = 0; i < ROUNDS / 10; i++) {
		uint32_t thread = vm_make(run_guest, 1, LOW, VM_COUNTS);

		must("start", sk_thread_start(thread));
		guest_goes_on();
		SECTION_BEGIN(REVOKE);
		must("revoke", sk_revoke(SK_ROOT_CNODE, vm_vcpu_untyped()));
		SECTION_END(REVOKE);
		vm_destroy();
	}
	measure_exact("revoke_running_vcpu", REVOKE, 1, 0);
}

/* --- a VM made and destroyed, and what it takes ---------------------------------------------- */

static void make_and_destroy(void)
{
	for (unsigned i = 0; i < ROUNDS / 10; i++) {
		SECTION_BEGIN(MAKE);
		vm_make(run_guest, 0, LOW, VM_COUNTS);
		vm_destroy();
		SECTION_END(MAKE);
	}
	measure_exact("vm_create_destroy", MAKE, 1, 0);
}

int main(void)
{
	uint32_t cores = sk_root_info()->cores;

	check_invariants(false); /* the release kernel has no checker */
	vm_prepare();
	exits(cores);
	if (cores == 1) {
		make_and_destroy();
		vm_print_bytes();
	}
	if (cores > 2) {
		signal_remote();
		move();
		vm_destroy();
		revoke();
	}
	check_done();
}
