/* SPDX-License-Identifier: BSD-2-Clause */
#include "ipc_life.h"

#include "ipc_model.h"

/* Of each core. */
static struct ipc {
	struct thread *server, *client[MODEL_CLIENTS];
	uint64_t servers_name, clients_name[MODEL_CLIENTS]; /* the endpoint, each in its own cnode */
} ipcs[SK_MAX_CORES];
static uint64_t word;

void ipc_begin(unsigned cnode)
{
	unsigned slots = ((const struct cnode *)kit_object(cnode))->size, endpoint, slot;

	for (unsigned core = 0; core < core_count; core++) {
		struct ipc *ipc = &ipcs[core];

		endpoint = kit_make(SK_TYPE_ENDPOINT, 0, core);
		ipc->servers_name = slots - IPC_SLOTS + core;
		assert_ok(SYS(SK_COPY, cnode, ipc->servers_name, SK_ROOT_CNODE, endpoint, SK_RIGHT_SERVE));
		ipc->server = kit_thread_stopped(core, CAPS_PRIORITY, &slot);
		assert_ok(SYS(SK_THREAD_CONFIGURE, slot, cnode));
		assert_ok(SYS(SK_THREAD_START, slot));
		for (unsigned i = 0; i < MODEL_CLIENTS; i++) {
			ipc->clients_name[i] = model_badge(i) ? kit_badge(endpoint, model_badge(i)) : endpoint;
			ipc->client[i] = kit_thread(core, CAPS_PRIORITY, &slot);
		}
		model_endpoint_init(&model_endpoints[core]);
	}
}

/* The slot as the thread names it: clients have the first cnode, the server the second. */
static uint64_t name(int slot, bool servers)
{
	if (slot == MODEL_NO_SLOT)
		return 0;
	if (slot == MODEL_BEYOND)
		return SK_ROOT_CNODE_SLOTS + 5;
	return servers ? 1 + (unsigned)slot - MODEL_PER_CNODE : caps_window(slot);
}

/* One that is taken, or not, mostly. */
static int a_slot(bool servers, bool taken)
{
	int first = servers ? MODEL_PER_CNODE : 0, from = (int)caps_rnd(MODEL_PER_CNODE);
	uint32_t what = caps_rnd(20);

	for (int i = 0; what > 3 && i < MODEL_PER_CNODE; i++) {
		int at = first + (from + i) % MODEL_PER_CNODE;

		if (taken == (model[at].type != SK_TYPE_NONE))
			return at;
	}
	return what < 2 ? MODEL_NO_SLOT : what == 2 ? MODEL_BEYOND : first + from;
}

static struct model_message a_message(bool servers)
{
	struct model_message m = { a_slot(servers, true), a_slot(servers, false), ++word };

	return m;
}

static void compare(struct thread *thread, const struct model_outcome *want, bool server)
{
	struct result r = kit_outcome(thread);

	assert_status(want->waits ? KIT_BLOCKED : want->status, r);
	if (!want->message)
		return;
	assert_int_equal(r.extra, (want->received ? SK_CAP_RECEIVED : 0) | (server ? want->badge : 0));
	assert_int_equal(r.w[0], want->word);
}

static void call(struct ipc *ipc, struct model_endpoint *e, unsigned i)
{
	struct model_message m = a_message(false);

	caps_run(ipc->client[i]);
	CALLX(ipc->client[i], SK_CALL, ipc->clients_name[i],
	      name(m.send, false) | name(m.receive, false) << SK_SECOND_SLOT, m.word);
	model_call(e, i, m);
	life.done[SK_CALL] += e->client[i].waits && m.send >= 0 && e->caller == (int)i;
}

static void reply(struct ipc *ipc, struct model_endpoint *e)
{
	struct model_message m = a_message(true);
	bool wait = caps_rnd(6);

	caps_run(ipc->server);
	CALLX(ipc->server, SK_REPLY_WAIT, wait ? ipc->servers_name : 0,
	      name(m.receive, true) | name(m.send, true) << SK_SECOND_SLOT, m.word);
	if (wait)
		model_reply_wait(e, m);
	else
		model_reply(e, m);
	life.done[SK_REPLY_WAIT] += m.send >= 0 && (e->server.waits || e->server.status == SK_OK);
}

void ipc_step(void)
{
	unsigned core = core_count > 1 ? caps_rnd(core_count) : 0, i = caps_rnd(MODEL_CLIENTS + 1);
	struct model_endpoint *e = &model_endpoints[core];
	struct ipc *ipc = &ipcs[core];
	struct model_endpoint before = *e;

	if (i < MODEL_CLIENTS && !e->client[i].waits)
		call(ipc, e, i);
	else if (!e->server.waits)
		reply(ipc, e);
	else
		return;
	/* of those who wait still, or whose call ended now */
	if (before.server.waits || e->server.waits || memcmp(&before.server, &e->server, sizeof(e->server)) != 0)
		compare(ipc->server, &e->server, true);
	for (unsigned n = 0; n < MODEL_CLIENTS; n++) {
		if (before.client[n].waits || n == i)
			compare(ipc->client[n], &e->client[n], false);
	}
}
