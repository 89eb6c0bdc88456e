/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * count PROGRAM ARGUMENT...: runs it and prints "instructions N": what the machine
 * executed meanwhile, for this and for whatever stands behind the guest's devices.
 *
 * Under icount the counter counts instructions, but it also leaps when everybody
 * waits. So somebody never does: a process of the lowest kind (SCHED_IDLE) spins and
 * counts its rounds, which are taken off. How long a device takes on the host then
 * changes nothing but the number of rounds. For QEMU a yield is a long instruction:
 * in what the host takes for a request there are a few of them, not a timer tick.
 */
#include "linux.h"

enum { PROT_RW = 3, MAP_SHARED_ANONYMOUS = 0x21, MAP_POPULATE = 0x8000, SIGKILL = 9, SCHED_IDLE = 5 };

#define ROUND 7 /* instructions of one round below */

static uint64_t now(void)
{
	uint64_t ticks, hz;

	__asm__ volatile("isb\n\tmrs %0, cntvct_el0\n\tmrs %1, cntfrq_el0" : "=r"(ticks), "=r"(hz) : : "memory");
	return ticks * (1000000000 / hz); /* the counter of QEMU's models divides a nanosecond's clock evenly */
}

static _Noreturn void spin(uint64_t *rounds)
{
	uint32_t priority = 0;

	call6(SYS_SCHED_SETSCHEDULER, 0, SCHED_IDLE, (long)&priority, 0, 0, 0);
	for (uint64_t n = 0;;)
		__asm__ volatile("1: yield\n\tyield\n\tyield\n\tyield\n\t"
				 "add %0, %0, 1\n\tstr %0, [%1]\n\tb 1b" : "+r"(n) : "r"(rounds) : "memory");
}

static long child(void)
{
	return call6(SYS_CLONE, SIGCHLD, 0, 0, 0, 0, 0);
}

__attribute__((used)) static _Noreturn void run(const long *stack)
{
	const long *argv = stack + 1, *environment = argv + stack[0] + 1;
	volatile uint64_t *rounds;
	uint64_t before, rounds_before, spent;
	long spinner, program;
	int status = 0;

	require(stack[0] >= 2);
	rounds = (void *)call6(SYS_MMAP, 0, 4096, PROT_RW, MAP_SHARED_ANONYMOUS | MAP_POPULATE, -1, 0);
	spinner = child();
	if (spinner == 0)
		spin((uint64_t *)rounds);
	rounds_before = *rounds;
	before = now();
	program = child();
	if (program == 0) {
		call6(SYS_EXECVE, argv[1], (long)(argv + 1), (long)environment, 0, 0, 0);
		leave(127);
	}
	require(call6(SYS_WAIT4, program, (long)&status, 0, 0, 0, 0) == program);
	spent = now() - before - ROUND * (*rounds - rounds_before);
	print("instructions ");
	print_number(spent);
	print("\n");
	call6(SYS_KILL, spinner, SIGKILL, 0, 0, 0, 0);
	leave(status ? 1 : 0);
}

__asm__(".globl _start\n_start: mov x0, sp\n\tb run");
