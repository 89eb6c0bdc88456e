/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The numbers (CIDs) of those who are connected to a socket hub, and whom each may
 * connect to: the settings cid and reach of rings called Vsock (std.adl), which the hub finds as
 * parameters of its ends. Each has a number of its own, and reaches numbers that are there.
 */
#include "built.h"

#include <stdlib.h>
#include <string.h>

#include "rings/virtio.h"

/* A hub's end. */
struct port {
	struct port *next;
	uint32_t hub;                /* component */
	const char *end;             /* what it calls it */
	uint32_t ring;               /* object */
	const char *name;            /* of the connection */
	struct place at;
	uint32_t cid;
};

static const struct built *b;

static const char *setting(const struct port *p, const char *key)
{
	const char *name = idl_text("%s.%s", p->end, key);

	for (uint32_t i = 0; i < b->spec.params; i++) {
		const struct spec_param *q = &b->spec.param[i];

		if (q->component == p->hub && q->kind == SPEC_PARAM_VALUE && same(spec_string(&b->spec, q->key), name))
			return spec_string(&b->spec, q->value);
	}
	return NULL;
}

/* Its user is a VMM. */
static bool is_guests(const struct port *p)
{
	for (uint32_t i = 0; i < b->spec.maps; i++) {
		for (uint32_t o = 0; o < b->spec.objects && b->spec.map[i].object == p->ring; o++) {
			if (b->spec.object[o].kind == SPEC_GUEST && b->spec.object[o].owner == b->spec.map[i].component)
				return true;
		}
	}
	return false;
}

/* The number at *TEXT, which is moved behind it and the space that separates it from the next. */
static uint32_t number_at(const struct port *p, const char *all, const char **text, unsigned least)
{
	char *end;
	unsigned long value = strtoul(*text, &end, 10);

	if (**text < '0' || **text > '9' || (*end && *end != ' ') || value < least || value > VIRTIO_VSOCK_CID_LAST)
		error_at(p->at, "\"%s\": expected %s to %u%s", all, least == VIRTIO_VSOCK_CID_HOST ? "numbers from 2" : "a guest's number, 3",
			 VIRTIO_VSOCK_CID_LAST, least == VIRTIO_VSOCK_CID_HOST ? "" : " (2 is the host's)");
	*text = end + (*end == ' ');
	return (uint32_t)value;
}

static uint32_t cid_of(const struct port *p)
{
	const char *all = setting(p, "cid"), *text = all;
	uint32_t cid;

	if (!all)
		error_at(p->at, "\"%s\" has no number in its socket hub; set %s.cid = \"3\", say", p->name, p->name);
	cid = number_at(p, all, &text, is_guests(p) ? VIRTIO_VSOCK_CID_HOST + 1 : VIRTIO_VSOCK_CID_HOST);
	if (*text)
		error_at(p->at, "\"%s\": one number is expected", all);
	return cid;
}

static const struct port *owner_of(const struct port *all, const struct port *of, uint32_t cid)
{
	for (; all; all = all->next) {
		if (all != of && all->hub == of->hub && all->cid == cid)
			return all;
	}
	return NULL;
}

static struct port *new_port(const struct spec_param *kind, size_t length)
{
	struct port *p = NEW(struct port);
	const struct spec *s = &b->spec;

	p->hub = kind->component;
	p->end = idl_copy(spec_string(s, kind->key), length);
	for (uint32_t i = 0; i < s->maps; i++) {
		const struct connection *c = b->made_by[s->map[i].object];

		if (s->map[i].component != p->hub || !same(spec_string(s, s->map[i].name), p->end) || !c)
			continue;
		p->ring = s->map[i].object;
		p->name = c->name;
		p->at = c->at;
	}
	if (!p->at.source)
		error_at(b->component_at[p->hub], "nobody is connected to \"%s\"", p->end);
	p->cid = cid_of(p);
	return p;
}

void check_sockets(const struct built *built)
{
	struct port *all = NULL, **tail = &all;

	b = built;
	for (uint32_t i = 0; i < b->spec.params; i++) {
		const struct spec_param *q = &b->spec.param[i];
		const char *key = spec_string(&b->spec, q->key), *dot = strrchr(key, '.');

		if (q->kind != SPEC_PARAM_VALUE || !dot || !same(dot, ".kind") || !same(spec_string(&b->spec, q->value), "vsock"))
			continue;
		*tail = new_port(q, (size_t)(dot - key));
		tail = &(*tail)->next;
	}
	for (const struct port *p = all; p; p = p->next) {
		const struct port *other = owner_of(all, p, p->cid);
		const char *reach = setting(p, "reach");

		if (other)
			error_twice(other->at, p->at, "\"%s\" and \"%s\" have one number, %u", p->name, other->name, p->cid);
		for (const char *text = reach ? reach : ""; *text;) {
			uint32_t cid = number_at(p, reach, &text, VIRTIO_VSOCK_CID_HOST);

			if (!owner_of(all, p, cid))
				error_at(p->at, "nobody else at \"%s\" has the number %u", spec_component_name(&b->spec, p->hub), cid);
		}
	}
}
