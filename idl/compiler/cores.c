/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A call does not leave its core. A component that says `per core` is there once on
 * each core from which it is called: NAME on its own, NAME.coreN on core N, each
 * with the same settings and with connections of its own to whatever it uses.
 */
#include "system.h"


static struct system *sys;

static struct terminal *server_of(const struct connection *c)
{
	struct terminal *t = c->ends;

	while (t && (t->from || !t->instance))
		t = t->next;
	return t;
}

static void add_end(struct connection *c, const struct terminal *like, struct instance *instance)
{
	struct terminal *t = NEW(struct terminal);

	*t = *like;
	t->instance = instance;
	t->next = c->ends;
	c->ends = t;
}

/* A connection as C is, for CORE. */
static struct connection *copy(const struct connection *c, uint32_t core)
{
	const char *name = idl_text("%s.core%u", c->name, core);
	struct connection *made = sys->connections;

	while (made && !same(made->name, name))
		made = made->next;
	if (made)
		return made;
	made = NEW(struct connection);
	*made = *c;
	made->next = NULL;
	made->name = name;
	made->ends = NULL;
	APPEND(sys->connections_tail, made);
	return made;
}

/* What FIRST uses, MADE uses as well. */
static void connect_copy(const struct instance *first, struct instance *made)
{
	for (struct connection *c = sys->connections; c; c = c->next) {
		for (const struct terminal *t = c->ends; t; t = t->next) {
			struct connection *ring;

			if (t->instance != first || (c->connector == CON_RPC && !t->from))
				continue;
			if (!t->from || (c->connector != CON_RPC && c->connector != CON_NOTIFY && c->connector != CON_RING))
				error_at(t->at, "\"%s\" is there once per core, so \"%s\" cannot be joined with one thing: it may call, "
					 "emit and use rings", first->name, t->port->name.text);
			if (c->connector != CON_RING) {
				add_end(c, t, made);
				break;
			}
			ring = copy(c, made->core);
			for (const struct terminal *o = c->ends; o; o = o->next)
				add_end(ring, o, o == t ? made : o->instance);
			break;
		}
	}
}

static struct instance *on_core(struct instance *first, uint32_t core)
{
	struct instance like = *first, *made = sys->instances;

	if (first->core == core)
		return first;
	while (made && (made->first_of != first || made->core != core))
		made = made->next;
	if (made)
		return made;
	like.name = idl_text("%s.core%u", first->name, core);
	like.core = core;
	like.first_of = first;
	made = add_instance(sys, &like, first->at);
	connect_copy(first, made);
	return made;
}

/* Called from other cores only, the first instance is on one of these. */
static void settle(const struct connection *c, struct instance *first)
{
	const struct instance *client = NULL;

	for (const struct terminal *t = c->ends; t && !first->settled; t = t->next) {
		if (!t->from || !t->instance)
			continue;
		first->settled = t->instance->core == first->core;
		client = t->instance;
	}
	if (!first->settled && client)
		first->core = client->core;
	first->settled = true;
}

/* Moves the clients of C that are on other cores than its server to connections of their own. */
static void split(struct connection *c)
{
	struct terminal *server = server_of(c), *next;

	if (c->connector != CON_RPC || !server || !server->instance->decl->per_core)
		return;
	settle(c, server->instance);
	for (struct terminal **at = &c->ends; *at; ) {
		struct terminal *t = *at;
		struct connection *there;

		next = t->next;
		if (t == server || !t->instance || t->instance->core == server->instance->core) {
			at = &t->next;
			continue;
		}
		there = copy(c, t->instance->core);
		if (!there->ends)
			add_end(there, server, on_core(server->instance, t->instance->core));
		add_end(there, t, t->instance);
		*at = next;
	}
}

void open_cores(struct system *system)
{
	sys = system;
	for (struct connection *c = sys->connections; c; c = c->next)
		split(c);
}
