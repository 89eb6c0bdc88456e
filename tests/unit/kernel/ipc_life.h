/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls and replies of a life with the model (caps_life.h), by servers and clients on each core. */
#ifndef SKERRY_IPC_LIFE_H
#define SKERRY_IPC_LIFE_H

#include "caps_life.h"

enum { IPC_SLOTS = SK_MAX_CORES };

/* Makes endpoints and threads. The servers' cnode, in whose last IPC_SLOTS slots their endpoints are put. */
void ipc_begin(unsigned cnode);

/* A call, or an answer; all that take part have what the model says. */
void ipc_step(void);

#endif
