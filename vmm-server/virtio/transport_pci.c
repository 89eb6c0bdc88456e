/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio over PCI, modern only, with MSI-X and INTA.
 *
 * References
 *   [VIRTIO] 1.2, 4.1: virtio over PCI bus.
 *   [PCI]    PCI Local Bus Specification 3.0: 6.1 header, 6.2.5 BARs, 6.7 and 6.8.2 capabilities and MSI-X.
 *
 *	BAR 0   0x0000  common configuration
 *	        0x1000  interrupt status
 *	        0x2000  the device's configuration
 *	        0x3000  notifications: queue n at 4 n
 *	        0x4000  MSI-X table
 *	        0x5000  MSI-X pending bits
 */
#include "virtio/transport_pci.h"

#include <string.h>

enum {
	BAR_COMMON = 0x0000,
	BAR_ISR = 0x1000,
	BAR_DEVICE = 0x2000,
	BAR_NOTIFY = 0x3000,
	BAR_TABLE = 0x4000,
	BAR_PENDING = 0x5000,
	BAR_REGION = 0x1000,     /* bytes of each */
};
#define NOTIFY_STEP 4u

enum {
	PCI_COMMAND = 0x04,
	PCI_STATUS = 0x06,
	PCI_BAR0 = 0x10,
	PCI_CAPABILITIES = 0x34,
	PCI_LINE = 0x3c,
	PCI_PIN = 0x3d,
	CAP_MSIX = 0x40,
	CAP_COMMON = 0x50,
	CAP_NOTIFY = 0x60,
	CAP_ISR = 0x78,
	CAP_DEVICE = 0x88,
	CAP_ACCESS = 0x98,       /* VIRTIO_PCI_CAP_PCI_CFG, 20 bytes */
};
#define COMMAND_MEMORY   2u
#define COMMAND_WRITABLE 0x0406u /* memory, bus master, INTx disable */
#define COMMAND_NO_INTX  0x0400u
#define STATUS_CAPS      0x10u
#define MSIX_ENABLE      0x8000u
#define MSIX_MASK_ALL    0x4000u
#define NO_VECTOR        0xffffu

/* 4.1.4.3 */
enum common_register {
	COMMON_FEATURES_SEL = 0x00,
	COMMON_FEATURES = 0x04,
	COMMON_ACCEPT_SEL = 0x08,
	COMMON_ACCEPT = 0x0c,
	COMMON_CONFIG_VECTOR = 0x10,
	COMMON_QUEUES = 0x12,
	COMMON_STATUS = 0x14,
	COMMON_GENERATION = 0x15,
	COMMON_QUEUE_SEL = 0x16,
	COMMON_QUEUE_SIZE = 0x18,
	COMMON_QUEUE_VECTOR = 0x1a,
	COMMON_QUEUE_ENABLE = 0x1c,
	COMMON_QUEUE_NOTIFY = 0x1e,
	COMMON_DESC = 0x20,
	COMMON_AVAIL = 0x28,
	COMMON_USED = 0x30,
	COMMON_BYTES = 0x38,
};

/* --- configuration space ------------------------------------------------------------ */

static void put16(uint8_t *at, uint16_t value)
{
	memcpy(at, &value, 2);
}

static void put32(uint8_t *at, uint32_t value)
{
	memcpy(at, &value, 4);
}

static uint16_t get16(const uint8_t *at)
{
	uint16_t value;

	memcpy(&value, at, 2);
	return value;
}

static uint32_t get32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, 4);
	return value;
}

static uint32_t class_of(uint32_t id)
{
	switch (id) {
	case VIRTIO_ID_NET:
		return 0x020000;
	case VIRTIO_ID_BLOCK:
		return 0x018000;
	case VIRTIO_ID_CONSOLE:
		return 0x078000;
	default:
		return 0x00ff00;
	}
}

