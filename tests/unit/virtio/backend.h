/* SPDX-License-Identifier: BSD-2-Clause */
/* The VMM's block device with a backend beside it, for the tests. */
#ifndef BACKEND_H
#define BACKEND_H

#include <stdbool.h>

#include "medium.h"
#include "virtio/blk.h"
#include "virtio/transport_mmio.h"

#define DISK_BYTES (64 * 1024ul)

extern struct blk blk;
extern struct block_server server;
extern struct block_shared shared;
extern struct medium medium;
extern struct virtio_mmio transport;
extern unsigned signals;      /* that the backend got */
extern bool line;             /* the device's interrupt */
extern unsigned rises;

/* A disk of DISK_BYTES behind a pool of 2 slots, or mapped. */
void backend_set_up(bool mapped, uint32_t features);
void backend_tear_down(void);

/* The backend dies, having scribbled over all that it may write, and another one takes its place. */
void backend_replace(void);

/* Does one request, without saying so. */
enum block_result backend_perform(const struct block_request *r);

/* The backend does all that it was asked for. Returns how many requests. */
unsigned backend_serve(void);

uint32_t reg_read(unsigned offset);
void reg_write(unsigned offset, uint32_t value);

#endif
