/* SPDX-License-Identifier: BSD-2-Clause */
#include "hostile_kit.h"

#include <string.h>
#include "check.h"
#include "make.h"
#include "skerry/calls.h"
#include "skerry/memory.h"
#include "skerry/root.h"
#include "skerry/start.h"

#define OBJECT_BYTES  (512u << 10)
#define SUB_BYTES     (64u << 10)
#define RAM_BYTES     (1u << 20)
#define IRQ_LINE      120u             /* from there on SPIs that no device of the machine has */
#define SEGMENTS      6u
#define ALL_MAPPING   (SK_RIGHT_READ | SK_RIGHT_WRITE | SK_RIGHT_EXEC)

/* The test's own slots of a box, from box->first. */
enum { AT_CNODE, AT_SPACE, AT_THREAD, AT_SECOND, AT_MEMORY, AT_ALIAS, AT_SEGMENTS,
       AT_PAGES = AT_SEGMENTS + SEGMENTS, AT_END = AT_PAGES + 16 };

/* A call by number, and x19..x28 looked at afterwards. The svc immediate is part of the instruction: a table. */
__asm__(".pushsection .text.hostile_svc, \"ax\"\n"
	".balign 8\n"
	"hostile_table:\n"
	".set n, 0\n"
	".rept 64\n	svc #n\n	ret\n	.set n, n + 1\n.endr\n"
	".globl hostile_svc\n"
	"hostile_svc:\n"
	"	stp x29, x30, [sp, #-112]!\n"
	"	stp x19, x20, [sp, #16]\n	stp x21, x22, [sp, #32]\n	stp x23, x24, [sp, #48]\n"
	"	stp x25, x26, [sp, #64]\n	stp x27, x28, [sp, #80]\n	str x0, [sp, #96]\n"
	"	adr x20, hostile_table\n	add x20, x20, x1, lsl #3\n"
	"	mov x19, x0\n	mov x29, sp\n	mov x21, x20\n"
	"	mov x22, #22\n	mov x23, #23\n	mov x24, #24\n	mov x25, #25\n	mov x26, #26\n	mov x27, #27\n"
	"	mov x28, #28\n"
	"	ldp x0, x1, [x19]\n	ldp x2, x3, [x19, #16]\n	ldp x4, x5, [x19, #32]\n"
	"	ldp x6, x7, [x19, #48]\n	ldp x8, x9, [x19, #64]\n"
	"	blr x20\n"
	"	stp x0, x1, [x19]\n	stp x2, x3, [x19, #16]\n	stp x4, x5, [x19, #32]\n"
	"	stp x6, x7, [x19, #48]\n	stp x8, x9, [x19, #64]\n"
	"	mov x0, #1\n"
	"	cmp x20, x21\n	csel x0, x0, xzr, eq\n"
	"	mov x1, sp\n	cmp x29, x1\n	csel x0, x0, xzr, eq\n"
	"	add x1, x22, x23\n	add x1, x1, x24\n	add x1, x1, x25\n	add x1, x1, x26\n	add x1, x1, x27\n"
	"	add x1, x1, x28\n	cmp x1, #175\n	csel x0, x0, xzr, eq\n"
	"	ldr x1, [sp, #96]\n	cmp x1, x19\n	csel x0, x0, xzr, eq\n"
	"	ldp x19, x20, [sp, #16]\n	ldp x21, x22, [sp, #32]\n	ldp x23, x24, [sp, #48]\n"
	"	ldp x25, x26, [sp, #64]\n	ldp x27, x28, [sp, #80]\n	ldp x29, x30, [sp], #112\n"
	"	ret\n"
	".popsection\n");

void box_init(struct box *box)
{
	static unsigned boxes;

	box->objects = make(SK_TYPE_UNTYPED, OBJECT_BYTES, 0);
	box->ram = make_slots(1);
	must("a box's RAM", sk_retype(make_ram(), SK_TYPE_UNTYPED, RAM_BYTES, SK_ROOT_CNODE, box->ram, 1, 0));
	box->first = make_slots(AT_END);
	box->here = BOX_HERE + boxes * RAM_BYTES;
	box->line = IRQ_LINE + boxes++;
}

static void retype_here(const struct box *box, unsigned at, enum sk_type type, uint64_t size, uint64_t attribute)
{
	must("retype for a box", sk_retype(box->objects, type, size, SK_ROOT_CNODE, box->first + at, 1, attribute));
}

