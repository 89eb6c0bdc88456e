/* SPDX-License-Identifier: BSD-2-Clause */
#include "mux.h"

#include <stdio.h>
#include <string.h>

void mux_init(struct mux *m, uint8_t escape, void (*out)(const void *bytes, size_t count))
{
	memset(m, 0, sizeof(*m));
	m->escape = escape;
	m->out = out;
	m->fresh = m->early = true;
	snprintf(m->client[MUX_SYSTEM].name, MUX_NAME, "system");
}

bool mux_add(struct mux *m, const char *name)
{
	if (m->clients == MUX_CLIENTS)
		return false;
	snprintf(m->client[m->clients++].name, MUX_NAME, "%s", name);
	return true;
}

static void say(struct mux *m, const char *text)
{
	m->out(text, strlen(text));
}

static void keep(struct mux_client *c, const uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		c->backlog[c->kept++ % MUX_BACKLOG] = bytes[i];
}

static void new_line(struct mux *m)
{
	if (!m->fresh)
		say(m, "\r\n");
	m->fresh = true;
}

/* What was kept, from the start of a line if older lines are lost. */
static void show_backlog(struct mux *m, struct mux_client *c)
{
	size_t at = c->kept > MUX_BACKLOG ? c->kept - MUX_BACKLOG : 0;

	while (c->kept > MUX_BACKLOG && at < c->kept && c->backlog[at++ % MUX_BACKLOG] != '\n')
		;
	for (size_t n; at < c->kept; at += n) {
		n = MUX_BACKLOG - at % MUX_BACKLOG;
		n = n < c->kept - at ? n : c->kept - at;
		m->out(c->backlog + at % MUX_BACKLOG, n);
		m->fresh = c->backlog[(at + n - 1) % MUX_BACKLOG] == '\n';
	}
	c->kept = 0;
}

/* The part of BYTES up to and with the end of its line. */
static size_t line(const uint8_t *bytes, size_t count)
{
	const uint8_t *end = memchr(bytes, '\n', count);

	return end ? (size_t)(end - bytes) + 1 : count;
}

static void hold(struct mux_client *c, const uint8_t *bytes, size_t count)
{
	count = count < MUX_LINE - c->held ? count : MUX_LINE - c->held;
	memcpy(c->line + c->held, bytes, count);
	c->held += count;
}

/* Client N's line goes on, if need be in a new line of the terminal and from its begin. */
static void resume_line(struct mux *m, unsigned n)
{
	if (m->owner == n && !m->fresh)
		return;
	new_line(m);
	m->owner = n;
	say(m, m->client[n].name);
	say(m, "| ");
	m->out(m->client[n].line, m->client[n].held);
}

static void print_labelled(struct mux *m, unsigned n, const uint8_t *bytes, size_t count)
{
	struct mux_client *c = &m->client[n];

	for (size_t part; count > 0; bytes += part, count -= part) {
		bool whole, early;

		part = line(bytes, count);
		whole = bytes[part - 1] == '\n';
		early = !whole && n != m->focus && c->held + part <= MUX_LINE;
		if (!early) {
			resume_line(m, n);
			m->out(bytes, part);
			m->fresh = whole;
		}
		if (whole)
			c->held = 0;
		else
			hold(c, bytes, part);
	}
}

/* All are not watched any more: what was held back is kept with the rest that nobody saw. */
static void release_lines(struct mux *m)
{
	for (unsigned n = 0; n <= MUX_SYSTEM; n++) {
		if (m->all && n != m->focus)
			keep(&m->client[n], m->client[n].line, m->client[n].held);
		m->client[n].held = 0;
	}
}

static void print_plain(struct mux *m, const uint8_t *bytes, size_t count)
{
	m->out(bytes, count);
	m->fresh = bytes[count - 1] == '\n';
}

void mux_print(struct mux *m, unsigned n, const uint8_t *bytes, size_t count)
{
	if (count == 0)
		return;
	m->early = m->early && n != m->focus;
	if (m->all) {
		print_labelled(m, n, bytes, count);
		return;
	}
	if (n == m->focus || (n == MUX_SYSTEM && m->early))
		print_plain(m, bytes, count);
	if (n != m->focus)
		keep(&m->client[n], bytes, count);
}

static void help(struct mux *m)
{
	char text[100];

	new_line(m);
	snprintf(text, sizeof(text), "[Ctrl-%c then: 1-%u one guest, 0 the system's log, a all of them, Ctrl-%c itself]\r\n",
		 m->escape + 64, m->clients, m->escape + 64);
	say(m, text);
}

static void show(struct mux *m, unsigned n)
{
	new_line(m);
	release_lines(m);
	m->focus = m->owner = n;
	m->all = m->early = false;
	say(m, "[");
	say(m, m->client[n].name);
	say(m, "]\r\n");
	show_backlog(m, &m->client[n]);
}

static void show_all(struct mux *m)
{
	new_line(m);
	m->all = true;
	m->early = false;
	say(m, "[all; the keys are ");
	say(m, m->focus == MUX_SYSTEM ? "nobody" : m->client[m->focus].name);
	say(m, "'s]\r\n");
}

bool mux_key(struct mux *m, uint8_t key)
{
	if (!m->escaped) {
		m->escaped = key == m->escape;
		return !m->escaped && m->focus != MUX_SYSTEM;
	}
	m->escaped = false;
	if (key == m->escape)
		return m->focus != MUX_SYSTEM;
	if (key >= '1' && key < '1' + m->clients)
		show(m, key - '1');
	else if (key == '0')
		show(m, MUX_SYSTEM);
	else if (key == 'a')
		show_all(m);
	else
		help(m);
	return false;
}
