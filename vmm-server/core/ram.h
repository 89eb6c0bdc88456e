/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's RAM as the VMM sees it. A guest-physical address has its own type
 * and becomes a pointer in one place only: ram_at.
 */
#ifndef VMM_RAM_H
#define VMM_RAM_H

#include <stdint.h>

typedef struct { uint64_t value; } gpa_t;

struct guest_ram {
	gpa_t base;       /* 2 MiB aligned */
	uint64_t size;    /* bytes, page multiple */
	uint8_t *host;    /* where it is mapped here */
};

static inline gpa_t gpa(uint64_t value)
{
	return (gpa_t){ value };
}

/* The LENGTH bytes at guest-physical AT, or null unless all of them are RAM. */
static inline void *ram_at(const struct guest_ram *ram, gpa_t at, uint64_t length)
{
	uint64_t offset = at.value - ram->base.value;

	if (at.value < ram->base.value || offset > ram->size || length > ram->size - offset)
		return 0;
	return ram->host + offset;
}

static inline uint64_t ram_end(const struct guest_ram *ram)
{
	return ram->base.value + ram->size;
}

#endif
