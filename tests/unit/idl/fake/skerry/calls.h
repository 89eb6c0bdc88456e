/* SPDX-License-Identifier: BSD-2-Clause */
/* Stands in for the system calls: fake.c passes messages between two threads. */
#ifndef FAKE_CALLS_H
#define FAKE_CALLS_H

#include <stdbool.h>
#include <stdint.h>
#include "abi/skerry.h"

struct sk_words {
	uint64_t w[SK_WORDS];
	uint64_t slot, extra;
};

enum sk_status sk_call(uint32_t endpoint, struct sk_words *m);
enum sk_status sk_reply_wait(uint32_t endpoint, struct sk_words *m);
enum sk_status sk_signal(uint32_t notification);
enum sk_status sk_wait(uint32_t notification, uint64_t deadline, uint64_t *bits);
enum sk_status sk_poll(uint32_t notification, uint64_t *bits);
enum sk_status sk_delete(uint32_t cnode, uint32_t index);
enum sk_status sk_irq_ack(uint32_t irq);

#endif