static void retype_there(const struct box *box, uint32_t untyped, unsigned at, enum sk_type type, uint64_t size,
			 uint64_t attribute)
{
	must("retype into a box", sk_retype(untyped, type, size, box->first + AT_CNODE, at, 1, attribute));
}

static void give(const struct box *box, unsigned at, uint32_t slot, uint32_t rights)
{
	must("give to a box", sk_copy(box->first + AT_CNODE, at, SK_ROOT_CNODE, slot, rights));
}

/* The test's program at its own addresses, not writable: a box's threads run functions of the test. */
static void map_program(const struct box *box)
{
	for (unsigned i = 0; i < SEGMENTS; i++) {
		uint32_t copy = box->first + AT_SEGMENTS + i, rights = SK_RIGHT_READ;
		struct sk_inspection s;

		must("inspect a segment", sk_inspect(SK_ROOT_CNODE, SK_ROOT_SEGMENTS + i, &s));
		if (s.type != SK_TYPE_MEMORY || !s.used || s.base < 0x10000000ul || s.base >= SK_ROOT_STACK_TOP - SK_ROOT_STACK_SIZE)
			continue;
		rights |= (uint32_t)s.rights & SK_RIGHT_EXEC;
		must("copy a segment", sk_copy(SK_ROOT_CNODE, copy, SK_ROOT_CNODE, SK_ROOT_SEGMENTS + i, rights));
		must("map a segment", sk_map_all(copy, box->first + AT_SPACE, s.base, 0, s.size, rights));
	}
}

static void map_memory(struct box *box)
{
	uint32_t memory = box->first + AT_MEMORY, alias = box->first + AT_ALIAS;

	must("a box's memory", sk_retype(box->ram, SK_TYPE_MEMORY, BOX_PAGES * SK_PAGE, SK_ROOT_CNODE, memory, 1,
					 ALL_MAPPING | SK_CACHE_NORMAL << 8));
	must("alias", sk_copy(SK_ROOT_CNODE, alias, SK_ROOT_CNODE, memory, SK_RIGHTS_ALL));
	must("map it here", sk_map_all(alias, SK_ROOT_SPACE, box->here, 0, BOX_PAGES * SK_PAGE,
				       SK_RIGHT_READ | SK_RIGHT_WRITE));
	must("map it there", sk_map_all(memory, box->first + AT_SPACE, BOX_MEMORY, 0, BOX_PAGES * SK_PAGE,
					SK_RIGHT_READ | SK_RIGHT_WRITE));
	box->shared = (void *)(box->here + 2 * BOX_STACK);
}

static void make_threads(struct box *box, void (*entry)(struct box_shared *, uint64_t))
{
	for (unsigned i = 0; i < 2; i++) {
		uint32_t thread = box->first + AT_THREAD + i;
		struct sk_thread_config config = {
			.cnode = box->first + AT_CNODE, .space = box->first + AT_SPACE, .fault = box->fault,
			.priorities = SK_PRIORITY(BOX_PRIORITY, BOX_PRIORITY),
		};
		uint64_t x[2] = { BOX_MEMORY + 2 * BOX_STACK, i };
		uint64_t where[2] = { BOX_MEMORY + (i + 1) * BOX_STACK, (uintptr_t)entry };

		retype_here(box, AT_THREAD + i, SK_TYPE_THREAD, 0, box->core[i]);
		must("configure a box's thread", sk_thread_configure(thread, &config));
		must("its arguments", sk_thread_write(thread, SK_REG_X0, 2, x));
		must("its stack and entry", sk_thread_write(thread, SK_REG_SP, 2, where));
	}
}

