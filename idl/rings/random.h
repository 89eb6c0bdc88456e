/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The random ring: bytes for one user in shared memory. It is one half of a console
 * connection (console.h, and its rules): the entropy component writes, keeps it full, and at
 * most RANDOM_AHEAD bytes are on their way; the user reads what it wants, and signals if
 * console_ring_space_wanted() says so. Bytes are there once: what one user has read nobody
 * reads again, and no other user ever gets them.
 */
#ifndef SKERRY_RING_RANDOM_H
#define SKERRY_RING_RANDOM_H

#include "rings/console.h"

#define RANDOM_AHEAD CONSOLE_RING_BYTES

struct random_shared {
	struct console_ring to_user;
};

#endif
