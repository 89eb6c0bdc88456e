/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * virtio block device ([VIRTIO] 5.2) in front of a block ring (rings/block.h).
 *
 * A request is taken from the queue, cut into parts of at most part_bytes, and
 * each part put into a slot of the ring as slots are free:
 *
 *	queue -> take -> waiting list -> issue -> slots -> blk_event -> used ring
 *
 * Bounced: each slot has its own stretch of the pool; data are copied into it
 * when the part is issued (a write), or out of it when it is done (a read).
 * Mapped: the slot names the guest's RAM itself.
 *
 * The request stays here until its last part is done, with all that is needed to
 * issue it again, which is what happens when the backend is replaced by another: the
 * parts in flight go to that one, in their order, before any other. A reset forgets
 * requests: parts in flight keep their slots until they are done, and touch the pool
 * only; mapped, the reset waits for them.
 */
#include "virtio/blk.h"

#include <string.h>

#define SECTOR     BLOCK_SECTOR
#define SEG_MAX    (VIRTQ_SEGMENTS - 2 - 2) /* a header and a status besides, and fits BLK_QUEUE_MAX */
#define MAPPED_MAX (1u << 20)
#define POOL_MAX   (64u << 10)
#define RANGE_MAX  (1u << 22)               /* sectors of a discard */
#define PAGE_EXP   3u                       /* sectors of 4 KiB, what is best written whole, as a power of two */
_Static_assert(SEG_MAX <= BLK_QUEUE_MAX - 2 && SEG_MAX <= BLOCK_SEGMENTS, "a request fits the queue and a slot");

/* --- the life of a request -------------------------------------------------------- */

static void forget_all(struct blk *blk)
{
	blk->free = NULL;
	blk->waiting = NULL;
	blk->waiting_end = &blk->waiting;
	for (unsigned i = 0; i < BLK_QUEUE_MAX; i++) {
		blk->request[i].next = blk->free;
		blk->free = &blk->request[i];
	}
	for (unsigned i = 0; i < BLOCK_SLOTS; i++)
		blk->part[i].request = NULL;
}

static void finish(struct blk *blk, struct blk_request *r)
{
	uint32_t written = (uint32_t)r->chain.write_bytes;

	/* The status is the chain's last byte; a read that failed says so there. */
	virtq_write(&r->chain, r->chain.write_bytes - 1, &r->status, 1);
	virtq_push(&blk->dev.queue[r->queue].q, r->chain.head, written);
	r->next = blk->free;
	blk->free = r;
}

/* --- parts ------------------------------------------------------------------------ */

static bool reads(const struct blk_request *r)
{
	return r->op == BLOCK_READ;
}

/* The data begin behind the header (a write), or at the first writable byte (a read). */
static uint64_t data_start(const struct blk_request *r)
{
	return reads(r) ? 0 : sizeof(struct virtio_blk_header);
}

static uint32_t fill_bounced(struct blk *blk, struct blk_request *r, uint64_t from, unsigned slot)
{
	struct block_slot *s = &blk->client.shared->slot[slot];
	uint64_t rest = r->bytes - from;
	uint32_t bytes = rest < blk->part_bytes ? (uint32_t)rest : blk->part_bytes;
	uint64_t offset = (uint64_t)slot * blk->part_bytes;

	if (!reads(r))
		virtq_read(&r->chain, data_start(r) + from, blk->pool + offset, bytes);
	s->segment[0] = (struct block_segment){ .offset = offset, .bytes = bytes };
	s->segments = 1;
	return bytes;
}

