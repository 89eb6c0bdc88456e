/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory: mapping into our own space, what one finds there, and what faults. */
#include <stdatomic.h>
#include <string.h>
#include "check.h"
#include "make.h"
#include "skerry/calls.h"

#define WINDOW 0x800000000ul /* nothing of root lies here */

static _Atomic uint32_t alive;
static uint64_t *volatile target;

static void touch_write(void *arg)
{
	(void)arg;
	*target = 1;
	atomic_store(&alive, 1);
}

/* A thread of ours writes to ADDRESS: SK_OK if it could, else the fault that its handler was told of. */
static uint64_t write_faults(uint64_t address, uint64_t *where)
{
	uint32_t note = make(SK_TYPE_NOTIFICATION, 0, 0), thread;
	struct sk_inspection i;

	*where = 0;
	atomic_store(&alive, 0);
	target = (uint64_t *)address;
	thread = make_thread_with(&(struct make_thread){ touch_write, NULL, 0, 100, note, 0, 0 });
	for (unsigned tries = 0; tries < 1000; tries++) {
		make_time(1000);
		must("inspect", sk_inspect(SK_ROOT_CNODE, thread, &i));
		if (atomic_load(&alive) || i.used == SK_THREAD_FAULTED)
			break;
	}
	sk_delete(SK_ROOT_CNODE, thread);
	return atomic_load(&alive) ? 0 : i.used == SK_THREAD_FAULTED;
}

static void tables(void)
{
	enum sk_status status;
	uint32_t space = make_slots(1), pool = make(SK_TYPE_UNTYPED, 0x10000, 0), page = make_memory(SK_PAGE);
	uint64_t done;

	must("space", sk_retype(pool, SK_TYPE_SPACE, 0, SK_ROOT_CNODE, space, 1, SK_SPACE_COMPONENT));
	status = sk_map(page, space, WINDOW, 0, SK_PAGE, SK_RIGHT_READ, &done);
	check_status("map without tables", status, SK_NO_TABLES);
	check_status("donate", sk_space_donate(space, pool, 2), SK_OK);
	check_status("map with tables", sk_map(page, space, WINDOW, 0, SK_PAGE, SK_RIGHT_READ, &done), SK_OK);
	check_value("one page", done, SK_PAGE);
	check_status("donate too much", sk_space_donate(space, pool, 64), SK_NO_MEMORY);
	check_status("delete the space", sk_delete(SK_ROOT_CNODE, space), SK_OK);
	check_status("the memory can be mapped elsewhere",
		     sk_map(page, SK_ROOT_SPACE, WINDOW, 0, SK_PAGE, SK_RIGHT_READ, &done), SK_OK);
	must("unmap", sk_unmap(page, 0, SK_PAGE, &done));
}

static void mapping(uint32_t memory)
{
	uint64_t done, where;
	volatile uint64_t *at = (volatile uint64_t *)WINDOW;

	check_status("map two pages", sk_map_all(memory, SK_ROOT_SPACE, WINDOW, 0, 2 * SK_PAGE,
						 SK_RIGHT_READ | SK_RIGHT_WRITE), SK_OK);
	at[0] = 0x1122334455667788;
	at[SK_PAGE / 8] = 42;
	check_value("what was written", at[0], 0x1122334455667788);
	check_status("map over it", sk_map(memory, SK_ROOT_SPACE, WINDOW, 0, SK_PAGE, SK_RIGHT_READ, &done), SK_MAPPED);
	check_status("map it elsewhere",
		     sk_map(memory, SK_ROOT_SPACE, WINDOW + 0x200000, 0, SK_PAGE, SK_RIGHT_READ, &done), SK_MAPPED);
	check_status("take write away", sk_protect(memory, 0, SK_PAGE, SK_RIGHT_READ, &done), SK_OK);
	check_value("it can still be read", at[0], 0x1122334455667788);
	check_value("a write faults", write_faults(WINDOW, &where), 1);
	check_value("the next page can be written", write_faults(WINDOW + SK_PAGE, &where), 0);
	check_status("unmap the first", sk_unmap(memory, 0, SK_PAGE, &done), SK_OK);
	check_value("now any write faults", write_faults(WINDOW, &where), 1);
	check_value("the second page is still there", at[SK_PAGE / 8], 1);
	check_status("map the first again", sk_map(memory, SK_ROOT_SPACE, WINDOW, 0, SK_PAGE, SK_RIGHT_READ, &done), SK_OK);
	check_value("with its contents", at[0], 0x1122334455667788);
	check_status("unmap all", sk_unmap_all(memory, 0, 2 * SK_PAGE), SK_OK);
}

