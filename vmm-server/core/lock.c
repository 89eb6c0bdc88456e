/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/lock.h"

#include <skerry/calls.h>

void lock_pause(void)
{
	sk_yield();
}