/* 4.1.4: a capability that says where in BAR 0 something lies. */
static void capability(uint8_t *config, unsigned at, unsigned next, unsigned bytes, uint8_t type, uint32_t offset,
		       uint32_t length)
{
	config[at] = 0x09; /* vendor-specific */
	config[at + 1] = (uint8_t)next;
	config[at + 2] = (uint8_t)bytes;
	config[at + 3] = type;
	put32(config + at + 8, offset);
	put32(config + at + 12, length);
}

static void fill_config(struct virtio_pci *p)
{
	uint8_t *c = p->config;

	memset(c, 0, sizeof(p->config));
	put16(c, 0x1af4);
	put16(c + 2, (uint16_t)(0x1040 + p->dev->ops->id));
	put16(c + PCI_STATUS, STATUS_CAPS);
	put32(c + 8, class_of(p->dev->ops->id) << 8 | 1);
	put16(c + 0x2c, 0x1af4);
	put16(c + 0x2e, (uint16_t)(0x40 + p->dev->ops->id));
	c[PCI_CAPABILITIES] = CAP_MSIX;
	c[PCI_PIN] = 1;
	c[CAP_MSIX] = 0x11;
	c[CAP_MSIX + 1] = CAP_COMMON;
	put16(c + CAP_MSIX + 2, (uint16_t)p->dev->queues);
	put32(c + CAP_MSIX + 4, BAR_TABLE);
	put32(c + CAP_MSIX + 8, BAR_PENDING);
	capability(c, CAP_COMMON, CAP_NOTIFY, 16, 1, BAR_COMMON, COMMON_BYTES);
	capability(c, CAP_NOTIFY, CAP_ISR, 20, 2, BAR_NOTIFY, NOTIFY_STEP * VIRTIO_QUEUES);
	put32(c + CAP_NOTIFY + 16, NOTIFY_STEP);
	capability(c, CAP_ISR, p->dev->config_bytes ? CAP_DEVICE : CAP_ACCESS, 16, 3, BAR_ISR, 1);
	capability(c, CAP_DEVICE, CAP_ACCESS, 16, 4, BAR_DEVICE, (uint32_t)p->dev->config_bytes);
	capability(c, CAP_ACCESS, 0, 20, 5, 0, 0);
}

/* 4.1.4.9: BAR 0 through configuration space, for whoever cannot map it. False: the guest's offset or width is none. */
static bool window(const struct virtio_pci *p, struct mmio_access *access)
{
	uint32_t width = get32(p->config + CAP_ACCESS + 12);

	access->offset = get32(p->config + CAP_ACCESS + 8);
	access->width = width;
	return (width == 1 || width == 2 || width == 4) && !(access->offset & (width - 1)) &&
	       access->offset <= VIRTIO_PCI_BAR_BYTES - width && p->config[CAP_ACCESS + 4] == 0;
}

static uint32_t cut(uint32_t value, unsigned width)
{
	return width == 4 ? value : value & ((1u << (8 * width)) - 1);
}

uint32_t virtio_pci_config_read(const struct virtio_pci *p, unsigned offset, unsigned width)
{
	struct mmio_access access = { 0 };
	uint32_t value = 0;

	if (offset == CAP_ACCESS + 16 && window(p, &access) && access.width == width) {
		/* Reading may acknowledge: the one read that changes something. */
		virtio_pci_bar_read((struct virtio_pci *)(uintptr_t)p, &access);
		return (uint32_t)access.value;
	}
	memcpy(&value, p->config + offset, width);
	return value;
}

static bool msix_on(const struct virtio_pci *p)
{
	return get16(p->config + CAP_MSIX + 2) & MSIX_ENABLE;
}

static void send_pending(struct virtio_pci *p);

/* Writes the bits of MASK of the 32-bit word at WORD. */
static void write_bits(struct virtio_pci *p, unsigned word, uint32_t mask, uint32_t value)
{
	put32(p->config + word, (get32(p->config + word) & ~mask) | (value & mask));
}

