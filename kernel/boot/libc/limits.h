/* SPDX-License-Identifier: BSD-2-Clause */
/* What libfdt needs of <limits.h>. */
#ifndef BOOT_LIMITS_H
#define BOOT_LIMITS_H

#define INT_MAX  __INT_MAX__
#define INT_MIN  (-INT_MAX - 1)
#define UINT_MAX (INT_MAX * 2u + 1u)

#endif
