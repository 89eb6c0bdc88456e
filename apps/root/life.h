/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ROOT_LIFE_H
#define ROOT_LIFE_H

#include <stdint.h>

/*
 * Makes all that lives of component INDEX: objects, memory as it is to find it,
 * mappings, capabilities; and gives the others what they may have of it. Its
 * threads are stopped. From the second time on it finds a higher generation on
 * its start page, and its memory cleared but for what is kept: memory that the
 * spec says to keep (a guest's excepted), memory of connections, and memory
 * that a device may still use.
 */
void life_build(uint32_t index);

/* Starts the main thread of a component that was built. */
void life_begin(uint32_t index);

/*
 * Stops the component and takes back all that life_build gave: when this returns
 * nothing of it runs, its interrupts are masked, nobody can call it (who did has
 * SK_ABORTED), and its kernel memory is free for the next life. What others share
 * with it stays theirs.
 */
void life_end(uint32_t index);

#endif
