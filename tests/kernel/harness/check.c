/* SPDX-License-Identifier: BSD-2-Clause */
#include "check.h"

#include <inttypes.h>
#include "skerry/calls.h"
#include "skerry/log.h"
#include "skerry/root.h"

static unsigned passed, failed;
static bool invariants, told;

void check_invariants(bool on)
{
	uint64_t checks;

	told = true;
	invariants = sk_debug_check(on, &checks) == SK_OK && on;
	if (on && !invariants)
		check("this is a debug kernel", false);
}

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
	if (!told)
		check_invariants(true);
	if (status == SK_OK)
		return;
	failed++;
	sk_log("not ok %s: status %d, and the rest needs it\n", what, status);
	check_done();
}

void check_done(void)
{
	uint64_t checks;

	/* none: the kernel has found that there is too much to check, or never had the lock */
	if (invariants && (sk_debug_check(0, &checks) != SK_OK || checks == 0))
		check("invariants were checked", false);
	if (invariants)
		sk_log("invariants: checked %" PRIu64 " times\n", checks);
	sk_log("done %u passed %u failed\n", passed, failed);
	sk_root_exit(failed ? 1 : 0, "test over");
}
