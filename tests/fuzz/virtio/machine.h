/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest's virtio device, driven by a string of bytes: which device, behind which
 * transport, and then one operation after the other: register accesses in any order,
 * rings and descriptors in RAM, notifications, resets, and what the backend does.
 * libFuzzer (fuzz.c) and the ordinary test (fuzz_test.c) make the bytes.
 */
#ifndef FUZZ_MACHINE_H
#define FUZZ_MACHINE_H

#include <stddef.h>
#include <stdint.h>

enum machine_device { MACHINE_BLK_BOUNCED, MACHINE_BLK_MAPPED, MACHINE_CONSOLE, MACHINE_RNG, MACHINE_NET, MACHINE_VSOCK, MACHINE_DEVICES };

/* The first byte: a device, and behind PCI, with a backend that lies, with somebody else who writes to the RAM. */
#define MACHINE_PCI    16u
#define MACHINE_LIES   32u
#define MACHINE_SHARED 64u

#define MACHINE_RAM_BYTES 0x20000u

/*
 * Makes the machine, performs the operations and, unless somebody else is bad, checks
 * that the device works after a reset; aborts if not. Returns how many operations.
 */
unsigned long machine_run(const uint8_t *bytes, size_t count);

/* The guest's RAM, for another vCPU to write to at any time. */
extern uint8_t machine_ram[MACHINE_RAM_BYTES];

/* Requests that reached the backend, or buffers given back, since the program began. */
extern unsigned long machine_served;

#endif
