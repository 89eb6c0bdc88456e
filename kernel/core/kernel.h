/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of contents, in the order in which it reads best. Each header says what its
 * object is, which core and lock its functions want, and what its calls are.
 */
#pragma once

#include "types.h"
#include "arch.h"

/* capabilities, and what they name */
#include "object.h"
#include "slot.h"
#include "cnode.h"
#include "untyped.h"
#include "reap.h"

/* memory */
#include "memory.h"
#include "space.h"

/* who runs */
#include "core.h"
#include "thread.h"
#include "queue.h"
#include "timeout.h"
#include "sched.h"
#include "budget.h"
#include "chain.h"

/* what they wait for */
#include "notification.h"
#include "endpoint.h"
#include "irq.h"
#include "fast.h"
#include "vcpu.h"

/* the way in */
#include "entry.h"
