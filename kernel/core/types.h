/* SPDX-License-Identifier: BSD-2-Clause */
/* Words that every kernel file uses. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdatomic.h>

/* A host-physical address and an address inside a Space (IPA, GPA): never mixed. */
typedef struct { uint64_t a; } paddr_t;
typedef struct { uint64_t a; } ipa_t;

#define container_of(p, type, member) ((type *)(void *)((char *)(p) - offsetof(type, member)))
/* Seldom called, by something that is often: small, and out of its way. APART: not even where it is called but once. */
#define COLD  __attribute__((cold))
#define APART __attribute__((cold, noinline))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* align must be a power of two */
static inline uint64_t align_up(uint64_t v, uint64_t align)
{
	return (v + align - 1) & ~(align - 1);
}

static inline bool aligned(uint64_t v, uint64_t align)
{
	return (v & (align - 1)) == 0;
}

/*
 * What a system call's decode or perform yields: an ABI status, or one of the
 * three below, which never leave the kernel.
 */
typedef unsigned status_t;
#define STATUS_RESTART 0x100u /* preempted: decode the call again from scratch */
#define STATUS_BLOCKED 0x101u /* the result is written when the thread goes on */
#define STATUS_LOST    0x102u /* the thread was stopped, or worse, before its call began */

struct core;
struct slot;
struct thread;
struct cnode;
struct endpoint;
struct irq;
struct notification;
struct space;
struct vcpu;

/*
 * Performs a system call of the current thread, whose frame holds the arguments. What the slot register
 * names has been looked up as the table of calls says (entry.c): the slot, and its object, null if the
 * capability has none. A status is to be written to the frame; STATUS_BLOCKED: the frame is complete or
 * will be; STATUS_RESTART: the thread makes the call again.
 */
typedef status_t kernel_call(struct core *core, struct thread *thread, struct slot *slot, void *object);
