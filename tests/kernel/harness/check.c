/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"

#include <inttypes.h>
#include "skerry/log.h"
#include "skerry/root.h"

static unsigned passed, failed;

void check(const char *name, bool ok)
{
	if (ok) {
		passed++;
		sk_log("ok %s\n", name);
	} else {
		failed++;
		sk_log("not ok %s: it does not hold\n", name);
	}
}

void check_status(const char *name, enum sk_status got, enum sk_status expected)
{
	check_value(name, got, expected);
}

void check_value(const char *name, uint64_t got, uint64_t expected)
{
	if (got == expected) {
		check(name, true);
		return;
	}
	failed++;
	sk_log("not ok %s: %" PRIu64 " (%#" PRIx64 "), expected %" PRIu64 " (%#" PRIx64 ")\n", name, got, got,
	       expected, expected);
}

void must(const char *what, enum sk_status status)
{
	if (status == SK_OK)
		return;
	failed++;
	sk_log("not ok %s: status %d, and the rest needs it\n", what, status);
	check_done();
}

void check_done(void)
{
	sk_log("done %u passed %u failed\n", passed, failed);
	sk_root_exit(failed ? 1 : 0, "test over");
}
