/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SKERRY_TIMER_H
#define SKERRY_TIMER_H

struct bootinfo;
struct core;

/* Every core, on itself: its kernel timer is off. */
void timer_init(struct core *core, const struct bootinfo *boot);

#endif
