/* SPDX-License-Identifier: BSD-2-Clause */
#include "component.h"

void words_none(void)
{
}

uint64_t words_six(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	return a + b + c + d + e + f;
}

int32_t words_narrow(uint8_t a, int16_t b, uint32_t c, int32_t d, bool e, uint16_t f)
{
	return e ? a + b + (int32_t)c + d + f : 0;
}
