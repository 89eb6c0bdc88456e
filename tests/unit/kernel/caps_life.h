/* SPDX-License-Identifier: BSD-2-Clause */
/* The kernel's capabilities against the reference model (caps_model.h). */
#ifndef SKERRY_CAPS_LIFE_H
#define SKERRY_CAPS_LIFE_H

#include "life.h"

/* Calls by root, chosen by life.random; each status and all slots are as the model says. The machine is there. */
void caps_life(unsigned steps);

#endif
