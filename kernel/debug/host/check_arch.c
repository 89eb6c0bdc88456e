/* SPDX-License-Identifier: BSD-2-Clause */
/* What a core has loaded of the simulated hardware. */
#include "check.h"

void check_arch(void)
{
	for (unsigned i = 0; i < core_count; i++) {
		const struct arch_core *core = &cores[i].arch;

		HOLDS("V2", !core->entered || core->entered == core->loaded, core);
	}
}