/* The guest's own pages, from byte FROM on; whole sectors, as many as fit a slot. */
static uint32_t fill_mapped(struct blk *blk, struct blk_request *r, uint64_t from, unsigned slot)
{
	struct block_slot *s = &blk->client.shared->slot[slot];
	const struct virtq_segment *g = reads(r) ? r->chain.segment + r->chain.readable : r->chain.segment;
	uint64_t skip = data_start(r) + from, rest = r->bytes - from;
	uint32_t bytes = 0, n = 0;

	if (rest > blk->part_bytes)
		rest = blk->part_bytes;
	for (; skip >= g->bytes; g++)
		skip -= g->bytes;
	for (; bytes < rest && n < BLOCK_SEGMENTS; g++, skip = 0) {
		uint64_t count = g->bytes - skip < rest - bytes ? g->bytes - skip : rest - bytes;

		s->segment[n++] = (struct block_segment){
			.offset = (uint64_t)(g->at - blk->dev.ram->host) + skip, .bytes = (uint32_t)count };
		bytes += (uint32_t)count;
	}
	/* A sector that the slot cuts in two goes into the next part. */
	for (uint32_t over = bytes % SECTOR; over > 0;) {
		struct block_segment *last = &s->segment[n - 1];
		uint32_t cut = last->bytes < over ? last->bytes : over;

		last->bytes -= cut;
		bytes -= cut;
		over -= cut;
		n -= last->bytes == 0;
	}
	s->segments = n;
	return bytes;
}

/* Describes in SLOT the part that begins at byte FROM of the data. Returns its bytes. */
static uint32_t fill(struct blk *blk, struct blk_request *r, uint64_t from, unsigned slot)
{
	struct block_slot *s = &blk->client.shared->slot[slot];

	s->op = r->op;
	s->sector = r->sector + from / SECTOR;
	s->sectors = r->sectors;
	s->segments = 0;
	if (r->bare)
		return 0;
	return blk->pool ? fill_bounced(blk, r, from, slot) : fill_mapped(blk, r, from, slot);
}

/* Puts the next part into SLOT. False: it cannot be: the guest cut its sectors into crumbs. */
static bool issue_part(struct blk *blk, struct blk_request *r, unsigned slot, bool *signal)
{
	uint32_t bytes = fill(blk, r, r->issued, slot);

	if (bytes == 0 && !r->bare)
		return false;
	blk->part[slot] = (struct blk_part){ r, r->issued, bytes, blk->order++ };
	r->issued += bytes;
	r->in_flight++;
	*signal |= block_submit(&blk->client, slot);
	return true;
}

static void unlist(struct blk *blk, struct blk_request *r)
{
	blk->waiting = r->next;
	if (!blk->waiting)
		blk->waiting_end = &blk->waiting;
	r->listed = false;
}

/* Gives slots to the waiting requests, first come first served. */
static void issue(struct blk *blk)
{
	bool signal = false;

	while (blk->waiting) {
		struct blk_request *r = blk->waiting;
		unsigned slot = block_client_slot(&blk->client, blk->slots);

		if (slot == BLOCK_SLOTS)
			break;
		if (!issue_part(blk, r, slot, &signal)) {
			r->status = VIRTIO_BLK_IOERR;
			r->bytes = r->issued;
		}
		if (!r->bare && r->issued < r->bytes)
			continue;
		unlist(blk, r);
		if (r->in_flight == 0)
			finish(blk, r);
	}
	if (signal)
		blk->peer.signal(blk->peer.signal_context);
}

/* --- another backend ---------------------------------------------------------------- */

/* The slot in flight that was submitted first of those in LEFT. */
static unsigned first_of(const struct blk *blk, uint64_t left)
{
	unsigned first = (unsigned)__builtin_ctzl(left);

	for (uint64_t rest = left; rest; rest &= rest - 1) {
		unsigned slot = (unsigned)__builtin_ctzl(rest);

		if ((int32_t)(blk->part[slot].order - blk->part[first].order) < 0)
			first = slot;
	}
	return first;
}

/*
 * What the last backend left undone, written down anew from what we know (the slots may be its
 * scribbling), in the order of the first time. Parts of forgotten requests are nobody's any more.
 */
