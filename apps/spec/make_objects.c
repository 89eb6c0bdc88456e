/* SPDX-License-Identifier: BSD-2-Clause */
#include "make.h"

#include <string.h>
#include "abi/skerry.h"

static struct spec_object *new_object(struct line *line, const char *name, enum spec_kind kind)
{
	struct spec_object *o = &made.object[made.objects];

	if (made.objects == SPEC_OBJECTS_MAX)
		line_fail(line, "more than %d objects", SPEC_OBJECTS_MAX);
	made.objects++;
	*o = (struct spec_object){ .name = make_string(line, name), .kind = kind, .owner = SPEC_NONE, .ref = SPEC_NONE,
				   .ref2 = SPEC_NONE };
	return o;
}

static void scheduling(struct line *line, struct spec_object *thread)
{
	line_need(line, "priority");
	thread->priority = (uint8_t)line_number(line, "priority", 0, SPEC_PRIORITY_ROOT);
	thread->max_priority = (uint8_t)line_number(line, "max", thread->priority, SPEC_PRIORITY_ROOT);
	thread->core = (uint16_t)line_number(line, "core", 0, SK_MAX_CORES);
	thread->budget = (uint32_t)line_number(line, "budget", 0, 1ul << 32);
	thread->period = (uint32_t)line_number(line, "period", 0, 1ul << 32);
	thread->flags |= line_flag(line, "spread") ? SPEC_SPREAD : 0;
}

/* if=PARAMETER above=NUMBER */
static void condition(struct line *line, struct spec_object *o)
{
	const char *param = line_value(line, "if");

	if (!param)
		return;
	if (o->kind != SPEC_THREAD && o->kind != SPEC_VCPU && o->kind != SPEC_NOTIFICATION)
		line_fail(line, "if=%s: only a thread, vcpu or notification may be missing", param);
	line_need(line, "above");
	o->text = make_string(line, param);
	o->bytes = line_number(line, "above", 0, ~0ul);
	o->flags |= SPEC_IF;
}

/* Instances of a slot are numbered in the order of their lines. */
static uint32_t number_in(uint32_t slot)
{
	uint32_t n = 0;

	for (uint32_t i = 0; slot != SPEC_NONE && i < made.components; i++)
		n += made.component[i].slot == slot;
	return n;
}

static void new_component(struct line *line)
{
	const char *name = line_word(line, 1, "its name");
	const char *slot = line_value(line, "slot"); /* its line stands in front */
	struct spec_component *p = &made.component[made.components];
	struct spec_object *thread;
	char text[SPEC_NAME + 8];

	if (made.components == SPEC_COMPONENTS_MAX)
		line_fail(line, "more than %d components", SPEC_COMPONENTS_MAX);
	if (strlen(name) >= SPEC_NAME - 5)
		line_fail(line, "component: a name has at most %d characters", SPEC_NAME - 6);
	*p = (struct spec_component){
		.name = make_string(line, name),
		.image = make_string(line, line_need(line, "image")),
		.thread = made.objects,
		.stack = (uint32_t)line_number(line, "stack", 0x10000, SPEC_STACK_MAX + 1ul),
		.heap = (uint32_t)line_number(line, "heap", 0, SPEC_HEAP_MAX + 1ul),
		.slots = (uint32_t)line_number(line, "slots", 64, 65537),
		.slot = slot ? find_object(line, slot) : SPEC_NONE,
		.restarts = (uint32_t)line_number(line, "restarts", 0, 1u << 16),
		.period = (uint32_t)line_number(line, "within", 10, SPEC_PERIOD_MAX + 1ul),
	};
	p->number = number_in(p->slot);
	snprintf(text, sizeof(text), "%s.main", name);
	thread = new_object(line, text, SPEC_THREAD);
	thread->owner = made.components++;
	scheduling(line, thread);
	line_end(line);
}

static uint32_t optional_object(struct line *line, const char *key)
{
	const char *name = line_value(line, key);

	return name ? find_object(line, name) : SPEC_NONE;
}

static void notification(struct line *line, struct spec_object *o)
{
	o->ref = optional_object(line, "bind");
}

