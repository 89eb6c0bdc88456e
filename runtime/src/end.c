/* SPDX-License-Identifier: BSD-2-Clause */
#include "skerry/end.h"

#include "skerry/end_arch.h"

void sk_end(enum sk_end how, int code, const char *why)
{
	for (;;) {
		switch (how) {
		case SK_END_OK:
			sk_end_arch(SK_END_OK, code, why);
			break;
		case SK_END_FAILED:
			sk_end_arch(SK_END_FAILED, code, why);
			break;
		case SK_END_FAULT:
			sk_end_arch(SK_END_FAULT, code, why);
			break;
		}
	}
}
