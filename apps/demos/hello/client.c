/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>

#include "component.h"

int run(void)
{
	char answer[81];
	uint64_t sum;

	if (greeter_greet(who, answer) != SK_OK || greeter_add(40, 2, &sum) != SK_OK) {
		printf("client: nobody answers\n");
		end_crash();
		return 1;
	}
	printf("client: the server says \"%s\", and 40 + 2 = %lu\n", answer, (unsigned long)sum);
	end_off();
	return 0;
}
