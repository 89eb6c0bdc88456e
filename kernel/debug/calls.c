/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls that the debug kernel has besides; the numbers stand in the ABI header. */
#include "debug.h"

#include "entry.h"
#include "thread.h"

bool __real_kernel_syscall(struct core *core, uint64_t number);
bool __wrap_kernel_syscall(struct core *core, uint64_t number);
void __real_kernel_start(const struct bootinfo *boot, unsigned number);
void __wrap_kernel_start(const struct bootinfo *boot, unsigned number);

void __wrap_kernel_start(const struct bootinfo *boot, unsigned number)
{
	__real_kernel_start(boot, number);
	if (number == 0)
		debug_check_from(cores[0].current);
}

static status_t call_trace(struct arch_frame *f)
{
	uint64_t core = frame_word(f, 0), number = frame_word(f, 1);
	struct debug_event e;

	if (core >= core_count)
		return SK_BAD_ARG;
	frame_word(f, 0) = debug_events((unsigned)core);
	if (!debug_event((unsigned)core, number, &e))
		return SK_NO_MEMORY;
	frame_word(f, 1) = e.time;
	frame_word(f, 2) = e.kind;
	frame_word(f, 3) = e.thread;
	frame_word(f, 4) = e.pc;
	frame_word(f, 5) = e.a;
	frame_word(f, 6) = e.b;
	frame_word(f, 7) = e.c;
	return SK_OK;
}

bool __wrap_kernel_syscall(struct core *core, uint64_t number)
{
	struct thread *thread = core->current;
	struct arch_frame *f = &thread->frame;

	switch (number) {
	case SK_DEBUG_PUT:
		debug_put((char)frame_word(f, 0));
		thread_result(thread, SK_OK);
		return true;
	case SK_DEBUG_TRACE:
		thread_result(thread, call_trace(f));
		return true;
	case SK_DEBUG_CHECK:
		frame_word(f, 0) = debug_check_every(frame_word(f, 0));
		thread_result(thread, SK_OK);
		return true;
	default:
		return __real_kernel_syscall(core, number);
	}
}
