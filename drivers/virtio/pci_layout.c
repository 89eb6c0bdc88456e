/* SPDX-License-Identifier: BSD-2-Clause */
#include "pci_layout.h"

#include <stddef.h>
#include <string.h>

#define VENDOR_VIRTIO 0x1af4u
#define DEVICE_FIRST  0x1040u  /* + the kind: 4.1.2 */
#define STATUS_CAPS   0x10u
#define CAP_VENDOR    0x09u
#define CAPS_FIRST    0x40u
#define CAPS_MOST     48u      /* of 4 bytes at least, in what is behind the header */

/* PCI Express Base Specification 5.0, 7.5.1 */
enum { VENDOR = 0x00, DEVICE = 0x02, STATUS = 0x06, BAR = 0x10, CAPS = 0x34 };

/* 4.1.4: struct virtio_pci_cap, virtio_pci_notify_cap */
enum { CAP_NEXT = 1, CAP_LENGTH = 2, CAP_KIND = 3, CAP_BAR = 4, CAP_OFFSET = 8, CAP_BYTES = 12, CAP_STEP = 16 };

/* Least bytes that are read of each part, and its alignment: 4.1.4.1, 4.1.4.3. */
static const struct { uint32_t least, align; } need[PCI_PARTS] = {
	[PCI_COMMON] = { 56, 4 }, [PCI_NOTIFY] = { 2, 2 }, [PCI_ISR] = { 1, 1 }, [PCI_DEVICE] = { 4, 4 },
};

static uint32_t get(const uint8_t *head, unsigned at, unsigned bytes)
{
	uint32_t value = 0;

	memcpy(&value, head + at, bytes);
	return value;
}

/* Where BAR N lies in the function's registers. False: it has none that decodes memory. */
static bool bar_at(const uint8_t *head, unsigned n, uint64_t room, uint64_t *at)
{
	unsigned i = 0;
	uint32_t low = 0;

	/* The upper half of a 64-bit one is no BAR. */
	for (; i < n; i += (low & 7) == 4 ? 2 : 1)
		low = get(head, BAR + 4 * i, 4);
	if (i != n || n > 5)
		return false;
	low = get(head, BAR + 4 * n, 4);
	if ((low & 1) || (low & ~0xfu) == 0 || ((low & 6) != 0 && ((low & 6) != 4 || n == 5)))
		return false;
	*at = (low & ~0xfu) & (room - 1);
	return true;
}

/* 4.1.4: 1 common, 2 notifications, 3 interrupt status, 4 the device's own. */
static void take(struct pci_layout *layout, const uint8_t *head, unsigned cap, uint64_t room)
{
	unsigned length = head[cap + CAP_LENGTH], kind = head[cap + CAP_KIND];
	uint64_t at, offset, bytes;
	unsigned part = kind - 1u;

	if (kind < 1 || kind > PCI_PARTS || layout->part[part].bytes || length < (part == PCI_NOTIFY ? 20 : 16) ||
	    cap + length > PCI_HEAD_BYTES || head[cap + CAP_BAR] > 5 || !bar_at(head, head[cap + CAP_BAR], room, &at))
		return;
	offset = get(head, cap + CAP_OFFSET, 4);
	bytes = get(head, cap + CAP_BYTES, 4);
	if (bytes < need[part].least || offset % need[part].align || at + offset > room || bytes > room - at - offset)
		return;
	layout->part[part].at = at + offset;
	layout->part[part].bytes = (uint32_t)bytes;
	if (part == PCI_NOTIFY)
		layout->notify_step = get(head, cap + CAP_STEP, 4);
}

static void take_all(struct pci_layout *layout, const uint8_t *head, uint64_t room)
{
	unsigned cap = head[CAPS] & ~3u;

	for (unsigned n = 0; n < CAPS_MOST && cap >= CAPS_FIRST && cap <= PCI_HEAD_BYTES - 4; n++) {
		if (head[cap] == CAP_VENDOR && cap + 16 <= PCI_HEAD_BYTES)
			take(layout, head, cap, room);
		cap = head[cap + CAP_NEXT] & ~3u;
	}
}

const char *pci_layout_read(struct pci_layout *layout, const uint8_t *head, uint64_t room, uint32_t id)
{
	memset(layout, 0, sizeof(*layout));
	if (get(head, VENDOR, 2) != VENDOR_VIRTIO || get(head, DEVICE, 2) != DEVICE_FIRST + id)
		return "another device is there, or one that is not modern alone (disable-legacy=on)";
	if (get(head, STATUS, 2) & STATUS_CAPS)
		take_all(layout, head, room);
	if (!layout->part[PCI_COMMON].bytes || !layout->part[PCI_NOTIFY].bytes || !layout->part[PCI_ISR].bytes)
		return "its capabilities do not say where its registers are";
	if (layout->notify_step % 2)
		return "its queues are notified at odd addresses";
	return NULL;
}
