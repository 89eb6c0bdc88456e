/* SPDX-License-Identifier: BSD-2-Clause */
#include "start_page.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void start_init(struct sk_start *s, const char *name, uint64_t counter_hz)
{
	memset(s, 0, sizeof(*s));
	s->magic = SK_START_MAGIC;
	s->version = SK_START_VERSION;
	s->counter_hz = counter_hz;
	strncpy(s->component, name, sizeof(s->component) - 1);
}

static bool add(struct sk_start *s, struct sk_start_name entry, const char *name)
{
	size_t length = strlen(name);

	if (s->names == SK_START_NAMES || length == 0 || length >= sizeof(entry.name))
		return false;
	memcpy(entry.name, name, length + 1);
	s->name[s->names++] = entry;
	return true;
}

bool start_add_slot(struct sk_start *s, const char *name, uint32_t slot)
{
	return add(s, (struct sk_start_name){ .kind = SK_START_SLOT, .a = slot }, name);
}

bool start_add_region(struct sk_start *s, const char *name, uint64_t address, uint64_t bytes, uint64_t pa)
{
	return add(s, (struct sk_start_name){ .kind = SK_START_REGION, .a = address, .b = bytes, .c = pa }, name);
}

static struct sk_start_name *find(const struct sk_start *s, const char *name)
{
	for (uint32_t i = 0; i < s->names; i++) {
		if (s->name[i].kind == SK_START_PARAM && strcmp(s->name[i].name, name) == 0)
			return (struct sk_start_name *)&s->name[i];
	}
	return NULL;
}

/* Where the next string goes: behind the last one. */
static size_t text_used(const struct sk_start *s)
{
	size_t used = 0;

	for (uint32_t i = 0; i < s->names; i++) {
		size_t end = s->name[i].kind == SK_START_PARAM ? s->name[i].a + strlen(s->text + s->name[i].a) + 1 : 0;

		used = end > used ? end : used;
	}
	return used;
}

bool start_set_param(struct sk_start *s, const char *name, const char *value)
{
	size_t length = strlen(value) + 1;
	size_t at = text_used(s);
	struct sk_start_name *old = find(s, name);

	if (length > sizeof(s->text) - at)
		return false;
	if (!old && !add(s, (struct sk_start_name){ .kind = SK_START_PARAM, .a = at }, name))
		return false;
	if (old)
		old->a = at;
	memcpy(s->text + at, value, length);
	return true;
}

const char *start_param(const struct sk_start *s, const char *name)
{
	const struct sk_start_name *n = find(s, name);

	return n ? s->text + n->a : NULL;
}

/* One line without its end, in place. */
static const char *set_line(struct sk_start *s, char *line)
{
	char *value = strchr(line, '=');

	if (!*line || *line == '#')
		return NULL;
	if (!value || value == line)
		return "expected key=value";
	*value++ = 0;
	return start_set_param(s, line, value) ? NULL : "no room in the start page, or the key is too long";
}

int start_set_text(struct sk_start *s, const char *text, size_t size, char *error, size_t error_size)
{
	static char line[sizeof(s->text)];
	unsigned number = 1;

	for (size_t at = 0; at < size; number++) {
		const char *end = memchr(text + at, '\n', size - at);
		size_t length = end ? (size_t)(end - (text + at)) : size - at;
		const char *fault = "the line is too long";

		if (length < sizeof(line)) {
			memcpy(line, text + at, length);
			line[length] = 0;
			fault = strlen(line) == length ? set_line(s, line) : "a NUL byte in the text";
		}
		if (fault) {
			snprintf(error, error_size, "line %u: %s", number, fault);
			return -1;
		}
		at += length + 1;
	}
	return 0;
}

bool start_number(const char *text, uint64_t *value)
{
	unsigned shift = 0;
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 0);
	if (end != text && *end)
		shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
	if (end == text || end[shift ? 1 : 0] || errno || text[0] == '-' || *value > UINT64_MAX >> shift)
		return false;
	*value <<= shift;
	return true;
}
