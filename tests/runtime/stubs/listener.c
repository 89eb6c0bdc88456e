/* SPDX-License-Identifier: BSD-2-Clause */
/* Says so when it was signalled: the client sees what a capability that it lent was used for. */
#include "component.h"

int run(void)
{
	for (;;) {
		ping_wait();
		pong_emit();
	}
}
