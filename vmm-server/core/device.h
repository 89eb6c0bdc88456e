/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest's access to a device, decoded once, and what a device model offers.
 * No model sees a syndrome register or a guest-physical address: it gets the
 * offset in its own window.
 */
#ifndef VMM_DEVICE_H
#define VMM_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

struct guest_access {
	uint64_t offset;   /* from the device's base; offset + width <= the device's size */
	uint64_t value;    /* write: the value, zero-extended; read: the model stores it here */
	uint8_t width;     /* bytes: 1, 2, 4 or 8; offset is a multiple of it */
	bool write;
	uint8_t vcpu;      /* index of the vCPU that made the access */
};

/*
 * Performs the access. Returns false if the device does not answer it: the
 * guest then takes the abort that a real bus would give. Called by the thread
 * of the vCPU that made the access, which is out of the guest.
 */
typedef bool device_access_fn(void *state, struct guest_access *access);

struct device {
	const char *name;          /* as in log lines: "pl011" */
	uint64_t base, size;       /* guest-physical window */
	device_access_fn *access;
	void *state;
};

/*
 * The interrupt output of a level-triggered model. The model calls set() with
 * each new level (the same level twice is harmless); who wires the machine up
 * fills the rest in.
 */
struct irq_line {
	void (*set)(void *controller, uint32_t intid, bool level);
	void *controller;
	uint32_t intid;
};

static inline void irq_line_set(const struct irq_line *line, bool level)
{
	if (line->set)
		line->set(line->controller, line->intid, level);
}

#endif
