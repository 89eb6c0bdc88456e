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

/* A map, unmap or protect. */
void map_choose(struct caps_call *c);

/* A thread gets another Space, or uses its own. */
void map_step(void);

/* What the tables and TLBs translate that is not as the model says; null: nothing. */
const char *map_difference(void);

/* The slot of a thread that holds its Space. */
struct slot *map_thread_slot(unsigned thread);

#endif