/* What of each word a guest may change. */
static uint32_t writable(unsigned word)
{
	switch (word) {
	case PCI_COMMAND:
		return COMMAND_WRITABLE;
	case PCI_BAR0:
		return ~(VIRTIO_PCI_BAR_BYTES - 1);
	case PCI_LINE:
		return 0xff;
	case CAP_MSIX:
		return (MSIX_ENABLE | MSIX_MASK_ALL) << 16;
	case CAP_ACCESS + 4:
		return 0xff;
	case CAP_ACCESS + 8:
	case CAP_ACCESS + 12:
		return ~0u;
	default:
		return 0;
	}
}

void virtio_pci_config_write(struct virtio_pci *p, unsigned offset, unsigned width, uint32_t value)
{
	unsigned word = offset & ~3u, shift = 8 * (offset & 3);
	uint32_t bytes = (width == 4 ? ~0u : (1u << (8 * width)) - 1) << shift;
	struct mmio_access access = { .write = true, .value = cut(value, width) };

	if (offset == CAP_ACCESS + 16) {
		if (window(p, &access) && access.width == width)
			virtio_pci_bar_write(p, &access);
		return;
	}
	write_bits(p, word, writable(word) & bytes, value << shift);
	if (word == CAP_MSIX)
		send_pending(p);
}

bool virtio_pci_bar(const struct virtio_pci *p, uint64_t *base)
{
	*base = get32(p->config + PCI_BAR0);
	return p->config[PCI_COMMAND] & COMMAND_MEMORY;
}

/* --- interrupts --------------------------------------------------------------------------- */

static void send_pending(struct virtio_pci *p)
{
	uint16_t control = get16(p->config + CAP_MSIX + 2);

	if (!(control & MSIX_ENABLE) || (control & MSIX_MASK_ALL))
		return;
	for (unsigned v = 0; v < VIRTIO_PCI_VECTORS; v++) {
		if (!(p->pending & 1u << v) || (p->entry[v].masked & 1))
			continue;
		p->pending &= ~(1u << v);
		p->msi.send(p->msi.context, p->entry[v].address, p->entry[v].data);
	}
}

/* The device's way out: by message if the guest wants messages, else false: INTA. */
static bool interrupt(struct virtio_device *dev, unsigned queue)
{
	struct virtio_pci *p = dev->transport;
	uint16_t vector = queue < VIRTIO_QUEUES ? p->queue_vector[queue] : p->config_vector;

	if (!msix_on(p))
		return get16(p->config + PCI_COMMAND) & COMMAND_NO_INTX;
	if (vector < VIRTIO_PCI_VECTORS) {
		p->pending |= 1u << vector;
		send_pending(p);
	}
	return true;
}

/* --- common configuration ------------------------------------------------------------------- */

static struct virtio_queue *selected(struct virtio_pci *p)
{
	return p->queue_sel < p->dev->queues ? &p->dev->queue[p->queue_sel] : NULL;
}

static uint64_t half(uint64_t address, uint64_t offset)
{
	return offset & 4 ? address >> 32 : (uint32_t)address;
}

static uint64_t read_queue(struct virtio_pci *p, uint64_t offset)
{
	const struct virtio_queue *vq = selected(p);

	if (!vq)
		return offset == COMMON_QUEUE_VECTOR ? NO_VECTOR : 0;
	switch (offset) {
	case COMMON_QUEUE_SIZE:
		return vq->size ? vq->size : p->dev->ops->queue_max;
	case COMMON_QUEUE_VECTOR:
		return p->queue_vector[p->queue_sel];
	case COMMON_QUEUE_ENABLE:
		return vq->ready;
	case COMMON_QUEUE_NOTIFY:
		return p->queue_sel;
	case COMMON_DESC:
	case COMMON_DESC + 4:
		return half(vq->desc, offset);
	case COMMON_AVAIL:
	case COMMON_AVAIL + 4:
		return half(vq->avail, offset);
	case COMMON_USED:
	case COMMON_USED + 4:
		return half(vq->used, offset);
	default:
		return 0;
	}
}

