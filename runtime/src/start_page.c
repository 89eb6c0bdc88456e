/* SPDX-License-Identifier: BSD-2-Clause */
/* A component's start page is where root put it. runtime-root has another of these. */
#include "crt.h"

#include "skerry/start.h"

void crt_prepare(void)
{
}

const struct sk_start *sk_start(void)
{
	return (const struct sk_start *)SK_START_IPA;
}
