/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What virtio's two sides share in memory and by number: the split virtqueue,
 * status and feature bits, the virtio-mmio registers. Included by the device
 * models (vmm-server/virtio) and by the drivers of real ones (drivers/virtio).
 * Little endian, as all that Skerry runs on.
 *
 * References
 *   [VIRTIO] Virtual I/O Device (VIRTIO) Version 1.2, OASIS CS01: 2.1 status,
 *            2.7 split virtqueues, 4.2 virtio over MMIO, 6 reserved features.
 */
#ifndef SKERRY_RING_VIRTIO_H
#define SKERRY_RING_VIRTIO_H

#include <stdint.h>

/* 2.7.5 */
struct virtq_desc {
	uint64_t address;
	uint32_t bytes;
	uint16_t flags;
	uint16_t next;
};
_Static_assert(sizeof(struct virtq_desc) == 16, "descriptor layout");

#define VIRTQ_NEXT     1u
#define VIRTQ_WRITE    2u   /* the device writes it */
#define VIRTQ_INDIRECT 4u

/* 2.7.6; behind ring[size] stands used_event (2.7.10) */
struct virtq_avail {
	uint16_t flags;
	uint16_t index;
	uint16_t ring[];
};
#define VIRTQ_NO_INTERRUPT 1u

struct virtq_used_entry {
	uint32_t head;
	uint32_t bytes;
};

/* 2.7.8; behind ring[size] stands avail_event */
struct virtq_used {
	uint16_t flags;
	uint16_t index;
	struct virtq_used_entry ring[];
};
#define VIRTQ_NO_NOTIFY 1u

static inline uint64_t virtq_desc_bytes(unsigned size)
{
	return 16ul * size;
}

static inline uint64_t virtq_avail_bytes(unsigned size)
{
	return 6 + 2ul * size;
}

static inline uint64_t virtq_used_bytes(unsigned size)
{
	return 6 + 8ul * size;
}

/*
 * 2.7.10.1: whether the step of an index from OLD to NEW passed the EVENT that
 * the other side asked to be told of.
 */
static inline int virtq_passed(uint16_t event, uint16_t new, uint16_t old)
{
	return (uint16_t)(new - event - 1) < (uint16_t)(new - old);
}

/* 2.1 */
#define VIRTIO_ACKNOWLEDGE  1u
#define VIRTIO_DRIVER       2u
#define VIRTIO_DRIVER_OK    4u
#define VIRTIO_FEATURES_OK  8u
#define VIRTIO_NEEDS_RESET  64u
#define VIRTIO_FAILED       128u

/* 6 */
#define VIRTIO_F_INDIRECT   (1ul << 28)
#define VIRTIO_F_EVENT_IDX  (1ul << 29)
#define VIRTIO_F_VERSION_1  (1ul << 32)

/* 5: device numbers */
#define VIRTIO_ID_NET     1u
#define VIRTIO_ID_BLOCK   2u
#define VIRTIO_ID_CONSOLE 3u
#define VIRTIO_ID_ENTROPY 4u
#define VIRTIO_ID_VSOCK   19u

/* 4.2.2 */
enum virtio_mmio_register {
	VIRTIO_MMIO_MAGIC = 0x000,           /* "virt" */
	VIRTIO_MMIO_VERSION = 0x004,         /* 2 */
	VIRTIO_MMIO_DEVICE = 0x008,
	VIRTIO_MMIO_VENDOR = 0x00c,
	VIRTIO_MMIO_FEATURES = 0x010,
	VIRTIO_MMIO_FEATURES_SEL = 0x014,
	VIRTIO_MMIO_ACCEPT = 0x020,
	VIRTIO_MMIO_ACCEPT_SEL = 0x024,
	VIRTIO_MMIO_QUEUE_SEL = 0x030,
	VIRTIO_MMIO_QUEUE_MAX = 0x034,
	VIRTIO_MMIO_QUEUE_SIZE = 0x038,
	VIRTIO_MMIO_QUEUE_READY = 0x044,
	VIRTIO_MMIO_NOTIFY = 0x050,
	VIRTIO_MMIO_INTERRUPT = 0x060,
	VIRTIO_MMIO_INTERRUPT_ACK = 0x064,
	VIRTIO_MMIO_STATUS = 0x070,
	VIRTIO_MMIO_DESC_LOW = 0x080,
	VIRTIO_MMIO_DESC_HIGH = 0x084,
	VIRTIO_MMIO_AVAIL_LOW = 0x090,
	VIRTIO_MMIO_AVAIL_HIGH = 0x094,
	VIRTIO_MMIO_USED_LOW = 0x0a0,
	VIRTIO_MMIO_USED_HIGH = 0x0a4,
	VIRTIO_MMIO_GENERATION = 0x0fc,
	VIRTIO_MMIO_CONFIG = 0x100,
};
#define VIRTIO_MMIO_MAGIC_VALUE 0x74726976u
#define VIRTIO_MMIO_SIZE        0x200u

