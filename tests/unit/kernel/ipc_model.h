/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages and the capabilities that go with them in the reference model (caps_model.h): an
 * endpoint of each core, with one server and a few clients of one priority.
 */
#ifndef SKERRY_IPC_MODEL_H
#define SKERRY_IPC_MODEL_H

#include "caps_model.h"

enum { MODEL_CLIENTS = 2 };

/* Slots that a message names: none, or an index beyond the cnode. */
enum { MODEL_NO_SLOT = -1, MODEL_BEYOND = -2 };

/* How a call ended, or that it has not: what its thread has in its registers. */
struct model_outcome {
	bool waits;
	bool message;             /* it has got one: */
	unsigned status;
	bool received;            /* a capability came along */
	uint64_t word, badge;
};

struct model_message {
	int send, receive;        /* slots */
	uint64_t word;
};

struct model_endpoint {
	struct model_outcome server, client[MODEL_CLIENTS];
	int server_receives;      /* slot, while it waits */
	int caller;               /* whose call it has; -1: nobody's */
	struct model_message call[MODEL_CLIENTS];
	int queue[MODEL_CLIENTS];
	unsigned queued;
};

extern struct model_endpoint model_endpoints[SK_MAX_CORES];

/* Nobody waits or has called. */
void model_endpoint_init(struct model_endpoint *e);

/* Calls by those that do not wait. The outcomes of all threads of the endpoint are then as they must be. */
void model_call(struct model_endpoint *e, unsigned client, struct model_message m);
void model_reply_wait(struct model_endpoint *e, struct model_message m);
/* Without an endpoint: an answer, and no more. */
void model_reply(struct model_endpoint *e, struct model_message m);

/* Of which a client has the badge. */
static inline uint64_t model_badge(unsigned client)
{
	return client * 5;
}

#endif
