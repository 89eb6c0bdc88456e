/* SPDX-License-Identifier: BSD-2-Clause */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cases.h"

struct one {
	char path[512], expect[256];
	void (*run)(const char *path, const char *expect);
};

static void read_expectation(struct one *one)
{
	char line[512];
	FILE *file = fopen(one->path, "r");

	while (file && fgets(line, sizeof(line), file)) {
		char *text = strstr(line, "expect: ");

		if (!text)
			continue;
		text[strcspn(text, "\n")] = 0;
		snprintf(one->expect, sizeof(one->expect), "%s", text + strlen("expect: "));
		break;
	}
	if (file)
		fclose(file);
}

static void run_one(void **state)
{
	struct one *one = *state;

	read_expectation(one);
	if (!one->expect[0])
		fail_msg("%s: no line with `expect: `", one->path);
	one->run(one->path, one->expect);
}

int cases_run(const char *folder, const char *suffix, void (*run)(const char *path, const char *expect))
{
	static struct one ones[CASES_MAX];
	static struct CMUnitTest tests[CASES_MAX];
	struct dirent **names;
	int found = scandir(folder, &names, NULL, alphasort), failures;
	size_t count = 0;

	for (int i = 0; i < found; i++) {
		size_t length = strlen(names[i]->d_name), tail = strlen(suffix);

		if (length > tail && !strcmp(names[i]->d_name + length - tail, suffix) && count < CASES_MAX) {
			snprintf(ones[count].path, sizeof(ones[count].path), "%s/%s", folder,
				 names[i]->d_name);
			ones[count].run = run;
			tests[count] = (struct CMUnitTest){strrchr(ones[count].path, '/') + 1, run_one, NULL,
							   NULL, &ones[count]};
			count++;
		}
		free(names[i]);
	}
	if (found >= 0)
		free(names);
	if (!count) {
		fprintf(stderr, "%s: no files *%s\n", folder, suffix);
		return 1;
	}
	failures = _cmocka_run_group_tests(folder, tests, count, NULL, NULL);
	return failures;
}
