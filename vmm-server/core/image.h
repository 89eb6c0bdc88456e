/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guest images: what kind of file it is, where it goes, what enters it. The
 * files come from outside and are checked here, once.
 *
 *   kind        told by                          placed
 *   gzip        1f 8b                            what it holds must be an Image
 *   EFI zboot   "MZ", "zimg" at 4                likewise
 *   Image       "ARM\x64" at 56 (arm64)          RAM base + 2 MiB + text_offset
 *   ELF         7f "ELF"                         by its program headers
 *   raw         none of these                    RAM base + 2 MiB, entered at its start
 *
 * The device tree lies at the base of RAM (where U-Boot expects it) unless an
 * ELF file occupies that place; then behind it.
 */
#ifndef VMM_IMAGE_H
#define VMM_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/ram.h"

#define IMAGE_ERROR_BYTES 192
#define IMAGE_ALIGN       0x200000ul  /* 2 MiB */
#define IMAGE_DTB_ROOM    IMAGE_ALIGN /* kept free for the device tree */

struct image_file {
	const uint8_t *bytes;
	size_t size;
};

struct image_error {
	char text[IMAGE_ERROR_BYTES];
};

struct image_placed {
	const char *kind;
	gpa_t entry;
	gpa_t first, end;     /* [first, end): RAM that the kernel takes, bss included */
	gpa_t dtb;            /* IMAGE_DTB_ROOM bytes */
	gpa_t initrd;
	uint64_t initrd_size; /* 0: none */
};

/*
 * Copies KERNEL (and INITRD, may be empty) into RAM and says where things are.
 * Returns false and one line in ERROR that says what is wrong; RAM may then hold
 * part of an image.
 */
bool image_load(const struct guest_ram *ram, const struct image_file *kernel, const struct image_file *initrd,
		struct image_placed *placed, struct image_error *error);

/* --- between the loaders -------------------------------------------------- */

/* Writes the message, returns false. */
bool image_fail(struct image_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Fails with the RAM size that would do if [.., end) does not lie in RAM. */
bool image_fits(const struct guest_ram *ram, uint64_t end, const char *what, struct image_error *error);

static inline uint64_t image_align(uint64_t value, uint64_t alignment)
{
	return (value + alignment - 1) & ~(alignment - 1);
}

/* One loader a kind: sets kind, entry, first, end. */
bool image_elf(const struct guest_ram *ram, const struct image_file *file, struct image_placed *placed,
	       struct image_error *error);
bool image_raw(const struct guest_ram *ram, const struct image_file *file, struct image_placed *placed,
	       struct image_error *error);
bool image_compressed(const struct guest_ram *ram, const struct image_file *file, struct image_placed *placed,
		      struct image_error *error);

/*
 * The architecture's flat kernel image. arch_image_header: FILE begins like one.
 * arch_image: checks the header and moves the FILE into place; FILE may itself
 * lie in guest RAM (unpacked there), overlapping its final place.
 */
bool arch_image_header(const struct image_file *file);
bool arch_image(const struct guest_ram *ram, const struct image_file *file, struct image_placed *placed,
		struct image_error *error);
extern const uint16_t arch_elf_machine;

#endif
