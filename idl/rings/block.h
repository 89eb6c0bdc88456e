/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The block ring: requests from one client (a VMM, or a backend) to one server
 * (a backend, or a driver). A connection is
 *
 *   struct block_shared   a region of both, read-write
 *   data                  a region of both: bounced: a pool of the connection's own,
 *                         into which the client copies; mapped: the guest's RAM.
 *                         Requests name bytes by their offset in it. A driver
 *                         needs its physical address, not its contents.
 *   one notification each way
 *
 * A request stands in a slot, which the client chooses and owns until the server
 * has said "done" for it. Slots are done in any order; BLOCK_FLUSH covers the
 * writes that were done when it was submitted.
 *
 *   client: fills slot[n], puts n into `submit`, signals if block_submit says so
 *   server: takes n, copies and checks the slot once, works, puts n and a status
 *           into `done`, signals if block_complete says so
 *
 * Nobody trusts what the other writes: indices are masked, a slot that is not
 * in flight is not done, one that is in flight is not taken again. Since each
 * side counts for itself, rings of BLOCK_SLOTS entries never overflow.
 * Across cores: the entry is stored before the index is released; `wanted` works
 * as in the console ring.
 *
 * Sessions. Either side may die and be started again; what is in the rings then means
 * nothing. So rings and slots are good for one session, which the client asks for
 * and the server grants:
 *
 *   server: at its start takes a new epoch and says READY with it, when no device
 *           uses the data region any more for a server before it
 *   client: sees an epoch that it does not know: empties `submit`, asks for session
 *           epoch << 32 | a number that was not asked for last, signals
 *   server: sees that another session than its own is asked for, in its epoch: takes
 *           nothing more, and when nothing is in flight empties `done`, grants it, signals
 *   client: sees it granted: submits again, in the order of the first time, what was in
 *           flight; only now is the data region its own alone
 *
 * A request in flight when its server dies is thus done once, or twice with nothing
 * that was submitted after its completion in between.
 */
#ifndef SKERRY_RING_BLOCK_H
#define SKERRY_RING_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define BLOCK_SECTOR   512u
#define BLOCK_SLOTS    64u
#define BLOCK_SEGMENTS 128u

enum block_op {
	BLOCK_READ = 0,
	BLOCK_WRITE = 1,
	BLOCK_FLUSH = 2,    /* no segments: all writes done before are on the medium */
	BLOCK_DISCARD = 3,  /* no segments: the contents of these sectors are needed no more */
	BLOCK_ZEROES = 4,   /* no segments: these sectors read as zero */
	BLOCK_OPS = 5,
};

enum block_result {
	BLOCK_OK = 0,
	BLOCK_IO_ERROR = 1,    /* the medium failed, or is full */
	BLOCK_BAD_REQUEST = 2, /* the client's fault */
	BLOCK_UNSUPPORTED = 3,
};

struct block_segment {
	uint64_t offset;       /* in the data region */
	uint32_t bytes;        /* > 0 */
	uint32_t reserved;
};

struct block_slot {
	uint32_t op;           /* enum block_op */
	uint32_t segments;     /* READ, WRITE: 1..BLOCK_SEGMENTS; whole sectors in all */
	uint64_t sector;
	uint64_t sectors;      /* DISCARD, ZEROES */
	uint64_t reserved;
	struct block_segment segment[BLOCK_SEGMENTS];
};

struct block_ring {
	_Atomic uint32_t head;   /* producer's: entries ever put in, mod 2^32 */
	uint32_t pad0[7];
	_Atomic uint32_t wanted; /* consumer's: 1 = signal me at the next entry; the producer takes it back */
	uint32_t pad1[7];
	_Atomic uint32_t entry[BLOCK_SLOTS]; /* slot | enum block_result << 16 */
};

enum block_state { BLOCK_STARTING = 0, BLOCK_READY = 1, BLOCK_ABSENT = 2 };
#define BLOCK_READ_ONLY    1u
#define BLOCK_CAN_FLUSH    2u  /* else writes are on the medium when they are done */
#define BLOCK_CAN_DISCARD  4u
#define BLOCK_CAN_ZERO     8u

