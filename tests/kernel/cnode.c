/* SPDX-License-Identifier: BSD-2-Clause */
/* Capabilities: copy, mint, move, delete, revoke, inspect, and the rights they need. */
#include "check.h"
#include "make.h"
#include "skerry/calls.h"

static struct sk_inspection look(uint32_t cnode, uint32_t index)
{
	struct sk_inspection i;

	must("inspect", sk_inspect(cnode, index, &i));
	return i;
}

static void made_empty(uint32_t cnode)
{
	struct sk_inspection i = look(SK_ROOT_CNODE, cnode);

	check_value("type of a cnode", i.type, SK_TYPE_CNODE);
	check_value("its slots", i.size, 16);
	check_value("a fresh slot is empty", look(cnode, 3).type, SK_TYPE_NONE);
	check_status("inspect past the end", sk_inspect(cnode, 16, &i), SK_BAD_ARG);
}

static void copying(uint32_t cnode, uint32_t note)
{
	struct sk_inspection i;

	check_status("copy with fewer rights", sk_copy(cnode, 1, SK_ROOT_CNODE, note, SK_RIGHT_SIGNAL), SK_OK);
	i = look(cnode, 1);
	check_value("the copy's type", i.type, SK_TYPE_NOTIFICATION);
	check_value("the copy's rights", i.rights, SK_RIGHT_SIGNAL);
	check_value("the copy's object", i.object, look(SK_ROOT_CNODE, note).object);
	check_status("copy onto it", sk_copy(cnode, 1, SK_ROOT_CNODE, note, SK_RIGHTS_ALL), SK_OCCUPIED);
	must("copy the copy", sk_copy(cnode, 2, cnode, 1, SK_RIGHTS_ALL));
	check_value("rights do not grow", look(cnode, 2).rights, SK_RIGHT_SIGNAL);
	check_status("copy from an empty slot", sk_copy(cnode, 5, cnode, 9, SK_RIGHTS_ALL), SK_NO_CAP);
	check_status("copy into slot 0", sk_copy(cnode, 0, SK_ROOT_CNODE, note, SK_RIGHTS_ALL), SK_BAD_ARG);
	check_status("copy past the end", sk_copy(cnode, 16, SK_ROOT_CNODE, note, SK_RIGHTS_ALL), SK_BAD_ARG);
	check_status("copy an untyped", sk_copy(cnode, 5, SK_ROOT_CNODE, SK_ROOT_OBJECTS, SK_RIGHTS_ALL),
		     SK_WRONG_TYPE);
}

static void badges(uint32_t cnode, uint32_t note)
{
	check_status("mint a badge", sk_mint(cnode, 3, SK_ROOT_CNODE, note, SK_RIGHTS_ALL, 0x55), SK_OK);
	check_value("the badge", look(cnode, 3).badge, 0x55);
	check_status("mint over a badge", sk_mint(cnode, 4, cnode, 3, SK_RIGHTS_ALL, 0x66), SK_BAD_ARG);
	check_status("a badge with the waiter's bit",
		     sk_mint(cnode, 4, SK_ROOT_CNODE, note, SK_RIGHTS_ALL, SK_WAITER), SK_BAD_ARG);
}

static void moving(uint32_t cnode)
{
	check_status("move", sk_move(cnode, 6, cnode, 3), SK_OK);
	check_value("what moved", look(cnode, 6).badge, 0x55);
	check_value("what it left", look(cnode, 3).type, SK_TYPE_NONE);
	check_status("move onto a capability", sk_move(cnode, 1, cnode, 6), SK_OCCUPIED);
	check_status("move nothing", sk_move(cnode, 7, cnode, 3), SK_NO_CAP);
}

static void rights(uint32_t cnode)
{
	uint32_t weak = make_slots(1);
	struct sk_inspection i;

	must("copy the cnode", sk_copy(SK_ROOT_CNODE, weak, SK_ROOT_CNODE, cnode, SK_RIGHT_READ));
	check_status("delete without the right", sk_delete(weak, 1), SK_NO_RIGHT);
	check_status("copy into it without the right", sk_copy(weak, 8, cnode, 1, SK_RIGHTS_ALL), SK_NO_RIGHT);
	check_status("inspect with it", sk_inspect(weak, 1, &i), SK_OK);
	must("delete", sk_delete(SK_ROOT_CNODE, weak));
}

static void removing(uint32_t cnode, uint32_t note)
{
	check_status("delete", sk_delete(cnode, 2), SK_OK);
	check_value("the slot afterwards", look(cnode, 2).type, SK_TYPE_NONE);
	check_status("delete an empty slot", sk_delete(cnode, 2), SK_OK);
	check_status("revoke", sk_revoke(SK_ROOT_CNODE, note), SK_OK);
	check_value("a copy after revoke", look(cnode, 1).type, SK_TYPE_NONE);
	check_value("a minted one after revoke", look(cnode, 6).type, SK_TYPE_NONE);
	check_value("the one revoked stays", look(SK_ROOT_CNODE, note).type, SK_TYPE_NOTIFICATION);
}

/* A child of a deleted middle one still falls to a revoke at the top. */
static void family(uint32_t cnode, uint32_t note)
{
	must("child", sk_copy(cnode, 1, SK_ROOT_CNODE, note, SK_RIGHTS_ALL));
	must("grandchild", sk_copy(cnode, 2, cnode, 1, SK_RIGHTS_ALL));
	must("delete the child", sk_delete(cnode, 1));
	check_value("the grandchild lives", look(cnode, 2).type, SK_TYPE_NOTIFICATION);
	must("revoke", sk_revoke(SK_ROOT_CNODE, note));
	check_value("and falls with the rest", look(cnode, 2).type, SK_TYPE_NONE);
}

/* A deleted cnode takes along what lies in it. */
static void emptied(uint32_t cnode, uint32_t note)
{
	must("copy", sk_copy(cnode, 1, SK_ROOT_CNODE, note, SK_RIGHTS_ALL));
	check_status("delete the cnode", sk_delete(SK_ROOT_CNODE, cnode), SK_OK);
	check_status("it is gone", sk_delete(cnode, 1), SK_NO_CAP);
	check_status("the notification is not", sk_signal(note), SK_OK);
}

int main(void)
{
	uint32_t cnode = make(SK_TYPE_CNODE, 16, 0);
	uint32_t note = make(SK_TYPE_NOTIFICATION, 0, 0);

	made_empty(cnode);
	copying(cnode, note);
	badges(cnode, note);
	moving(cnode);
	rights(cnode);
	removing(cnode, note);
	family(cnode, note);
	emptied(cnode, note);
	check_done();
}
