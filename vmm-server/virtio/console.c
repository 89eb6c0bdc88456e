/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio console device ([VIRTIO] 5.3), one port, in front of a console ring
 * (rings/console.h): a line of output is one exit, where a UART takes one a byte.
 *
 * A buffer that the console has no room for stays half sent until there is;
 * input that the guest gives no buffer for stays in the ring.
 */
#include "virtio/console.h"

#include <string.h>

#define RECEIVE  0u
#define TRANSMIT 1u
#define AT_ONCE  256u

/* --- guest to console ------------------------------------------------------------------- */

/* Sends what fits of the chain at hand. True: all of it is out. */
static bool send_some(struct vcon *v, bool *signal)
{
	struct console_ring *ring = &v->shared->to_console;

	while (v->done < v->chain.read_bytes) {
		uint8_t bytes[AT_ONCE];
		size_t room = console_ring_space(ring, v->sent);
		bool wanted;

		if (room == 0 && !console_ring_want_space(ring, v->sent)) {
			*signal = true; /* it may be pausing, with more in its ring than it expected */
			return false;
		}
		room = virtq_read(&v->chain, v->done, bytes, room < AT_ONCE ? room : AT_ONCE);
		v->done += console_ring_write(ring, &v->sent, bytes, room, &wanted);
		*signal |= wanted;
	}
	return true;
}

static void transmit(struct vcon *v)
{
	struct virtq *q = &v->dev.queue[TRANSMIT].q;
	enum virtq_result got = VIRTQ_EMPTY;
	bool signal = false;

	do {
		while (v->sending || (got = virtq_pop(q, &v->chain)) == VIRTQ_CHAIN) {
			v->done = v->sending ? v->done : 0;
			v->sending = !send_some(v, &signal);
			if (v->sending)
				break;
			virtq_push(q, v->chain.head, 0);
		}
	} while (!v->sending && virtq_want_notify(q));
	if (got == VIRTQ_BROKEN)
		virtio_needs_reset(&v->dev);
	if (signal)
		v->signal(v->context);
	virtio_interrupt(&v->dev, TRANSMIT);
}

/* --- console to guest ------------------------------------------------------------------- */

static uint32_t fill(struct vcon *v, const struct virtq_chain *chain)
{
	uint8_t bytes[AT_ONCE];
	size_t room = chain->write_bytes < AT_ONCE ? (size_t)chain->write_bytes : AT_ONCE;
	size_t count = console_ring_read(&v->shared->to_client, &v->taken, bytes, room);

	virtq_write(chain, 0, bytes, count);
	return (uint32_t)count;
}

static void receive(struct vcon *v)
{
	struct virtq *q = &v->dev.queue[RECEIVE].q;
	struct virtq_chain chain;
	bool more;

	do {
		enum virtq_result got = VIRTQ_EMPTY;

		more = console_ring_want(&v->shared->to_client, v->taken);
		if (more)
			got = virtq_pop(q, &chain);
		if (got == VIRTQ_CHAIN)
			virtq_push(q, chain.head, fill(v, &chain));
		else if (got == VIRTQ_BROKEN)
			virtio_needs_reset(&v->dev);
		/* Without a buffer the guest is the one to wait for. */
		if (more && got != VIRTQ_CHAIN)
			more = virtq_want_notify(q);
	} while (more);
	if (console_ring_space_wanted(&v->shared->to_client))
		v->signal(v->context);
	virtio_interrupt(&v->dev, RECEIVE);
}

/* --- device -------------------------------------------------------------------------------- */

static void vcon_notify(struct virtio_device *dev, unsigned queue)
{
	if (queue == TRANSMIT) {
		struct vcon *v = dev->state;

		if (!v->sending)
			transmit(v);
	} else {
		receive(dev->state);
	}
}

void vcon_event(struct vcon *v)
{
	if (!virtio_running(&v->dev))
		return;
	receive(v);
	transmit(v);
}

static void vcon_start(struct virtio_device *dev)
{
	vcon_event(dev->state);
}

static void vcon_reset(struct virtio_device *dev)
{
	struct vcon *v = dev->state;

	v->sending = false;
}

static const struct virtio_ops vcon_ops = {
	.name = "console", .id = VIRTIO_ID_CONSOLE, .queues = 2, .queue_max = VCON_QUEUE_MAX,
	.notify = vcon_notify, .start = vcon_start, .reset = vcon_reset,
};

void vcon_init(struct vcon *v, struct console_shared *shared, void (*signal)(void *context), void *context,
	       const struct guest_ram *ram, struct irq_line irq)
{
	memset(v, 0, sizeof(*v));
	v->shared = shared;
	v->signal = signal;
	v->context = context;
	v->sent = console_ring_written(&shared->to_console);
	v->taken = console_ring_taken(&shared->to_client);
	virtio_init(&v->dev, &vcon_ops, v, ram, irq, 0, NULL, 0);
}
