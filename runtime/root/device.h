/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SKERRY_ROOT_DEVICE_H
#define SKERRY_ROOT_DEVICE_H

/* Maps the console's and the status port's registers. Without them the output goes elsewhere. */
void device_map(void);

/* Polled writes to a PL011, null: not there. */
void *device_console(void);
void *device_status(void);
void device_put(void *uart, char c);

/* A PL011 interrupts while something that was sent to it lies there; takes all of that. */
void device_listen(void *uart);
void device_heard(void *uart);

#endif
