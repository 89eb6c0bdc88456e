/* SPDX-License-Identifier: BSD-2-Clause */
#include "make.h"

#include <string.h>

struct made made = { .strings = 1 };

uint32_t make_string(struct line *line, const char *text)
{
	size_t length = strlen(text) + 1;
	uint32_t at = made.strings;

	if (length == 1)
		return 0;
	for (uint32_t i = 1; i < made.strings; i += (uint32_t)strlen(made.string + i) + 1) {
		if (strcmp(made.string + i, text) == 0)
			return i;
	}
	if (length > STRINGS_MAX - at)
		line_fail(line, "more than %d bytes of names", STRINGS_MAX);
	memcpy(made.string + at, text, length);
	made.strings += (uint32_t)length;
	return at;
}

uint32_t find_component(struct line *line, const char *name)
{
	for (uint32_t i = 0; i < made.components; i++) {
		if (strcmp(made.string + made.component[i].name, name) == 0)
			return i;
	}
	line_fail(line, "%s: there is no component \"%s\"", line->word[0], name);
}

uint32_t find_object(struct line *line, const char *name)
{
	for (uint32_t i = 0; i < made.objects; i++) {
		if (strcmp(made.string + made.object[i].name, name) == 0)
			return i;
	}
	line_fail(line, "%s: there is no object \"%s\"", line->word[0], name);
}
