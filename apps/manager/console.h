/* SPDX-License-Identifier: BSD-2-Clause */
/* The manager's end of its console: whole lines in, text out. */
#ifndef MANAGER_CONSOLE_H
#define MANAGER_CONSOLE_H

#include <stddef.h>

void console_open(void);

/* printf; waits as long as the console has no room. At most 255 bytes. */
void console_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Waits for the next line, echoes it, and leaves it in LINE without its end; what does not fit is dropped. */
void console_line(char *line, size_t size);

#endif
