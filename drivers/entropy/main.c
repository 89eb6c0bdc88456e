/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random numbers for guests: each client's ring (rings/random.h) is kept full from one
 * generator (skerry/entropy.h: ChaCha20, a new key after each request), so what one client
 * gets no other does, nor itself again.
 *
 * What it is: a deterministic generator that nobody can predict who does not know its
 * seed. The seed is
 *   - what firmware put into the device tree (/chosen rng-seed), with 256 bits of the CPU's own
 *     generator (RNDR) where it has one: the loader's work;
 *   - how often this component was started, and readings of the counter around loads and
 *     stores, at the start and at each wake-up: that differs from boot to boot and after
 *     a restart, and is worth little against whoever can measure the machine.
 * What it is not: a source of entropy, tested or approved as one (SP 800-90B, AIS 31). On a
 * machine that gives no seed (the log says so) its numbers can be guessed. Under QEMU's
 * icount, where the seed is left out on purpose, they are the same in each run.
 *
 * What it is given
 *   regions   client0, client1, ...  struct random_shared, without a gap
 *   slots     event                  its notification, WAIT
 *             clientN.signal         wakes client N
 *   params    machine.seed           the first of the above; missing: the machine has none
 *
 * A client has at most one ring full a pause: a greedy one slows neither the others nor
 * whoever is below us.
 */
#include <skerry/calls.h>
#include <skerry/entropy.h>
#include <skerry/fail.h>
#include <skerry/log.h>
#include <skerry/start.h>

#include <stdio.h>
#include <string.h>

#include "rings/random.h"

#define CLIENTS 16u
#define TURN    256u

static struct client {
	struct console_ring *ring;
	uint32_t signal, given;
} client[CLIENTS];
static unsigned clients;
static struct entropy generator;

/* --- seed ----------------------------------------------------------------------------- */

static void stir(uint64_t word)
{
	entropy_add(&generator, &word, sizeof(word));
}

/* How long a walk through memory takes, again and again: caches, interrupts and other cores have a say. */
static void stir_timing(void)
{
	static volatile uint8_t memory[16384];
	uint64_t time[8];

	for (unsigned round = 0; round < 32; round++) {
		for (unsigned i = 0; i < 8; i++) {
			for (unsigned at = round; at < sizeof(memory); at += 509)
				memory[at]++;
			time[i] = sk_counter();
		}
		entropy_add(&generator, time, sizeof(time));
	}
}

static void seed(void)
{
	const char *machine = sk_param("machine.seed", "");

	entropy_init(&generator, machine, strlen(machine));
	if (!*machine)
		sk_log("entropy: the machine gives no seed: random numbers can be guessed by whoever knows it\n");
	stir(sk_start()->generation);
	stir_timing();
}

/* --- clients --------------------------------------------------------------------------- */

static void connect(unsigned n)
{
	char name[40];
	size_t bytes;
	struct random_shared *shared;

	snprintf(name, sizeof(name), "client%u", n);
	shared = sk_need_region(name, &bytes);
	if (bytes < sizeof(*shared))
		sk_fail("region %s has %zu bytes, a connection takes %zu", name, bytes, sizeof(*shared));
	client[n].ring = &shared->to_user;
	client[n].given = console_ring_written(client[n].ring);
	snprintf(name, sizeof(name), "client%u.signal", n);
	client[n].signal = sk_slot(name);
}

static void connect_all(void)
{
	char name[40];

	for (; clients < CLIENTS; clients++) {
		snprintf(name, sizeof(name), "client%u", clients);
		if (!sk_region(name, NULL))
			break;
		connect(clients);
	}
}

/* Returns whether there was room for any. At most a ring full, however fast the client reads. */
static bool fill(struct client *c)
{
	uint8_t bytes[TURN];
	size_t left = RANDOM_AHEAD, room;
	bool wanted = false, signal;

	while (left > 0 && (room = console_ring_space(c->ring, c->given)) > 0) {
		room = room < TURN ? room : TURN;
		room = room < left ? room : left;
		entropy_get(&generator, bytes, room);
		left -= console_ring_write(c->ring, &c->given, bytes, room, &signal);
		wanted |= signal;
	}
	if (wanted && c->signal)
		sk_signal(c->signal);
	memset(bytes, 0, sizeof(bytes));
	return left < RANDOM_AHEAD;
}

static bool fill_all(void)
{
	bool any = false;

	stir(sk_counter());
	for (unsigned n = 0; n < clients; n++)
		any |= fill(&client[n]);
	return any;
}

/* Nobody is asked to signal while it pauses, so that a pause is one. */
static bool ask_all(void)
{
	bool room = false;

	for (unsigned n = 0; n < clients; n++)
		room |= console_ring_want_space(client[n].ring, client[n].given);
	return room;
}

int main(void)
{
	uint32_t event = sk_need_slot("event");
	uint64_t pause = sk_start()->counter_hz / 1000, bits;

	connect_all();
	seed();
	for (;;) {
		if (fill_all())
			sk_wait(event, sk_counter() + pause, &bits);
		else if (!ask_all())
			sk_wait(event, SK_NEVER, &bits);
	}
}
