/* SPDX-License-Identifier: BSD-2-Clause */
#include "ipc_model.h"

struct model_endpoint model_endpoints[SK_MAX_CORES];

void model_endpoint_init(struct model_endpoint *e)
{
	*e = (struct model_endpoint){ .caller = -1, .server_receives = MODEL_NO_SLOT };
}

static void ends(struct model_outcome *o, unsigned status)
{
	*o = (struct model_outcome){ .status = status };
}

/* The server gets the client's message: SK_OK, or why it does not, and nothing was sent. */
static unsigned meet(struct model_endpoint *e, unsigned client)
{
	const struct model_message *m = &e->call[client];
	unsigned status = m->send == MODEL_NO_SLOT ? SK_OK : model_send(m->send, e->server_receives);

	if (status != SK_OK)
		return status;
	e->caller = (int)client;
	e->server = (struct model_outcome){ false, true, SK_OK, m->send != MODEL_NO_SLOT, m->word, model_badge(client) };
	return SK_OK;
}

void model_call(struct model_endpoint *e, unsigned client, struct model_message m)
{
	unsigned status = SK_OK;

	if (m.receive == MODEL_BEYOND)
		status = SK_BAD_ARG;
	else if (m.send == MODEL_BEYOND || (m.send >= 0 && model[m.send].type == SK_TYPE_NONE))
		status = SK_NO_CAP;
	e->call[client] = m;
	if (status == SK_OK && e->server.waits)
		status = meet(e, client);
	else if (status == SK_OK)
		e->queue[e->queued++] = (int)client;
	if (status == SK_OK)
		e->client[client] = (struct model_outcome){ .waits = true };
	else
		ends(&e->client[client], status);
}

/* The answer to the present caller, if there is one. */
static unsigned answer(struct model_endpoint *e, struct model_message m)
{
	struct model_outcome *o = &e->client[e->caller < 0 ? 0 : e->caller];
	unsigned status = SK_OK;

	if (e->caller < 0)
		return SK_OK;
	if (m.send != MODEL_NO_SLOT)
		status = model_send(m.send, e->call[e->caller].receive);
	if (status != SK_OK)
		return status;
	*o = (struct model_outcome){ false, true, SK_OK, m.send != MODEL_NO_SLOT, m.word, 0 };
	e->caller = -1;
	return SK_OK;
}

static unsigned first_of_queue(struct model_endpoint *e)
{
	unsigned client = (unsigned)e->queue[0];

	e->queued--;
	for (unsigned i = 0; i < e->queued; i++)
		e->queue[i] = e->queue[i + 1];
	return client;
}

void model_reply_wait(struct model_endpoint *e, struct model_message m)
{
	unsigned status = m.receive == MODEL_BEYOND ? SK_BAD_ARG : answer(e, m);

	if (status != SK_OK) {
		ends(&e->server, status); /* the caller waits on */
		return;
	}
	e->server_receives = m.receive;
	while (e->queued) {
		unsigned client = first_of_queue(e);

		status = meet(e, client);
		if (status == SK_OK)
			return;
		ends(&e->client[client], status);
	}
	e->server = (struct model_outcome){ .waits = true };
}

void model_reply(struct model_endpoint *e, struct model_message m)
{
	ends(&e->server, answer(e, m));
}
