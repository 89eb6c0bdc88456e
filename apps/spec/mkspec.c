/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * skerry-spec TEXT BINARY: makes a system spec from its text form. The file is
 * read twice, so that a line may name what stands further down. Lines:
 *
 *   component NAME image=FILE priority=0..253 [max=P] [core=N] [stack=64K] [heap=0] [slots=64]
 *             its main thread is the object NAME.main
 *   thread NAME owner=COMPONENT priority=P [max=P] [core=N [spread]]
 *             spread: core N modulo the machine's cores
 *   notification NAME [owner=COMPONENT] [bind=THREAD]
 *   endpoint NAME [owner=COMPONENT] [core=N]
 *   guest NAME [owner=COMPONENT]
 *   vcpu NAME [owner=COMPONENT] space=GUEST thread=THREAD
 *             thread, notification, vcpu also take if=KEY above=N: they are there only if
 *             parameter KEY of their component is a number above N
 *   memory NAME bytes=N [owner=COMPONENT] [param=KEY] [cache=normal|uncached|device] [keep]
 *   file NAME archive=ARCHIVE file=FILE [optional] [bytes=N]
 *             at most so large
 *   device NAME role=console | path=/... [address=N] [bytes=N] [of=DEVICE] [part] [dma]
 *   irq NAME device=DEVICE bind=NOTIFICATION badge=N [intid=N]
 *             address, intid: what the machine must have there
 *   supervisor NAME
 *   cap COMPONENT NAME object=OBJECT rights=RIGHT,... [badge=N | badge=off|crash|reset] [slot=N]
 *             rights: read write signal wait call serve
 *   map COMPONENT NAME object=OBJECT rights=r[w][x] [dma] [address=N]
 *             slots and addresses are chosen where they are not said (layout.h)
 *   guestmap GUEST object=OBJECT address=N rights=r[w][x]
 *   param COMPONENT KEY VALUE
 *   params COMPONENT archive=ARCHIVE file=FILE
 *   seed COMPONENT KEY                the machine's seed
 */
#include <stdlib.h>
#include <string.h>

#include "layout.h"
#include "make.h"

static void first_reading(struct line *line)
{
	make_object(line);
}

static void second_reading(struct line *line)
{
	if (!fill_object(line) && !make_wire(line))
		line_fail(line, "\"%s\" is unknown; expected component, an object, cap, map, guestmap, param, params or seed",
			  line->word[0]);
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
	for (uint32_t i = 0; i < made.components; i++) {
		if (!layout_choose(made.object, made.map, made.maps, made.cap, made.caps, i)) {
			fprintf(stderr, "%s: the mappings of \"%s\" do not fit into its address space\n", argv[1],
				made.string + made.component[i].name);
			return 1;
		}
	}
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