static void issue_again(struct blk *blk, bool *signal)
{
	uint64_t left = blk->client.in_flight;

	while (left) {
		unsigned slot = first_of(blk, left);
		struct blk_part *part = &blk->part[slot];

		left &= ~(1ul << slot);
		if (!part->request) {
			block_client_forget(&blk->client, slot);
			continue;
		}
		fill(blk, part->request, part->offset, slot);
		*signal |= block_submit(&blk->client, slot);
	}
}

/* Looks after the connection. Returns true when it has just been made. */
static bool link_up(struct blk *blk)
{
	bool signal;
	bool made = block_client_link(&blk->client, &signal) == BLOCK_NEW;

	if (made)
		issue_again(blk, &signal);
	if (signal)
		blk->peer.signal(blk->peer.signal_context);
	return made;
}

/* --- from the queue ---------------------------------------------------------------- */

enum verdict { BROKEN, DONE, GO };

static enum verdict take_range(struct blk_request *r)
{
	struct virtio_blk_range range;

	if (r->chain.read_bytes != sizeof(struct virtio_blk_header) + sizeof(range))
		return DONE;
	virtq_read(&r->chain, sizeof(struct virtio_blk_header), &range, sizeof(range));
	r->sector = range.sector;
	r->sectors = range.sectors;
	r->bare = true;
	/* 5.2.6.2: UNMAP is no flag of a discard; of write-zeroes it is a hint. */
	if (range.flags & ~(r->op == BLOCK_ZEROES ? VIRTIO_BLK_RANGE_UNMAP : 0u)) {
		r->status = VIRTIO_BLK_UNSUPPORTED;
		return DONE;
	}
	return range.sectors > 0 && range.sectors <= RANGE_MAX ? GO : DONE;
}

static enum verdict take_data(struct blk_request *r)
{
	r->bytes = reads(r) ? r->chain.write_bytes - 1 : r->chain.read_bytes - sizeof(struct virtio_blk_header);
	return r->bytes > 0 && r->bytes % SECTOR == 0 ? GO : DONE;
}

static enum verdict take_id(struct blk *blk, struct blk_request *r)
{
	virtq_write(&r->chain, 0, blk->id, r->chain.write_bytes - 1 < BLK_ID_BYTES ? r->chain.write_bytes - 1 :
		    BLK_ID_BYTES);
	r->status = VIRTIO_BLK_OK;
	return DONE;
}

/* DONE: the status is there already. BROKEN: the chain has no place for a status. */
static enum verdict take(struct blk *blk, struct blk_request *r)
{
	struct virtio_blk_header header;

	if (r->chain.write_bytes == 0 ||
	    virtq_read(&r->chain, 0, &header, sizeof(header)) != sizeof(header))
		return BROKEN;
	r->sector = header.sector;
	r->sectors = r->bytes = r->issued = 0;
	r->in_flight = 0;
	r->bare = false;
	r->status = VIRTIO_BLK_IOERR;
	switch (header.type) {
	case VIRTIO_BLK_IN:
		r->op = BLOCK_READ;
		return take_data(r);
	case VIRTIO_BLK_OUT:
		r->op = BLOCK_WRITE;
		return blk->dev.accepted & VIRTIO_BLK_F_RO ? DONE : take_data(r);
	case VIRTIO_BLK_FLUSH:
		r->op = BLOCK_FLUSH;
		r->bare = true;
		return GO;
	case VIRTIO_BLK_DISCARD:
		r->op = BLOCK_DISCARD;
		return blk->dev.offered & VIRTIO_BLK_F_DISCARD ? take_range(r) : DONE;
	case VIRTIO_BLK_WRITE_ZEROES:
		r->op = BLOCK_ZEROES;
		return blk->dev.offered & VIRTIO_BLK_F_WRITE_ZEROES ? take_range(r) : DONE;
	case VIRTIO_BLK_GET_ID:
		return take_id(blk, r);
	default:
		r->status = VIRTIO_BLK_UNSUPPORTED;
		return DONE;
	}
}

