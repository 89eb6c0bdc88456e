/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio console device ([VIRTIO] 5.3) in front of console rings (rings/console.h), one a
 * port: a line of output is one exit, where a UART takes one a byte. The first port is the
 * guest's console; of further ones, and what the control queues say, console_control.c.
 *
 * A buffer that the console has no room for stays half sent until there is;
 * input that the guest gives no buffer for, or has nobody to read, stays in the ring.
 */
#include "virtio/console.h"

#include <string.h>

#define AT_ONCE 256u

/* 5.3.2: port 0's two, then those of control, then two for each further port. */
#define CONTROL_RECEIVE  2u
#define CONTROL_TRANSMIT 3u

static void wake(const struct vcon_port *port)
{
	port->wiring.signal(port->wiring.context);
}

/* --- guest to console ------------------------------------------------------------------- */

/* Sends what fits of the chain at hand. True: all of it is out. */
static bool send_some(struct vcon_port *port, bool *signal)
{
	struct console_ring *ring = &port->wiring.shared->to_console;

	while (port->done < port->chain.read_bytes) {
		uint8_t bytes[AT_ONCE];
		size_t room = console_ring_space(ring, port->sent);
		bool wanted;

		if (room == 0 && !console_ring_want_space(ring, port->sent)) {
			*signal = true; /* it may be pausing, with more in its ring than it expected */
			return false;
		}
		room = virtq_read(&port->chain, port->done, bytes, room < AT_ONCE ? room : AT_ONCE);
		port->done += console_ring_write(ring, &port->sent, bytes, room, &wanted);
		*signal |= wanted;
	}
	return true;
}

static void transmit(struct vcon_port *port)
{
	struct virtio_device *dev = &port->vcon->dev;
	struct virtq *q = &dev->queue[port->transmit].q;
	enum virtq_result got = VIRTQ_EMPTY;
	bool signal = false;

	do {
		while (port->sending || (got = virtq_pop(q, &port->chain)) == VIRTQ_CHAIN) {
			port->done = port->sending ? port->done : 0;
			port->sending = !send_some(port, &signal);
			if (port->sending)
				break;
			virtq_push(q, port->chain.head, 0);
		}
	} while (!port->sending && virtq_want_notify(q));
	if (got == VIRTQ_BROKEN)
		virtio_needs_reset(dev);
	if (signal)
		wake(port);
	virtio_interrupt(dev, port->transmit);
}

/* --- console to guest ------------------------------------------------------------------- */

static uint32_t fill(struct vcon_port *port, const struct virtq_chain *chain)
{
	uint8_t bytes[AT_ONCE];
	size_t room = chain->write_bytes < AT_ONCE ? (size_t)chain->write_bytes : AT_ONCE;
	size_t count = console_ring_read(&port->wiring.shared->to_client, &port->taken, bytes, room);

	virtq_write(chain, 0, bytes, count);
	return (uint32_t)count;
}

/* Linux throws away what comes for a port that nobody has open. */
static bool may_receive(const struct vcon_port *port)
{
	return port->open || !(port->vcon->dev.accepted & VIRTIO_CONSOLE_F_MULTIPORT);
}

void vcon_port_receive(struct vcon_port *port)
{
	struct virtio_device *dev = &port->vcon->dev;
	struct virtq *q = &dev->queue[port->receive].q;
	struct console_ring *ring = &port->wiring.shared->to_client;
	struct virtq_chain chain;
	bool more = may_receive(port);

	while (more) {
		enum virtq_result got = VIRTQ_EMPTY;

		more = console_ring_want(ring, port->taken);
		if (more)
			got = virtq_pop(q, &chain);
		if (got == VIRTQ_CHAIN)
			virtq_push(q, chain.head, fill(port, &chain));
		else if (got == VIRTQ_BROKEN)
			virtio_needs_reset(dev);
		/* Without a buffer the guest is the one to wait for. */
		if (more && got != VIRTQ_CHAIN)
			more = virtq_want_notify(q);
	}
	if (console_ring_space_wanted(ring))
		wake(port);
	virtio_interrupt(dev, port->receive);
}

/* --- device -------------------------------------------------------------------------------- */

static void vcon_notify(struct virtio_device *dev, unsigned queue)
{
	struct vcon *v = dev->state;
	struct vcon_port *port = &v->port[queue < CONTROL_RECEIVE ? 0 : queue / 2 - 1];

	if (queue == CONTROL_RECEIVE)
		vcon_control_send(v);
	else if (queue == CONTROL_TRANSMIT)
		vcon_control_receive(v);
	else if (queue == port->receive)
		vcon_port_receive(port);
	else if (!port->sending)
		transmit(port);
}

void vcon_event(struct vcon *v, unsigned port)
{
	if (!virtio_running(&v->dev))
		return;
	vcon_port_receive(&v->port[port]);
	transmit(&v->port[port]);
}

static void vcon_start(struct virtio_device *dev)
{
	struct vcon *v = dev->state;

	for (unsigned n = 0; n < v->ports; n++)
		vcon_event(v, n);
}

static void vcon_reset(struct virtio_device *dev)
{
	struct vcon *v = dev->state;

	for (unsigned n = 0; n < v->ports; n++)
		v->port[n].sending = false;
	vcon_control_reset(v);
}

static const struct virtio_ops vcon_ops = {
	.name = "console", .id = VIRTIO_ID_CONSOLE, .queues = 2, .queue_max = VCON_QUEUE_MAX,
	.notify = vcon_notify, .start = vcon_start, .reset = vcon_reset,
};

void vcon_init(struct vcon *v, const struct vcon_wiring *wiring, unsigned ports, const struct guest_ram *ram,
	       struct irq_line irq)
{
	bool several = ports > 1;

	memset(v, 0, sizeof(*v));
	v->ports = ports;
	v->config.max_nr_ports = ports;
	for (unsigned n = 0; n < ports; n++) {
		struct vcon_port *port = &v->port[n];

		port->vcon = v;
		port->wiring = wiring[n];
		port->receive = n == 0 ? 0 : 2 * n + 2;
		port->transmit = port->receive + 1;
		port->sent = console_ring_written(&wiring[n].shared->to_console);
		port->taken = console_ring_taken(&wiring[n].shared->to_client);
	}
	virtio_init(&v->dev, &vcon_ops, v, ram, irq, several ? VIRTIO_CONSOLE_F_MULTIPORT : 0, several ? &v->config : NULL,
		    several ? sizeof(v->config) : 0);
	if (several)
		v->dev.queues = 2 * ports + 2;
}