#define VIRTIO_INTERRUPT_USED   1u
#define VIRTIO_INTERRUPT_CONFIG 2u

/* 5.2: the block device */
#define VIRTIO_BLK_F_SEG_MAX      (1ul << 2)
#define VIRTIO_BLK_F_RO           (1ul << 5)
#define VIRTIO_BLK_F_BLK_SIZE     (1ul << 6)
#define VIRTIO_BLK_F_FLUSH        (1ul << 9)
#define VIRTIO_BLK_F_TOPOLOGY     (1ul << 10)
#define VIRTIO_BLK_F_MQ           (1ul << 12)
#define VIRTIO_BLK_F_DISCARD      (1ul << 13)
#define VIRTIO_BLK_F_WRITE_ZEROES (1ul << 14)

/* 5.2.4 */
struct virtio_blk_config {
	uint64_t capacity;             /* sectors of 512 bytes */
	uint32_t size_max, seg_max;
	uint16_t cylinders;
	uint8_t heads, sectors;
	uint32_t blk_size;
	uint8_t physical_block_exp, alignment_offset;
	uint16_t min_io_size;
	uint32_t opt_io_size;
	uint8_t writeback, unused0;
	uint16_t num_queues;
	uint32_t max_discard_sectors, max_discard_seg, discard_sector_alignment;
	uint32_t max_write_zeroes_sectors, max_write_zeroes_seg;
	uint8_t write_zeroes_may_unmap, unused1[3];
};
_Static_assert(sizeof(struct virtio_blk_config) == 64, "block configuration layout");

/* 5.2.6 */
struct virtio_blk_header {
	uint32_t type;
	uint32_t reserved;
	uint64_t sector;
};
enum virtio_blk_type {
	VIRTIO_BLK_IN = 0,
	VIRTIO_BLK_OUT = 1,
	VIRTIO_BLK_FLUSH = 4,
	VIRTIO_BLK_GET_ID = 8,
	VIRTIO_BLK_DISCARD = 11,
	VIRTIO_BLK_WRITE_ZEROES = 13,
};
struct virtio_blk_range {
	uint64_t sector;
	uint32_t sectors;
	uint32_t flags;
};
#define VIRTIO_BLK_RANGE_UNMAP 1u
#define VIRTIO_BLK_ID_BYTES    20u
enum virtio_blk_status { VIRTIO_BLK_OK = 0, VIRTIO_BLK_IOERR = 1, VIRTIO_BLK_UNSUPPORTED = 2 };

/* 5.1: the network device */
#define VIRTIO_NET_F_CSUM       (1ul << 0)
#define VIRTIO_NET_F_GUEST_CSUM (1ul << 1)
#define VIRTIO_NET_F_MTU        (1ul << 3)
#define VIRTIO_NET_F_MAC        (1ul << 5)
#define VIRTIO_NET_F_GUEST_TSO4 (1ul << 7)
#define VIRTIO_NET_F_GUEST_TSO6 (1ul << 8)
#define VIRTIO_NET_F_HOST_TSO4  (1ul << 11)
#define VIRTIO_NET_F_HOST_TSO6  (1ul << 12)
#define VIRTIO_NET_F_MRG_RXBUF  (1ul << 15)
#define VIRTIO_NET_F_STATUS     (1ul << 16)

