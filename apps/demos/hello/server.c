/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>

#include "component.h"

void greeter_greet(const char *name, char *answer)
{
	printf("server: somebody called %s is there\n", name);
	snprintf(answer, 81, "Hello, %s!", name);
}

uint64_t greeter_add(uint32_t a, uint32_t b)
{
	return (uint64_t)a + b;
}
