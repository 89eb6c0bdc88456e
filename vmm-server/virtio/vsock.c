/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio socket device ([VIRTIO] 5.10) in front of a port of the hub (rings/vsock.h),
 * which knows where packets go, and whether they may. Here they are cut: the
 * guest's into slots of the ring, those that come into the guest's buffers.
 *
 * A packet that the hub has no room for stays half sent until there is; one that the
 * guest gives no buffer for stays in the ring, and the hub sees to it that nobody
 * waits for that for ever.
 */
#include "virtio/vsock.h"

#include <string.h>

#define RECEIVE  0u
#define TRANSMIT 1u
#define EVENT    2u
#define HEADER   sizeof(struct virtio_vsock_header)
#define MOST     65536u /* of a packet's payload */

/* --- words to the hub ----------------------------------------------------------------------- */

/* False: there is no room for what the hub is to hear first. */
static bool say_what_is_owed(struct vsock *v)
{
	if (v->owes_down && !vsock_say(&v->out, VSOCK_DOWN))
		return false;
	v->owes_down = false;
	if (v->owes_up && !vsock_say(&v->out, VSOCK_UP))
		return false;
	v->owes_up = false;
	return true;
}

static void say(struct vsock *v)
{
	while (!say_what_is_owed(v)) {
		if (!vsock_want_space(&v->out))
			break;
	}
	if (vsock_sent(&v->out))
		v->signal(v->context);
}

/* The guest is through with this device until it resets it; so are those that it talked to. */
static void broken(struct vsock *v)
{
	virtio_needs_reset(&v->dev);
	v->owes_up = false;
	v->owes_down = true;
	say(v);
}

/* --- guest to hub ----------------------------------------------------------------------------- */

/* False: it is no packet; it is dropped. */
static bool read_header(struct vsock *v)
{
	uint64_t there = v->sending.read_bytes;

	if (virtq_read(&v->sending, 0, &v->header, HEADER) < HEADER)
		return false;
	if (v->header.op != VIRTIO_VSOCK_RW)
		v->header.bytes = 0;
	v->sent = 0;
	return v->header.bytes <= MOST && v->header.bytes <= there - HEADER;
}

/* The next part of the packet at hand. False: the ring is full. */
static bool send_part(struct vsock *v)
{
	struct virtio_vsock_header h = v->header;
	uint32_t left = h.bytes - v->sent;
	uint8_t *space = vsock_space(&v->out);

	if (!space)
		return false;
	h.bytes = left < VSOCK_DATA ? left : VSOCK_DATA;
	if (h.bytes < left)
		h.flags = 0; /* the end of a message is in the last part */
	virtq_read(&v->sending, HEADER + v->sent, space, h.bytes);
	vsock_send(&v->out, &h);
	v->sent += h.bytes;
	v->busy = h.bytes < left;
	return true;
}

/* All that there is room for. */
static enum virtq_result take_all(struct vsock *v)
{
	struct virtq *q = &v->dev.queue[TRANSMIT].q;
	enum virtq_result got = VIRTQ_CHAIN;

	do {
		while (v->busy || (got = virtq_pop(q, &v->sending)) == VIRTQ_CHAIN) {
			v->busy = v->busy || read_header(v);
			while (v->busy && send_part(v))
				;
			if (v->busy && !vsock_want_space(&v->out))
				return got;
			if (!v->busy)
				virtq_push(q, v->sending.head, 0);
		}
	} while (got == VIRTQ_EMPTY && virtq_want_notify(q));
	return got;
}

static void transmit(struct vsock *v)
{
	uint32_t before = v->out.own;
	enum virtq_result got = VIRTQ_EMPTY;

	if (!v->owes_down && !v->owes_up)
		got = take_all(v);
	if (got == VIRTQ_BROKEN)
		broken(v);
	if (v->out.own != before && vsock_sent(&v->out))
		v->signal(v->context);
	virtio_interrupt(&v->dev, TRANSMIT);
}

/* --- hub to guest ----------------------------------------------------------------------------- */

/* As much of the packet as fits the chain at hand. False: not even a byte does, and there are some. */
static bool fill(struct vsock *v, const struct vsock_packet *p)
{
	struct virtio_vsock_header h = p->header;
	uint64_t room = v->chain.write_bytes;
	uint32_t left = v->received < h.bytes ? h.bytes - v->received : 0;

	if (room < HEADER + (left > 0))
		return false;
	h.bytes = left < room - HEADER ? left : (uint32_t)(room - HEADER);
	if (h.bytes < left)
		h.flags = 0;
	virtq_write(&v->chain, 0, &h, HEADER);
	virtq_write(&v->chain, HEADER, p->data + v->received, h.bytes);
	virtq_push(&v->dev.queue[RECEIVE].q, v->chain.head, (uint32_t)HEADER + h.bytes);
	v->received += h.bytes;
	if (h.bytes == left) {
		v->received = 0;
		vsock_release(&v->in);
	}
	return true;
}