static void endpoint(struct line *line, struct spec_object *o)
{
	o->core = (uint16_t)line_number(line, "core", 0, SK_MAX_CORES);
	o->flags = (line_flag(line, "takes") ? SPEC_TAKES : 0) | (line_flag(line, "gives") ? SPEC_GIVES : 0);
}

static void vcpu(struct line *line, struct spec_object *o)
{
	o->ref = find_object(line, line_need(line, "space"));
	o->ref2 = find_object(line, line_need(line, "thread"));
}

static void memory(struct line *line, struct spec_object *o)
{
	const char *cache = line_value(line, "cache");
	const char *param = line_value(line, "param"), *log = line_value(line, "log");

	line_need(line, "bytes");
	o->bytes = line_number(line, "bytes", 0, 1ul << SK_IPA_BITS);
	o->text = param ? make_string(line, param) : 0;
	o->flags = (line_flag(line, "keep") ? SPEC_KEEP : 0) | (log ? SPEC_LOG : 0);
	o->ref = log ? find_object(line, log) : SPEC_NONE;
	o->badge = line_number(line, "badge", 0, 1ul << 63);
	if (cache && strcmp(cache, "uncached") == 0)
		o->cache = SK_CACHE_UNCACHED;
	else if (cache && strcmp(cache, "device") == 0)
		o->cache = SK_CACHE_DEVICE;
	else if (cache && strcmp(cache, "normal") != 0)
		line_fail(line, "cache=%s: expected normal, uncached or device", cache);
}

static void file(struct line *line, struct spec_object *o)
{
	o->text = make_string(line, line_need(line, "archive"));
	o->text2 = make_string(line, line_need(line, "file"));
	o->bytes = line_number(line, "bytes", 0, 1ul << SK_IPA_BITS);
	o->flags = line_flag(line, "optional") ? SPEC_OPTIONAL : 0;
}

static void device(struct line *line, struct spec_object *o)
{
	const char *role = line_value(line, "role");

	o->text = make_string(line, role ? role : line_need(line, "path"));
	o->badge = line_number(line, "address", 0, 1ul << 48);
	o->bytes = line_number(line, "bytes", 0, 1ul << SK_IPA_BITS);
	o->ref = optional_object(line, "of");
	o->flags = (line_flag(line, "part") ? SPEC_PART : 0) | (line_flag(line, "dma") ? SPEC_MASTER : 0);
}

static void irq(struct line *line, struct spec_object *o)
{
	o->ref = find_object(line, line_need(line, "device"));
	o->ref2 = find_object(line, line_need(line, "bind"));
	line_need(line, "badge");
	o->badge = line_number(line, "badge", 0, 1ul << 63);
	o->bytes = line_number(line, "intid", 0, 1020);
}

static void slot(struct line *line, struct spec_object *o)
{
	o->bytes = line_number(line, "bytes", 0, 1ul << SK_IPA_BITS);
	o->core = (uint16_t)line_number(line, "core", 0, SK_MAX_CORES);
	o->ref = optional_object(line, "bind");
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
	{ "slot", SPEC_SLOT, slot },
	{ "control", SPEC_CONTROL, nothing },
	{ "cnode", SPEC_CNODE, nothing },
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static unsigned kind_of(const struct line *line)
{
	unsigned i = 0;

	while (i < KINDS && strcmp(kinds[i].name, line->word[0]) != 0)
		i++;
	return i;
}

bool make_object(struct line *line)
{
	unsigned kind = kind_of(line);

	if (strcmp(line->word[0], "component") == 0)
		new_component(line);
	else if (kind < KINDS)
		new_object(line, line_word(line, 1, "its name"), kinds[kind].kind);
	else
		return false;
	return true;
}

bool fill_object(struct line *line)
{
	unsigned kind = kind_of(line);
	const char *owner = line_value(line, "owner");
	struct spec_object *o;

	if (strcmp(line->word[0], "component") == 0)
		return true;
	if (kind == KINDS)
		return false;
	o = &made.object[find_object(line, line_word(line, 1, "its name"))];
	o->owner = owner ? find_component(line, owner) : SPEC_NONE;
	kinds[kind].fill(line, o);
	condition(line, o);
	line_end(line);
	return true;
}