static void arguments(uint32_t memory)
{
	uint64_t done;

	check_status("an address off a page",
		     sk_map(memory, SK_ROOT_SPACE, WINDOW + 8, 0, SK_PAGE, SK_RIGHT_READ, &done), SK_BAD_ARG);
	check_status("a length off a page", sk_map(memory, SK_ROOT_SPACE, WINDOW, 0, 100, SK_RIGHT_READ, &done),
		     SK_BAD_ARG);
	check_status("length 0", sk_map(memory, SK_ROOT_SPACE, WINDOW, 0, 0, SK_RIGHT_READ, &done), SK_BAD_ARG);
	check_status("past the memory's end",
		     sk_map(memory, SK_ROOT_SPACE, WINDOW, SK_PAGE, 2 * SK_BLOCK, SK_RIGHT_READ, &done), SK_BAD_ARG);
	check_status("an offset that wraps",
		     sk_map(memory, SK_ROOT_SPACE, WINDOW, ~0ul & ~(SK_PAGE - 1), SK_PAGE, SK_RIGHT_READ, &done), SK_BAD_ARG);
	check_status("an address past the space",
		     sk_map(memory, SK_ROOT_SPACE, 1ul << SK_IPA_BITS, 0, SK_PAGE, SK_RIGHT_READ, &done), SK_BAD_ARG);
	check_status("protect what is not mapped", sk_protect(memory, 0, SK_PAGE, SK_RIGHT_READ, &done), SK_NOT_MAPPED);
}

/* A capability without write maps nothing writable. */
static void weak(uint32_t memory)
{
	uint32_t copy = make_slots(1);
	uint64_t done;

	must("copy", sk_copy(SK_ROOT_CNODE, copy, SK_ROOT_CNODE, memory, SK_RIGHT_READ));
	check_status("map with more rights than the capability",
		     sk_map(copy, SK_ROOT_SPACE, WINDOW, 0, SK_PAGE, SK_RIGHT_READ | SK_RIGHT_WRITE, &done), SK_NO_RIGHT);
	check_status("map with its own", sk_map(copy, SK_ROOT_SPACE, WINDOW, 0, SK_PAGE, SK_RIGHT_READ, &done), SK_OK);
	check_status("revoke unmaps", sk_revoke(SK_ROOT_CNODE, memory), SK_OK);
	check_status("the place is free", sk_map(memory, SK_ROOT_SPACE, WINDOW, 0, SK_PAGE, SK_RIGHT_READ, &done), SK_OK);
	must("unmap", sk_unmap(memory, 0, SK_PAGE, &done));
}

/* 6 MiB: blocks where they fit, split by a protect in their middle. */
static void blocks(void)
{
	uint32_t memory = make_memory(3 * SK_BLOCK);
	volatile uint64_t *at = (volatile uint64_t *)WINDOW;
	uint64_t where;
	bool same = true;

	check_status("map 6 MiB", sk_map_all(memory, SK_ROOT_SPACE, WINDOW, 0, 3 * SK_BLOCK,
					     SK_RIGHT_READ | SK_RIGHT_WRITE), SK_OK);
	for (uint64_t i = 0; i < 3 * SK_BLOCK; i += SK_PAGE)
		at[i / 8] = i;
	check_status("protect a page in the middle",
		     sk_protect_all(memory, SK_BLOCK + 5 * SK_PAGE, SK_PAGE, SK_RIGHT_READ), SK_OK);
	for (uint64_t i = 0; i < 3 * SK_BLOCK; i += SK_PAGE)
		same &= at[i / 8] == i;
	check("all contents are where they were", same);
	check_value("the page faults on a write", write_faults(WINDOW + SK_BLOCK + 5 * SK_PAGE, &where), 1);
	check_value("its neighbour does not", write_faults(WINDOW + SK_BLOCK + 6 * SK_PAGE, &where), 0);
	check_status("unmap 6 MiB", sk_unmap_all(memory, 0, 3 * SK_BLOCK), SK_OK);
}

int main(void)
{
	uint32_t memory = make_memory(SK_BLOCK);

	tables();
	mapping(memory);
	arguments(memory);
	weak(memory);
	blocks();
	check_done();
}
