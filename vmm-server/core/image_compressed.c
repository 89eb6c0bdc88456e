/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A compressed flat kernel: plain gzip (Debian's vmlinuz, "Image.gz"), or gzip
 * inside an EFI zboot file (Linux 6.12, drivers/firmware/efi/libstub/zboot-header.S):
 *
 *    0 "MZ"   4 "zimg"   8 u32 offset, 12 u32 size of the payload   24 its type, text
 *
 * It is unpacked into RAM where a kernel with text_offset 0 belongs, which is
 * nearly all of them, so nothing is copied twice.
 */
#include "core/image.h"

#include <string.h>

#include "core/gunzip.h"
#include "core/inflate.h"

static bool zboot_payload(const struct image_file *file, struct image_file *payload, struct image_error *error)
{
	uint32_t offset, size;
	char type[9] = { 0 };

	memcpy(&offset, file->bytes + 8, 4);
	memcpy(&size, file->bytes + 12, 4);
	memcpy(type, file->bytes + 24, 8);
	if (strcmp(type, "gzip") != 0)
		return image_fail(error, "the kernel is an EFI zboot file packed with %.8s: only gzip can be unpacked",
				  type);
	if (offset > file->size || size > file->size - offset)
		return image_fail(error, "the EFI zboot file is truncated: its payload ends at %lu, the file at %lu",
				  (unsigned long)offset + size, (unsigned long)file->size);
	*payload = (struct image_file){ file->bytes + offset, size };
	return true;
}

bool image_compressed(const struct guest_ram *ram, const struct image_file *file, struct image_placed *placed,
		      struct image_error *error)
{
	gpa_t at = gpa(ram->base.value + IMAGE_DTB_ROOM);
	struct image_file packed = *file, unpacked;
	const char *wrong;

	if (file->bytes[0] == 'M' && !zboot_payload(file, &packed, error))
		return false;
	if (!image_fits(ram, at.value + 1, "the compressed kernel", error))
		return false;
	uint64_t room = ram_end(ram) - at.value;
	uint8_t *to = ram_at(ram, at, room);
	wrong = gunzip(packed.bytes, packed.size, to, room, &unpacked.size);
	if (wrong == inflate_no_room)
		return image_fail(error, "the compressed kernel does not fit in RAM: the guest has %lu MiB",
				  (unsigned long)(ram->size >> 20));
	if (wrong)
		return image_fail(error, "the kernel image: %s", wrong);
	unpacked.bytes = to;
	if (!arch_image_header(&unpacked))
		return image_fail(error, "the compressed file holds no flat kernel Image");
	return arch_image(ram, &unpacked, placed, error);
}
