/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control queues of a console with several ports ([VIRTIO] 5.3.6.2):
 *
 *   guest                         device
 *   DEVICE_READY            ->
 *                           <-    DEVICE_ADD            of each port
 *   PORT_READY              ->
 *                           <-    CONSOLE_PORT          of port 0
 *                           <-    PORT_NAME             if it has one
 *                           <-    PORT_OPEN             our side is always
 *   PORT_OPEN 1 or 0        ->                          somebody there opened it, or closed it
 *
 * What is owed is a bit per port and message: a guest that asks again and again and gives no
 * buffers makes nothing grow. A message that is short, of no port, or unknown is ignored.
 */
#include "virtio/console.h"

#include <string.h>

#define RECEIVE  2u
#define TRANSMIT 3u

/* In the order in which they are sent: of `owed`. */
enum { OWED_ADD = 1, OWED_CONSOLE = 2, OWED_NAME = 4, OWED_OPEN = 8 };

/* --- guest to device ---------------------------------------------------------------------- */

static void device_ready(struct vcon *v)
{
	for (unsigned n = 0; n < v->ports; n++)
		v->port[n].owed |= OWED_ADD;
}

static void port_ready(struct vcon *v, unsigned n)
{
	v->port[n].owed |= OWED_OPEN | (n == 0 ? OWED_CONSOLE : 0) | (v->port[n].wiring.name ? OWED_NAME : 0);
}

/* VALUE 0 of the first two: the driver could not; there is nothing to do about it. */
static void act(struct vcon *v, const struct virtio_console_control *m)
{
	if (m->event == VIRTIO_CONSOLE_DEVICE_READY && m->value)
		device_ready(v);
	if (m->id >= v->ports)
		return;
	if (m->event == VIRTIO_CONSOLE_PORT_READY && m->value)
		port_ready(v, m->id);
	if (m->event == VIRTIO_CONSOLE_PORT_OPEN) {
		v->port[m->id].open = m->value != 0;
		vcon_port_receive(&v->port[m->id]);
	}
}

void vcon_control_receive(struct vcon *v)
{
	struct virtq *q = &v->dev.queue[TRANSMIT].q;
	struct virtio_console_control message;
	enum virtq_result got;

	do {
		while ((got = virtq_pop(q, &v->control)) == VIRTQ_CHAIN) {
			size_t bytes = virtq_read(&v->control, 0, &message, sizeof(message));

			virtq_push(q, v->control.head, 0);
			if (bytes == sizeof(message))
				act(v, &message);
		}
	} while (virtq_want_notify(q));
	if (got == VIRTQ_BROKEN)
		virtio_needs_reset(&v->dev);
	virtio_interrupt(&v->dev, TRANSMIT);
	vcon_control_send(v);
}

/* --- device to guest ---------------------------------------------------------------------- */

/* The port's next message that is owed; false: none. Adding a port comes before all else, since it is the lowest bit. */
static bool next_owed(const struct vcon *v, unsigned *port, uint8_t *what)
{
	for (*port = 0; *port < v->ports; ++*port) {
		*what = v->port[*port].owed & (uint8_t)-v->port[*port].owed;
		if (*what)
			return true;
	}
	return false;
}

static uint32_t write_message(const struct vcon *v, unsigned port, uint8_t what)
{
	static const uint16_t event[] = { [OWED_ADD] = VIRTIO_CONSOLE_DEVICE_ADD, [OWED_CONSOLE] = VIRTIO_CONSOLE_CONSOLE_PORT,
					  [OWED_NAME] = VIRTIO_CONSOLE_PORT_NAME, [OWED_OPEN] = VIRTIO_CONSOLE_PORT_OPEN };
	const struct virtio_console_control message = { .id = port, .event = event[what], .value = 1 };
	const char *name = v->port[port].wiring.name;
	size_t bytes = virtq_write(&v->control, 0, &message, sizeof(message));

	if (what == OWED_NAME)
		bytes += virtq_write(&v->control, bytes, name, strlen(name));
	return (uint32_t)bytes;
}

void vcon_control_send(struct vcon *v)
{
	struct virtq *q = &v->dev.queue[RECEIVE].q;
	enum virtq_result got = VIRTQ_EMPTY;
	unsigned port;
	uint8_t what;

	while (next_owed(v, &port, &what)) {
		got = virtq_pop(q, &v->control);
		if (got == VIRTQ_CHAIN) {
			virtq_push(q, v->control.head, write_message(v, port, what));
			v->port[port].owed &= (uint8_t)~what;
		} else if (got == VIRTQ_BROKEN || !virtq_want_notify(q)) {
			break; /* no buffers: the guest notifies when it gives some */
		}
	}
	if (got == VIRTQ_BROKEN)
		virtio_needs_reset(&v->dev);
	virtio_interrupt(&v->dev, RECEIVE);
}

void vcon_control_reset(struct vcon *v)
{
	for (unsigned n = 0; n < v->ports; n++) {
		v->port[n].open = false;
		v->port[n].owed = 0;
	}
}
