/* SPDX-License-Identifier: BSD-2-Clause */
#include "virtio/queue.h"

#include <stdatomic.h>
#include <string.h>

/* Single reads and writes of what the guest shares: the compiler may not repeat them. */
#define LOAD(field)         __atomic_load_n(&(field), __ATOMIC_RELAXED)
#define STORE(field, value) __atomic_store_n(&(field), value, __ATOMIC_RELAXED)

static void *part(const struct guest_ram *ram, gpa_t at, uint64_t bytes, unsigned align)
{
	return at.value % align ? NULL : ram_at(ram, at, bytes);
}

bool virtq_start(struct virtq *q, const struct guest_ram *ram, unsigned size, gpa_t desc, gpa_t avail, gpa_t used,
		 uint64_t features)
{
	*q = (struct virtq){ .ram = ram };
	if (size == 0 || size > VIRTQ_SIZE_MAX || (size & (size - 1)))
		return false;
	q->size = (uint16_t)size;
	q->event_idx = features & VIRTIO_F_EVENT_IDX;
	q->indirect = features & VIRTIO_F_INDIRECT;
	q->avail = part(ram, avail, virtq_avail_bytes(size), 2);
	q->used = part(ram, used, virtq_used_bytes(size), 4);
	q->desc = part(ram, desc, virtq_desc_bytes(size), 16);
	if (!q->avail || !q->used || !q->desc) {
		virtq_stop(q);
		return false;
	}
	return true;
}

void virtq_stop(struct virtq *q)
{
	q->desc = NULL;
	q->broken = false;
}

/* used_event and avail_event stand behind the rings. */
static uint16_t *used_event(const struct virtq *q)
{
	return &q->avail->ring[q->size];
}

static uint16_t *avail_event(const struct virtq *q)
{
	return (uint16_t *)&q->used->ring[q->size];
}

/* A table of descriptors: the queue's own, or an indirect one. */
struct table {
	const struct virtq_desc *at;
	uint32_t entries;
	uint32_t left;   /* a chain visits each entry once at most: that bounds it */
};

static struct virtq_desc copy(const struct virtq_desc *d)
{
	return (struct virtq_desc){ LOAD(d->address), LOAD(d->bytes), LOAD(d->flags), LOAD(d->next) };
}

static bool enter_indirect(const struct virtq *q, struct table *table, const struct virtq_desc *d)
{
	/* 2.7.5.3.1: no indirect one in an indirect table, none with NEXT, no longer than the queue. */
	if (!q->indirect || table->at != q->desc || (d->flags & VIRTQ_NEXT) || d->bytes == 0 || d->bytes % 16 ||
	    d->bytes / 16 > q->size)
		return false;
	table->at = part(q->ram, gpa(d->address), d->bytes, 16);
	table->entries = table->left = d->bytes / 16;
	return table->at;
}

static bool add_segment(const struct virtq *q, struct virtq_chain *chain, const struct virtq_desc *d)
{
	unsigned n = chain->readable + chain->writable;
	uint8_t *at = ram_at(q->ram, gpa(d->address), d->bytes);

	/* 2.7.4.2: what the device writes comes behind what it reads. */
	if (!at || n == VIRTQ_SEGMENTS || (chain->writable && !(d->flags & VIRTQ_WRITE)))
		return false;
	if (d->bytes == 0)
		return true;
	chain->segment[n] = (struct virtq_segment){ at, d->bytes };
	if (d->flags & VIRTQ_WRITE) {
		chain->writable++;
		chain->write_bytes += d->bytes;
	} else {
		chain->readable++;
		chain->read_bytes += d->bytes;
	}
	return true;
}

static bool walk(const struct virtq *q, struct virtq_chain *chain)
{
	struct table table = { q->desc, q->size, q->size };
	uint32_t i = chain->head;

	while (i < table.entries && table.left-- > 0) {
		struct virtq_desc d = copy(&table.at[i]);

		if (d.flags & VIRTQ_INDIRECT) {
			if (!enter_indirect(q, &table, &d))
				return false;
			i = 0;
			continue;
		}
		if (!add_segment(q, chain, &d))
			return false;
		if (!(d.flags & VIRTQ_NEXT))
			return true;
		i = d.next;
	}
	return false;
}

bool virtq_waiting(const struct virtq *q)
{
	return q->desc && LOAD(q->avail->index) != q->next_avail;
}

