/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report.h"

static void conversions(void **state)
{
	char text[80];

	(void)state;
	assert_int_equal(format(text, sizeof(text), "%s %c %u %lu 0x%lx %%", "word", 'c', 0u, ~0ul, 0xbeeful),
			 38);
	assert_string_equal(text, "word c 0 18446744073709551615 0xbeef %");
}

static void cut(void **state)
{
	char text[8];

	(void)state;
	memset(text, 'x', sizeof(text));
	assert_int_equal(format(text, 6, "%u%s", 12345u, "more"), 5);
	assert_string_equal(text, "12345");
	assert_int_equal(text[6], 'x');
	assert_int_equal(format(text, 1, "%u", 1u), 0);
	assert_string_equal(text, "");
}

static void long_message(void **state)
{
	struct report report;
	char name[sizeof(report.text) * 2];

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	assert_false(refuse(&report, "%s", name));
	assert_int_equal(strlen(report.text), sizeof(report.text) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conversions), cmocka_unit_test(cut), cmocka_unit_test(long_message),
	};

	return cmocka_run_group_tests_name("messages", tests, NULL, NULL);
}
