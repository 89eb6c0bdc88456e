/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SKERRY_FAIL_H
#define SKERRY_FAIL_H

#include "abi/skerry.h"

/* Logs "NAME: message" (NAME = the component's) and ends the component. Any thread. */
_Noreturn void sk_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The status in words, for messages. */
const char *sk_status_text(enum sk_status status);

/* Ends the component with "WHAT: status" unless the status is OK. */
void sk_check(enum sk_status status, const char *what);

#endif
