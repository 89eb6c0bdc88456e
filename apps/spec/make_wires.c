/* SPDX-License-Identifier: BSD-2-Clause */
#include "make.h"

#include <string.h>
#include "abi/skerry.h"

static uint32_t cap_rights(struct line *line)
{
	static const struct { const char *name; uint32_t right; } names[] = {
		{ "read", SK_RIGHT_READ }, { "write", SK_RIGHT_WRITE }, { "signal", SK_RIGHT_SIGNAL },
		{ "wait", SK_RIGHT_WAIT }, { "call", SK_RIGHT_CALL }, { "serve", SK_RIGHT_SERVE },
	};
	const char *text = line_need(line, "rights");
	uint32_t rights = 0;

	while (*text) {
		size_t length = strcspn(text, ","), i = 0;

		while (i < sizeof(names) / sizeof(names[0]) &&
		       (strlen(names[i].name) != length || strncmp(names[i].name, text, length) != 0))
			i++;
		if (i == sizeof(names) / sizeof(names[0]))
			line_fail(line, "rights: \"%.*s\" is none of read write signal wait call serve", (int)length,
				  text);
		rights |= names[i].right;
		text += length + (text[length] == ',');
	}
	return rights;
}

static uint32_t map_rights(struct line *line)
{
	const char *text = line_need(line, "rights");
	uint32_t rights = 0;

	for (const char *p = text; *p; p++) {
		uint32_t right = *p == 'r' ? SK_RIGHT_READ : *p == 'w' ? SK_RIGHT_WRITE : *p == 'x' ? SK_RIGHT_EXEC : 0;

		if (!right)
			line_fail(line, "rights=%s: expected letters of rwx", text);
		rights |= right;
	}
	return rights;
}

/* A badge is a number, or by name what the supervisor is told. */
static uint64_t badge(struct line *line, uint32_t object)
{
	static const char *const outcome[SPEC_OUTCOMES] = { "off", "crash", "reset" };

	if (made.object[object].kind != SPEC_SUPERVISOR)
		return line_number(line, "badge", 0, 1ul << 63);
	for (uint64_t i = 0; i < SPEC_OUTCOMES; i++) {
		if (strcmp(line_need(line, "badge"), outcome[i]) == 0)
			return i;
	}
	line_fail(line, "badge=%s: a supervisor takes off, crash or reset", line_need(line, "badge"));
}

static void room(struct line *line, uint32_t count)
{
	if (count == WIRES_MAX)
		line_fail(line, "more than %d lines of this kind", WIRES_MAX);
}

static void cap(struct line *line)
{
	uint32_t component = find_component(line, line_word(line, 1, "the component that gets it"));
	uint32_t name = make_string(line, line_word(line, 2, "its name there"));
	uint32_t object = find_object(line, line_need(line, "object"));

	room(line, made.caps);
	made.cap[made.caps++] =
		(struct spec_cap){ component, name, object, cap_rights(line), badge(line, object),
				   (uint32_t)line_number(line, "slot", 0, 65536), 0 };
}

static void map(struct line *line)
{
	uint32_t component = find_component(line, line_word(line, 1, "the component that gets it"));
	uint32_t name = make_string(line, line_word(line, 2, "its name there"));
	uint32_t object = find_object(line, line_need(line, "object"));

	room(line, made.maps);
	made.map[made.maps++] = (struct spec_map){ .component = component, .guest = SPEC_NONE, .object = object,
						   .name = name, .rights = map_rights(line),
						   .address = line_number(line, "address", 0, 1ul << SK_IPA_BITS),
						   .flags = line_flag(line, "dma") ? SPEC_MAP_DMA : 0 };
}

static void guestmap(struct line *line)
{
	uint32_t guest = find_object(line, line_word(line, 1, "the guest that gets it"));
	uint32_t object = find_object(line, line_need(line, "object"));

	room(line, made.maps);
	line_need(line, "address");
	made.map[made.maps++] = (struct spec_map){
		.component = SPEC_NONE, .guest = guest, .object = object, .rights = map_rights(line),
		.address = line_number(line, "address", 0, 1ul << SK_IPA_BITS),
	};
}

static void param(struct line *line)
{
	uint32_t component = find_component(line, line_word(line, 1, "the component that gets it"));
	uint32_t key = make_string(line, line_word(line, 2, "its key"));
	uint32_t value = make_string(line, line_word(line, 3, "its value"));

	room(line, made.params);
	made.param[made.params++] = (struct spec_param){ component, SPEC_PARAM_VALUE, key, value };
}

static void params(struct line *line)
{
	uint32_t component = find_component(line, line_word(line, 1, "the component that gets them"));

	room(line, made.params);
	made.param[made.params++] = (struct spec_param){ component, SPEC_PARAM_TEXT,
							 make_string(line, line_need(line, "archive")),
							 make_string(line, line_need(line, "file")) };
}

static void seed(struct line *line)
{
	uint32_t component = find_component(line, line_word(line, 1, "the component that gets it"));
	uint32_t key = make_string(line, line_word(line, 2, "its key"));

	room(line, made.params);
	made.param[made.params++] = (struct spec_param){ component, SPEC_PARAM_SEED, key, make_string(line, "") };
}

static const struct {
	const char *name;
	void (*add)(struct line *);
} wires[] = {
	{ "cap", cap }, { "map", map }, { "guestmap", guestmap }, { "param", param }, { "params", params },
	{ "seed", seed },
};
#define WIRES (sizeof(wires) / sizeof(wires[0]))

bool make_wire(struct line *line)
{
	unsigned i = 0;

	while (i < WIRES && strcmp(wires[i].name, line->word[0]) != 0)
		i++;
	if (i == WIRES)
		return false;
	wires[i].add(line);
	line_end(line);
	return true;
}
