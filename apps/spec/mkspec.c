/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * skerry-spec TEXT BINARY: makes a system spec from its text form. The file is
 * read twice, so that a line may name what stands further down. Lines:
 *
 *   component NAME image=FILE priority=0..253 [max=P] [core=N] [stack=64K] [heap=0] [slots=64]
 *             its main thread is the object NAME.main
 *   thread NAME owner=COMPONENT priority=P [max=P] [core=N]
 *   notification NAME [owner=COMPONENT] [bind=THREAD]
 *   endpoint NAME [owner=COMPONENT] [core=N]
 *   guest NAME [owner=COMPONENT]
 *   vcpu NAME [owner=COMPONENT] space=GUEST thread=THREAD
 *   memory NAME bytes=N [owner=COMPONENT] [param=KEY] [cache=normal|uncached|device] [keep]
 *   file NAME archive=ARCHIVE file=FILE [optional]
 *   device NAME role=console | path=/...
 *   irq NAME device=DEVICE bind=NOTIFICATION badge=N
 *   supervisor NAME
 *   cap COMPONENT NAME object=OBJECT rights=RIGHT,... [badge=N | badge=off|crash|reset]
 *             rights: read write signal wait call serve
 *   map COMPONENT NAME object=OBJECT rights=r[w][x]
 *   guestmap GUEST object=OBJECT address=N rights=r[w][x]
 *   param COMPONENT KEY VALUE
 *   params COMPONENT archive=ARCHIVE file=FILE
 */
#include <stdlib.h>
#include <string.h>

#include "abi/skerry.h"
#include "spec.h"
#include "text.h"

#define STRINGS_MAX 65536
#define WIRES_MAX   2048

/* The spec in the making. */
static struct {
	struct spec_component component[SPEC_COMPONENTS_MAX];
	struct spec_object object[SPEC_OBJECTS_MAX];
	struct spec_cap cap[WIRES_MAX];
	struct spec_map map[WIRES_MAX];
	struct spec_param param[WIRES_MAX];
	char string[STRINGS_MAX];
	uint32_t components, objects, caps, maps, params, strings;
} made = { .strings = 1 };

static uint32_t string(struct line *line, const char *text)
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

static uint32_t find_component(struct line *line, const char *name)
{
	for (uint32_t i = 0; i < made.components; i++) {
		if (strcmp(made.string + made.component[i].name, name) == 0)
			return i;
	}
	line_fail(line, "%s: there is no component \"%s\"", line->word[0], name);
}

static uint32_t find_object(struct line *line, const char *name)
{
	for (uint32_t i = 0; i < made.objects; i++) {
		if (strcmp(made.string + made.object[i].name, name) == 0)
			return i;
	}
	line_fail(line, "%s: there is no object \"%s\"", line->word[0], name);
}

static uint32_t optional_object(struct line *line, const char *key)
{
	const char *name = line_value(line, key);

	return name ? find_object(line, name) : SPEC_NONE;
}

/* --- first reading: components and objects get their index ------------------ */

static struct spec_object *new_object(struct line *line, const char *name, enum spec_kind kind)
{
	struct spec_object *o = &made.object[made.objects];

	if (made.objects == SPEC_OBJECTS_MAX)
		line_fail(line, "more than %d objects", SPEC_OBJECTS_MAX);
	made.objects++;
	*o = (struct spec_object){ .name = string(line, name), .kind = kind, .owner = SPEC_NONE, .ref = SPEC_NONE,
				   .ref2 = SPEC_NONE };
	return o;
}

static void scheduling(struct line *line, struct spec_object *thread)
{
	line_need(line, "priority");
	thread->priority = (uint8_t)line_number(line, "priority", 0, SPEC_PRIORITY_ROOT);
	thread->max_priority = (uint8_t)line_number(line, "max", thread->priority, SPEC_PRIORITY_ROOT);
	thread->core = (uint16_t)line_number(line, "core", 0, SK_MAX_CORES);
}

