/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calls on memory and Spaces of a life with the model (caps_life.h), and the threads that
 * fill the TLBs of their cores with the translations of such Spaces.
 */
#ifndef SKERRY_MAP_LIFE_H
#define SKERRY_MAP_LIFE_H

#include "caps_life.h"

/* Makes the threads. */
void map_begin(void);

/* A call, a thread that gets another Space, or one that uses its own. */
void map_step(void);

/* All that the tables and the TLBs translate is as the model says. */
void map_compare(void);

/* The slot of a thread that holds its Space. */
struct slot *map_thread_slot(unsigned thread);

#endif
