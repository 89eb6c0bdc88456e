/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several cores: threads at home on each, on the second in detail: signals across,
 * and what may not cross. With one core the only thing to see is that nobody can live on another.
 */
#include <stdatomic.h>
#include "check.h"
#include "make.h"
#include "skerry/calls.h"
#include "skerry/root.h"
#include "skerry/start.h"

static _Atomic uint32_t where, count, stop, rounds, call_status;
static uint32_t ping, pong, far_endpoint;

static void report(void *arg)
{
	uint64_t core = 99;

	(void)arg;
	sk_null(NULL, &core);
	atomic_store(&where, (uint32_t)core + 1);
	while (!atomic_load(&stop))
		atomic_fetch_add(&count, 1);
	for (;;)
		sk_yield();
}

static void echo(void *arg)
{
	uint64_t bits;

	(void)arg;
	while (sk_wait(ping, SK_NEVER, &bits) == SK_OK) {
		atomic_fetch_add(&rounds, 1);
		sk_signal(pong);
	}
}

static void call_far(void *arg)
{
	struct sk_words m = { { 0 }, 0, 0 };

	(void)arg;
	atomic_store(&call_status, 1000 + sk_call(far_endpoint, &m));
}

static void lives_there(void)
{
	uint32_t thread = make_thread(report, NULL, 1, 100), then;

	check_value("a thread says it is on core 1", make_wait(&where), 2);
	check_status("stop it from here", sk_thread_stop(thread), SK_OK);
	then = atomic_load(&count);
	make_time(2000);
	check_value("it stands", atomic_load(&count), then);
	atomic_store(&count, 0);
	check_status("start it from here", sk_thread_start(thread), SK_OK);
	check("it goes on", make_wait(&count) > 0);
	check_status("delete it while it runs there", sk_delete(SK_ROOT_CNODE, thread), SK_OK);
	then = atomic_load(&count);
	make_time(2000);
	check_value("it is gone", atomic_load(&count), then);
}

static void tell(void *arg)
{
	uint64_t core;

	(void)arg;
	for (;;) {
		sk_null(NULL, &core);
		atomic_store(&where, (uint32_t)core + 1);
	}
}

/* It says so; what it was about to say when it was stopped may come before. */
static bool told(uint32_t core)
{
	for (unsigned i = 0; i < 60000 && atomic_load(&where) != core + 1; i++)
		make_time(1000);
	return atomic_load(&where) == core + 1;
}

static void each_has_threads(uint32_t cores)
{
	uint32_t thread = make_thread(tell, NULL, 0, 100);
	bool good = told(0);

	for (uint32_t core = 1; core < cores; core++) {
		must("stop", sk_thread_stop(thread));
		must("move", sk_thread_move(thread, core));
		must("start", sk_thread_start(thread));
		good &= told(core);
	}
	check("a thread says so on each core", good);
	must("delete", sk_delete(SK_ROOT_CNODE, thread));
	atomic_store(&where, 0);
}

static void signals(void)
{
	uint32_t thread, bell = make(SK_TYPE_NOTIFICATION, 0, 0), own = make(SK_TYPE_NOTIFICATION, 0, 0), to;
	enum sk_status status = SK_OK;
	uint64_t bits;

	ping = bell;
	pong = make_badge(own, 1);
	to = make_badge(bell, 1);
	thread = make_thread(echo, NULL, 1, 100);
	for (unsigned i = 0; i < 500 && status == SK_OK; i++) {
		sk_signal(to);
		status = sk_wait(own, sk_counter() + sk_start()->counter_hz * 60, &bits);
	}
	check_status("500 signals there and back", status, SK_OK);
	check_value("each was seen", atomic_load(&rounds), 500);
	check_status("delete the waiter", sk_delete(SK_ROOT_CNODE, thread), SK_OK);
}

static void wrong_core(void)
{
	struct sk_words m = { { 0 }, 0, 0 };

	far_endpoint = make(SK_TYPE_ENDPOINT, 0, 1);
	check_status("call an endpoint of core 1 from core 0", sk_call(far_endpoint, &m), SK_WRONG_CORE);
	check_status("serve one", sk_reply_wait(far_endpoint, &m), SK_WRONG_CORE);
	far_endpoint = make(SK_TYPE_ENDPOINT, 0, 0);
	make_thread(call_far, NULL, 1, 100);
	check_value("and the other way round", make_wait(&call_status), 1000 + SK_WRONG_CORE);
}

static void moved(void)
{
	uint32_t thread;

	atomic_store(&where, 0);
	thread = make_thread(report, NULL, 0, 100);
	check_value("it starts on core 0", make_wait(&where), 1);
	must("stop", sk_thread_stop(thread));
	check_status("move it", sk_thread_move(thread, 1), SK_OK);
	check_status("move it to core 50", sk_thread_move(thread, 50), SK_BAD_ARG);
	must("start", sk_thread_start(thread));
	atomic_store(&count, 0);
	for (volatile unsigned i = 0; i < 4000000000u && !atomic_load(&count); i++)
		;
	check("it runs while this core is busy", atomic_load(&count) > 0);
	must("delete", sk_delete(SK_ROOT_CNODE, thread));
}

/* Memory that the other core uses is unmapped under it. */
static _Atomic uint32_t writing;

static void writer(void *arg)
{
	volatile uint64_t *at = arg;

	for (;;) {
		*at = *at + 1;
		atomic_store(&writing, 1);
	}
}

static void unmapped_under(void)
{
	uint32_t memory = make_memory(SK_PAGE), note = make(SK_TYPE_NOTIFICATION, 0, 0), thread;
	uint64_t done;

	must("map", sk_map_all(memory, SK_ROOT_SPACE, 0x800000000ul, 0, SK_PAGE, SK_RIGHT_READ | SK_RIGHT_WRITE));
	thread = make_thread_with(&(struct make_thread){ writer, (void *)0x800000000ul, 1, 100, note, 0, 0 });
	check_value("it writes", make_wait(&writing), 1);
	check_status("unmap the page", sk_unmap(memory, 0, SK_PAGE, &done), SK_OK);
	make_state(thread, SK_THREAD_FAULTED);
	check_status("delete it", sk_delete(SK_ROOT_CNODE, thread), SK_OK);
}

int main(void)
{
	uint32_t cores = sk_root_info()->cores;

	if (cores == 1) {
		check_status("a thread on a core that is not there",
			     sk_retype(SK_ROOT_OBJECTS, SK_TYPE_THREAD, 0, SK_ROOT_CNODE, make_slots(1), 1, 1), SK_BAD_ARG);
		check_done();
	}
	check("there are no more than the abi allows", cores <= SK_MAX_CORES);
	each_has_threads(cores);
	lives_there();
	signals();
	wrong_core();
	moved();
	unmapped_under();
	check_done();
}
