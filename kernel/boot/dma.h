/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BOOT_DMA_H
#define BOOT_DMA_H

#include "dt.h"

/*
 * No device reads or writes memory from here on, until a driver lets it: every
 * SMMUv3 aborts all streams, and no PCI function is a bus master. Devices that
 * are neither behind the one nor on the other are not reached by this.
 */
bool dma_stop(const struct dt *dt, struct report *report);

#endif
