/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The validator of system specs, and the program that makes them. Each file of
 * tests/reject/spec is a spec that must be refused with the message it names;
 * besides, no single changed byte of a good spec may lead the validator astray
 * (the sanitizers watch) nor let through an index that points outside.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <glob.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "patch.h"
#include "spec.h"

static _Alignas(8) uint8_t base[65536];
static size_t base_size;

static int read_base(void **state)
{
	FILE *f = fopen(BASE, "rb");

	(void)state;
	if (!f)
		return -1;
	base_size = fread(base, 1, sizeof(base), f);
	fclose(f);
	return base_size > 0 ? 0 : -1;
}

/* A heap copy of just that size, so that reading beyond is seen. */
static int check(const uint8_t *bytes, size_t size, struct spec *spec, char *error, size_t error_size)
{
	uint8_t *copy = malloc(size);
	int result;

	assert_non_null(copy);
	memcpy(copy, bytes, size);
	result = spec_check(copy, size, spec, error, error_size);
	free(copy);
	return result;
}

static void base_is_good(void **state)
{
	struct spec spec;
	char error[256] = "";

	(void)state;
	assert_int_equal(check(base, base_size, &spec, error, sizeof(error)), 0);
	assert_string_equal(error, "");
	assert_int_equal(spec.components, 4);
}

static void try_patch(const char *path)
{
	uint8_t bytes[sizeof(base)];
	size_t size = base_size;
	struct spec spec;
	char error[256] = "", expect[256];

	memcpy(bytes, base, base_size);
	patch_apply(path, bytes, &size, expect, sizeof(expect));
	if (check(bytes, size, &spec, error, sizeof(error)) == 0)
		fail_msg("%s: accepted; expected \"%s\"", path, expect);
	if (!strstr(error, expect))
		fail_msg("%s: \"%s\"; expected \"%s\"", path, error, expect);
}

static void patched_specs_are_refused(void **state)
{
	glob_t files;

	(void)state;
	assert_int_equal(glob(REJECT "/*.patch", 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++)
		try_patch(files.gl_pathv[i]);
	globfree(&files);
}

/* The first line of a rejected text is "# expect: MESSAGE"; MESSAGE begins with the line's number. */
static void try_text(const char *path)
{
	char line[256] = "", command[600], output[512] = "", expect[300];
	FILE *f = fopen(path, "r");
	int status;

	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f));
	fclose(f);
	line[strcspn(line, "\n")] = 0;
	assert_memory_equal(line, "# expect: ", 10);
	snprintf(expect, sizeof(expect), "%s", line + 10);
	snprintf(command, sizeof(command), "'%s' '%s' /dev/null 2>&1", MAKER, path);
	f = popen(command, "r");
	assert_non_null(f);
	output[fread(output, 1, sizeof(output) - 1, f)] = 0;
	status = pclose(f);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 1 || !strstr(output, expect))
		fail_msg("%s: status %d, \"%s\"; expected \"%s\"", path, status, output, expect);
}

static void bad_texts_are_refused(void **state)
{
	glob_t files;

	(void)state;
	assert_int_equal(glob(REJECT "/*.bad.txt", 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++)
		try_text(files.gl_pathv[i]);
	globfree(&files);
}

static void assert_inside(const struct spec *s)
{
	for (uint32_t i = 0; i < s->components; i++)
		assert_true(s->component[i].thread < s->objects);
	for (uint32_t i = 0; i < s->objects; i++)
		assert_true(s->object[i].owner < s->components || s->object[i].owner == SPEC_NONE);
	for (uint32_t i = 0; i < s->caps; i++)
		assert_true(s->cap[i].component < s->components && s->cap[i].object < s->objects);
	for (uint32_t i = 0; i < s->maps; i++)
		assert_true(s->map[i].object < s->objects &&
			    (s->map[i].guest == SPEC_NONE ? s->map[i].component < s->components :
							    s->map[i].guest < s->objects));
	for (uint32_t i = 0; i < s->params; i++)
		assert_true(s->param[i].component < s->components);
}

static void any_changed_byte_is_survived(void **state)
{
	static const uint8_t change[] = { 0x01, 0x40, 0x80, 0xff };
	unsigned refused = 0, accepted = 0;
	uint8_t *bytes = malloc(base_size);

	(void)state;
	assert_non_null(bytes);
	for (size_t at = 0; at < base_size; at++) {
		for (size_t i = 0; i < sizeof(change); i++) {
			struct spec spec;
			char error[256] = "";

			memcpy(bytes, base, base_size);
			bytes[at] ^= change[i];
			if (spec_check(bytes, base_size, &spec, error, sizeof(error)) == 0) {
				accepted++;
				assert_inside(&spec);
			} else {
				refused++;
				assert_true(error[0]);
			}
		}
	}
	free(bytes);
	/* Both happen: names and sizes may change, indices may not. */
	assert_true(refused > 100 && accepted > 100);
}

static void any_cut_is_refused(void **state)
{
	(void)state;
	for (size_t size = 0; size < base_size; size++) {
		struct spec spec;
		char error[256] = "";

		assert_int_equal(check(base, size, &spec, error, sizeof(error)), -1);
	}
}

static void the_linux_system_is_good(void **state)
{
	(void)state;
	assert_int_equal(system("'" MAKER "' '" SYSTEM "' /dev/null"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base_is_good),
		cmocka_unit_test(patched_specs_are_refused),
		cmocka_unit_test(bad_texts_are_refused),
		cmocka_unit_test(any_changed_byte_is_survived),
		cmocka_unit_test(any_cut_is_refused),
		cmocka_unit_test(the_linux_system_is_good),
	};

	return cmocka_run_group_tests(tests, read_base, NULL);
}
