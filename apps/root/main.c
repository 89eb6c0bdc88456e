/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Root: the first component, started by the kernel with every capability there
 * is. It builds the system that the spec describes, gives each component what
 * the spec gives it, keeps what it needs to supervise them (supervise.c says
 * what), and reports how the system ended.
 */
#include "supervise.h"
#include "system.h"

static void check_info(void)
{
	const struct sk_root_info *info = sk_root_info();

	if (info->magic != SK_ROOT_INFO_MAGIC || info->version != SK_ROOT_INFO_VERSION ||
	    info->abi >> 16 != SK_ABI_MAJOR || info->regions > SK_ROOT_MAX_REGIONS)
		root_fail(ROOT_EXIT_OWN, "loader or kernel are of another version than root");
}

int main(void)
{
	check_info();
	supervise_open();
	ram_open();
	archives_open();
	system_open();
	system_plan();
	system_place();
	system_make();
	system_build();
	system_inspect();
	system_run();
}
