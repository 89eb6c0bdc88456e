/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SKERRY_STAGE2_H
#define SKERRY_STAGE2_H

struct space;

/* Drops what this core's TLB holds of a guest's own translations, by VMID. */
void stage2_flush_local(const struct space *space);

#endif
