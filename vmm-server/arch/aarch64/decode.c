/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reference
 *   [ARM] Arm ARM DDI 0487 K.a, C4.1.94 "Loads and Stores", C5.3 (DC, IC)
 *
 * Left out, since a device has no answer to them or the registers are out of
 * reach: exclusives, atomics, SIMD and FP, tags, pointer-authenticated loads,
 * DC ZVA, literals.
 */
#include "arch/aarch64/decode.h"

static unsigned bits(uint32_t word, unsigned high, unsigned low)
{
	return word >> low & ((1u << (high - low + 1)) - 1);
}

static int64_t signed_bits(uint32_t word, unsigned high, unsigned low)
{
	return (int64_t)((uint64_t)bits(word, high, low) << (63 - (high - low))) >> (63 - (high - low));
}

/* LDP, STP, LDPSW, LDNP, STNP */
static bool decode_pair(uint32_t word, struct load_store *out)
{
	unsigned opc = bits(word, 31, 30), form = bits(word, 24, 23);
	bool load = bits(word, 22, 22);

	if (opc == 3 || (opc == 1 && (!load || form == 0)))
		return false;
	out->count = 2;
	out->store = !load;
	out->width = opc == 2 ? 8 : 4;
	out->extend_sign = opc == 1;
	out->to32 = opc == 0;
	out->rt2 = (uint8_t)bits(word, 14, 10);
	int64_t offset = signed_bits(word, 21, 15) * out->width;
	out->offset = form == 1 ? 0 : offset;
	out->update = offset;
	out->writeback = form == 1 || form == 3;
	return true;
}

/* The size and opc fields that all single-register forms share. */
static bool decode_size(uint32_t word, struct load_store *out)
{
	unsigned size = bits(word, 31, 30), opc = bits(word, 23, 22);

	out->width = (uint8_t)(1u << size);
	out->store = opc == 0;
	out->extend_sign = opc >= 2;
	out->to32 = opc == 3 || (opc == 1 && size < 3);
	if (opc >= 2 && size == 3) {
		out->nothing = opc == 2; /* PRFM, PRFUM */
		return opc == 2;
	}
	return !(opc == 3 && size == 2);
}

static bool decode_immediate9(uint32_t word, struct load_store *out)
{
	int64_t offset = signed_bits(word, 20, 12);
	unsigned form = bits(word, 11, 10); /* 0 unscaled, 1 post-index, 2 unprivileged, 3 pre-index */

	out->offset = form == 1 ? 0 : offset;
	out->update = offset;
	out->writeback = form == 1 || form == 3;
	return decode_size(word, out) && !(out->nothing && form != 0);
}

static bool decode_register_offset(uint32_t word, struct load_store *out)
{
	out->by_register = true;
	out->rm = (uint8_t)bits(word, 20, 16);
	out->extend = (uint8_t)bits(word, 15, 13);
	out->shift = (uint8_t)(bits(word, 12, 12) ? bits(word, 31, 30) : 0);
	return (out->extend & 2) && decode_size(word, out);
}

static bool decode_single(uint32_t word, struct load_store *out)
{
	if (bits(word, 25, 24) == 1) {
		out->offset = (int64_t)bits(word, 21, 10) << bits(word, 31, 30);
		return decode_size(word, out);
	}
	if (bits(word, 25, 24) != 0)
		return false;
	if (bits(word, 21, 21) == 0)
		return decode_immediate9(word, out);
	return bits(word, 11, 10) == 2 && decode_register_offset(word, out);
}

/* LDAR, STLR and their limited-order forms; exclusives share the group. */
static bool decode_ordered(uint32_t word, struct load_store *out)
{
	if (bits(word, 23, 23) != 1 || bits(word, 21, 21) != 0)
		return false;
	out->width = (uint8_t)(1u << bits(word, 31, 30));
	out->store = !bits(word, 22, 22);
	out->to32 = out->width < 8;
	return true;
}

/* DC and IC by address: nothing to clean in a device. */
static bool decode_maintenance(uint32_t word, struct load_store *out)
{
	unsigned op1 = bits(word, 18, 16), crn = bits(word, 15, 12), crm = bits(word, 11, 8), op2 = bits(word, 7, 5);

	out->nothing = true;
	if (crn != 7 || op2 != 1)
		return false;
	if (op1 == 0)
		return crm == 6;                                     /* DC IVAC */
	return op1 == 3 && (crm == 5 || (crm >= 10 && crm <= 14));   /* IC IVAU, DC CVAC.. CIVAC */
}

bool decode_load_store(uint32_t word, struct load_store *out)
{
	*out = (struct load_store){ .count = 1, .width = 1 };
	out->rt = (uint8_t)bits(word, 4, 0);
	out->rn = (uint8_t)bits(word, 9, 5);
	if (bits(word, 31, 19) == 0x1aa1)
		return decode_maintenance(word, out);
	if (bits(word, 26, 26) != 0) /* SIMD and FP */
		return false;
	if (bits(word, 29, 25) == 0x14)
		return decode_pair(word, out);
	if (bits(word, 29, 27) == 7)
		return decode_single(word, out);
	if (bits(word, 29, 24) == 0x08)
		return decode_ordered(word, out);
	return false;
}

uint64_t load_store_address(const struct load_store *i, uint64_t base, uint64_t index)
{
	if (!i->by_register)
		return base + (uint64_t)i->offset;
	if (i->extend == 2)
		index = (uint32_t)index;
	else if (i->extend == 6)
		index = (uint64_t)(int64_t)(int32_t)index;
	return base + (index << i->shift);
}

uint64_t load_store_extend(const struct load_store *i, uint64_t value)
{
	unsigned unused = 64 - 8u * i->width;

	if (i->extend_sign)
		value = (uint64_t)((int64_t)(value << unused) >> unused);
	return i->to32 ? (uint32_t)value : value;
}
