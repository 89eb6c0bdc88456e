/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For the program that the kernel starts: root, and test programs in its place.
 * Link `runtime-root` (before runtime: put it in LIBS). It makes the start
 * page's contents from struct sk_root_info, writes the log straight to the
 * console UART, and ends by "exit CODE REASON" on the status port and power-off.
 */
#ifndef SKERRY_ROOT_H
#define SKERRY_ROOT_H

#include <stdbool.h>
#include <stdint.h>
#include "abi/skerry.h"
#include "loader/rootinfo.h"

/* Slots of root's cnode that runtime-root takes: the last ones. */
#define SK_ROOT_RUNTIME_SLOTS (SK_ROOT_CNODE_SLOTS - 8)

/* Addresses that it maps at, one page each. */
#define SK_ROOT_CONSOLE_IPA 0x60000000ul
#define SK_ROOT_STATUS_IPA  0x60010000ul

const struct sk_root_info *sk_root_info(void);

/* One line on the status port, if the machine has one; else in the log. No newline in TEXT. */
void sk_root_status(const char *text);

/*
 * From now on the status port's interrupt line says that something was sent to it, until sk_root_heard()
 * has taken all of that (it means nothing). False: there is no status port.
 */
bool sk_root_listen(void);
void sk_root_heard(void);

/* Reports "exit CODE REASON" on the status port and powers the machine off. */
_Noreturn void sk_root_exit(int code, const char *reason);

/*
 * Unmaps the console UART and deletes root's memory capability of it, so that a
 * driver gets it alone. From now on the log goes to the kernel's debug output.
 */
void sk_root_release_console(void);

#endif