static void new_component(struct line *line)
{
	const char *name = line_word(line, 1, "its name");
	struct spec_component *p = &made.component[made.components];
	struct spec_object *thread;
	char text[SPEC_NAME + 8];

	if (made.components == SPEC_COMPONENTS_MAX)
		line_fail(line, "more than %d components", SPEC_COMPONENTS_MAX);
	if (strlen(name) >= SPEC_NAME - 5)
		line_fail(line, "component: a name has at most %d characters", SPEC_NAME - 6);
	*p = (struct spec_component){
		.name = string(line, name),
		.image = string(line, line_need(line, "image")),
		.thread = made.objects,
		.stack = (uint32_t)line_number(line, "stack", 0x10000, SPEC_STACK_MAX + 1ul),
		.heap = (uint32_t)line_number(line, "heap", 0, SPEC_HEAP_MAX + 1ul),
		.slots = (uint32_t)line_number(line, "slots", 64, 65537),
	};
	snprintf(text, sizeof(text), "%s.main", name);
	thread = new_object(line, text, SPEC_THREAD);
	thread->owner = made.components++;
	scheduling(line, thread);
	line_end(line);
}

/* --- second reading: everything else ---------------------------------------- */

static void notification(struct line *line, struct spec_object *o)
{
	o->ref = optional_object(line, "bind");
}

static void endpoint(struct line *line, struct spec_object *o)
{
	o->core = (uint16_t)line_number(line, "core", 0, SK_MAX_CORES);
}

static void vcpu(struct line *line, struct spec_object *o)
{
	o->ref = find_object(line, line_need(line, "space"));
	o->ref2 = find_object(line, line_need(line, "thread"));
}

static void memory(struct line *line, struct spec_object *o)
{
	const char *cache = line_value(line, "cache");
	const char *param = line_value(line, "param");

	line_need(line, "bytes");
	o->bytes = line_number(line, "bytes", 0, 1ul << SK_IPA_BITS);
	o->text = param ? string(line, param) : 0;
	o->flags = line_flag(line, "keep") ? SPEC_KEEP : 0;
	if (cache && strcmp(cache, "uncached") == 0)
		o->cache = SK_CACHE_UNCACHED;
	else if (cache && strcmp(cache, "device") == 0)
		o->cache = SK_CACHE_DEVICE;
	else if (cache && strcmp(cache, "normal") != 0)
		line_fail(line, "cache=%s: expected normal, uncached or device", cache);
}

static void file(struct line *line, struct spec_object *o)
{
	o->text = string(line, line_need(line, "archive"));
	o->text2 = string(line, line_need(line, "file"));
	o->flags = line_flag(line, "optional") ? SPEC_OPTIONAL : 0;
}

static void device(struct line *line, struct spec_object *o)
{
	const char *role = line_value(line, "role");

	o->text = string(line, role ? role : line_need(line, "path"));
}

static void irq(struct line *line, struct spec_object *o)
{
	o->ref = find_object(line, line_need(line, "device"));
	o->ref2 = find_object(line, line_need(line, "bind"));
	line_need(line, "badge");
	o->badge = line_number(line, "badge", 0, 1ul << 63);
}

static void nothing(struct line *line, struct spec_object *o)
{
	(void)line, (void)o;
}

static const struct {
	const char *name;
	enum spec_kind kind;
	void (*fill)(struct line *, struct spec_object *);
} kinds[] = {
	{ "thread", SPEC_THREAD, scheduling },
	{ "notification", SPEC_NOTIFICATION, notification },
	{ "endpoint", SPEC_ENDPOINT, endpoint },
	{ "guest", SPEC_GUEST, nothing },
	{ "vcpu", SPEC_VCPU, vcpu },
	{ "memory", SPEC_MEMORY, memory },
	{ "file", SPEC_FILE, file },
	{ "device", SPEC_DEVICE, device },
	{ "irq", SPEC_IRQ, irq },
	{ "supervisor", SPEC_SUPERVISOR, nothing },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

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
	uint32_t name = string(line, line_word(line, 2, "its name there"));
	uint32_t object = find_object(line, line_need(line, "object"));

	room(line, made.caps);
	made.cap[made.caps++] =
		(struct spec_cap){ component, name, object, cap_rights(line), badge(line, object) };
}

static void map(struct line *line)
{
	uint32_t component = find_component(line, line_word(line, 1, "the component that gets it"));
	uint32_t name = string(line, line_word(line, 2, "its name there"));
	uint32_t object = find_object(line, line_need(line, "object"));

	room(line, made.maps);
	made.map[made.maps++] = (struct spec_map){ .component = component, .guest = SPEC_NONE, .object = object,
						   .name = name, .rights = map_rights(line) };
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
	uint32_t key = string(line, line_word(line, 2, "its key"));
	uint32_t value = string(line, line_word(line, 3, "its value"));

	room(line, made.params);
	made.param[made.params++] = (struct spec_param){ component, SPEC_PARAM_VALUE, key, value };
}

