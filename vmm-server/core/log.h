/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The VMM's log lines. vm_log: what happens seldom and by our own doing.
 * guest_log: what a guest can cause; at most GUEST_LOG_LINES a second go out, then
 * one line says how many were left out.
 */
#ifndef VMM_LOG_H
#define VMM_LOG_H

#define GUEST_LOG_LINES 10u

void vm_log(const char *format, ...) __attribute__((format(printf, 1, 2)));
void guest_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
