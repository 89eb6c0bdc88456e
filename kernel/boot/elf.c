/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "abi/skerry.h"
#include "elf.h"

#define ELF_IDENT   "\177ELF\2\1\1" /* 64-bit, little endian, version 1 */
#define ET_EXEC     2
#define EM_AARCH64  183
#define PT_LOAD     1u
#define PT_DYNAMIC  2u
#define PT_INTERP   3u
#define PT_NOTE     4u
#define PF_X        1u
#define PF_W        2u
#define PF_R        4u
#define MAX_HEADERS 32

struct elf_header {
	char ident[16];
	uint16_t type, machine;
	uint32_t version;
	uint64_t entry, phoff, shoff;
	uint32_t flags;
	uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct elf_program {
	uint32_t type, flags;
	uint64_t offset, vaddr, paddr, filesz, memsz, align;
};

_Static_assert(sizeof(struct elf_header) == 64, "ELF header layout");
_Static_assert(sizeof(struct elf_program) == 56, "program header layout");

static bool check_header(const char *name, const struct elf_header *h, uint64_t size, struct report *report)
{
	if (size < sizeof(*h) || memcmp(h->ident, ELF_IDENT, sizeof(ELF_IDENT) - 1))
		return refuse(report, "%s: no 64-bit little-endian ELF file", name);
	if (h->type != ET_EXEC || h->machine != EM_AARCH64)
		return refuse(report,
			      "%s: ELF type %u machine %u, wanted a fixed-address (%u) AArch64 (%u) program",
			      name, h->type, h->machine, ET_EXEC, EM_AARCH64);
	if (h->phentsize != sizeof(struct elf_program) || !h->phnum || h->phnum > MAX_HEADERS ||
	    h->phoff % 8 || h->phoff > size || h->phnum * sizeof(struct elf_program) > size - h->phoff)
		return refuse(report, "%s: ELF program headers (%u at 0x%lx) do not fit the file", name,
			      h->phnum, h->phoff);
	return true;
}

static bool check_load(const char *name, const struct elf_program *p, unsigned index, uint64_t size,
		       struct range limits, struct report *report)
{
	if (p->filesz > p->memsz || p->offset > size || p->filesz > size - p->offset)
		return refuse(report,
			      "%s: segment %u: file bytes 0x%lx at 0x%lx do not fit the file or the segment",
			      name, index, p->filesz, p->offset);
	if (p->vaddr < limits.start || p->vaddr >= limits.end || p->memsz > limits.end - p->vaddr)
		return refuse(report, "%s: segment %u: address 0x%lx size 0x%lx lies outside 0x%lx..0x%lx",
			      name, index, p->vaddr, p->memsz, limits.start, limits.end);
	if (!(p->flags & PF_R) || (p->flags & (PF_W | PF_X)) == (PF_W | PF_X))
		return refuse(report, "%s: segment %u: flags %u; a segment is R, RW or RX", name, index,
			      p->flags);
	return true;
}

static bool take_load(struct elf *elf, const char *name, const struct elf_program *p, unsigned index,
		      struct report *report)
{
	uint64_t va = align_down(p->vaddr, PAGE);

	if (elf->segments == ELF_SEGMENTS)
		return refuse(report, "%s: more than %u loadable segments", name, ELF_SEGMENTS);
	if (elf->segments && va < elf->high)
		return refuse(report, "%s: segment %u: shares a page with the one before, or stands below it",
			      name, index);
	if (!elf->segments)
		elf->low = va;
	elf->high = align_up(p->vaddr + p->memsz, PAGE);
	elf->segment[elf->segments++] = (struct elf_segment){
		.va = va,
		.size = elf->high - va,
		.skip = p->vaddr - va,
		.offset = p->offset,
		.bytes = p->filesz,
		.rights = SK_RIGHT_READ | (p->flags & PF_W ? SK_RIGHT_WRITE : 0) |
			  (p->flags & PF_X ? SK_RIGHT_EXEC : 0),
	};
	return true;
}

static bool check_entry(const struct elf *elf, const char *name, struct report *report)
{
	for (uint32_t i = 0; i < elf->segments; i++) {
		const struct elf_segment *s = &elf->segment[i];

		if ((s->rights & SK_RIGHT_EXEC) && elf->entry >= s->va && elf->entry < s->va + s->size &&
		    elf->entry % 4 == 0)
			return true;
	}
	return refuse(report, "%s: entry 0x%lx is in no executable segment", name, elf->entry);
}

bool elf_read(struct elf *elf, const char *name, const void *file, uint64_t size, struct range limits,
	      struct report *report)
{
	const struct elf_header *h = file;
	const struct elf_program *p;

	if (!check_header(name, h, size, report))
		return false;
	*elf = (struct elf){.entry = h->entry};
	p = (const void *)((const char *)file + h->phoff);
	for (unsigned i = 0; i < h->phnum; i++) {
		if (p[i].type == PT_INTERP || p[i].type == PT_DYNAMIC)
			return refuse(report, "%s: linked dynamically; link it statically and not as PIE",
				      name);
		elf->noted |= p[i].type == PT_NOTE && p[i].filesz;
		if (p[i].type != PT_LOAD || !p[i].memsz)
			continue;
		if (!check_load(name, &p[i], i, size, limits, report) ||
		    !take_load(elf, name, &p[i], i, report))
			return false;
	}
	return check_entry(elf, name, report);
}
