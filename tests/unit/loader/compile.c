/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "compile.h"

#define MAX (1u << 20)

void *compile_dts(const char *path, size_t *size)
{
	char command[1200];
	char *blob = malloc(MAX);
	FILE *dtc;

	snprintf(command, sizeof(command), "'%s' -q -I dts -O dtb -i '%s' '%s'", DTC, CASES, path);
	dtc = popen(command, "r");
	if (!blob || !dtc)
		fail_msg("cannot run %s", command);
	*size = fread(blob, 1, MAX, dtc);
	if (pclose(dtc) || !*size || *size == MAX)
		fail_msg("%s failed", command);
	return realloc(blob, *size);
}
