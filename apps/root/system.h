/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The system: the spec's components and objects with what root made of them. At
 * boot the steps run in the order of main.c:
 *
 *   plan.c     images, parameters, sizes, files; RAM; slots of capabilities
 *   place.c    addresses, table pages
 *   objects.c  sets aside each component's kernel memory; makes the wiring
 *   life.c     builds the components; supervise.c starts them, and stays
 *
 * There are two kinds of objects. The *wiring* is made once and stays: notifications,
 * interrupts, and all memory. What *lives* with its component is made when it is
 * built, and gone when it ends: cnode, space, threads, endpoints, vCPUs, guest, and
 * every mapping. So what others hold of a component that is started again goes on
 * meaning the same, and an end gives back no more and no less than a start takes:
 * the kernel memory of one component comes from one untyped of its own, its RAM is
 * set aside for it, and each capability has its slot of root's cnode for good.
 */
#ifndef ROOT_SYSTEM_H
#define ROOT_SYSTEM_H

#include "archive.h"
#include "image.h"
#include "layout.h"
#include "ram.h"
#include "root.h"
#include "skerry/start.h"


struct component {
	const struct spec_component *spec;
	const char *name;
	struct image image;
	struct memory own;        /* start page, segments, stack, heap: in this order */
	uint32_t untyped;         /* slot: what its kernel objects are made of */
	uint32_t cnode, space;    /* slots */
	uint32_t own_slots, own_mapped; /* the first of OWN_PARTS capabilities of its own memory as it is mapped; how many are */
	uint32_t tables;
	uint32_t starts;          /* how often it was built */
	bool built;
	bool exits;               /* the system ends with the last such: it can tell of an end, or start others */
	bool guest;               /* is a VMM */
};
#define OWN_PARTS (IMAGE_SEGMENTS + 3)

struct object {
	const struct spec_object *spec;
	const char *name;
	uint32_t slot;            /* in root's cnode, its own for good */
	uint32_t handler;         /* slot: THREAD: its fault handler; IRQ, SLOT: what it signals */
	uint32_t tables;          /* GUEST */
	uint32_t region;          /* DEVICE, IRQ: index in sk_root_info */
	bool missing;             /* FILE, and what has SPEC_IF */
	bool device_reads;        /* MEMORY: a device may use it as long as nobody has reset the device */
	struct memory memory;     /* MEMORY; FILE and DEVICE: one piece */
	uint64_t length;          /* FILE: its bytes */
};

extern struct spec spec;
extern struct component component[SPEC_COMPONENTS_MAX];
extern struct object object[SPEC_OBJECTS_MAX];
extern uint32_t mapping_slot[SPEC_MAPS_MAX]; /* root's capabilities of what is mapped, one a piece; 0: none */
extern uint64_t mapping_ipa[SPEC_MAPS_MAX];  /* by index of the spec's mappings; 0: what it maps is missing */
extern struct sk_start start_page[SPEC_COMPONENTS_MAX];

/* Reads, checks and opens the spec. */
void system_open(void);

/* The core of this machine on which a thread or endpoint is at home. */
uint32_t object_core(const struct object *o);

/* Whether the object is made anew each time its owner is built (see above). */
bool object_lives(const struct object *o);

/* The object is there now. */
bool object_exists(const struct object *o);

/* Decides all sizes and takes the RAM. Nothing of a kernel object yet. */
void system_plan(void);

/* Decides all addresses, and takes the components' own memory. */
void system_place(void);

/* Sets aside kernel memory for everything, and makes the wiring. Takes the console from root. */
void system_make(void);

/* Makes what lives of component INDEX, its cnode and space first. The untyped is empty. */
void objects_make(uint32_t index);

/* Slot of the kernel memory of what has no owner. */
uint32_t objects_shared(void);

/* Builds all components that are to be there from the start. */
void system_build(void);

/* If the machine brings a file "inspect": writes out what the kernel says was given to whom, and ends. */
void system_inspect(void);

/* Gives up what the spec does not give root, starts the components, and stays. */
_Noreturn void system_run(void);

#endif
