/* SPDX-License-Identifier: BSD-2-Clause */
/* A vCPU without a kernel: its registers are an array; log lines are counted. */
#ifndef FAKE_H
#define FAKE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "abi/skerry.h"

extern uint64_t fake_vreg[SK_VREG_COUNT];
extern unsigned fake_logs, fake_kicks;
extern uint64_t fake_idle; /* deadline of the latest vcpu_idle */

#endif
