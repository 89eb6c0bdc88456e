/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SKERRY_POWER_H
#define SKERRY_POWER_H

struct bootinfo;

/* Boot core: how the firmware is reached. */
void power_init(const struct bootinfo *boot);

#endif
