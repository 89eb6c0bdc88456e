/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The system as it is being built: the spec's components and objects with what
 * root made of them. The steps run in the order of main.c:
 *
 *   plan.c     images, parameters, sizes, files; RAM
 *   place.c    addresses, table pages
 *   objects.c  kernel objects, each from the untyped of its owner
 *   wire.c     images, mappings, capabilities, threads, start pages
 *   supervise.c  start, then wait for ends and faults
 *
 * A component can be taken back whole: its kernel objects by revoking `untyped`,
 * its own memory by revoking `own`; the shared ones with the last entry of owner[].
 */
#ifndef ROOT_SYSTEM_H
#define ROOT_SYSTEM_H

#include "archive.h"
#include "image.h"
#include "layout.h"
#include "ram.h"
#include "root.h"
#include "skerry/start.h"

#define OWNERS (SPEC_COMPONENTS_MAX + 1) /* the last: objects without an owner */
#define SHARED SPEC_COMPONENTS_MAX

struct component {
	const struct spec_component *spec;
	const char *name;
	struct image image;
	struct memory own;        /* start page, segments, stack, heap: in this order */
	uint32_t cnode, space;    /* slots */
	uint32_t tables;
	bool exits;               /* holds a capability of the supervisor: the system ends with it */
};

struct object {
	const struct spec_object *spec;
	const char *name;
	uint32_t slot;            /* in root's cnode, 0: none (any more) */
	uint32_t tables;          /* GUEST */
	uint32_t region;          /* DEVICE, IRQ: index in sk_root_info */
	bool missing;             /* FILE, and what has SPEC_IF */
	struct memory memory;     /* MEMORY; FILE and DEVICE: one piece */
	uint64_t length;          /* FILE: its bytes */
};

extern struct spec spec;
extern struct component component[SPEC_COMPONENTS_MAX];
extern struct object object[SPEC_OBJECTS_MAX];
extern uint32_t mapping_slot[SPEC_MAPS_MAX]; /* root's capability of the first piece mapped; 0: none */
extern uint64_t mapping_ipa[SPEC_MAPS_MAX]; /* by index of the spec's mappings; 0: what it maps is missing */
extern struct sk_start start_page[SPEC_COMPONENTS_MAX];
extern uint32_t owner_untyped[OWNERS];

/* Reads, checks and opens the spec. */
void system_open(void);

/* The core of this machine on which a thread or endpoint is at home. */
uint32_t object_core(const struct object *o);

/* Decides all sizes and takes the RAM. Nothing of a kernel object yet. */
void system_plan(void);

/* Decides all addresses, and takes the components' own memory. */
void system_place(void);

/* Makes the kernel objects. */
void system_make(void);

/* Fills memory, maps, gives capabilities away, configures the threads. Takes the console from root. */
void system_wire(void);

/* If the machine brings a file "inspect": writes out what the kernel says was given to whom, and ends. */
void system_inspect(void);

/* Gives up what the spec does not give root, starts the components, and stays. */
_Noreturn void system_run(void);

#endif
