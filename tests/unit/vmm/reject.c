/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every file of tests/reject/image is one bad kernel, in hexadecimal: lines with
 * '#' are comments, "BYTExCOUNT" repeats a byte. The line "# message: TEXT" says what the loader
 * has to answer, given 16 MiB of RAM.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/image.h"

#define RAM_BYTES (16ul << 20)
#define MOST      8192u

static const char marker[] = "# message: ";

static size_t add_bytes(char *line, uint8_t *bytes, size_t have)
{
	for (char *word = strtok(line, " \t\n"); word; word = strtok(NULL, " \t\n")) {
		unsigned value, count = 1;

		assert_true(sscanf(word, "%2xx%u", &value, &count) >= 1);
		assert_true(count <= MOST - have);
		memset(bytes + have, (int)value, count);
		have += count;
	}
	return have;
}

static size_t read_case(const char *path, uint8_t *bytes, char *message, size_t room)
{
	char line[512];
	size_t have = 0;
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	message[0] = 0;
	while (fgets(line, sizeof(line), f)) {
		if (strncmp(line, marker, sizeof(marker) - 1) == 0)
			snprintf(message, room, "%.*s", (int)strcspn(line + sizeof(marker) - 1, "\n"),
				 line + sizeof(marker) - 1);
		else if (line[0] != '#')
			have = add_bytes(line, bytes, have);
	}
	fclose(f);
	if (!message[0])
		fail_msg("%s has no message line", path);
	return have;
}

static void check(const char *path)
{
	static uint8_t bytes[MOST];
	char message[256];
	size_t size = read_case(path, bytes, message, sizeof(message));
	uint8_t *exact = malloc(size + 1); /* the sanitizer watches its end */
	struct guest_ram ram = { gpa(0x40000000), RAM_BYTES, calloc(1, RAM_BYTES) };
	struct image_file file = { exact, size }, none = { NULL, 0 };
	struct image_placed placed;
	struct image_error error = { "" };

	assert_true(exact && ram.host);
	memcpy(exact, bytes, size);
	exact = realloc(exact, size ? size : 1);
	file.bytes = exact;
	if (image_load(&ram, &file, &none, &placed, &error))
		fail_msg("%s was accepted", path);
	if (!strstr(error.text, message))
		fail_msg("%s: said '%s', expected '%s'", path, error.text, message);
	free(exact);
	free(ram.host);
}

static void all(void **state)
{
	DIR *folder = opendir(REJECT_FOLDER);
	struct dirent *entry;
	unsigned count = 0;

	(void)state;
	assert_non_null(folder);
	while ((entry = readdir(folder))) {
		char path[1024];

		if (!strstr(entry->d_name, ".hex"))
			continue;
		snprintf(path, sizeof(path), "%s/%s", REJECT_FOLDER, entry->d_name);
		check(path);
		count++;
	}
	closedir(folder);
	assert_true(count >= 15);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(all) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
