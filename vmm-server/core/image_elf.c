/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ELF64 executables for bare payloads: every PT_LOAD segment goes to its
 * physical address (p_paddr). The entry point is e_entry; if that is a virtual
 * address of a segment that lies elsewhere, it is moved along.
 */
#include "core/image.h"

#include <elf.h>
#include <string.h>

/* The program headers need not be aligned in the file: they are copied out. */
static bool segment(const struct image_file *file, const Elf64_Ehdr *header, unsigned n, Elf64_Phdr *out,
		    struct image_error *error)
{
	memcpy(out, file->bytes + header->e_phoff + (size_t)n * sizeof(*out), sizeof(*out));
	if (out->p_type != PT_LOAD || out->p_memsz == 0)
		return true;
	if (out->p_offset > file->size || out->p_filesz > file->size - out->p_offset)
		return image_fail(error, "ELF segment %u is truncated: the file ends at %lu, the segment at %lu", n,
				  (unsigned long)file->size, (unsigned long)(out->p_offset + out->p_filesz));
	if (out->p_filesz > out->p_memsz)
		return image_fail(error, "ELF segment %u has more bytes in the file than in memory", n);
	return true;
}

static bool check_header(const struct image_file *file, Elf64_Ehdr *header, struct image_error *error)
{
	if (file->size < sizeof(*header))
		return image_fail(error, "the ELF file is truncated in its header");
	memcpy(header, file->bytes, sizeof(*header));
	if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB)
		return image_fail(error, "the ELF file is not 64-bit little-endian");
	if (header->e_machine != arch_elf_machine)
		return image_fail(error, "the ELF file is for machine %u, this guest's is %u", header->e_machine,
				  arch_elf_machine);
	if (header->e_type != ET_EXEC)
		return image_fail(error, "the ELF file is of type %u, not an executable with fixed addresses (2)",
				  header->e_type);
	if (header->e_phentsize != sizeof(Elf64_Phdr) || header->e_phnum == 0)
		return image_fail(error, "the ELF file has no usable program headers");
	if (header->e_phoff > file->size ||
	    header->e_phnum > (file->size - header->e_phoff) / sizeof(Elf64_Phdr))
		return image_fail(error, "the ELF file is truncated in its program headers");
	return true;
}

static bool load_segment(const struct guest_ram *ram, const struct image_file *file, const Elf64_Phdr *ph,
			 struct image_error *error)
{
	uint8_t *to = ram_at(ram, gpa(ph->p_paddr), ph->p_memsz);

	if (!to)
		return image_fail(error, "the ELF segment at 0x%lx, 0x%lx bytes, does not lie in RAM (0x%lx..0x%lx)",
				  (unsigned long)ph->p_paddr, (unsigned long)ph->p_memsz,
				  (unsigned long)ram->base.value, (unsigned long)ram_end(ram) - 1);
	memcpy(to, file->bytes + ph->p_offset, ph->p_filesz);
	memset(to + ph->p_filesz, 0, ph->p_memsz - ph->p_filesz);
	return true;
}

static void note_segment(struct image_placed *placed, const Elf64_Phdr *ph, uint64_t entry)
{
	if (ph->p_paddr < placed->first.value)
		placed->first = gpa(ph->p_paddr);
	if (ph->p_paddr + ph->p_memsz > placed->end.value)
		placed->end = gpa(ph->p_paddr + ph->p_memsz);
	if (entry >= ph->p_vaddr && entry - ph->p_vaddr < ph->p_memsz)
		placed->entry = gpa(entry - ph->p_vaddr + ph->p_paddr);
}

bool image_elf(const struct guest_ram *ram, const struct image_file *file, struct image_placed *placed,
	       struct image_error *error)
{
	Elf64_Ehdr header;
	Elf64_Phdr ph;

	if (!check_header(file, &header, error))
		return false;
	placed->kind = "ELF";
	placed->first = gpa(UINT64_MAX);
	placed->end = gpa(0);
	placed->entry = gpa(UINT64_MAX);
	for (unsigned i = 0; i < header.e_phnum; i++) {
		if (!segment(file, &header, i, &ph, error))
			return false;
		if (ph.p_type != PT_LOAD || ph.p_memsz == 0)
			continue;
		if (!load_segment(ram, file, &ph, error))
			return false;
		note_segment(placed, &ph, header.e_entry);
	}
	if (placed->entry.value == UINT64_MAX)
		return image_fail(error, "the ELF entry point 0x%lx lies in no segment", (unsigned long)header.e_entry);
	return true;
}
