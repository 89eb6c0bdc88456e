/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads: registers, start and stop, priorities, and faults as messages. */
#include <stdatomic.h>
#include "check.h"
#include "make.h"
#include "skerry/calls.h"

static _Atomic uint32_t count, order;
static _Atomic uint64_t fp_sum;

static void counter(void *arg)
{
	(void)arg;
	for (;;)
		atomic_fetch_add(&count, 1);
}

static void start_stop(void)
{
	uint32_t thread = make_thread(counter, NULL, 0, 100), then;
	uint64_t regs[8], value = 1;

	check("it runs", make_wait(&count) > 0);
	check_status("read while it runs", sk_thread_read(thread, SK_REG_SP, regs), SK_STATE);
	check_status("start it twice", sk_thread_start(thread), SK_STATE);
	check_status("stop it", sk_thread_stop(thread), SK_OK);
	then = atomic_load(&count);
	make_time(2000);
	check_value("it stands", atomic_load(&count), then);
	check_status("read", sk_thread_read(thread, SK_REG_SP, regs), SK_OK);
	check("its pc is in counter()", regs[1] - (uint64_t)(uintptr_t)counter < 64);
	check_status("read past the last register", sk_thread_read(thread, SK_REG_COUNT, regs), SK_BAD_ARG);
	check_status("write seven", sk_thread_write(thread, 0, 7, regs), SK_BAD_ARG);
	check_status("write", sk_thread_write(thread, SK_REG_X0 + 20, 1, &value), SK_OK);
	must("read", sk_thread_read(thread, SK_REG_X0 + 20, regs));
	check_value("what was written", regs[0], 1);
	atomic_store(&count, 0);
	check_status("start it again", sk_thread_start(thread), SK_OK);
	check("it goes on", make_wait(&count) > 0);
	check_status("delete it while it runs", sk_delete(SK_ROOT_CNODE, thread), SK_OK);
	then = atomic_load(&count);
	make_time(2000);
	check_value("it is gone", atomic_load(&count), then);
}

static void incomplete(void)
{
	uint32_t thread = make(SK_TYPE_THREAD, 0, 0);
	struct sk_thread_config config = { .cnode = SK_ROOT_CNODE };

	check_status("start without cnode and space", sk_thread_start(thread), SK_STATE);
	must("configure", sk_thread_configure(thread, &config));
	check_status("start without a space", sk_thread_start(thread), SK_STATE);
	config = (struct sk_thread_config){ .space = SK_ROOT_CNODE };
	check_status("a cnode as its space", sk_thread_configure(thread, &config), SK_WRONG_TYPE);
	config = (struct sk_thread_config){ .space = make(SK_TYPE_SPACE, 0, SK_SPACE_GUEST) };
	check("a guest's space as its space", sk_thread_configure(thread, &config) != SK_OK);
}

static void arrive(void *arg)
{
	atomic_store(&order, atomic_load(&order) * 10 + (uint32_t)(uintptr_t)arg);
}

static void priorities(void)
{
	make_thread(arrive, (void *)1, 0, 50);
	make_thread(arrive, (void *)2, 0, 60);
	for (unsigned i = 0; i < 60000 && atomic_load(&order) < 10; i++)
		make_time(1000);
	check_value("the higher priority ran first", atomic_load(&order), 21);
}

/* Two threads compute with FP registers while they take turns. */
static void floating(void *arg)
{
	uint64_t start = (uint64_t)(uintptr_t)arg, sum;

	__asm__ volatile("fmov d8, %1\n\tmov x20, #2000\n1:\tfmov d9, d8\n\tsvc %2\n\tfmov d8, d9\n\t"
			 "subs x20, x20, #1\n\tb.ne 1b\n\tfmov %0, d8"
			 : "=r"(sum)
			 : "r"(start), "i"(SK_NULL)
			 : "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13",
			   "x14", "x15", "x16", "x17", "x18", "x20", "cc", "memory");
	if (sum == start)
		atomic_fetch_add(&fp_sum, 1);
}

/* The registers of a thread that is stopped while it owns them are nobody else's to read. */
#define FP_SECRET 0x5ec7e75ec7e7ul

static _Atomic uint32_t fp_loaded;

static void fp_owner(void *arg)
{
	(void)arg;
	__asm__ volatile("fmov d5, %0" : : "r"(FP_SECRET));
	atomic_store(&fp_loaded, 1);
	for (;;)
		__asm__ volatile("fmov d5, d5");
}

static void fp_of_a_stopped_thread(void)
{
	uint32_t thread = make_thread(fp_owner, NULL, 0, 100);
	uint64_t seen;

	make_wait(&fp_loaded);
	sk_thread_stop(thread);
	__asm__ volatile("fmov %0, d5" : "=r"(seen));
	check("its d5 after the stop is not ours to read", seen != FP_SECRET);
}

/* Faults: the handler is told what, where and how, and its reply resumes. */
static uint32_t handler;
static _Atomic uint32_t resumed;
static _Atomic uint64_t fault[4];

static void handle(void *arg)
{
	struct sk_words m = { { 0 }, 0, 0 };

	(void)arg;
	if (sk_reply_wait(handler, &m) != SK_OK)
		return;
	for (unsigned i = 0; i < 4; i++)
		atomic_store(&fault[i], m.w[i]);
	/* Make the store good: map a page there. */
	if (sk_map_all((uint32_t)(uintptr_t)arg, SK_ROOT_SPACE, 0x900000000ul, 0, SK_PAGE,
		       SK_RIGHT_READ | SK_RIGHT_WRITE) != SK_OK)
		return;
	sk_reply_wait(0, &m);
}

static void store(void *arg)
{
	(void)arg;
	*(volatile uint64_t *)0x900000018ul = 7;
	atomic_store(&resumed, (uint32_t)*(volatile uint64_t *)0x900000018ul);
}

static void faults(void)
{
	handler = make(SK_TYPE_ENDPOINT, 0, 0);
	make_state(make_thread(handle, (void *)(uintptr_t)make_memory(SK_PAGE), 0, 120), SK_THREAD_SERVING);
	make_thread_with(&(struct make_thread){ store, NULL, 0, 100, handler, 0, 0 });
	check_value("it went on behind the fault", make_wait(&resumed), 7);
	check_value("what the handler was told: memory", atomic_load(&fault[0]), SK_FAULT_MEMORY);
	check_value("the address", atomic_load(&fault[1]), 0x900000018ul);
	check("the pc", atomic_load(&fault[2]) - (uint64_t)(uintptr_t)store < 64);
	check_value("a write", atomic_load(&fault[3]), SK_ACCESS_WRITE);
}

int main(void)
{
	start_stop();
	incomplete();
	priorities();
	make_thread(floating, (void *)0x1111, 0, 100);
	make_thread(floating, (void *)0x2222, 0, 100);
	for (unsigned i = 0; i < 60000 && atomic_load(&fp_sum) < 2; i++)
		make_time(1000);
	check_value("FP registers of two threads", atomic_load(&fp_sum), 2);
	fp_of_a_stopped_thread();
	faults();
	check_done();
}
