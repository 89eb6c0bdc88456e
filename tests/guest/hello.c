/* SPDX-License-Identifier: BSD-2-Clause */
/* The least that a guest can do. */
#include "guest.h"

int main(void);

int main(void)
{
	put("Hello from a bare guest\n");
	check(true, "hello", 0);
	finish();
}