static void fill_cnode(struct box *box)
{
	const uint32_t at = box->first;
	uint32_t far = sk_root_info()->cores - 1;

	give(box, BOX_CNODE, at + AT_CNODE, SK_RIGHTS_ALL);
	give(box, BOX_SPACE, at + AT_SPACE, SK_RIGHTS_ALL);
	give(box, BOX_THREAD, at + AT_THREAD, SK_RIGHTS_ALL);
	give(box, BOX_SECOND, at + AT_SECOND, SK_RIGHTS_ALL);
	retype_there(box, box->objects, BOX_OBJECTS, SK_TYPE_UNTYPED, SUB_BYTES, 0);
	retype_there(box, box->ram, BOX_RAM, SK_TYPE_UNTYPED, SUB_BYTES, 0);
	retype_there(box, box->objects, BOX_ENDPOINT, SK_TYPE_ENDPOINT, 0, box->core[0]);
	retype_there(box, box->objects, BOX_FAR_ENDPOINT, SK_TYPE_ENDPOINT, 0, far);
	retype_there(box, box->objects, BOX_NOTIFICATION, SK_TYPE_NOTIFICATION, 0, 0);
	retype_there(box, box->ram, BOX_PRIVATE, SK_TYPE_MEMORY, 4 * SK_PAGE, ALL_MAPPING | SK_CACHE_NORMAL << 8);
	retype_there(box, box->objects, BOX_VCPU, SK_TYPE_VCPU, 0, 0);
	retype_there(box, box->objects, BOX_GUEST_SPACE, SK_TYPE_SPACE, 4, SK_SPACE_GUEST);
	retype_there(box, box->objects, BOX_IRQ, SK_TYPE_IRQ, box->line, SK_ROOT_IRQ_CONTROL | (uint64_t)SK_TRIGGER_EDGE << 32);
	retype_there(box, box->objects, BOX_SPARE, SK_TYPE_THREAD, 0, far);
	give(box, BOX_POWER, SK_ROOT_POWER, 0);
	give(box, BOX_IRQ_CONTROL, SK_ROOT_IRQ_CONTROL, 0);
	must("copy", sk_copy(at + AT_CNODE, BOX_BLIND_ENDPOINT, at + AT_CNODE, BOX_ENDPOINT, 0));
	must("mint", sk_mint(at + AT_CNODE, BOX_BADGE, at + AT_CNODE, BOX_NOTIFICATION, SK_RIGHTS_ALL, ~0ul >> 1));
	must("copy", sk_copy(at + AT_CNODE, BOX_READ_ONLY, at + AT_CNODE, BOX_PRIVATE, SK_RIGHT_READ));
	give(box, BOX_READ_CNODE, at + AT_CNODE, SK_RIGHT_READ);
}

void box_build(struct box *box, void (*entry)(struct box_shared *, uint64_t))
{
	struct sk_inspection i;

	retype_here(box, AT_CNODE, SK_TYPE_CNODE, BOX_SLOTS, 0);
	retype_here(box, AT_SPACE, SK_TYPE_SPACE, 16, SK_SPACE_COMPONENT);
	map_program(box);
	map_memory(box);
	make_threads(box, entry);
	fill_cnode(box);
	must("inspect", sk_inspect(SK_ROOT_CNODE, box->objects, &i));
	if (!box->used)
		box->used = i.used;
	if (i.used != box->used) {
		check_value("bytes that a rebuilt box takes", i.used, box->used);
		check_done();
	}
}

uint32_t box_thread(const struct box *box, unsigned which)
{
	return box->first + AT_THREAD + which;
}

void box_start(struct box *box, unsigned which)
{
	must("start a box", sk_thread_start(box_thread(box, which)));
}

enum sk_thread_state box_state(struct box *box, unsigned which)
{
	struct sk_inspection i;

	must("inspect a box's thread", sk_inspect(SK_ROOT_CNODE, box_thread(box, which), &i));
	return i.type == SK_TYPE_THREAD ? (enum sk_thread_state)i.used : SK_THREAD_STOPPED;
}

void box_destroy(struct box *box)
{
	must("revoke a box's objects", sk_revoke(SK_ROOT_CNODE, box->objects));
	must("revoke a box's memory", sk_revoke(SK_ROOT_CNODE, box->ram));
	for (unsigned i = 0; i < SEGMENTS; i++)
		must("delete a segment", sk_delete(SK_ROOT_CNODE, box->first + AT_SEGMENTS + i));
}

void box_map_page(struct box *box, unsigned n, uint64_t ipa, uint64_t here, uint32_t rights)
{
	uint32_t memory = box->first + AT_PAGES + 2 * n, alias = memory + 1;

	must("a page", sk_retype(box->ram, SK_TYPE_MEMORY, SK_PAGE, SK_ROOT_CNODE, memory, 1,
				 ALL_MAPPING | SK_CACHE_NORMAL << 8));
	must("alias", sk_copy(SK_ROOT_CNODE, alias, SK_ROOT_CNODE, memory, SK_RIGHTS_ALL));
	must("map here", sk_map_all(alias, SK_ROOT_SPACE, here, 0, SK_PAGE, SK_RIGHT_READ | SK_RIGHT_WRITE));
	must("map there", sk_map_all(memory, box->first + AT_SPACE, ipa, 0, SK_PAGE, rights));
}
