/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SECOND_SPACE_H
#define SECOND_SPACE_H

#include <stdint.h>

/* Slot of a second Space in which this program is mapped too, at the same addresses (shared). */
uint32_t second_space(void);

#endif
