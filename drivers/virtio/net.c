/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Driver of a virtio network device ([VIRTIO] 1.2, 5.1): the switch's uplink. To the switch it is a port like any other (rings/net.h).
 * Frames are copied between the ring and buffers of the driver's own, which are
 * all that the device is told of.
 *
 * What it is given, beside the transport's (vdev.h)
 *   regions   queue        queues and buffers, with its physical address
 *             port         struct net_shared
 *   slots     event        its notification, WAIT; badges: 1 from the interrupt
 *             irq          the interrupt, bound to `event`
 *             port.signal  wakes the switch
 *
 * A machine without the device: it takes the switch's frames and drops them.
 */
#include <skerry/calls.h>
#include <skerry/fail.h>
#include <skerry/start.h>

#include <stdbool.h>
#include <string.h>

#include "ring.h"
#include "rings/net.h"
#include "vdev.h"

#define EVENT_IRQ 1ul
#define RECEIVE   0u
#define TRANSMIT  1u
#define BUFFERS   64u     /* of each direction */
#define HEADER    sizeof(struct virtio_net_header)
#define BUFFER    2048u

/* A buffer is named by the head of its chain: chains of one descriptor, so at most BUFFERS of VRING_SIZE heads are in use. */
struct side {
	struct vring ring;
	uint8_t *buffer;
	uint64_t pa;
	uint16_t free[BUFFERS];     /* buffers that the device does not have */
	unsigned free_count;
	uint16_t of[VRING_SIZE];    /* buffer by head */
};

static struct vdev dev;
static struct side side[2];
static struct net_end in, out;      /* from and to the switch */
static uint32_t event, irq, port_signal;
static bool sent, released;         /* since the switch was last signalled */

/* Of the region, for one direction: the ring, then the buffers. */
#define SIDE_BYTES ((vring_bytes() + BUFFERS * BUFFER + 4095) & ~4095ul)

/* MEMORY at PA: SIDE_BYTES. */
static void lay_out(struct side *s, uint8_t *memory, uint64_t pa)
{
	vring_init(&s->ring, memory, pa, true);
	s->buffer = memory + vring_bytes();
	s->pa = pa + vring_bytes();
	for (s->free_count = 0; s->free_count < BUFFERS; s->free_count++)
		s->free[s->free_count] = (uint16_t)s->free_count;
}

static bool open_device(void)
{
	size_t bytes, one = SIDE_BYTES;
	uint8_t *memory = sk_need_region("queue", &bytes);
	uint64_t pa = sk_region_physical("queue");
	uint64_t features;

	if (!pa || bytes < 2 * one)
		sk_fail("region queue has %zu bytes (%zu needed, with the physical address)", bytes, 2 * one);
	/* The device is reset first: it may still be at work there for a driver that died. */
	features = vdev_open(&dev, VIRTIO_ID_NET, VIRTIO_F_EVENT_IDX);
	if (!features)
		return false;
	lay_out(&side[RECEIVE], memory, pa);
	lay_out(&side[TRANSMIT], memory + one, pa + one);
	for (unsigned n = 0; n < 2; n++) {
		side[n].ring.event_idx = features & VIRTIO_F_EVENT_IDX;
		if (!vdev_queue(&dev, n, VRING_SIZE, side[n].ring.desc_pa, side[n].ring.avail_pa, side[n].ring.used_pa))
			return false;
	}
	vdev_start(&dev);
	return true;
}

static void give(struct side *s, unsigned buffer, uint32_t bytes, bool writable)
{
	const struct vring_buffer b = { s->pa + (uint64_t)buffer * BUFFER, bytes, writable };

	s->of[vring_add(&s->ring, &b, 1)] = (uint16_t)buffer;
}

static void publish(unsigned n)
{
	if (vring_publish(&side[n].ring))
		vdev_notify(&dev, n);
}

/* --- from the network ---------------------------------------------------------------------- */

static void refill(void)
{
	struct side *s = &side[RECEIVE];

	while (s->free_count > 0)
		give(s, s->free[--s->free_count], BUFFER, true);
	publish(RECEIVE);
}

static bool receive(void)
{
	struct side *s = &side[RECEIVE];
	uint32_t bytes;
	uint16_t head;
	bool any = false;

	while (vring_done(&s->ring, &head, &bytes)) {
		uint8_t *space;

		any = true;
		s->free[s->free_count++] = s->of[head];
		if (bytes < HEADER + NET_FRAME_LEAST || bytes > BUFFER)
			continue;
		space = net_space(&out, bytes - (uint32_t)HEADER);
		if (!space)
			continue;
		memcpy(space, s->buffer + s->of[head] * BUFFER + HEADER, bytes - HEADER);
		net_send(&out, bytes - (uint32_t)HEADER, NULL);
		sent = true;
	}
	refill();
	return any;
}

/* --- to the network -------------------------------------------------------------------------- */

static void collect(void)
{
	struct side *s = &side[TRANSMIT];
	uint32_t bytes;
	uint16_t head;

	while (vring_done(&s->ring, &head, &bytes))
		s->free[s->free_count++] = s->of[head];
}

static void send(struct side *s, const struct net_frame *frame)
{
	unsigned buffer = s->free[--s->free_count];
	uint8_t *to = s->buffer + buffer * BUFFER;

	memset(to, 0, HEADER);
	memcpy(to + HEADER, frame->at, frame->bytes);
	give(s, buffer, (uint32_t)HEADER + frame->bytes, false);
}

static bool transmit(void)
{
	struct side *s = &side[TRANSMIT];
	struct net_frame frame;
	bool any = false;

	collect();
	while (s->free_count > 0 && net_next(&in, &frame)) {
		/* The switch leaves nothing undone: this port accepts nothing. */
		if (frame.bytes <= BUFFER - HEADER)
			send(s, &frame);
		net_release(&in, &frame);
		released = any = true;
	}
	publish(TRANSMIT);
	return any;
}

/* Before sleeping. Without a free buffer the device is the one to wait for. */
static bool ask_all(void)
{
	bool more = vring_want(&side[RECEIVE].ring);

	if (side[TRANSMIT].free_count == 0)
		return vring_want(&side[TRANSMIT].ring) | more;
	return net_want(&in) | more;
}

static void serve(void)
{
	uint64_t bits = EVENT_IRQ; /* the interrupt may have come before us */

	refill();
	sk_signal(port_signal); /* whatever the last of us was about to say */
	for (;;) {
		if (bits & EVENT_IRQ) {
			vdev_interrupt(&dev);
			sk_irq_ack(irq);
		}
		bits = 0;
		bool busy = receive() | transmit();

		if ((sent && net_sent(&out)) | (released && net_released(&in)))
			sk_signal(port_signal);
		sent = released = false;
		if (!busy && !ask_all())
			sk_wait(event, SK_NEVER, &bits);
	}
}

static void drop(void)
{
	struct net_frame frame;
	uint64_t bits;

	for (;;) {
		while (net_next(&in, &frame))
			net_release(&in, &frame);
		if (!net_want(&in))
			sk_wait(event, SK_NEVER, &bits);
	}
}

int main(void)
{
	size_t bytes;
	struct net_shared *shared = sk_need_region("port", &bytes);

	if (bytes < sizeof(*shared))
		sk_fail("region port has %zu bytes, a connection takes %zu", bytes, sizeof(*shared));
	in = net_reader(&shared->to_port);
	out = net_writer(&shared->to_switch);
	event = sk_need_slot("event");
	irq = sk_need_slot("irq");
	port_signal = sk_need_slot("port.signal");
	if (open_device())
		serve();
	drop();
}
