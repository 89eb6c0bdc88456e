/* SPDX-License-Identifier: BSD-2-Clause */
#include "lists.h"

#include "sysreg.h"

/* A system register's number is part of the instruction: one case each. */
#define EACH_LIST(X) \
	X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15)

uint64_t lists_read(unsigned n)
{
	switch (n) {
#define X(i) case i: return READ_SYSREG(ich_lr##i##_el2);
	EACH_LIST(X)
#undef X
	default:
		return 0;
	}
}

void lists_write(unsigned n, uint64_t value)
{
	switch (n) {
#define X(i) case i: WRITE_SYSREG(ich_lr##i##_el2, value); break;
	EACH_LIST(X)
#undef X
	default:
		break;
	}
}

uint64_t lists_read_ap(unsigned group, unsigned n)
{
	switch (group * 4 + n) {
#define X(g, i) case g * 4 + i: return READ_SYSREG(ich_ap##g##r##i##_el2);
	X(0, 0) X(0, 1) X(0, 2) X(0, 3) X(1, 0) X(1, 1) X(1, 2) X(1, 3)
#undef X
	default:
		return 0;
	}
}

void lists_write_ap(unsigned group, unsigned n, uint64_t value)
{
	switch (group * 4 + n) {
#define X(g, i) case g * 4 + i: WRITE_SYSREG(ich_ap##g##r##i##_el2, value); break;
	X(0, 0) X(0, 1) X(0, 2) X(0, 3) X(1, 0) X(1, 1) X(1, 2) X(1, 3)
#undef X
	default:
		break;
	}
}
