/* SPDX-License-Identifier: BSD-2-Clause */
/* Untyped memory: what retype takes, refuses, and gives back. */
#include <string.h>
#include "check.h"
#include "make.h"
#include "skerry/calls.h"

#define BYTES 0x10000u

static uint32_t pool; /* a small untyped of our own */

static uint64_t used(void)
{
	struct sk_inspection i;

	must("inspect", sk_inspect(SK_ROOT_CNODE, pool, &i));
	return i.used;
}

static void accounting(void)
{
	uint32_t slots = make_slots(4);

	check_value("nothing used at first", used(), 0);
	check_status("four endpoints", sk_retype(pool, SK_TYPE_ENDPOINT, 0, SK_ROOT_CNODE, slots, 4, 0), SK_OK);
	check_value("64 bytes each", used(), 256);
	check_status("into taken slots", sk_retype(pool, SK_TYPE_ENDPOINT, 0, SK_ROOT_CNODE, slots + 3, 1, 0),
		     SK_OCCUPIED);
	check_value("a refused retype takes nothing", used(), 256);
}

static void refusals(void)
{
	uint32_t slot = make_slots(1);
	uint64_t needed = 0;

	check_status("none at all", sk_retype(pool, SK_TYPE_ENDPOINT, 0, SK_ROOT_CNODE, slot, 0, 0), SK_BAD_ARG);
	check_status("65 at once", sk_retype(pool, SK_TYPE_ENDPOINT, 0, SK_ROOT_CNODE, slot, 65, 0), SK_BAD_ARG);
	check_status("an unknown type", sk_retype(pool, SK_TYPES, 0, SK_ROOT_CNODE, slot, 1, 0), SK_BAD_ARG);
	check_status("a power capability", sk_retype(pool, SK_TYPE_POWER, 0, SK_ROOT_CNODE, slot, 1, 0), SK_BAD_ARG);
	check_status("memory from object memory",
		     sk_retype(pool, SK_TYPE_MEMORY, SK_PAGE, SK_ROOT_CNODE, slot, 1, SK_RIGHT_READ), SK_WRONG_TYPE);
	check_status("a thread from user memory",
		     sk_retype(make_ram(), SK_TYPE_THREAD, 0, SK_ROOT_CNODE, slot, 1, 0), SK_WRONG_TYPE);
	check_status("a thread on core 77", sk_retype(pool, SK_TYPE_THREAD, 0, SK_ROOT_CNODE, slot, 1, 77), SK_BAD_ARG);
	check_status("a cnode of one slot", sk_retype(pool, SK_TYPE_CNODE, 1, SK_ROOT_CNODE, slot, 1, 0), SK_BAD_ARG);
	check_status("a cnode of 65537", sk_retype(pool, SK_TYPE_CNODE, 65537, SK_ROOT_CNODE, slot, 1, 0),
		     SK_BAD_ARG);
	check_status("past the cnode's end",
		     sk_retype(pool, SK_TYPE_ENDPOINT, 0, SK_ROOT_CNODE, SK_ROOT_CNODE_SLOTS, 1, 0), SK_BAD_ARG);
	check_status("more than there is",
		     sk_retype_needed(pool, SK_TYPE_CNODE, 4096, SK_ROOT_CNODE, slot, 1, 0, &needed), SK_NO_MEMORY);
	check("and how much it would be", needed >= 4096 * 64);
}

/* All children gone: the untyped begins again at its base. */
static void again(void)
{
	uint32_t slot = make_slots(1);

	check_status("revoke", sk_revoke(SK_ROOT_CNODE, pool), SK_OK);
	check_status("all of it once more", sk_retype(pool, SK_TYPE_UNTYPED, BYTES, SK_ROOT_CNODE, slot, 1, 0), SK_OK);
	check_status("and no byte more",
		     sk_retype(pool, SK_TYPE_ENDPOINT, 0, SK_ROOT_CNODE, make_slots(1), 1, 0), SK_NO_MEMORY);
	check_status("delete the child", sk_delete(SK_ROOT_CNODE, slot), SK_OK);
	check_status("then there is room", sk_retype(pool, SK_TYPE_ENDPOINT, 0, SK_ROOT_CNODE, slot, 1, 0), SK_OK);
	must("revoke", sk_revoke(SK_ROOT_CNODE, pool));
}

/* Made and destroyed many times: nothing leaks. */
static void churn(void)
{
	uint32_t slot = make_slots(8);
	enum sk_status status = SK_OK;

	for (unsigned i = 0; i < 500 && status == SK_OK; i++) {
		status = sk_retype(pool, SK_TYPE_THREAD, 0, SK_ROOT_CNODE, slot, 8, 0);
		if (status == SK_OK)
			status = sk_revoke(SK_ROOT_CNODE, pool);
	}
	check_status("500 times eight threads", status, SK_OK);
}

int main(void)
{
	pool = make(SK_TYPE_UNTYPED, BYTES, 0);
	accounting();
	refusals();
	again();
	churn();
	check_done();
}
