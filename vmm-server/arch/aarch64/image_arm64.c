/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The arm64 Linux Image (Linux 6.12, Documentation/arch/arm64/booting.rst):
 *
 *    0  u32 code0, code1      executable code
 *    8  u64 text_offset       from a 2 MiB aligned base
 *   16  u64 image_size        what it takes in RAM, bss included; 0 before Linux 3.17
 *   24  u64 flags             bit 0: big endian
 *   56  u32 magic             "ARM\x64"
 */
#include "core/image.h"

#include <elf.h>
#include <string.h>

#define MAGIC              0x644d5241u
#define FLAG_BIG_ENDIAN    1ul
#define LEGACY_TEXT_OFFSET 0x80000ul

const uint16_t arch_elf_machine = EM_AARCH64;

static uint64_t field(const struct image_file *file, size_t offset, size_t bytes)
{
	uint64_t value = 0;

	memcpy(&value, file->bytes + offset, bytes);
	return value;
}

bool arch_image_header(const struct image_file *file)
{
	return file->size >= 64 && field(file, 56, 4) == MAGIC;
}

bool arch_image(const struct guest_ram *ram, const struct image_file *file, struct image_placed *placed,
		struct image_error *error)
{
	uint64_t text_offset = field(file, 8, 8), size = field(file, 16, 8);

	if (field(file, 24, 8) & FLAG_BIG_ENDIAN)
		return image_fail(error, "the Image is a big-endian kernel");
	if (size == 0) {
		text_offset = LEGACY_TEXT_OFFSET;
		size = file->size;
	}
	if (text_offset >= IMAGE_ALIGN)
		return image_fail(error, "the Image's text_offset 0x%lx is not below 2 MiB",
				  (unsigned long)text_offset);
	if (size < file->size)
		size = file->size;
	if (size > ram->size)
		return image_fail(error, "the Image wants %lu MiB (image_size), the guest has %lu MiB",
				  (unsigned long)(size >> 20), (unsigned long)(ram->size >> 20));

	gpa_t at = gpa(ram->base.value + IMAGE_DTB_ROOM + text_offset);
	if (!image_fits(ram, at.value + size, "the Image", error))
		return false;
	/* Below image_size but behind the file lies bss, which the kernel clears itself. */
	uint8_t *to = ram_at(ram, at, size);
	if (to != file->bytes)
		memmove(to, file->bytes, file->size);
	placed->kind = "arm64 Image";
	placed->entry = placed->first = at;
	placed->end = gpa(at.value + size);
	return true;
}
