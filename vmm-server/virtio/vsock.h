/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef VIRTIO_VSOCK_H
#define VIRTIO_VSOCK_H

#include "rings/vsock.h"
#include "virtio/device.h"

#define VSOCK_QUEUE_MAX 128u

struct vsock {
	struct virtio_device dev;
	struct virtio_vsock_config config;
	struct vsock_end out, in;      /* to and from the hub */
	void (*signal)(void *context); /* wakes the hub */
	void *context;
	bool owes_down, owes_up;       /* the hub is to hear, as soon as there is room, before all packets */
	bool owes_reset;               /* the guest is to hear that its connections are gone */
	/* The packet being sent, from `sent` on, and the one being received, from `received` on. */
	struct virtq_chain sending, chain;
	struct virtio_vsock_header header;
	uint32_t sent, received;
	bool busy;                     /* there is one being sent */
};

/* CID: the guest's, 3..VIRTIO_VSOCK_CID_LAST. */
void vsock_init(struct vsock *v, struct vsock_shared *shared, uint32_t cid, void (*signal)(void *context), void *context,
		const struct guest_ram *ram, struct irq_line irq);

/* The hub signalled: there are packets, or space. */
void vsock_event(struct vsock *v);

#endif