static uint64_t read_common(struct virtio_pci *p, uint64_t offset)
{
	const struct virtio_device *dev = p->dev;

	switch (offset) {
	case COMMON_FEATURES_SEL:
		return p->features_sel;
	case COMMON_FEATURES:
		return p->features_sel > 1 ? 0 : (uint32_t)(dev->offered >> (32 * p->features_sel));
	case COMMON_ACCEPT_SEL:
		return p->accept_sel;
	case COMMON_ACCEPT:
		return p->accept_sel > 1 ? 0 : (uint32_t)(dev->accepted >> (32 * p->accept_sel));
	case COMMON_CONFIG_VECTOR:
		return p->config_vector;
	case COMMON_QUEUES:
		return dev->queues;
	case COMMON_STATUS:
		return dev->status;
	case COMMON_GENERATION:
		return 0;
	case COMMON_QUEUE_SEL:
		return p->queue_sel;
	default:
		return read_queue(p, offset);
	}
}

/* A vector that there is not reads back as none: so the guest learns (4.1.5.1.2). */
static uint16_t vector(uint64_t value)
{
	return value < VIRTIO_PCI_VECTORS ? (uint16_t)value : NO_VECTOR;
}

static void set_half(uint64_t *address, uint64_t offset, uint64_t value)
{
	unsigned shift = offset & 4 ? 32 : 0;

	*address = (*address & ~(0xfffffffful << shift)) | (uint64_t)(uint32_t)value << shift;
}

static void write_queue(struct virtio_pci *p, uint64_t offset, uint64_t value)
{
	struct virtio_queue *vq = selected(p);

	if (!vq)
		return;
	if (offset == COMMON_QUEUE_VECTOR) {
		p->queue_vector[p->queue_sel] = vector(value);
		return;
	}
	if (vq->ready)
		return;
	switch (offset) {
	case COMMON_QUEUE_SIZE:
		vq->size = (uint32_t)value;
		break;
	case COMMON_QUEUE_ENABLE:
		vq->size = vq->size ? vq->size : p->dev->ops->queue_max;
		virtio_queue_ready(p->dev, p->queue_sel, value == 1);
		break;
	case COMMON_DESC:
	case COMMON_DESC + 4:
		set_half(&vq->desc, offset, value);
		break;
	case COMMON_AVAIL:
	case COMMON_AVAIL + 4:
		set_half(&vq->avail, offset, value);
		break;
	case COMMON_USED:
	case COMMON_USED + 4:
		set_half(&vq->used, offset, value);
		break;
	default:
		break;
	}
}

static void no_vectors(struct virtio_pci *p)
{
	p->config_vector = NO_VECTOR;
	for (unsigned i = 0; i < VIRTIO_QUEUES; i++)
		p->queue_vector[i] = NO_VECTOR;
	p->pending = 0;
}

static void write_common(struct virtio_pci *p, uint64_t offset, uint64_t value)
{
	switch (offset) {
	case COMMON_FEATURES_SEL:
		p->features_sel = (uint32_t)value;
		break;
	case COMMON_ACCEPT_SEL:
		p->accept_sel = (uint32_t)value;
		break;
	case COMMON_ACCEPT:
		virtio_accept(p->dev, p->accept_sel, (uint32_t)value);
		break;
	case COMMON_CONFIG_VECTOR:
		p->config_vector = vector(value);
		break;
	case COMMON_STATUS:
		virtio_set_status(p->dev, (uint8_t)value);
		if ((uint8_t)value == 0)
			no_vectors(p);
		break;
	case COMMON_QUEUE_SEL:
		p->queue_sel = (uint32_t)value;
		break;
	default:
		write_queue(p, offset, value);
	}
}

/* --- MSI-X table ------------------------------------------------------------------------------ */

static uint64_t read_table(const struct virtio_pci *p, uint64_t offset)
{
	const struct msix_entry *e = &p->entry[offset / 16];

	switch (offset % 16) {
	case 0:
	case 4:
		return half(e->address, offset);
	case 8:
		return e->data;
	default:
		return e->masked;
	}
}

