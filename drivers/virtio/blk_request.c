/* SPDX-License-Identifier: BSD-2-Clause */
#include "blk.h"

#include <stddef.h>

static const uint32_t type_of[BLOCK_OPS] = {
	[BLOCK_READ] = VIRTIO_BLK_IN,
	[BLOCK_WRITE] = VIRTIO_BLK_OUT,
	[BLOCK_FLUSH] = VIRTIO_BLK_FLUSH,
	[BLOCK_DISCARD] = VIRTIO_BLK_DISCARD,
	[BLOCK_ZEROES] = VIRTIO_BLK_WRITE_ZEROES,
};

static bool has_range(enum block_op op)
{
	return op == BLOCK_DISCARD || op == BLOCK_ZEROES;
}

/* Header, range or data, status. Returns the number of buffers. */
static unsigned lay_out(const struct client *client, const struct block_request *r, uint64_t dma_pa,
			struct vring_buffer *b)
{
	unsigned n = 0;

	b[n++] = (struct vring_buffer){ dma_pa + offsetof(struct blk_dma, header), sizeof(struct virtio_blk_header),
					false };
	if (has_range(r->op))
		b[n++] = (struct vring_buffer){ dma_pa + offsetof(struct blk_dma, range),
						sizeof(struct virtio_blk_range), false };
	for (unsigned i = 0; i < r->segments; i++)
		b[n++] = (struct vring_buffer){ client->data_pa + r->segment[i].offset, r->segment[i].bytes,
						r->op == BLOCK_READ };
	b[n++] = (struct vring_buffer){ dma_pa + offsetof(struct blk_dma, status), 1, true };
	return n;
}

void disk_submit(struct disk *disk, struct client *client, const struct block_request *r)
{
	static struct vring_buffer buffer[BLOCK_SEGMENTS + 2];
	uint16_t head = vring_next(&disk->ring);
	struct blk_dma *dma = &disk->dma[head];
	uint64_t sector = client->first + r->sector;

	dma->header = (struct virtio_blk_header){ .type = type_of[r->op], .sector = has_range(r->op) ? 0 : sector };
	dma->range = (struct virtio_blk_range){ .sector = sector, .sectors = (uint32_t)r->sectors };
	dma->status = VIRTIO_BLK_IOERR;
	disk->flight[head].client = client;
	disk->flight[head].slot = r->slot;
	vring_add(&disk->ring, buffer, lay_out(client, r, disk->dma_pa + head * sizeof(*dma), buffer));
}

void disk_read(struct disk *disk, uint64_t sector, unsigned count, uint64_t pa)
{
	static struct block_request r = { .op = BLOCK_READ, .segments = 1 };

	r.sector = sector;
	r.sectors = count;
	r.segment[0].bytes = count * BLOCK_SECTOR;
	disk->self.data_pa = pa;
	disk_submit(disk, &disk->self, &r);
	disk->own_pending = true;
}

static enum block_result result_of(uint8_t status)
{
	return status == VIRTIO_BLK_OK ? BLOCK_OK :
	       status == VIRTIO_BLK_UNSUPPORTED ? BLOCK_UNSUPPORTED : BLOCK_IO_ERROR;
}

bool disk_collect(struct disk *disk)
{
	uint16_t head;
	uint32_t bytes;
	bool any = false;

	while (vring_done(&disk->ring, &head, &bytes)) {
		struct client *client = disk->flight[head].client;
		uint8_t status = *(volatile uint8_t *)&disk->dma[head].status;

		any = true;
		if (client == &disk->self) {
			disk->own = result_of(status);
			disk->own_pending = false;
			continue;
		}
		client->owed |= block_complete(&client->ring, disk->flight[head].slot, result_of(status));
	}
	return any;
}
