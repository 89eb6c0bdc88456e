/* SPDX-License-Identifier: BSD-2-Clause */
/* What skerry-authority does with a compiled system, all of it, written to NOWHERE. */
#ifndef FUZZ_JUDGE_H
#define FUZZ_JUDGE_H

#include "base.h"

void judge(const struct source *spec, const struct source *notes, FILE *nowhere);

#endif
