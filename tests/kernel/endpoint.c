/* SPDX-License-Identifier: BSD-2-Clause */
/* Endpoints: call and reply, badges, a capability in a message, and servers that go away. */
#include <stdatomic.h>
#include "check.h"
#include "make.h"
#include "skerry/calls.h"

#define PRIORITY 100u

static uint32_t endpoint, received_slot;
static _Atomic uint32_t seen;            /* server: messages so far */
static _Atomic uint64_t badge;
static _Atomic uint32_t aborted;

static _Atomic uint32_t gift;            /* server: goes with the next reply, 0: none */
static _Atomic uint32_t refused;         /* server: what its reply ended with, if not OK */

/* Answers every word plus its index; takes one capability if somebody sends it, and gives one. */
static void serve(void *arg)
{
	struct sk_words m = { { 0 }, 0, 0 };

	(void)arg;
	m.extra = received_slot;
	for (;;) {
		enum sk_status status = sk_reply_wait(endpoint, &m);

		if (status == SK_NO_RECEIVE_SLOT) { /* the caller waits on: it gets the words */
			atomic_store(&refused, status);
			m.extra = 0;
			continue;
		}
		if (status != SK_OK)
			break;
		atomic_store(&badge, m.extra);
		atomic_fetch_add(&seen, 1);
		for (unsigned i = 0; i < SK_WORDS; i++)
			m.w[i] += i;
		m.extra = (uint64_t)atomic_exchange(&gift, 0) << SK_SECOND_SLOT;
	}
	atomic_store(&aborted, 1);
}

static void round_trip(uint32_t client)
{
	struct sk_words m = { { 100, 200, 300, 400, 500, 600, 700, 800 }, 0, 0 };
	bool right = true;

	check_status("call", sk_call(client, &m), SK_OK);
	for (unsigned i = 0; i < SK_WORDS; i++)
		right &= m.w[i] == 100 * (i + 1) + i;
	check("all eight words came back", right);
	check_value("the server saw the badge", atomic_load(&badge) & ~SK_CAP_RECEIVED, 0x77);
}

static void many(uint32_t client)
{
	struct sk_words m = { { 0 }, 0, 0 };
	uint32_t before = atomic_load(&seen);
	enum sk_status status = SK_OK;

	for (unsigned i = 0; i < 1000 && status == SK_OK; i++)
		status = sk_call(client, &m);
	check_status("a thousand calls", status, SK_OK);
	check_value("the server saw them all", atomic_load(&seen) - before, 1000);
}

static void rights(void)
{
	uint32_t weak = make_slots(1);
	struct sk_words m = { { 0 }, 0, 0 };

	must("copy", sk_copy(SK_ROOT_CNODE, weak, SK_ROOT_CNODE, endpoint, SK_RIGHT_SERVE));
	check_status("call without the right", sk_call(weak, &m), SK_NO_RIGHT);
	must("delete", sk_delete(SK_ROOT_CNODE, weak));
	must("copy", sk_copy(SK_ROOT_CNODE, weak, SK_ROOT_CNODE, endpoint, SK_RIGHT_CALL));
	check_status("serve without the right", sk_reply_wait(weak, &m), SK_NO_RIGHT);
}

/* The server that named a slot receives; one that did not makes the call fail, and nothing was sent. */
static void capability(uint32_t client)
{
	uint32_t note = make(SK_TYPE_NOTIFICATION, 0, 0), before;
	struct sk_words m = { { 0 }, 0, note };
	struct sk_inspection i;

	check_status("send a capability", sk_call(client, &m), SK_OK);
	check("the server was told of it", atomic_load(&badge) & SK_CAP_RECEIVED);
	must("inspect", sk_inspect(SK_ROOT_CNODE, received_slot, &i));
	check_value("it is there", i.type, SK_TYPE_NOTIFICATION);
	before = atomic_load(&seen);
	m.extra = note;
	check_status("send to one who takes none", sk_call(client, &m), SK_NO_RECEIVE_SLOT);
	check_value("then nothing was sent", atomic_load(&seen), before);
	m.extra = make_slots(1);
	check_status("send an empty slot", sk_call(client, &m), SK_NO_CAP);
}

