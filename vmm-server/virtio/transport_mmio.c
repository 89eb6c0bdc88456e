/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio over MMIO, version 2 ([VIRTIO] 4.2). An access of another width than
 * the registers' 32 bits reads 0 and writes nothing, as does one of a register
 * or queue that is not there.
 */
#include "virtio/transport_mmio.h"

#include <string.h>

#define VENDOR 0x52454b53u /* "SKER" */

static bool read_config(const struct virtio_device *dev, struct mmio_access *access)
{
	uint64_t offset = access->offset - VIRTIO_MMIO_CONFIG;

	if (offset < dev->config_bytes && access->width <= dev->config_bytes - offset)
		memcpy(&access->value, (const uint8_t *)dev->config + offset, access->width);
	return true;
}

static uint32_t read_queue(const struct virtio_mmio *t, uint64_t offset)
{
	const struct virtio_device *dev = t->dev;

	if (t->queue_sel >= dev->queues)
		return 0;
	return offset == VIRTIO_MMIO_QUEUE_MAX ? dev->ops->queue_max : dev->queue[t->queue_sel].ready;
}

static uint32_t read_register(const struct virtio_mmio *t, uint64_t offset)
{
	const struct virtio_device *dev = t->dev;

	switch (offset) {
	case VIRTIO_MMIO_MAGIC:
		return VIRTIO_MMIO_MAGIC_VALUE;
	case VIRTIO_MMIO_VERSION:
		return 2;
	case VIRTIO_MMIO_DEVICE:
		return dev->ops->id;
	case VIRTIO_MMIO_VENDOR:
		return VENDOR;
	case VIRTIO_MMIO_FEATURES:
		return t->features_sel > 1 ? 0 : (uint32_t)(dev->offered >> (32 * t->features_sel));
	case VIRTIO_MMIO_QUEUE_MAX:
	case VIRTIO_MMIO_QUEUE_READY:
		return read_queue(t, offset);
	case VIRTIO_MMIO_INTERRUPT:
		return dev->interrupt;
	case VIRTIO_MMIO_STATUS:
		return dev->status;
	default:
		return 0; /* GENERATION: configuration never changes. The rest is write-only or not there. */
	}
}

static bool virtio_mmio_read(void *state, struct mmio_access *access)
{
	const struct virtio_mmio *t = state;

	if (access->offset >= VIRTIO_MMIO_CONFIG)
		return read_config(t->dev, access);
	if (access->width == 4 && !(access->offset & 3))
		access->value = read_register(t, access->offset);
	return true;
}

static void set_half(uint64_t *address, uint64_t offset, uint32_t value)
{
	unsigned shift = offset & 4 ? 32 : 0;

	*address = (*address & ~(0xfffffffful << shift)) | (uint64_t)value << shift;
}

static void write_queue(struct virtio_mmio *t, uint64_t offset, uint32_t value)
{
	struct virtio_queue *vq;

	if (t->queue_sel >= t->dev->queues)
		return;
	vq = &t->dev->queue[t->queue_sel];
	if (offset == VIRTIO_MMIO_QUEUE_READY) {
		virtio_queue_ready(t->dev, t->queue_sel, value & 1);
		return;
	}
	if (vq->ready)
		return; /* 4.2.2.2: not to be changed while it is in use */
	switch (offset) {
	case VIRTIO_MMIO_QUEUE_SIZE:
		vq->size = value;
		break;
	case VIRTIO_MMIO_DESC_LOW:
	case VIRTIO_MMIO_DESC_HIGH:
		set_half(&vq->desc, offset, value);
		break;
	case VIRTIO_MMIO_AVAIL_LOW:
	case VIRTIO_MMIO_AVAIL_HIGH:
		set_half(&vq->avail, offset, value);
		break;
	case VIRTIO_MMIO_USED_LOW:
	case VIRTIO_MMIO_USED_HIGH:
		set_half(&vq->used, offset, value);
		break;
	default:
		break;
	}
}

static void write_register(struct virtio_mmio *t, uint64_t offset, uint32_t value)
{
	switch (offset) {
	case VIRTIO_MMIO_NOTIFY:
		virtio_notify(t->dev, value);
		break;
	case VIRTIO_MMIO_INTERRUPT_ACK:
		virtio_acknowledge(t->dev, value);
		break;
	case VIRTIO_MMIO_FEATURES_SEL:
		t->features_sel = value;
		break;
	case VIRTIO_MMIO_ACCEPT_SEL:
		t->accept_sel = value;
		break;
	case VIRTIO_MMIO_ACCEPT:
		virtio_accept(t->dev, t->accept_sel, value);
		break;
	case VIRTIO_MMIO_QUEUE_SEL:
		t->queue_sel = value;
		break;
	case VIRTIO_MMIO_STATUS:
		virtio_set_status(t->dev, (uint8_t)value);
		break;
	default:
		write_queue(t, offset, value);
	}
}

static bool virtio_mmio_write(void *state, struct mmio_access *access)
{
	struct virtio_mmio *t = state;

	if (access->offset < VIRTIO_MMIO_CONFIG && access->width == 4 && !(access->offset & 3))
		write_register(t, access->offset, (uint32_t)access->value);
	return true;
}

const struct mmio_ops virtio_mmio_ops = { .read = virtio_mmio_read, .write = virtio_mmio_write };
