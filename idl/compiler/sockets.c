/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The numbers (CIDs) of those who are connected to a socket hub, and whom each may
 * connect to: the settings cid and reach of rings called Vsock (std.adl). Each has a number
 * of its own, and reaches numbers that are there.
 */
#include "system.h"

#include <stdlib.h>

#include "rings/virtio.h"

static bool is_socket(const struct connection *c)
{
	return is_ring(c->connector) && same(c->to->port->decl->name.text, "Vsock");
}

static const struct value *setting(const struct connection *c, const char *key)
{
	for (const struct setting *s = c->settings; s; s = s->next) {
		if (same(s->path.text, key))
			return s->value;
	}
	return NULL;
}

static bool is_guests(const struct connection *c)
{
	const struct terminal *user = c->ends == c->to ? c->ends->next : c->ends;

	return user->instance->vm != NULL;
}

/* The number at *TEXT, which is moved behind it and the space that separates it from the next. */
static uint32_t number_at(const struct value *v, const char **text, unsigned least)
{
	char *end;
	unsigned long value = strtoul(*text, &end, 10);

	if (**text < '0' || **text > '9' || (*end && *end != ' ') || value < least || value > VIRTIO_VSOCK_CID_LAST)
		error_at(v->at, "\"%s\": expected %s to %u%s", v->text, least == VIRTIO_VSOCK_CID_HOST ? "numbers from 2" : "a guest's number, 3",
			 VIRTIO_VSOCK_CID_LAST, least == VIRTIO_VSOCK_CID_HOST ? "" : " (2 is the host's)");
	*text = end + (*end == ' ');
	return (uint32_t)value;
}

static uint32_t cid_of(const struct connection *c)
{
	const struct value *v = setting(c, "cid");
	const char *text = v ? v->text : "";
	uint32_t cid;

	if (!v)
		error_at(c->at, "\"%s\" has no number in its socket hub; set %s.cid = \"3\", say", c->name, c->name);
	cid = number_at(v, &text, is_guests(c) ? VIRTIO_VSOCK_CID_HOST + 1 : VIRTIO_VSOCK_CID_HOST);
	if (*text)
		error_at(v->at, "\"%s\": one number is expected", v->text);
	return cid;
}

static const struct connection *owner_of(const struct system *s, const struct connection *of, uint32_t cid)
{
	for (const struct connection *c = s->connections; c; c = c->next) {
		if (c != of && is_socket(c) && c->to->instance == of->to->instance && cid_of(c) == cid)
			return c;
	}
	return NULL;
}

static void check_reach(const struct system *s, const struct connection *c)
{
	const struct value *v = setting(c, "reach");

	for (const char *text = v ? v->text : ""; *text;) {
		uint32_t cid = number_at(v, &text, VIRTIO_VSOCK_CID_HOST);

		if (!owner_of(s, c, cid))
			error_at(v->at, "nobody else at \"%s\" has the number %u", c->to->instance->name, cid);
	}
}

void check_sockets(const struct system *s)
{
	for (const struct connection *c = s->connections; c; c = c->next) {
		const struct connection *other;

		if (!is_socket(c))
			continue;
		other = owner_of(s, c, cid_of(c));
		if (other) {
			also_at(setting(other, "cid")->at, "the other one is here");
			error_at(setting(c, "cid")->at, "\"%s\" and \"%s\" have one number, %u", c->name, other->name, cid_of(c));
		}
		check_reach(s, c);
	}
}
