/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef VIRTIO_CONSOLE_H
#define VIRTIO_CONSOLE_H

#include "rings/console.h"
#include "virtio/device.h"

#define VCON_QUEUE_MAX 64u
#define VCON_PORTS     3u  /* two queues each, and two for control */
_Static_assert(2 * VCON_PORTS + 2 <= VIRTIO_QUEUES, "a device has so many queues");

/* What a port is connected with: a console's ring, whose other side SIGNAL wakes. */
struct vcon_wiring {
	struct console_shared *shared;
	void (*signal)(void *context);
	void *context;
	const char *name;              /* what the guest is told that the port is called; null: nothing */
};

struct vcon;

struct vcon_port {
	struct vcon *vcon;
	struct vcon_wiring wiring;
	unsigned receive, transmit;    /* its queues */
	uint32_t sent, taken;          /* own indices of the rings */
	struct virtq_chain chain;      /* being sent, from `done` on; or at hand */
	uint64_t done;
	bool sending;
	bool open;                     /* several ports: the guest has somebody who reads */
	uint8_t owed;                  /* several ports: control messages that the guest is still to get */
};

struct vcon {
	struct virtio_device dev;
	struct virtio_console_config config;
	unsigned ports;
	struct vcon_port port[VCON_PORTS];
	struct virtq_chain control;    /* at hand */
};

/*
 * PORTS of them, 1 to VCON_PORTS; the first is the guest's console. With one only, the device
 * does not offer VIRTIO_CONSOLE_F_MULTIPORT.
 */
void vcon_init(struct vcon *vcon, const struct vcon_wiring *wiring, unsigned ports, const struct guest_ram *ram,
	       struct irq_line irq);

/* The console of PORT signalled: there is input, or space. */
void vcon_event(struct vcon *vcon, unsigned port);

/* console_control.c: the control queues. */
void vcon_control_receive(struct vcon *vcon); /* what the guest has to say */
void vcon_control_send(struct vcon *vcon);    /* what it is owed */
void vcon_control_reset(struct vcon *vcon);

/* The port may have more for the guest, which opened it. */
void vcon_port_receive(struct vcon_port *port);

#endif
