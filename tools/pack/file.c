/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "abi/skerry.h"
#include "pack.h"

void fail(const char *format, ...)
{
	va_list args;

	fputs("skerry-pack: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

size_t page_up(size_t size)
{
	return (size + SK_PAGE - 1) & ~(SK_PAGE - 1);
}

struct bytes file_read(const char *path)
{
	struct stat st;
	struct bytes b;
	FILE *f = fopen(path, "rb");

	if (!f || fstat(fileno(f), &st))
		fail("%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		fail("%s: not a regular file", path);
	b.size = (size_t)st.st_size;
	b.data = malloc(b.size + 1);
	if (!b.data)
		fail("%s: no memory for %zu bytes", path, b.size);
	if (fread(b.data, 1, b.size, f) != b.size)
		fail("%s: cannot read %zu bytes", path, b.size);
	fclose(f);
	return b;
}

char *file_text(const char *path)
{
	static struct bytes texts[8];
	static size_t n;

	if (n == sizeof(texts) / sizeof(texts[0]))
		fail("%s: one list too many", path);
	texts[n] = file_read(path);
	texts[n].data[texts[n].size] = 0;
	return (char *)texts[n++].data;
}

void file_write(const char *path, struct bytes contents)
{
	size_t len = strlen(path);
	char *tmp = malloc(len + 5);
	FILE *f;

	if (!tmp)
		fail("no memory");
	memcpy(tmp, path, len);
	memcpy(tmp + len, ".tmp", 5);
	f = fopen(tmp, "wb");
	if (!f)
		fail("%s: %s", tmp, strerror(errno));
	if (fwrite(contents.data, 1, contents.size, f) != contents.size || fclose(f))
		fail("%s: cannot write %zu bytes: %s", tmp, contents.size, strerror(errno));
	if (rename(tmp, path))
		fail("%s: %s", path, strerror(errno));
	free(tmp);
}
