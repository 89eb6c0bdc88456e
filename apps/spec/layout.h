/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where things lie in a component, in which slot each of its capabilities is, and
 * how much kernel memory all of it takes. Chosen when a spec is made, by skerry-idl
 * or skerry-spec; root follows, so what the build prints is what will be.
 *
 *   0x2000        start page (skerry/start.h)
 *   0x10000000    image
 *   0x20000000    mappings whose room is below 2 MiB, a page between them
 *   0x40000000    stack, downwards
 *   0x50000000    heap
 *   0x100000000   other mappings, each with its room and 2 MiB between them; what is
 *                 larger than 2 MiB lies as far behind its address as it lies behind a
 *                 multiple of 2 MiB in RAM, so that blocks serve
 */
#ifndef SPEC_LAYOUT_H
#define SPEC_LAYOUT_H

#include <stdbool.h>
#include "spec.h"

#define LAYOUT_SMALL     0x20000000ul
#define LAYOUT_STACK_TOP 0x40000000ul
#define LAYOUT_HEAP      0x50000000ul
#define LAYOUT_LARGE     0x100000000ul

/* Room for what gets its size at boot: memory by a parameter, files, registers. */
#define LAYOUT_PARAM_ROOM  (16ul << 30)
#define LAYOUT_FILE_ROOM   (2ul << 30)
#define LAYOUT_DEVICE_ROOM (64ul << 10)

/* Bytes that a mapping of O may take from its address on. */
uint64_t layout_room(const struct spec_object *o);

/* Where the last one of S's mappings into a component could be moved to make a block of memory at PA serve. */
static inline uint64_t layout_address(uint64_t address, uint64_t bytes, uint64_t pa)
{
	return bytes < 1ul << 21 ? address : address + pa % (1ul << 21);
}

/*
 * Gives each mapping into a component an address and each capability a slot, from 1
 * on, where it has none (0) yet. False: there is no room in COMPONENT.
 */
bool layout_choose(const struct spec_object *object, struct spec_map *map, uint32_t maps, struct spec_cap *cap,
		   uint32_t caps, uint32_t component);

/* It comes from its owner's untyped, and goes with it; else from the one of the wiring. */
bool layout_lives(const struct spec_object *o);

/* Kernel memory of an object other than a space or cnode, with the gaps that alignment makes (enum sk_type). */
uint64_t layout_object_bytes(const struct spec_object *o);
uint64_t layout_space_bytes(uint32_t tables);
uint64_t layout_cnode_bytes(uint32_t slots);

#endif
