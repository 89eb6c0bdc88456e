/* SPDX-License-Identifier: BSD-2-Clause */
/* The start page of a component (skerry/start.h) in the making. */
#ifndef ROOT_START_PAGE_H
#define ROOT_START_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "skerry/start.h"

/* An empty page for NAME. */
void start_init(struct sk_start *s, const char *name, uint64_t counter_hz);

/* Adds a capability or a region. False if the page is full. */
bool start_add_slot(struct sk_start *s, const char *name, uint32_t slot);
bool start_add_region(struct sk_start *s, const char *name, uint64_t address, uint64_t bytes, uint64_t pa);

/* Sets a parameter, in place of an earlier one of that name. False if there is no room, or the name is too long. */
bool start_set_param(struct sk_start *s, const char *name, const char *value);

/* The value of a parameter, null if there is none. */
const char *start_param(const struct sk_start *s, const char *name);

/*
 * Sets all parameters of a text: lines key=value; empty ones, and those that
 * begin with #, are skipped. Returns -1 with line and reason in ERROR.
 */
int start_set_text(struct sk_start *s, const char *text, size_t size, char *error, size_t error_size);

/* A number as sk_param_number reads it: decimal or 0x, K, M or G may follow. False if it is none or too large. */
bool start_number(const char *text, uint64_t *value);

#endif