static void params(struct line *line)
{
	uint32_t component = find_component(line, line_word(line, 1, "the component that gets them"));

	room(line, made.params);
	made.param[made.params++] = (struct spec_param){ component, SPEC_PARAM_TEXT,
							 string(line, line_need(line, "archive")),
							 string(line, line_need(line, "file")) };
}

static const struct {
	const char *name;
	void (*add)(struct line *);
} wires[] = {
	{ "cap", cap }, { "map", map }, { "guestmap", guestmap }, { "param", param }, { "params", params },
};
#define WIRES (sizeof(wires) / sizeof(wires[0]))

static unsigned kind_of(const struct line *line)
{
	unsigned i = 0;

	while (i < KINDS && strcmp(kinds[i].name, line->word[0]) != 0)
		i++;
	return i;
}

static void first_reading(struct line *line)
{
	unsigned kind = kind_of(line);

	if (strcmp(line->word[0], "component") == 0)
		new_component(line);
	else if (kind < KINDS)
		new_object(line, line_word(line, 1, "its name"), kinds[kind].kind);
}

static void second_reading(struct line *line)
{
	unsigned kind = kind_of(line), wire = 0;

	if (strcmp(line->word[0], "component") == 0)
		return;
	if (kind < KINDS) {
		const char *owner = line_value(line, "owner");
		struct spec_object *o = &made.object[find_object(line, line_word(line, 1, "its name"))];

		o->owner = owner ? find_component(line, owner) : SPEC_NONE;
		kinds[kind].fill(line, o);
	} else {
		while (wire < WIRES && strcmp(wires[wire].name, line->word[0]) != 0)
			wire++;
		if (wire == WIRES)
			line_fail(line, "\"%s\" is unknown; expected component, an object, cap, map, guestmap, param or params",
				  line->word[0]);
		wires[wire].add(line);
	}
	line_end(line);
}

static void read_file(const char *path, void (*each)(struct line *))
{
	static struct line line;
	FILE *in = fopen(path, "r");

	if (!in) {
		perror(path);
		exit(1);
	}
	line = (struct line){ .file = path };
	while (line_read(&line, in))
		each(&line);
	fclose(in);
}

/* --- output ------------------------------------------------------------------ */

static _Alignas(8) uint8_t out[1 << 20];

static void put(struct spec_header *h, enum spec_table_kind kind, const void *entries, uint32_t count, size_t entry)
{
	h->table[kind].offset = h->size;
	h->table[kind].count = count;
	memcpy(out + h->size, entries, count * entry);
	h->size = (uint32_t)((h->size + count * entry + 7) & ~7ul);
}

static size_t assemble(void)
{
	struct spec_header h = { .magic = SPEC_MAGIC, .version = SPEC_VERSION, .size = sizeof(h) };

	put(&h, SPEC_COMPONENTS, made.component, made.components, sizeof(made.component[0]));
	put(&h, SPEC_OBJECTS, made.object, made.objects, sizeof(made.object[0]));
	put(&h, SPEC_CAPS, made.cap, made.caps, sizeof(made.cap[0]));
	put(&h, SPEC_MAPS, made.map, made.maps, sizeof(made.map[0]));
	put(&h, SPEC_PARAMS, made.param, made.params, sizeof(made.param[0]));
	put(&h, SPEC_STRINGS, made.string, made.strings, 1);
	memcpy(out, &h, sizeof(h));
	return h.size;
}

int main(int argc, char **argv)
{
	struct spec spec;
	char error[256];
	size_t size;
	FILE *f;

	if (argc != 3) {
		fprintf(stderr, "usage: skerry-spec TEXT BINARY\n");
		return 2;
	}
	read_file(argv[1], first_reading);
	read_file(argv[1], second_reading);
	size = assemble();
	if (spec_check(out, size, &spec, error, sizeof(error)) != 0) {
		fprintf(stderr, "%s: %s\n", argv[1], error);
		return 1;
	}
	f = fopen(argv[2], "wb");
	if (!f || fwrite(out, 1, size, f) != size || fclose(f) != 0) {
		perror(argv[2]);
		return 1;
	}
	return 0;
}
