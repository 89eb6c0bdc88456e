/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The system image: loader, then archive at the next page boundary. The loader is
 * an arm64 Image (Linux Documentation/arch/arm64/booting.rst, "Call the kernel
 * image"): magic "ARM\x64" at 56, text_offset at 8, image_size at 16.
 *
 * Whoever boots an Image keeps only image_size bytes of memory free behind it, so
 * the field must cover the archive. The loader's own field says how much it needs
 * with its bss; bss must therefore be part of the flat file, which is checked here:
 * the archive begins where image_size of the bare loader ends.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "pack.h"

#define HEADER_BYTES 64u
#define IMAGE_SIZE   16u
#define MAGIC        56u

static void check_loader(const char *path, struct bytes loader)
{
	uint64_t size;

	if (loader.size < HEADER_BYTES || memcmp(loader.data + MAGIC, "ARM\x64", 4))
		fail("%s: no arm64 Image: no ARM\\x64 at byte %u", path, MAGIC);
	memcpy(&size, loader.data + IMAGE_SIZE, sizeof(size));
	if (size != page_up(loader.size))
		fail("%s: image_size is %" PRIu64 ", but the file rounded up to a page is %zu bytes: "
		     "the archive would not lie at _image_end", path, size, page_up(loader.size));
}

void image_make(const char *out, const char *loader_path, const char *archive_path, const char *file)
{
	struct bytes loader = file_read(loader_path), archive = file_read(archive_path), image;
	size_t at = page_up(loader.size);
	uint64_t size;

	check_loader(loader_path, loader);
	archive_check(archive_path, archive);
	if (file)
		archive = archive_replace(archive_path, archive, file);
	image.size = at + archive.size;
	image.data = calloc(1, image.size);
	if (!image.data)
		fail("%s: no memory for %zu bytes", out, image.size);
	memcpy(image.data, loader.data, loader.size);
	memcpy(image.data + at, archive.data, archive.size);
	size = image.size;
	memcpy(image.data + IMAGE_SIZE, &size, sizeof(size));
	file_write(out, image);
	free(image.data);
	free(archive.data);
	free(loader.data);
}