enum virtq_result virtq_pop(struct virtq *q, struct virtq_chain *chain)
{
	uint16_t waiting;

	if (!q->desc)
		return VIRTQ_EMPTY;
	if (q->broken)
		return VIRTQ_BROKEN;
	/* Pairs with the driver's barrier between filling an entry and moving the index (2.7.13.3). */
	waiting = (uint16_t)(__atomic_load_n(&q->avail->index, __ATOMIC_ACQUIRE) - q->next_avail);
	if (waiting == 0)
		return VIRTQ_EMPTY;
	chain->readable = chain->writable = 0;
	chain->read_bytes = chain->write_bytes = 0;
	chain->head = LOAD(q->avail->ring[q->next_avail & (q->size - 1)]);
	if (waiting > q->size || !walk(q, chain)) {
		q->broken = true;
		return VIRTQ_BROKEN;
	}
	q->next_avail++;
	return VIRTQ_CHAIN;
}

void virtq_put(struct virtq *q, unsigned n, uint16_t head, uint32_t bytes)
{
	struct virtq_used_entry *entry;

	if (!q->desc)
		return;
	entry = &q->used->ring[(q->next_used + n) & (q->size - 1)];
	STORE(entry->head, head);
	STORE(entry->bytes, bytes);
}

void virtq_show(struct virtq *q, unsigned n)
{
	if (!q->desc)
		return;
	q->next_used += (uint16_t)n;
	/* Pairs with the driver's barrier behind reading the index (2.7.14): the entries and the data are there. */
	__atomic_store_n(&q->used->index, q->next_used, __ATOMIC_RELEASE);
}

void virtq_push(struct virtq *q, uint16_t head, uint32_t bytes)
{
	virtq_put(q, 0, head, bytes);
	virtq_show(q, 1);
}

void virtq_unpop(struct virtq *q, unsigned n)
{
	q->next_avail -= (uint16_t)n;
}

void virtq_told(struct virtq *q)
{
	q->told = q->next_used;
}

bool virtq_must_interrupt(struct virtq *q)
{
	uint16_t old = q->told;

	if (!q->desc || q->next_used == old)
		return false;
	/* Pairs with the driver's barrier between writing used_event and looking at the used index (2.7.14). */
	atomic_thread_fence(memory_order_seq_cst);
	q->told = q->next_used;
	if (q->event_idx)
		return virtq_passed(LOAD(*used_event(q)), q->next_used, old);
	return !(LOAD(q->avail->flags) & VIRTQ_NO_INTERRUPT);
}

bool virtq_want_notify(struct virtq *q)
{
	if (!q->desc || q->broken)
		return false;
	if (q->event_idx)
		STORE(*avail_event(q), q->next_avail);
	else
		STORE(q->used->flags, 0);
	/* Pairs with the driver's barrier between moving the index and reading avail_event (2.7.13.4). */
	atomic_thread_fence(memory_order_seq_cst);
	return LOAD(q->avail->index) != q->next_avail;
}

void virtq_no_notify(struct virtq *q)
{
	/* With EVENT_IDX the event that lies behind does it. */
	if (q->desc && !q->event_idx)
		STORE(q->used->flags, VIRTQ_NO_NOTIFY);
}

static size_t transfer(const struct virtq_segment *s, unsigned count, uint64_t offset, uint8_t *bytes, size_t length,
		       bool write)
{
	size_t done = 0;

	for (unsigned i = 0; i < count && done < length; i++) {
		size_t n;

		if (offset >= s[i].bytes) {
			offset -= s[i].bytes;
			continue;
		}
		n = s[i].bytes - offset < length - done ? s[i].bytes - offset : length - done;
		if (write)
			memcpy(s[i].at + offset, bytes + done, n);
		else
			memcpy(bytes + done, s[i].at + offset, n);
		done += n;
		offset = 0;
	}
	return done;
}

size_t virtq_read(const struct virtq_chain *chain, uint64_t offset, void *to, size_t bytes)
{
	return transfer(chain->segment, chain->readable, offset, to, bytes, false);
}

size_t virtq_write(const struct virtq_chain *chain, uint64_t offset, const void *from, size_t bytes)
{
	return transfer(chain->segment + chain->readable, chain->writable, offset, (uint8_t *)(uintptr_t)from, bytes,
			true);
}
