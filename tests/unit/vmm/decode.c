/* SPDX-License-Identifier: BSD-2-Clause */
/* Load and store instructions; the words are what an assembler makes of the text beside them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "arch/aarch64/decode.h"

struct expected {
	const char *text;
	uint32_t word;
	struct load_store i;
};

static const struct expected table[] = {
	{ "ldr w1, [x2]", 0xb9400041, { .width = 4, .count = 1, .rt = 1, .rn = 2, .to32 = true } },
	{ "ldr x1, [x2, #16]", 0xf9400841, { .width = 8, .count = 1, .rt = 1, .rn = 2, .offset = 16 } },
	{ "strb w3, [x4, #1]", 0x39000483, { .width = 1, .count = 1, .rt = 3, .rn = 4, .store = true, .offset = 1 } },
	{ "ldrsh x5, [x6]", 0x798000c5, { .width = 2, .count = 1, .rt = 5, .rn = 6, .extend_sign = true } },
	{ "ldrsb w5, [x6]", 0x39c000c5, { .width = 1, .count = 1, .rt = 5, .rn = 6, .extend_sign = true, .to32 = true } },
	{ "ldrsw x5, [x6, #4]", 0xb98004c5, { .width = 4, .count = 1, .rt = 5, .rn = 6, .extend_sign = true, .offset = 4 } },
	{ "str w1, [x2], #4", 0xb8004441, { .width = 4, .count = 1, .rt = 1, .rn = 2, .store = true, .writeback = true,
		.update = 4 } },
	{ "ldr x1, [x2, #-8]!", 0xf85f8c41, { .width = 8, .count = 1, .rt = 1, .rn = 2, .writeback = true, .offset = -8,
		.update = -8 } },
	{ "ldur w1, [sp, #-1]", 0xb85ff3e1, { .width = 4, .count = 1, .rt = 1, .rn = 31, .to32 = true, .offset = -1,
		.update = -1 } },
	{ "stp w1, w2, [x3, #8]", 0x29010861, { .width = 4, .count = 2, .rt = 1, .rt2 = 2, .rn = 3, .store = true,
		.to32 = true, .offset = 8, .update = 8 } },
	{ "ldp x1, x2, [x3], #16", 0xa8c10861, { .width = 8, .count = 2, .rt = 1, .rt2 = 2, .rn = 3, .writeback = true,
		.update = 16 } },
	{ "ldpsw x1, x2, [x3, #-8]!", 0x69ff0861, { .width = 4, .count = 2, .rt = 1, .rt2 = 2, .rn = 3,
		.extend_sign = true, .writeback = true, .offset = -8, .update = -8 } },
	{ "ldnp x1, x2, [x3]", 0xa8400861, { .width = 8, .count = 2, .rt = 1, .rt2 = 2, .rn = 3 } },
	{ "ldr w1, [x2, w3, uxtw #2]", 0xb8635841, { .width = 4, .count = 1, .rt = 1, .rn = 2, .rm = 3, .to32 = true,
		.by_register = true, .extend = 2, .shift = 2 } },
	{ "str x1, [x2, x3]", 0xf8236841, { .width = 8, .count = 1, .rt = 1, .rn = 2, .rm = 3, .store = true,
		.by_register = true, .extend = 3 } },
	{ "stlr w1, [x2]", 0x889ffc41, { .width = 4, .count = 1, .rt = 1, .rn = 2, .store = true, .to32 = true } },
	{ "ldarb w1, [x2]", 0x08dffc41, { .width = 1, .count = 1, .rt = 1, .rn = 2, .to32 = true } },
};

static void same(const struct load_store *a, const struct load_store *b, const char *text)
{
	if (a->nothing != b->nothing || a->store != b->store || a->extend_sign != b->extend_sign ||
	    a->writeback != b->writeback || a->by_register != b->by_register || a->width != b->width ||
	    a->count != b->count || a->rt != b->rt || a->rt2 != b->rt2 || a->rn != b->rn || a->rm != b->rm ||
	    a->extend != b->extend || a->shift != b->shift || a->offset != b->offset)
		fail_msg("%s decoded wrongly", text);
	if (!a->store && a->to32 != b->to32)
		fail_msg("%s: wrong width of the register", text);
	if (a->writeback && a->update != b->update)
		fail_msg("%s: wrong update of the base", text);
}

static void decodes(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof(table) / sizeof(table[0]); n++) {
		struct load_store i;

		if (!decode_load_store(table[n].word, &i))
			fail_msg("%s was refused", table[n].text);
		same(&i, &table[n].i, table[n].text);
	}
}

static void completes_without_access(void **state)
{
	static const uint32_t words[] = {
		0xf9800041, /* prfm pldl1strm, [x2] */
		0xf8800041, /* prfum pldl1strm, [x2] */
		0xd50b7a22, /* dc cvac, x2 */
		0xd50b7e22, /* dc civac, x2 */
		0xd5087622, /* dc ivac, x2 */
		0xd50b7522, /* ic ivau, x2 */
	};
	struct load_store i;

	(void)state;
	for (size_t n = 0; n < sizeof(words) / sizeof(words[0]); n++) {
		assert_true(decode_load_store(words[n], &i));
		assert_true(i.nothing);
	}
}

static void refuses(void **state)
{
	static const uint32_t words[] = {
		0x885f7c41, /* ldxr w1, [x2] */
		0x88037c41, /* stxr w3, w1, [x2] */
		0xb8230041, /* ldadd w3, w1, [x2] */
		0x88a37c41, /* cas w3, w1, [x2] */
		0x3dc00041, /* ldr q1, [x2] */
		0xad400861, /* ldp q1, q2, [x3] */
		0xd50b7422, /* dc zva, x2 */
		0x18000001, /* ldr w1, . */
		0xf8200441, /* ldraa x1, [x2] */
		0xd503201f, /* nop */
		0x8b020020, /* add x0, x1, x2 */
		0x69000861, /* stgp: pair, opc 1, store */
		0xe9400861, /* pair, opc 3 */
		0xb9c00041 | 0x00400000, /* opc 3 of size 2 */
		0x00000000,
		0xffffffff,
	};
	struct load_store i;

	(void)state;
	for (size_t n = 0; n < sizeof(words) / sizeof(words[0]); n++) {
		if (decode_load_store(words[n], &i))
			fail_msg("0x%08x was accepted", words[n]);
	}
}

static void computes(void **state)
{
	struct load_store i;

	(void)state;
	assert_true(decode_load_store(0xb8635841, &i)); /* ldr w1, [x2, w3, uxtw #2] */
	assert_int_equal(load_store_address(&i, 0x1000, 0xffffffff00000003ul), 0x100c);
	i.extend = 6; /* sxtw */
	assert_int_equal(load_store_address(&i, 0x1000, 0xfffffffful), 0xffc);
	assert_true(decode_load_store(0x798000c5, &i)); /* ldrsh x5 */
	assert_int_equal(load_store_extend(&i, 0x8001), 0xffffffffffff8001ul);
	assert_true(decode_load_store(0x39c000c5, &i)); /* ldrsb w5 */
	assert_int_equal(load_store_extend(&i, 0x80), 0xffffff80ul);
	assert_true(decode_load_store(0xf9400841, &i)); /* ldr x1 */
	assert_int_equal(load_store_extend(&i, 0xfedcba9876543210ul), 0xfedcba9876543210ul);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes),
		cmocka_unit_test(completes_without_access),
		cmocka_unit_test(refuses),
		cmocka_unit_test(computes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
