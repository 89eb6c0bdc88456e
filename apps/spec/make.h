/* SPDX-License-Identifier: BSD-2-Clause */
/* The spec in the making, shared by the parts of skerry-spec. */
#ifndef SPEC_MAKE_H
#define SPEC_MAKE_H

#include "spec.h"
#include "text.h"

#define STRINGS_MAX 65536
#define WIRES_MAX   SPEC_MAPS_MAX

struct made {
	struct spec_component component[SPEC_COMPONENTS_MAX];
	struct spec_object object[SPEC_OBJECTS_MAX];
	struct spec_cap cap[WIRES_MAX];
	struct spec_map map[WIRES_MAX];
	struct spec_param param[WIRES_MAX];
	char string[STRINGS_MAX];
	uint32_t components, objects, caps, maps, params, strings;
};
extern struct made made;

/* The offset of a string, which is added if it is new. */
uint32_t make_string(struct line *line, const char *text);

/* Index by name; what is not there ends the program. */
uint32_t find_component(struct line *line, const char *name);
uint32_t find_object(struct line *line, const char *name);

/* First reading: gives components and objects their index. False if the line is of another kind. */
bool make_object(struct line *line);

/* Second reading: the rest of an object's line. False if the line is of another kind. */
bool fill_object(struct line *line);

/* Second reading: cap, map, guestmap, param, params. False if the line is of another kind. */
bool make_wire(struct line *line);

#endif