struct virtio_net_config {
	uint8_t mac[6];
	uint16_t status;
	uint16_t max_queue_pairs;
	uint16_t mtu;
};
_Static_assert(sizeof(struct virtio_net_config) == 12, "network configuration layout");
#define VIRTIO_NET_LINK_UP 1u

/* 5.1.6: before each frame */
struct virtio_net_header {
	uint8_t flags, gso_type;
	uint16_t header_bytes, gso_bytes, checksum_start, checksum_offset;
	uint16_t buffers;
};
_Static_assert(sizeof(struct virtio_net_header) == 12, "network header layout");

/* 5.10: the socket device */
#define VIRTIO_VSOCK_F_STREAM    (1ul << 0)
#define VIRTIO_VSOCK_F_SEQPACKET (1ul << 1)

/* 5.10.4: the numbers of those who talk; 0, 1 and what lies above are nobody's, 2 is the host's. */
#define VIRTIO_VSOCK_CID_HOST  2u
#define VIRTIO_VSOCK_CID_LAST  0xfffffffeu

struct virtio_vsock_config {
	uint64_t guest_cid;
};

/* 5.10.6 */
struct virtio_vsock_header {
	uint64_t from_cid, to_cid;
	uint32_t from_port, to_port;
	uint32_t bytes;                /* of payload, behind the header */
	uint16_t type, op;
	uint32_t flags;
	uint32_t buffer, taken;        /* buf_alloc, fwd_cnt: the sender's room, and how much it ever took out of it */
} __attribute__((packed, aligned(4)));
_Static_assert(sizeof(struct virtio_vsock_header) == 44, "socket header layout");

enum virtio_vsock_type { VIRTIO_VSOCK_STREAM = 1, VIRTIO_VSOCK_SEQPACKET = 2 };
enum virtio_vsock_op {
	VIRTIO_VSOCK_REQUEST = 1,
	VIRTIO_VSOCK_RESPONSE = 2,
	VIRTIO_VSOCK_RST = 3,
	VIRTIO_VSOCK_SHUTDOWN = 4,
	VIRTIO_VSOCK_RW = 5,
	VIRTIO_VSOCK_CREDIT_UPDATE = 6,
	VIRTIO_VSOCK_CREDIT_REQUEST = 7,
};

/* Flags of SHUTDOWN; of RW, in the last part of a message, of a record of several. */
#define VIRTIO_VSOCK_NO_RECEIVE 1u
#define VIRTIO_VSOCK_NO_SEND    2u
#define VIRTIO_VSOCK_MESSAGE    1u
#define VIRTIO_VSOCK_RECORD     2u

/* 5.10.6.7: of the event queue */
#define VIRTIO_VSOCK_TRANSPORT_RESET 0u

/* 5.3: the console device */
#define VIRTIO_CONSOLE_F_MULTIPORT (1ul << 1)

/* 5.3.4 */
struct virtio_console_config {
	uint16_t columns, rows;
	uint32_t max_nr_ports;
	uint32_t emergency_write;
};
_Static_assert(sizeof(struct virtio_console_config) == 12, "console configuration layout");

/* 5.3.6.2; behind VIRTIO_CONSOLE_PORT_NAME the name, without NUL */
struct virtio_console_control {
	uint32_t id;                   /* of the port */
	uint16_t event, value;
};
_Static_assert(sizeof(struct virtio_console_control) == 8, "console control layout");
enum virtio_console_event {
	VIRTIO_CONSOLE_DEVICE_READY = 0,
	VIRTIO_CONSOLE_DEVICE_ADD = 1,
	VIRTIO_CONSOLE_DEVICE_REMOVE = 2,
	VIRTIO_CONSOLE_PORT_READY = 3,
	VIRTIO_CONSOLE_CONSOLE_PORT = 4,
	VIRTIO_CONSOLE_RESIZE = 5,
	VIRTIO_CONSOLE_PORT_OPEN = 6,
	VIRTIO_CONSOLE_PORT_NAME = 7,
};

#endif
