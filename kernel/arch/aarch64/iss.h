/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The syndrome of a data abort that describes its access (ISV): [ARM] DDI 0487
 * K.a, D24.2.40, "ISS encoding for an exception from a Data Abort". trap.c makes
 * an exit of it, vcpu_run.c completes the load with the VMM's answer.
 */
#pragma once

#include "types.h"

#define ISS_WNR (1ul << 6)
#define ISS_SF  (1ul << 15)  /* a 64-bit register */
#define ISS_SSE (1ul << 21)  /* sign-extended */
#define ISS_ISV (1ul << 24)

/* log2 of the bytes */
static inline unsigned iss_size(uint64_t esr)
{
	return esr >> 22 & 3;
}

static inline unsigned iss_register(uint64_t esr)
{
	return esr >> 16 & 31;
}

/* As if register N had been loaded with 64 bits. */
static inline uint64_t iss_load_64(unsigned n)
{
	return ISS_ISV | 3ul << 22 | (uint64_t)n << 16 | ISS_SF;
}
