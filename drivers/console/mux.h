/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several consoles on one terminal: what is shown of whom, and whose the keys are. One of
 * them is the system's log, which takes no keys.
 *
 * Watching one (the focus): its bytes go out as they are; of each other's the last
 * MUX_BACKLOG are kept, and shown when it gets the focus.
 * Watching all: everybody's, line by line, each line with its owner's name. A line that is not
 * whole is held back, but for the focus, whose prompt is to be seen; if another's line
 * comes in between, the focus's is begun again.
 * From the beginning until the focus prints something, the system's log is shown, too: what
 * has no other way to say why it does not come up.
 *
 * Keys: the escape key, then 1..9 (focus), 0 (the system's log), a (watch all), escape
 * (itself), anything else (help). All other keys go to the focus.
 */
#ifndef CONSOLE_MUX_H
#define CONSOLE_MUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUX_CLIENTS 9u
#define MUX_SYSTEM  MUX_CLIENTS /* the number of the system's log */
#define MUX_BACKLOG 4096u
#define MUX_NAME    24u
#define MUX_GROWTH  32u  /* watching all, a byte becomes at most so many: a name and a new line */
#define MUX_LINE    256u /* as much of a line is held back */

struct mux_client {
	char name[MUX_NAME];
	uint8_t backlog[MUX_BACKLOG];
	size_t kept;             /* bytes ever put there */
	uint8_t line[MUX_LINE];  /* watching all: the begin of the line it is in */
	size_t held;
};

struct mux {
	unsigned clients, focus;
	uint8_t escape;
	bool all;
	bool escaped;            /* the escape key was the last one */
	bool early;              /* nothing was printed by the focus yet, and nobody changed it */
	unsigned owner;          /* whose line the terminal stands in */
	bool fresh;              /* the terminal stands at the start of a line */
	struct mux_client client[MUX_CLIENTS + 1];
	void (*out)(const void *bytes, size_t count);
};

/* OUT takes all it is given. */
void mux_init(struct mux *m, uint8_t escape, void (*out)(const void *bytes, size_t count));

/* Adds a client; false if there are MUX_CLIENTS. */
bool mux_add(struct mux *m, const char *name);

/* Client N, or MUX_SYSTEM, has printed. Calls OUT with at most COUNT * MUX_GROWTH + MUX_LINE bytes. */
void mux_print(struct mux *m, unsigned n, const uint8_t *bytes, size_t count);

/* A key. Returns whether it is for the focus (MUX_SYSTEM takes none). May call OUT with at most MUX_BACKLOG + 256 bytes. */
bool mux_key(struct mux *m, uint8_t key);

#endif
