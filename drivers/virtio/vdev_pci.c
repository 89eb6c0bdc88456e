/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio over PCI, modern, with the line of INTA: [VIRTIO] 1.2, 4.1. Who owns the host
 * bridge (drivers/pci) has given the function's registers their place, which is what we
 * have mapped; we may read its configuration space.
 */
#include <string.h>

#include <skerry/calls.h>
#include <skerry/fail.h>
#include <skerry/log.h>
#include <skerry/start.h>

#include "pci_layout.h"
#include "vdev.h"

#define COMMAND 0x04u
#define COMMAND_READY 6u    /* decodes memory, may master the bus */

/* 4.1.4.3 */
enum common_register {
	OFFERED_SEL = 0x00, OFFERED = 0x04, ACCEPT_SEL = 0x08, ACCEPT = 0x0c, QUEUES = 0x12, STATUS = 0x14,
	QUEUE_SEL = 0x16, QUEUE_SIZE = 0x18, QUEUE_ENABLE = 0x1c, QUEUE_NOTIFY = 0x1e, DESC = 0x20, AVAIL = 0x28, USED = 0x30,
};

static volatile uint32_t *word(volatile uint8_t *base, unsigned offset)
{
	return (volatile uint32_t *)(void *)(uintptr_t)(base + offset);
}

static volatile uint16_t *half(volatile uint8_t *base, unsigned offset)
{
	return (volatile uint16_t *)(void *)(uintptr_t)(base + offset);
}

/* Until the host bridge's component is through with it. False: there is no function, or it was refused. */
static bool wait_ready(volatile uint8_t *config)
{
	uint32_t event = sk_need_slot("event");
	bool told = false;
	uint64_t bits;

	while ((*word(config, COMMAND) & COMMAND_READY) != COMMAND_READY) {
		if (told || *half(config, 0) == 0xffff)
			return false;
		/* Clients and the line signal as well; whoever serves looks at them all first. */
		told = sk_wait(event, SK_NEVER, &bits) == SK_OK && (bits & 1ul << VDEV_READY_BIT);
	}
	return true;
}

static void read_head(volatile uint8_t *config, uint8_t *head)
{
	for (unsigned i = 0; i < PCI_HEAD_BYTES; i += 4) {
		uint32_t value = *word(config, i);

		memcpy(head + i, &value, sizeof(value));
	}
}

static bool find(struct vdev *dev, uint32_t id)
{
	uint8_t *registers, *config = sk_need_region("registers.config", NULL), head[PCI_HEAD_BYTES];
	struct pci_layout layout;
	const char *wrong;
	size_t room;

	if (!wait_ready(config))
		return false;
	registers = sk_need_region("registers", &room);
	if (room & (room - 1))
		sk_fail("region registers has %zu bytes, which is no power of two", room);
	read_head(config, head);
	wrong = pci_layout_read(&layout, head, room, id);
	if (wrong) {
		sk_log("%s: the device is not used: %s\n", sk_start()->component, wrong);
		return false;
	}
	dev->registers = registers + layout.part[PCI_COMMON].at;
	dev->interrupt = registers + layout.part[PCI_ISR].at;
	dev->config = registers + layout.part[PCI_DEVICE].at;
	dev->config_bytes = layout.part[PCI_DEVICE].bytes;
	dev->notify_base = registers + layout.part[PCI_NOTIFY].at;
	dev->notify_bytes = layout.part[PCI_NOTIFY].bytes;
	dev->notify_step = layout.notify_step;
	return true;
}

static uint32_t status(struct vdev *dev)
{
	return dev->registers[STATUS];
}

static void set_status(struct vdev *dev, uint32_t status)
{
	dev->registers[STATUS] = (uint8_t)status;
}

static uint32_t offered(struct vdev *dev, unsigned part)
{
	*word(dev->registers, OFFERED_SEL) = part;
	return *word(dev->registers, OFFERED);
}

static void accept(struct vdev *dev, unsigned part, uint32_t features)
{
	*word(dev->registers, ACCEPT_SEL) = part;
	*word(dev->registers, ACCEPT) = features;
}

static void put_wide(struct vdev *dev, unsigned offset, uint64_t value)
{
	*word(dev->registers, offset) = (uint32_t)value;
	*word(dev->registers, offset + 4) = (uint32_t)(value >> 32);
}

static bool queue(struct vdev *dev, unsigned n, unsigned size, uint64_t desc, uint64_t avail, uint64_t used)
{
	uint64_t at;

	if (n >= VDEV_QUEUES || n >= *half(dev->registers, QUEUES))
		return false;
	*half(dev->registers, QUEUE_SEL) = (uint16_t)n;
	if (*half(dev->registers, QUEUE_ENABLE) || *half(dev->registers, QUEUE_SIZE) < size)
		return false;
	/* 4.1.4.4 */
	at = (uint64_t)*half(dev->registers, QUEUE_NOTIFY) * dev->notify_step;
	if (at + 2 > dev->notify_bytes)
		return false;
	dev->notify[n] = dev->notify_base + at;
	*half(dev->registers, QUEUE_SIZE) = (uint16_t)size;
	put_wide(dev, DESC, desc);
	put_wide(dev, AVAIL, avail);
	put_wide(dev, USED, used);
	*half(dev->registers, QUEUE_ENABLE) = 1;
	return true;
}

static void notify(struct vdev *dev, unsigned queue)
{
	*half(dev->notify[queue], 0) = (uint16_t)queue;
}

/* Reading takes it back, and the line with it (4.1.4.5). */
static uint32_t interrupt(struct vdev *dev)
{
	return *dev->interrupt;
}

static uint32_t config(struct vdev *dev, unsigned offset)
{
	return offset < dev->config_bytes && dev->config_bytes - offset >= 4 ? *word(dev->config, offset) : 0;
}

const struct vdev_ops vdev_pci = {
	.find = find, .status = status, .set_status = set_status, .offered = offered, .accept = accept,
	.queue = queue, .notify = notify, .interrupt = interrupt, .config = config,
};