/* The same with the reply; a caller that named no slot gets the words alone. */
static void capability_back(uint32_t client)
{
	uint32_t note = make(SK_TYPE_NOTIFICATION, 0, 0), into = make_slots(1);
	struct sk_words m = { { 0 }, 0, (uint64_t)into << SK_SECOND_SLOT };
	struct sk_inspection i;

	atomic_store(&gift, note);
	check_status("be sent a capability", sk_call(client, &m), SK_OK);
	check_value("the caller is told of it", m.extra, SK_CAP_RECEIVED);
	check_value("with the words", m.w[7], 7);
	must("inspect", sk_inspect(SK_ROOT_CNODE, into, &i));
	check_value("it is there", i.type, SK_TYPE_NOTIFICATION);
	check_value("nothing was refused", atomic_load(&refused), 0);
	m = (struct sk_words){ { 0 }, 0, 0 };
	atomic_store(&gift, note);
	check_status("call without a slot for it", sk_call(client, &m), SK_OK);
	check_value("no capability came", m.extra, 0);
	check_value("the server was told", atomic_load(&refused), SK_NO_RECEIVE_SLOT);
}

static uint32_t caller_endpoint;
static _Atomic uint32_t caller_status;

static void call_once(void *arg)
{
	struct sk_words m = { { 0 }, 0, 0 };

	(void)arg;
	atomic_store(&caller_status, 1000 + sk_call(caller_endpoint, &m));
}

/* Nobody serves: the caller waits, until the endpoint is deleted. */
static void deleted(void)
{
	uint32_t lone = make(SK_TYPE_ENDPOINT, 0, 0);

	caller_endpoint = lone;
	atomic_store(&caller_status, 0);
	make_state(make_thread(call_once, NULL, 0, PRIORITY), SK_THREAD_CALLING);
	check_value("a caller waits for a server", atomic_load(&caller_status), 0);
	check_status("delete the endpoint", sk_delete(SK_ROOT_CNODE, lone), SK_OK);
	check_value("its caller returns ABORTED", make_wait(&caller_status), 1000 + SK_ABORTED);
}

/* The server is stopped while it works for a caller. */
static _Atomic uint32_t holding;

static void hold(void *arg)
{
	struct sk_words m = { { 0 }, 0, 0 };

	(void)arg;
	sk_reply_wait(caller_endpoint, &m);
	atomic_store(&holding, 1);
	for (;;)
		sk_yield();
}

static void server_stopped(void)
{
	uint32_t server;

	caller_endpoint = make(SK_TYPE_ENDPOINT, 0, 0);
	atomic_store(&caller_status, 0);
	server = make_thread(hold, NULL, 0, PRIORITY);
	make_state(server, SK_THREAD_SERVING);
	make_thread(call_once, NULL, 0, PRIORITY);
	check_value("the server has a caller", make_wait(&holding), 1);
	check_status("stop it", sk_thread_stop(server), SK_OK);
	check_value("its caller returns ABORTED", make_wait(&caller_status), 1000 + SK_ABORTED);
}

int main(void)
{
	uint32_t client, server;

	endpoint = make(SK_TYPE_ENDPOINT, 0, 0);
	received_slot = make_slots(1);
	client = make_badge(endpoint, 0x77);
	server = make_thread(serve, NULL, 0, PRIORITY);
	make_state(server, SK_THREAD_SERVING);
	capability(client);
	capability_back(client);
	round_trip(client);
	many(client);
	rights();
	deleted();
	server_stopped();
	check_status("delete the server's thread", sk_delete(SK_ROOT_CNODE, server), SK_OK);
	check_value("it did not run on", atomic_load(&aborted), 0);
	check_done();
}