/* The server's. Fixed once state is not STARTING, when it signals the client. */
struct block_info {
	_Atomic uint32_t state;  /* enum block_state */
	uint32_t features;
	uint64_t sectors;
	_Atomic uint32_t epoch;  /* never 0 once a server was there */
	uint32_t reserved0;
	_Atomic uint64_t session; /* granted */
	uint64_t reserved[4];
};

/* The client's. */
struct block_ask {
	_Atomic uint64_t session; /* asked for */
	uint64_t reserved[7];
};
_Static_assert(sizeof(struct block_info) == 64 && sizeof(struct block_ask) == 64, "block connection layout");

struct block_shared {
	struct block_info info;
	struct block_ring submit, done;
	struct block_ask ask;
	uint8_t pad[4096 - 128 - 2 * (64 + 4 * BLOCK_SLOTS)];
	struct block_slot slot[BLOCK_SLOTS];
};
_Static_assert(sizeof(struct block_slot) == 2080, "block slot layout");
_Static_assert(sizeof(struct block_shared) == 4096 + 2080 * BLOCK_SLOTS, "block connection layout");
#define BLOCK_SHARED_BYTES ((sizeof(struct block_shared) + 4095) & ~4095ul)

/* The client's own view. */
struct block_client {
	struct block_shared *shared;
	uint64_t data_bytes;     /* of the data region */
	uint64_t in_flight;      /* one bit a slot */
	uint32_t head, taken;    /* submit's head, done's tail */
	uint32_t epoch;          /* of the server that we know; 0: none */
	uint64_t session;        /* that we asked for */
	bool up;                 /* and were granted */
};

void block_client_init(struct block_client *c, struct block_shared *shared, uint64_t data_bytes);

/* The server's information, copied. STARTING: not yet there. */
enum block_state block_client_info(const struct block_client *c, uint32_t *features, uint64_t *sectors);

enum block_link {
	BLOCK_DOWN = 0, /* no server, or it has not granted our session yet */
	BLOCK_NEW = 1,  /* granted just now: what is in flight is to be submitted again, or forgotten */
	BLOCK_UP = 2,
};

/* Where the connection stands; to be asked at each signal. *signal = the server is to be signalled. */
enum block_link block_client_link(struct block_client *c, bool *signal);

/* Gives up a slot that is in flight, while BLOCK_NEW. */
void block_client_forget(struct block_client *c, unsigned slot);

/* A free slot's number, to be filled in shared->slot[]; BLOCK_SLOTS if there is none below LIMIT, or no connection. */
unsigned block_client_slot(const struct block_client *c, unsigned limit);

/* Submits the slot. Returns whether the server is to be signalled. */
bool block_submit(struct block_client *c, unsigned slot);

/* Takes what was done. False: nothing. A result that makes no sense is an IO_ERROR. */
bool block_client_done(struct block_client *c, unsigned *slot, enum block_result *result);

/* Asks for a signal. True if something is done already. */
bool block_client_want(struct block_client *c);

/* A request as the server took it: checked against the data region and the medium. */
struct block_request {
	unsigned slot;
	enum block_op op;
	unsigned segments;
	uint64_t sector, sectors; /* sectors: of all operations but FLUSH */
	struct block_segment segment[BLOCK_SEGMENTS];
};

struct block_server {
	struct block_shared *shared;
	uint64_t data_bytes, in_flight;
	uint64_t sectors;        /* of the medium */
	uint32_t features;
	uint32_t taken, head;    /* submit's tail, done's head */
	uint32_t epoch;
	uint64_t session;        /* granted; 0: none yet */
};

void block_server_init(struct block_server *s, struct block_shared *shared, uint64_t data_bytes);

/*
 * Tells the client what there is; then it is to be signalled. No device uses the data
 * region any more on behalf of a server that was here before.
 */
void block_server_ready(struct block_server *s, enum block_state state, uint32_t features, uint64_t sectors);

/*
 * Takes the next request that is in order; those that are not are completed
 * with BAD_REQUEST on the way. Grants a session that is asked for. *signal = the client
 * is to be signalled for either.
 */
bool block_server_next(struct block_server *s, struct block_request *r, bool *signal);

/* Done. Returns whether the client is to be signalled. */
bool block_complete(struct block_server *s, unsigned slot, enum block_result result);

/* Asks for a signal. True if there is a request already. */
bool block_server_want(struct block_server *s);

#endif
