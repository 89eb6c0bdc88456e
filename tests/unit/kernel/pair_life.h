/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two calls at once in a life with the model (caps_life.h), each on a core of its own, where one cuts
 * off the other at any access to what they share: the outcome is that of one after the other.
 */
#ifndef SKERRY_PAIR_LIFE_H
#define SKERRY_PAIR_LIFE_H

#include "caps_life.h"

/* Two cores. */
void pair_step(void);

#endif
