/* SPDX-License-Identifier: BSD-2-Clause */
#include "skerry/thread.h"

#include <pthread.h>
#include <string.h>
#include "skerry/calls.h"
#include "skerry/fail.h"

/* On top of the new thread's stack. */
struct thread_start {
	void (*entry)(void *);
	void *arg;
	uint32_t thread;
};

void thread_entry(void); /* start.S */
_Noreturn void thread_main(struct thread_start *start);

/* musl's own (src/env/__init_tls.c): lays TLS out in a block, returns the thread structure in it. */
void *__copy_tls(unsigned char *block);

_Noreturn void thread_main(struct thread_start *start)
{
	start->entry(start->arg);
	for (;;)
		sk_thread_stop(start->thread);
}

/*
 * musl's thread structure lies directly below the thread pointer. The new one
 * starts as a copy of the caller's (locale and such), then gets back what
 * __copy_tls wrote: hence twice. Its first word points to itself.
 */
static uint64_t make_tls(void *block)
{
	char *own = (char *)pthread_self();
	size_t bytes = (size_t)((char *)__builtin_thread_pointer() - own);
	char *made = __copy_tls(block);

	if (made < (char *)block || made + bytes > (char *)block + SK_THREAD_TLS_BYTES)
		sk_fail("thread-local storage needs more than %u bytes", SK_THREAD_TLS_BYTES);
	memcpy(made, own, bytes);
	__copy_tls(block);
	*(void **)(void *)made = made;
	return (uint64_t)(uintptr_t)(made + bytes);
}

enum sk_status sk_thread_spawn(uint32_t thread, void (*entry)(void *), void *arg, void *stack, size_t stack_bytes,
			       void *tls)
{
	struct thread_start *start = (void *)((char *)stack + stack_bytes - 64);
	uint64_t x0 = (uintptr_t)start;
	uint64_t rest[4] = { (uintptr_t)start, (uintptr_t)thread_entry, 0, make_tls(tls) };
	enum sk_status status = sk_thread_write(thread, SK_REG_X0, 1, &x0);

	_Static_assert(SK_REG_PC == SK_REG_SP + 1 && SK_REG_TLS == SK_REG_SP + 3, "written in one call");
	*start = (struct thread_start){ entry, arg, thread };
	if (status == SK_OK)
		status = sk_thread_write(thread, SK_REG_SP, 4, rest);
	if (status == SK_OK)
		status = sk_thread_start(thread);
	return status;
}
