/* SPDX-License-Identifier: BSD-2-Clause */
/* Decoding of A64 load and store instructions. */
#ifndef VMM_DECODE_H
#define VMM_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#define DECODE_SP 31u   /* as base: the stack pointer; as data: zero */

struct load_store {
	bool nothing;        /* prefetch, cache maintenance: completes without an access */
	bool store;
	bool extend_sign;    /* load: sign-extended */
	bool to32;           /* load: the register's upper half becomes 0 */
	bool writeback;      /* base += update */
	bool by_register;    /* address = base + (index register, extended, shifted) */
	uint8_t width;       /* bytes of each element: 1, 2, 4, 8 */
	uint8_t count;       /* 1, or 2 for a pair: rt at the address, rt2 behind it */
	uint8_t rt, rt2, rn, rm;
	uint8_t extend;      /* by_register: the instruction's option field */
	uint8_t shift;
	int64_t offset;      /* address = base + offset */
	int64_t update;
};

/* Decodes INSTRUCTION. False: not a load or store that can be emulated here. */
bool decode_load_store(uint32_t instruction, struct load_store *out);

/* The address given the base and index register's values. */
uint64_t load_store_address(const struct load_store *i, uint64_t base, uint64_t index);

/* What a load puts into its register, from the element's zero-extended VALUE. */
uint64_t load_store_extend(const struct load_store *i, uint64_t value);

#endif
