/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef VIRTIO_CONSOLE_H
#define VIRTIO_CONSOLE_H

#include "rings/console.h"
#include "virtio/device.h"

#define VCON_QUEUE_MAX 64u

struct vcon {
	struct virtio_device dev;
	struct console_shared *shared;
	uint32_t sent, taken;          /* own indices of the rings */
	void (*signal)(void *context); /* wakes the console */
	void *context;
	struct virtq_chain chain;      /* being sent, from `done` on; or at hand */
	uint64_t done;
	bool sending;
};

void vcon_init(struct vcon *vcon, struct console_shared *shared, void (*signal)(void *context), void *context,
	       const struct guest_ram *ram, struct irq_line irq);

/* The console signalled: there is input, or space. */
void vcon_event(struct vcon *vcon);

#endif