static void queue_up(struct blk *blk, struct blk_request *r)
{
	r->status = VIRTIO_BLK_OK; /* unless a part fails */
	r->listed = true;
	r->next = NULL;
	*blk->waiting_end = r;
	blk->waiting_end = &r->next;
}

/* Takes chains as long as there are requests for them. False: the queue is broken. */
static bool drain(struct blk *blk, unsigned queue)
{
	struct virtq *q = &blk->dev.queue[queue].q;

	while (blk->free) {
		struct blk_request *r = blk->free;
		enum virtq_result got = virtq_pop(q, &r->chain);
		enum verdict verdict;

		if (got == VIRTQ_EMPTY)
			return true;
		verdict = got == VIRTQ_CHAIN ? take(blk, r) : BROKEN;
		if (verdict == BROKEN)
			return false;
		blk->free = r->next;
		r->queue = (uint8_t)queue;
		if (verdict == DONE)
			finish(blk, r);
		else
			queue_up(blk, r);
	}
	return true;
}

static void take_queue(struct blk *blk, unsigned queue)
{
	do {
		if (!drain(blk, queue)) {
			virtio_needs_reset(&blk->dev);
			break;
		}
		/* Without a free request the queue is looked at again when one is done. */
	} while (blk->free && virtq_want_notify(&blk->dev.queue[queue].q));
}

/* What all queues have. When requests are short, another queue is the first to get one each time. */
static void take_all(struct blk *blk)
{
	unsigned n = blk->dev.queues;

	for (unsigned i = 0; i < n; i++)
		take_queue(blk, (blk->turn + i) % n);
	blk->turn = (blk->turn + 1) % n;
}

/* Each queue's own interrupt: a message goes to the vCPU that the guest chose for it. */
static void interrupt_all(struct blk *blk)
{
	for (unsigned i = 0; i < blk->dev.queues; i++)
		virtio_interrupt(&blk->dev, i);
}

static void blk_notify(struct virtio_device *dev, unsigned queue)
{
	struct blk *blk = dev->state;

	take_queue(blk, queue);
	issue(blk);
	virtio_interrupt(dev, queue);
	/* The backend may have been quicker than we. */
	blk_event(blk);
}

/* --- from the backend --------------------------------------------------------------- */

static uint8_t status_of(enum block_result result)
{
	return result == BLOCK_OK ? VIRTIO_BLK_OK :
	       result == BLOCK_UNSUPPORTED ? VIRTIO_BLK_UNSUPPORTED : VIRTIO_BLK_IOERR;
}

static void part_done(struct blk *blk, unsigned slot, enum block_result result)
{
	struct blk_part *part = &blk->part[slot];
	struct blk_request *r = part->request;

	part->request = NULL;
	if (!r)
		return;
	if (blk->pool && reads(r) && result == BLOCK_OK)
		virtq_write(&r->chain, part->offset, blk->pool + (uint64_t)slot * blk->part_bytes, part->bytes);
	if (result != BLOCK_OK)
		r->status = status_of(result);
	r->in_flight--;
	if (r->in_flight == 0 && !r->listed)
		finish(blk, r);
}

void blk_event(struct blk *blk)
{
	enum block_result result;
	unsigned slot;
	bool any = link_up(blk);

	do {
		while (block_client_done(&blk->client, &slot, &result)) {
			part_done(blk, slot, result);
			any = true;
		}
	} while (block_client_want(&blk->client));
	if (!any || !virtio_running(&blk->dev))
		return;
	take_all(blk);
	issue(blk);
	interrupt_all(blk);
}

/* --- start and reset ------------------------------------------------------------------ */

/* The backend that had our slots is not there any more, but another one: it touches nothing of ours. */
static bool link_gone(struct blk *blk)
{
	bool signal;
	enum block_link link = block_client_link(&blk->client, &signal);

	if (signal)
		blk->peer.signal(blk->peer.signal_context);
	if (!signal && link != BLOCK_NEW)
		return false;
	for (unsigned slot = 0; slot < BLOCK_SLOTS; slot++)
		block_client_forget(&blk->client, slot);
	return true;
}

