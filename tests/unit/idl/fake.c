/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A kernel for two threads: a call hands its words to the server's thread and
 * sleeps until the reply; a signal wakes the server as its bound notification.
 */
#include "fake.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "skerry/fail.h"
#include "skerry/start.h"

uint8_t fake_buffer[2][FAKE_BUFFER];
struct fake_tamper fake_tamper;
uint64_t fake_badge;
bool fake_dies;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t change = PTHREAD_COND_INITIALIZER;
static enum { IDLE, CALLED, ANSWERED, ABORTED } state;
static struct sk_words message;
static uint64_t badge, bits;
static bool busy;

static void tamper(struct sk_words *m)
{
	m->w[fake_tamper.word] = fake_tamper.value;
	if (fake_tamper.byte >= 0)
		fake_buffer[1][fake_tamper.byte] = fake_tamper.byte_value;
}

enum sk_status sk_call(uint32_t endpoint, struct sk_words *m)
{
	/* Numbers of the ports in golden/all.adl: Server's numbers is 0, things 1. */
	pthread_mutex_lock(&lock);
	message = *m;
	badge = fake_badge ? fake_badge : endpoint == FAKE_NUMBERS ? 0 : 1 << 16;
	if (fake_tamper.message)
		tamper(&message);
	state = CALLED;
	pthread_cond_broadcast(&change);
	while (state == CALLED)
		pthread_cond_wait(&change, &lock);
	*m = message;
	if (fake_tamper.reply)
		tamper(m);
	enum sk_status status = state == ABORTED ? SK_ABORTED : SK_OK;

	state = IDLE;
	pthread_mutex_unlock(&lock);
	return status;
}

enum sk_status sk_reply_wait(uint32_t endpoint, struct sk_words *m)
{
	enum sk_status status = SK_OK;

	(void)endpoint;
	pthread_mutex_lock(&lock);
	if (busy) {
		busy = false;
		message = *m;
		state = fake_dies ? ABORTED : ANSWERED;
		pthread_cond_broadcast(&change);
	}
	while (state != CALLED && !bits)
		pthread_cond_wait(&change, &lock);
	if (bits) {
		m->w[0] = bits;
		bits = 0;
		status = SK_EVENT;
	} else {
		*m = message;
		m->extra = badge;
		busy = true;
	}
	pthread_mutex_unlock(&lock);
	return status;
}

enum sk_status sk_signal(uint32_t notification)
{
	if (notification != FAKE_TICK)
		return SK_NO_CAP;
	pthread_mutex_lock(&lock);
	bits |= 1; /* tick is the server's first source of events */
	pthread_cond_broadcast(&change);
	pthread_mutex_unlock(&lock);
	return SK_OK;
}

enum sk_status sk_wait(uint32_t notification, uint64_t deadline, uint64_t *got)
{
	(void)notification, (void)deadline;
	*got = 7;
	return SK_OK;
}

enum sk_status sk_poll(uint32_t notification, uint64_t *got)
{
	(void)notification;
	*got = 0;
	return SK_OK;
}

enum sk_status sk_irq_ack(uint32_t irq)
{
	(void)irq;
	return SK_OK;
}

/* --- the start page ------------------------------------------------------------- */

uint32_t sk_slot(const char *name)
{
	static const struct { const char *name; uint32_t slot; } slots[] = {
		{ "numbers", FAKE_NUMBERS }, { "things", FAKE_THINGS }, { "tick", FAKE_TICK },
		{ "endpoint", FAKE_ENDPOINT }, { "event", FAKE_EVENT },
	};

	for (unsigned i = 0; i < sizeof(slots) / sizeof(slots[0]); i++) {
		if (strcmp(slots[i].name, name) == 0)
			return slots[i].slot;
	}
	return 0;
}

void *sk_region(const char *name, size_t *size)
{
	static uint8_t other[16384];

	if (size)
		*size = sizeof(other);
	if (strncmp(name, "numbers.buffer", 14) == 0)
		return name[14] == 0 || strcmp(name + 14, "0") == 0 ? fake_buffer[0] : NULL;
	if (strncmp(name, "things.buffer", 13) == 0)
		return name[13] == 0 || strcmp(name + 13, "0") == 0 ? fake_buffer[1] : NULL;
	return strncmp(name, "spare", 5) == 0 ? NULL : other;
}

uint32_t sk_need_slot(const char *name)
{
	return sk_slot(name);
}

void *sk_need_region(const char *name, size_t *size)
{
	return sk_region(name, size);
}

const char *sk_param(const char *name, const char *fallback)
{
	return strcmp(name, "who") == 0 ? "somebody" : strcmp(name, "offset") == 0 ? "-300" : fallback;
}

uint64_t sk_param_number(const char *name, uint64_t fallback)
{
	return strcmp(name, "rounds") == 0 ? 77 : strcmp(name, "loud") == 0 ? 1 : fallback;
}

void sk_check(enum sk_status status, const char *what)
{
	if (status == SK_OK)
		return;
	fprintf(stderr, "%s: %d\n", what, status);
	abort();
}

const char *sk_status_text(enum sk_status status)
{
	(void)status;
	return "an error";
}

void sk_fail(const char *format, ...)
{
	fprintf(stderr, "%s\n", format);
	abort();
}
