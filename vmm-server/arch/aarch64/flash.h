/* SPDX-License-Identifier: BSD-2-Clause */
/* Where firmware keeps its variables: blank, and read-only. flash.c is the manual. */
#ifndef VMM_FLASH_H
#define VMM_FLASH_H

#include "core/mmio.h"

/* Blanks the memory that stands for the device's first bytes (region guest.flash), if there is any. */
void flash_init(void);

extern const struct mmio_ops flash_ops;

#endif
