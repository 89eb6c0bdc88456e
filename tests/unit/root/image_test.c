/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "abi/skerry.h"
#include "image.h"
#include "root_test.h"

struct file {
	Elf64_Ehdr e;
	Elf64_Phdr p[3];
	uint8_t contents[256];
};

static struct file good(void)
{
	struct file f = {
		.e = {
			.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
			.e_type = ET_EXEC, .e_machine = EM_AARCH64, .e_version = EV_CURRENT,
			.e_entry = 0x10001010, .e_phoff = sizeof(Elf64_Ehdr), .e_ehsize = sizeof(Elf64_Ehdr),
			.e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 3,
		},
		.p = {
			{ PT_LOAD, PF_R, 0, 0x10000000, 0, 64, 64, 4096 },
			{ PT_LOAD, PF_R | PF_X, 240, 0x10001000, 0, 100, 100, 4096 },
			{ PT_LOAD, PF_R | PF_W, 300, 0x10002f00, 0, 50, 0x1200, 4096 },
		},
	};

	return f;
}

static int try(const struct file *f, size_t size, struct image *image, char error[100])
{
	void *copy = malloc(size);
	int result;

	assert_non_null(copy);
	memcpy(copy, f, size);
	error[0] = 0;
	result = image_open(copy, size, image, error, 100);
	free(copy);
	return result;
}

void image_is_described(void **state)
{
	struct file f = good();
	struct image image;
	char error[100];

	(void)state;
	assert_int_equal(try(&f, sizeof(f), &image, error), 0);
	assert_int_equal(image.segments, 3);
	assert_int_equal(image.entry, 0x10001010);
	assert_int_equal(image.segment[1].rights, SK_RIGHT_READ | SK_RIGHT_EXEC);
	assert_int_equal(image.segment[2].ipa, 0x10002000);
	assert_int_equal(image.segment[2].bytes, 0x3000);
	assert_int_equal(image.segment[2].skip, 0xf00);
	assert_int_equal(image.segment[2].length, 50);
	assert_int_equal(image.bytes, 0x5000);
}

static void refuse(struct file f, const char *expected)
{
	struct image image;
	char error[100];

	assert_int_equal(try(&f, sizeof(f), &image, error), -1);
	if (!strstr(error, expected))
		fail_msg("\"%s\", expected \"%s\"", error, expected);
}

void image_faults_are_named(void **state)
{
	struct image image;
	char error[100];
	struct file f = good();

	(void)state;
	for (size_t size = 1; size < sizeof(Elf64_Ehdr); size++)
		assert_int_equal(try(&f, size, &image, error), -1);
#define BAD(change, text) f = good(), f.change, refuse(f, text)
	BAD(e.e_ident[0] = 0, "no ELF file");
	BAD(e.e_ident[EI_CLASS] = ELFCLASS32, "not 64-bit");
	BAD(e.e_ident[EI_DATA] = ELFDATA2MSB, "not 64-bit little endian");
	BAD(e.e_machine = EM_X86_64, "another machine");
	BAD(e.e_type = ET_DYN, "fixed addresses");
	BAD(e.e_phoff = ~7ul, "program headers");
	BAD(e.e_phoff = 65, "program headers");
	BAD(e.e_phnum = 60000, "program headers");
	BAD(e.e_phentsize = 32, "program headers");
	BAD(p[1].p_offset = sizeof(f) - 50, "contents lie outside");
	BAD(p[1].p_offset = ~0ul - 10, "contents lie outside");
	BAD(p[1].p_filesz = ~0ul, "contents lie outside");
	BAD(p[1].p_filesz = 101, "contents lie outside");
	BAD(p[2].p_vaddr = 0x2000, "lies outside 0x10000000");
	BAD(p[2].p_vaddr = 0x20000000, "lies outside 0x10000000");
	BAD(p[2].p_memsz = ~0ul, "lies outside 0x10000000");
	BAD(p[2].p_flags = PF_R | PF_W | PF_X, "both writable and executable");
	BAD(p[2].p_vaddr = 0x10001f00, "a page in two");
	BAD(e.e_entry = 0x10000010, "no executable segment");
	BAD(e.e_entry = 0x10002000, "no executable segment");
#undef BAD
}

/* Whatever the bytes are: no access outside the file (the sanitizers watch), no segment outside its range. */
void image_bytes_are_survived(void **state)
{
	unsigned accepted = 0;

	(void)state;
	for (size_t at = 0; at < sizeof(Elf64_Ehdr) + 3 * sizeof(Elf64_Phdr); at++) {
		for (unsigned value = 0; value < 256; value += 5) {
			struct file f = good();
			struct image image;
			char error[100];

			((uint8_t *)&f)[at] = (uint8_t)value;
			if (try(&f, sizeof(f), &image, error) != 0)
				continue;
			accepted++;
			for (uint32_t i = 0; i < image.segments; i++) {
				const struct image_segment *s = &image.segment[i];

				assert_true(s->ipa >= IMAGE_BASE && s->ipa + s->bytes <= IMAGE_END &&
					    s->skip + s->length <= s->bytes);
			}
		}
	}
	assert_true(accepted > 0);
}
