/* SPDX-License-Identifier: BSD-2-Clause */
/* Apart from lock.c, which also runs without a kernel, in tests. */
#include "core/lock.h"

#include <skerry/calls.h>

void lock_pause(void)
{
	sk_yield();
}
