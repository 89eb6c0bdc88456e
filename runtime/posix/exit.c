/* SPDX-License-Identifier: BSD-2-Clause */
#include "posix.h"

#include <signal.h>
#include "skerry/end.h"
#include "skerry/fail.h"

long posix_exit(long code, long b, long c, long d, long e, long f)
{
	(void)b, (void)c, (void)d, (void)e, (void)f;
	sk_end(code == 0 ? SK_END_OK : SK_END_FAILED, (int)code, NULL);
}

/* raise() and abort(): there is nobody to send a signal to but this component. */
long posix_kill(long thread, long sig, long c, long d, long e, long f)
{
	(void)thread, (void)c, (void)d, (void)e, (void)f;
	sk_fail("%s (signal %ld)", sig == SIGABRT ? "aborted" : "raised", sig);
}
