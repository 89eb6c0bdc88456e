/* SPDX-License-Identifier: BSD-2-Clause */
/* Device trees that lack something or lie: tests/reject/dtb, and blobs that are broken here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "boot.h"
#include "cases.h"
#include "compile.h"

static struct boot b;

static void rejected(const char *path, const char *expect)
{
	size_t size;
	void *blob = compile_dts(path, &size);

	assert_false(boot(&b, blob, size));
	free(blob);
	assert_string_equal(b.report.text, expect);
}

/* The good tree, in exactly as many bytes as it has: the sanitizer sees a step outside. */
static char *good(size_t *size)
{
	return compile_dts(CASES "/base.dtsi", size);
}

static void header_field(unsigned offset, uint32_t value, const char *expect)
{
	size_t size;
	char *blob = good(&size);

	for (unsigned i = 0; i < 4; i++)
		blob[offset + i] = (char)(value >> (24 - 8 * i));
	assert_false(boot(&b, blob, size));
	free(blob);
	if (expect)
		assert_string_equal(b.report.text, expect);
	assert_memory_equal(b.report.text, "device tree: ", 13);
}

static void broken_header(void **state)
{
	(void)state;
	header_field(0, 0x12345678,
		     "device tree: bad magic, x0 must hold the address of a flattened device tree");
	header_field(4, 0x7fffffff, NULL); /* totalsize */
	header_field(4, 30, NULL);
	header_field(8, 0x7fffffff, NULL); /* off_dt_struct */
	header_field(12, 0xfffffff0, NULL); /* off_dt_strings */
	header_field(16, 0xffffff00, NULL); /* off_mem_rsvmap */
	header_field(20, 1, "device tree: version 1, 16 or later is needed");
	header_field(32, 0xffffff00, NULL); /* size_dt_strings */
	header_field(36, 8, NULL); /* size_dt_struct */
}

/* Every length that a transfer could have cut the blob to. */
static void truncated(void **state)
{
	size_t size;
	char *blob = good(&size);

	(void)state;
	for (size_t n = 0; n < size; n += n < 64 ? 1 : 61) {
		char *part = malloc(n ? n : 1);

		memcpy(part, blob, n);
		assert_false(boot(&b, part, n));
		free(part);
	}
	free(blob);
}

/* Any byte wrong: no crash, and if it's refused, a message. */
static void flipped(void **state)
{
	size_t size;
	char *blob = good(&size);

	(void)state;
	for (size_t i = 0; i < size; i++) {
		for (unsigned flip = 0; flip < 3; flip++) {
			const unsigned char masks[] = {0xff, 0x01, 0x80};

			blob[i] = (char)(blob[i] ^ masks[flip]);
			if (!boot(&b, blob, size))
				assert_true(b.report.text[0]);
			blob[i] = (char)(blob[i] ^ masks[flip]);
		}
	}
	assert_true(boot(&b, blob, size));
	free(blob);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(broken_header),
		cmocka_unit_test(truncated),
		cmocka_unit_test(flipped),
	};

	return cases_run(CASES, ".dts", rejected) +
	       cmocka_run_group_tests_name("broken blobs", tests, NULL, NULL);
}