static void write_table(struct virtio_pci *p, uint64_t offset, uint32_t value)
{
	struct msix_entry *e = &p->entry[offset / 16];

	switch (offset % 16) {
	case 0:
	case 4:
		set_half(&e->address, offset, value);
		break;
	case 8:
		e->data = value;
		break;
	default:
		e->masked = value & 1;
		send_pending(p);
	}
}

/* --- BAR 0 --------------------------------------------------------------------------------------- */

static uint64_t read_device(const struct virtio_device *dev, uint64_t offset, unsigned width)
{
	uint64_t value = 0;

	if (offset < dev->config_bytes && width <= dev->config_bytes - offset)
		memcpy(&value, (const uint8_t *)dev->config + offset, width);
	return value;
}

/* Reading the interrupt status acknowledges it (4.1.4.5). */
static uint64_t read_isr(struct virtio_device *dev)
{
	uint8_t interrupts = dev->interrupt;

	virtio_acknowledge(dev, interrupts);
	return interrupts;
}

/* 8-byte accesses are two of 4 ([PCI]: the bus has no others); the table and the queues' addresses see them. */
static void split(struct virtio_pci *p, struct mmio_access *access)
{
	struct mmio_access part = { .offset = access->offset, .width = 4, .write = access->write };

	for (unsigned i = 0; i < 2; i++, part.offset += 4) {
		part.value = access->value >> (32 * i) & 0xffffffff;
		if (access->write) {
			virtio_pci_bar_write(p, &part);
			continue;
		}
		virtio_pci_bar_read(p, &part);
		access->value = i ? access->value | part.value << 32 : part.value;
	}
}

void virtio_pci_bar_read(struct virtio_pci *p, struct mmio_access *access)
{
	uint64_t offset = access->offset % BAR_REGION;

	access->value = 0;
	if (access->width == 8) {
		split(p, access);
		return;
	}
	switch (access->offset - offset) {
	case BAR_COMMON:
		access->value = offset < COMMON_BYTES ? read_common(p, offset) : 0;
		break;
	case BAR_ISR:
		access->value = offset == 0 ? read_isr(p->dev) : 0;
		break;
	case BAR_DEVICE:
		access->value = read_device(p->dev, offset, access->width);
		break;
	case BAR_TABLE:
		if (access->width == 4 && !(offset & 3) && offset < 16 * VIRTIO_PCI_VECTORS)
			access->value = read_table(p, offset);
		break;
	case BAR_PENDING:
		access->value = offset == 0 ? p->pending : 0;
		break;
	default:
		break;
	}
}

void virtio_pci_bar_write(struct virtio_pci *p, const struct mmio_access *access)
{
	uint64_t offset = access->offset % BAR_REGION;
	struct mmio_access whole = *access;

	if (access->width == 8) {
		split(p, &whole);
		return;
	}
	switch (access->offset - offset) {
	case BAR_COMMON:
		if (offset < COMMON_BYTES)
			write_common(p, offset, access->value);
		break;
	case BAR_NOTIFY:
		if (offset % NOTIFY_STEP == 0)
			virtio_notify(p->dev, (unsigned)(offset / NOTIFY_STEP));
		break;
	case BAR_TABLE:
		if (access->width == 4 && !(offset & 3) && offset < 16 * VIRTIO_PCI_VECTORS)
			write_table(p, offset, (uint32_t)access->value);
		break;
	default:
		break;
	}
}

void virtio_pci_reset(struct virtio_pci *p)
{
	fill_config(p);
	p->features_sel = p->accept_sel = p->queue_sel = 0;
	memset(p->entry, 0, sizeof(p->entry));
	for (unsigned v = 0; v < VIRTIO_PCI_VECTORS; v++)
		p->entry[v].masked = 1;
	no_vectors(p);
}

void virtio_pci_init(struct virtio_pci *p, struct virtio_device *dev, struct msi_sink msi)
{
	*p = (struct virtio_pci){ .dev = dev, .msi = msi };
	dev->transport = p;
	dev->message = interrupt;
	virtio_pci_reset(p);
}