/* 5.10.6.7: the hub is another one; it hears again that we are there, the guest that its connections are gone. */
static void hub_restarted(struct vsock *v)
{
	v->received = 0;
	v->owes_up = v->owes_reset = true;
	vsock_release(&v->in);
	say(v);
}

/* What is next in the ring is the guest's. EMPTY: there is no buffer. */
static enum virtq_result deliver(struct vsock *v, const struct vsock_packet *p)
{
	enum virtq_result got;

	if (p->word == VSOCK_RESTART) {
		hub_restarted(v);
		return VIRTQ_CHAIN;
	}
	if (p->word != VSOCK_PACKET) {
		vsock_release(&v->in);
		return VIRTQ_CHAIN;
	}
	got = virtq_pop(&v->dev.queue[RECEIVE].q, &v->chain);
	return got == VIRTQ_CHAIN && !fill(v, p) ? VIRTQ_BROKEN : got;
}

static void receive(struct vsock *v)
{
	enum virtq_result got = VIRTQ_CHAIN;
	uint32_t before = v->in.own;
	struct vsock_packet p;
	bool there;

	do {
		while ((there = vsock_next(&v->in, &p)) && (got = deliver(v, &p)) == VIRTQ_CHAIN)
			;
		/* Out of packets the hub is the one to tell us, out of buffers the guest. */
	} while (got != VIRTQ_BROKEN && (there ? virtq_want_notify(&v->dev.queue[RECEIVE].q) : vsock_want(&v->in)));
	if (got == VIRTQ_BROKEN)
		broken(v);
	if (v->in.own != before && vsock_released(&v->in))
		v->signal(v->context);
	virtio_interrupt(&v->dev, RECEIVE);
}

/* --- events ------------------------------------------------------------------------------------- */

static void tell_reset(struct vsock *v)
{
	static const uint32_t event = VIRTIO_VSOCK_TRANSPORT_RESET;
	struct virtq *q = &v->dev.queue[EVENT].q;
	enum virtq_result got;

	do {
		got = v->owes_reset ? virtq_pop(q, &v->chain) : VIRTQ_EMPTY;
		if (got == VIRTQ_CHAIN) {
			virtq_push(q, v->chain.head, (uint32_t)virtq_write(&v->chain, 0, &event, sizeof(event)));
			v->owes_reset = false;
		}
	} while (v->owes_reset && got == VIRTQ_EMPTY && virtq_want_notify(q));
	if (got == VIRTQ_BROKEN)
		broken(v);
	virtio_interrupt(&v->dev, EVENT);
}

/* --- device ------------------------------------------------------------------------------------- */

/* Without a driver the guest takes nothing. */
static void hear(struct vsock *v)
{
	struct vsock_packet p;

	for (unsigned i = 0; i < VSOCK_SLOTS && vsock_next(&v->in, &p); i++)
		vsock_release(&v->in);
	if (vsock_released(&v->in))
		v->signal(v->context);
}

void vsock_event(struct vsock *v)
{
	say(v);
	if (!virtio_running(&v->dev)) {
		hear(v);
		return;
	}
	receive(v);
	tell_reset(v);
	transmit(v);
}

static void vsock_notify(struct virtio_device *dev, unsigned queue)
{
	struct vsock *v = dev->state;

	if (queue == TRANSMIT)
		transmit(v);
	else if (queue == RECEIVE)
		receive(v);
	tell_reset(v);
}

static void vsock_start(struct virtio_device *dev)
{
	struct vsock *v = dev->state;

	v->owes_up = true;
	vsock_event(v);
}

/* What came for the last driver is not the next one's, and what that had connected is not any more. */
static void vsock_reset(struct virtio_device *dev)
{
	struct vsock *v = dev->state;

	v->busy = v->owes_up = v->owes_reset = false;
	v->received = 0;
	v->owes_down = true;
	say(v);
	hear(v);
}

static const struct virtio_ops vsock_ops = {
	.name = "socket", .id = VIRTIO_ID_VSOCK, .queues = 3, .queue_max = VSOCK_QUEUE_MAX,
	.notify = vsock_notify, .start = vsock_start, .reset = vsock_reset,
};

void vsock_init(struct vsock *v, struct vsock_shared *shared, uint32_t cid, void (*signal)(void *context), void *context,
		const struct guest_ram *ram, struct irq_line irq)
{
	memset(v, 0, sizeof(*v));
	v->config.guest_cid = cid;
	v->out = vsock_writer(&shared->to_hub);
	v->in = vsock_reader(&shared->to_port);
	v->signal = signal;
	v->context = context;
	virtio_init(&v->dev, &vsock_ops, v, ram, irq, VIRTIO_VSOCK_F_STREAM | VIRTIO_VSOCK_F_SEQPACKET, &v->config,
		    sizeof(v->config));
	vsock_reset(&v->dev);
	v->signal(v->context); /* whoever was here before us may have died on its way to that */
}
