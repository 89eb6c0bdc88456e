/* SPDX-License-Identifier: BSD-2-Clause */
/* A component that ends in the way that the parameter "how" names: tests/boot/supervise.sh. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <skerry/calls.h>
#include <skerry/start.h>

static int deeper(int levels)
{
	volatile char room[1000];

	room[0] = (char)levels;
	return levels == 0 ? 0 : deeper(levels - 1) + room[0];
}

static void stay(void)
{
	for (;;)
		sk_yield();
}

int main(void)
{
	const char *how = sk_param("how", "");

	if (strcmp(how, "write") == 0)
		*(volatile int *)0x12345678 = 1;
	else if (strcmp(how, "null") == 0)
		printf("%d\n", *(volatile int *)(uintptr_t)sk_param_number("zero", 0));
	else if (strcmp(how, "text") == 0)
		*(volatile int *)(uintptr_t)main = 1;
	else if (strcmp(how, "start-page") == 0)
		*(volatile int *)SK_START_IPA = 1;
	else if (strcmp(how, "jump") == 0)
		((void (*)(void))SK_START_IPA)();
	else if (strcmp(how, "stack") == 0)
		return deeper(100000);
	else if (strcmp(how, "undefined") == 0)
		__asm__ volatile(".inst 0");
	else if (strcmp(how, "trap") == 0)
		__builtin_trap();
	else if (strcmp(how, "fail") == 0)
		sk_need_slot("missing");
	else if (strcmp(how, "abort") == 0)
		abort();
	else if (strcmp(how, "one") == 0)
		return 1;
	else if (strcmp(how, "off") == 0 || strcmp(how, "crash") == 0 || strcmp(how, "reset") == 0) {
		sk_signal(sk_need_slot(how));
		stay();
	}
	return 0;
}
