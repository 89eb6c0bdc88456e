/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two cores, each in a host thread of its own, one of which runs at a time: so one
 * core can be cut off in the middle of the kernel while the other goes on.
 */
#ifndef SKERRY_KERNEL_TURNS_H
#define SKERRY_KERNEL_TURNS_H

/* The core whose host thread this is: 0, or 1 between turns_wait and turns_end. */
extern _Thread_local unsigned turns_me;

/* The other core runs until it changes over in its turn, or ends. */
void turns_change_over(void);

/* First thing in core 1's host thread: waits until it is changed over to. */
void turns_wait(void);
/* Last thing there: core 0 goes on, core 1 runs no more. */
void turns_end(void);

#endif
