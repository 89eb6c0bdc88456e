/* SPDX-License-Identifier: BSD-2-Clause */
/* A server that is alive until somebody asks it to die. */
#include "component.h"

uint32_t mortal_live(uint32_t a)
{
	return a + 1;
}

/* In the middle of a call: a load from where nothing is mapped. */
uint32_t mortal_die(uint32_t a)
{
	return a + *(volatile uint32_t *)0x7000000000ul;
}