/* Mapped, the backend may write the guest's RAM until the last slot is done. */
static void quiesce(struct blk *blk)
{
	enum block_result result;
	unsigned slot;

	while (blk->client.in_flight) {
		if (link_gone(blk))
			break;
		if (block_client_done(&blk->client, &slot, &result))
			continue;
		if (!block_client_want(&blk->client))
			blk->peer.wait(blk->peer.wait_context);
	}
	block_client_want(&blk->client);
}

static void blk_reset(struct virtio_device *dev)
{
	struct blk *blk = dev->state;

	if (!blk->pool)
		quiesce(blk);
	forget_all(blk);
}

static const struct virtio_ops blk_ops = {
	.name = "block", .id = VIRTIO_ID_BLOCK, .queues = 1, .queue_max = BLK_QUEUE_MAX,
	.notify = blk_notify, .reset = blk_reset,
};

static uint64_t features_of(uint32_t backend)
{
	uint64_t features = VIRTIO_BLK_F_SEG_MAX | VIRTIO_BLK_F_BLK_SIZE | VIRTIO_BLK_F_TOPOLOGY | VIRTIO_BLK_F_MQ;

	if (backend & BLOCK_READ_ONLY)
		return features | VIRTIO_BLK_F_RO;
	if (backend & BLOCK_CAN_FLUSH)
		features |= VIRTIO_BLK_F_FLUSH;
	if (backend & BLOCK_CAN_DISCARD)
		features |= VIRTIO_BLK_F_DISCARD;
	if (backend & BLOCK_CAN_ZERO)
		features |= VIRTIO_BLK_F_WRITE_ZEROES;
	return features;
}

static struct virtio_blk_config config_of(uint64_t sectors, unsigned queues)
{
	return (struct virtio_blk_config){
		.capacity = sectors, .seg_max = SEG_MAX, .blk_size = SECTOR, .num_queues = (uint16_t)queues,
		.physical_block_exp = PAGE_EXP, .min_io_size = 1u << PAGE_EXP, .opt_io_size = POOL_MAX / SECTOR,
		.max_discard_sectors = RANGE_MAX, .max_discard_seg = 1, .discard_sector_alignment = 8,
		.max_write_zeroes_sectors = RANGE_MAX, .max_write_zeroes_seg = 1,
	};
}

/* Every slot has the same stretch of the pool; a small pool has fewer slots. */
static bool divide(struct blk *blk, uint64_t pool_bytes)
{
	blk->slots = BLOCK_SLOTS;
	blk->part_bytes = MAPPED_MAX;
	if (!blk->pool)
		return true;
	if (pool_bytes < (uint64_t)POOL_MAX * BLOCK_SLOTS)
		blk->slots = (unsigned)(pool_bytes / POOL_MAX);
	blk->part_bytes = POOL_MAX;
	return blk->slots > 0;
}

bool blk_init(struct blk *blk, const struct blk_wiring *wiring, const struct guest_ram *ram, struct irq_line irq)
{
	uint32_t backend;
	uint64_t sectors;

	memset(blk, 0, sizeof(*blk));
	blk->pool = wiring->pool;
	blk->peer = wiring->peer;
	memcpy(blk->id, wiring->id, strnlen(wiring->id, sizeof(blk->id)));
	if (!divide(blk, wiring->pool_bytes))
		return false;
	block_client_init(&blk->client, wiring->shared, blk->pool ? wiring->pool_bytes : ram->size);
	block_client_info(&blk->client, &backend, &sectors);
	blk->config = config_of(sectors, wiring->queues);
	virtio_init(&blk->dev, &blk_ops, blk, ram, irq, features_of(backend), &blk->config, sizeof(blk->config));
	blk->dev.queues = wiring->queues;
	forget_all(blk);
	block_client_want(&blk->client);
	link_up(blk);
	return true;
}
