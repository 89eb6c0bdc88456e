/* SPDX-License-Identifier: BSD-2-Clause */
#include "second_space.h"

#include "check.h"
#include "make.h"
#include "skerry/calls.h"

/* Root's own memory: image, stack, information page. */
static void share(uint32_t space, uint32_t index)
{
	struct sk_inspection of;
	uint32_t copy;

	must("inspect root's memory", sk_inspect(SK_ROOT_CNODE, index, &of));
	if (of.type != SK_TYPE_MEMORY)
		return;
	copy = make_slots(1);
	must("copy root's memory", sk_copy(SK_ROOT_CNODE, copy, SK_ROOT_CNODE, index, SK_RIGHTS_ALL));
	must("map root's memory", sk_map_all(copy, space, of.base, 0, of.size, (uint32_t)of.rights));
}

uint32_t second_space(void)
{
	uint32_t space = make(SK_TYPE_SPACE, 16, SK_SPACE_COMPONENT);

	for (uint32_t i = SK_ROOT_SEGMENTS; i < SK_ROOT_SEGMENTS + 6; i++)
		share(space, i);
	return space;
}
