/* SPDX-License-Identifier: BSD-2-Clause */
#include "core/image.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool image_fail(struct image_error *error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	return false;
}

bool image_fits(const struct guest_ram *ram, uint64_t end, const char *what, struct image_error *error)
{
	uint64_t needed = image_align(end - ram->base.value, IMAGE_ALIGN) >> 20;

	if (end <= ram_end(ram))
		return true;
	return image_fail(error, "%s does not fit in RAM: the guest has %lu MiB and needs at least %lu MiB",
			  what, (unsigned long)(ram->size >> 20), (unsigned long)needed);
}

bool image_raw(const struct guest_ram *ram, const struct image_file *file, struct image_placed *placed,
	       struct image_error *error)
{
	gpa_t at = gpa(ram->base.value + IMAGE_DTB_ROOM);

	if (!image_fits(ram, at.value + file->size, "the raw image", error))
		return false;
	memcpy(ram_at(ram, at, file->size), file->bytes, file->size);
	placed->kind = "raw binary";
	placed->entry = placed->first = at;
	placed->end = gpa(at.value + file->size);
	return true;
}

static bool starts_with(const struct image_file *file, size_t offset, const char *magic, size_t length)
{
	return file->size >= offset + length && memcmp(file->bytes + offset, magic, length) == 0;
}

typedef bool loader(const struct guest_ram *ram, const struct image_file *file, struct image_placed *placed,
		    struct image_error *error);

static loader *choose(const struct image_file *file)
{
	if (starts_with(file, 0, "\x1f\x8b", 2))
		return image_compressed;
	if (starts_with(file, 0, "MZ", 2) && starts_with(file, 4, "zimg", 4))
		return image_compressed;
	if (starts_with(file, 0, "\x7f" "ELF", 4))
		return image_elf;
	if (arch_image_header(file))
		return arch_image;
	return image_raw;
}

static bool place_dtb(const struct guest_ram *ram, struct image_placed *placed, struct image_error *error)
{
	uint64_t at = ram->base.value;

	if (placed->first.value < at + IMAGE_DTB_ROOM)
		at = image_align(placed->end.value, IMAGE_ALIGN);
	placed->dtb = gpa(at);
	return image_fits(ram, at + IMAGE_DTB_ROOM, "the kernel with the device tree", error);
}

static bool place_initrd(const struct guest_ram *ram, const struct image_file *initrd,
			 struct image_placed *placed, struct image_error *error)
{
	uint64_t at = placed->end.value;

	placed->initrd = gpa(0);
	placed->initrd_size = initrd->size;
	if (initrd->size == 0)
		return true;
	if (placed->dtb.value >= at)
		at = placed->dtb.value + IMAGE_DTB_ROOM;
	at = image_align(at, 4096);
	if (!image_fits(ram, at + initrd->size, "the kernel with its initrd", error))
		return false;
	memcpy(ram_at(ram, gpa(at), initrd->size), initrd->bytes, initrd->size);
	placed->initrd = gpa(at);
	return true;
}

bool image_load(const struct guest_ram *ram, const struct image_file *kernel, const struct image_file *initrd,
		struct image_placed *placed, struct image_error *error)
{
	if (kernel->size < 64)
		return image_fail(error, "the kernel image has %lu bytes: that is no kernel",
				  (unsigned long)kernel->size);
	return choose(kernel)(ram, kernel, placed, error) && place_dtb(ram, placed, error)
		&& place_initrd(ram, initrd, placed, error);
}
