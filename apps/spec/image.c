/* SPDX-License-Identifier: BSD-2-Clause */
/* Reference: System V ABI, ELF-64 Object File Format, version 1.5, sections 2, 3 and 8. */
#include "image.h"

#include <elf.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "abi/skerry.h"
#include "skerry/elf_arch.h"

static int fail(char *error, size_t error_size, const char *why)
{
	snprintf(error, error_size, "%s", why);
	return -1;
}

static const char *header_fault(const Elf64_Ehdr *e, uint64_t size)
{
	if (size < sizeof(*e) || memcmp(e->e_ident, ELFMAG, SELFMAG) != 0)
		return "it is no ELF file";
	if (e->e_ident[EI_CLASS] != ELFCLASS64 || e->e_ident[EI_DATA] != ELFDATA2LSB)
		return "it is not 64-bit little endian";
	if (e->e_machine != SK_ELF_MACHINE)
		return "it is for another machine";
	if (e->e_type != ET_EXEC)
		return "it is not linked to fixed addresses (ET_EXEC)";
	if (e->e_phentsize != sizeof(Elf64_Phdr) || e->e_phoff % 8 || e->e_phoff > size ||
	    e->e_phnum > (size - e->e_phoff) / sizeof(Elf64_Phdr))
		return "its program headers lie outside the file";
	return NULL;
}

static const char *segment_fault(const Elf64_Phdr *p, uint64_t size)
{
	if (p->p_filesz > p->p_memsz || p->p_offset > size || p->p_filesz > size - p->p_offset)
		return "a segment's contents lie outside the file";
	if (p->p_vaddr < IMAGE_BASE || p->p_vaddr >= IMAGE_END || p->p_memsz > IMAGE_END - p->p_vaddr)
		return "a segment lies outside 0x10000000..0x1fffffff";
	if ((p->p_flags & PF_W) && (p->p_flags & PF_X))
		return "a segment is both writable and executable";
	return NULL;
}

static struct image_segment describe(const uint8_t *file, const Elf64_Phdr *p)
{
	uint64_t from = p->p_vaddr & ~(SK_PAGE - 1);
	uint64_t to = (p->p_vaddr + p->p_memsz + SK_PAGE - 1) & ~(SK_PAGE - 1);

	return (struct image_segment){
		.ipa = from,
		.bytes = to - from,
		.skip = p->p_vaddr - from,
		.contents = file + p->p_offset,
		.length = p->p_filesz,
		.rights = SK_RIGHT_READ | (p->p_flags & PF_W ? SK_RIGHT_WRITE : 0) |
			  (p->p_flags & PF_X ? SK_RIGHT_EXEC : 0),
	};
}

static bool overlaps(const struct image *image, const struct image_segment *s)
{
	for (uint32_t i = 0; i < image->segments; i++) {
		const struct image_segment *t = &image->segment[i];

		if (s->ipa < t->ipa + t->bytes && t->ipa < s->ipa + s->bytes)
			return true;
	}
	return false;
}

int image_open(const void *file, uint64_t size, struct image *image, char *error, size_t error_size)
{
	const Elf64_Ehdr *e = file;
	const char *fault = header_fault(e, size);
	const Elf64_Phdr *p;

	if (fault)
		return fail(error, error_size, fault);
	*image = (struct image){ .entry = e->e_entry };
	p = (const void *)((const uint8_t *)file + e->e_phoff);
	for (unsigned i = 0; i < e->e_phnum; i++) {
		struct image_segment s;

		if (p[i].p_type != PT_LOAD || p[i].p_memsz == 0)
			continue;
		fault = segment_fault(&p[i], size);
		if (fault)
			return fail(error, error_size, fault);
		s = describe(file, &p[i]);
		if (image->segments == IMAGE_SEGMENTS || overlaps(image, &s))
			return fail(error, error_size, "it has more than 8 segments, or a page in two of them");
		image->segment[image->segments++] = s;
		image->bytes += s.bytes;
	}
	for (uint32_t i = 0; i < image->segments; i++) {
		const struct image_segment *s = &image->segment[i];

		if ((s->rights & SK_RIGHT_EXEC) && e->e_entry >= s->ipa && e->e_entry - s->ipa < s->bytes)
			return 0;
	}
	return fail(error, error_size, "its entry point lies in no executable segment");
}
