/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers of the procedure Supervisor (idl/std/std.adl): what a component that the
 * system text connects with system.supervisor may ask of root.
 */
#ifndef SKERRY_SUPERVISOR_H
#define SKERRY_SUPERVISOR_H

/* What state() answers. */
enum sk_life {
	SK_LIFE_STOPPED = 0, /* never started, or stopped by somebody who may */
	SK_LIFE_RUNS = 1,
	SK_LIFE_ENDED = 2,   /* by itself; a VMM: its guest powered off or reset itself */
	SK_LIFE_FAILED = 3,  /* by a fault, or its guest crashed; and is not started again by itself */
	SK_LIFES = 4,
};

/* The methods, as the generated stubs number them. */
enum sk_supervisor_method {
	SK_SUPERVISOR_COUNT = 0,
	SK_SUPERVISOR_NAME = 1,
	SK_SUPERVISOR_STATE = 2,
	SK_SUPERVISOR_START = 3,
	SK_SUPERVISOR_STOP = 4,
	SK_SUPERVISOR_RESTART = 5,
	SK_SUPERVISOR_MEMORY = 6,
	SK_SUPERVISOR_TRACE = 7,
};

#endif
