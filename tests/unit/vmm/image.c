/* SPDX-License-Identifier: BSD-2-Clause */
/* Good images and where they go; bad ones: reject.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "core/image.h"
#include "core/gunzip.h"
#include "core/inflate.h"
#include "packed.h"

#define BASE 0x40000000ul
#define MIB  0x100000ul

static struct guest_ram ram;
static struct image_placed placed;
static struct image_error error;
static const struct image_file none;

static int make_ram(void **state)
{
	(void)state;
	ram = (struct guest_ram){ gpa(BASE), 16 * MIB, calloc(1, 16 * MIB) };
	return ram.host ? 0 : -1;
}

static int free_ram(void **state)
{
	(void)state;
	free(ram.host);
	return 0;
}

static uint8_t pattern_next(uint32_t *x)
{
	*x = (*x * 1103515245u + 12345) & 0x7fffffff;
	return *x >> 20 & 7 ? (uint8_t)"etaoin shrdlu\n.."[*x >> 16 & 15] : (uint8_t)('A' + (*x >> 24 & 3));
}

static void unpacks(void **state)
{
	uint8_t out[700];
	size_t size;
	uint32_t x = 12345;

	(void)state;
	assert_null(gunzip(stored, sizeof(stored), out, sizeof(out), &size));
	assert_int_equal(size, 12);
	assert_memory_equal(out, "stored block", 12);
	assert_null(gunzip(fixed, sizeof(fixed), out, sizeof(out), &size));
	assert_int_equal(size, 36);
	assert_memory_equal(out, "abcabcabcabcabcabcabcabc hello hello", 36);
	assert_null(gunzip(dynamic, sizeof(dynamic), out, sizeof(out), &size));
	assert_int_equal(size, 600);
	for (size_t i = 0; i < size; i++)
		assert_int_equal(out[i], pattern_next(&x));
	assert_null(gunzip(named, sizeof(named), out, sizeof(out), &size));
	assert_memory_equal(out, "abc", 3);
}

static void room_is_exact(void **state)
{
	uint8_t *out = malloc(600); /* the sanitizer watches its end */
	size_t size;

	(void)state;
	assert_null(gunzip(dynamic, sizeof(dynamic), out, 600, &size));
	assert_ptr_equal(gunzip(dynamic, sizeof(dynamic), out, 599, &size), inflate_no_room);
	assert_ptr_equal(gunzip(stored, sizeof(stored), out, 11, &size), inflate_no_room);
	assert_ptr_equal(gunzip(fixed, sizeof(fixed), out, 1, &size), inflate_no_room);
	free(out);
}

/* No prefix of a file, and no file with one byte changed, may do harm or pass. */
static void survives_damage(void **state)
{
	uint8_t *out = malloc(600), *in = malloc(sizeof(dynamic));
	size_t size;

	(void)state;
	for (size_t n = 0; n < sizeof(dynamic); n++) {
		uint8_t *cut = malloc(n + 1);

		memcpy(cut, dynamic, n);
		assert_non_null(gunzip(cut, n, out, 600, &size));
		free(cut);
	}
	for (size_t n = 10; n < sizeof(dynamic); n++) {
		memcpy(in, dynamic, sizeof(dynamic));
		in[n] ^= 0x55;
		assert_non_null(gunzip(in, sizeof(dynamic), out, 600, &size));
	}
	free(in);
	free(out);
}

static void put(uint8_t *at, uint64_t value, size_t bytes)
{
	memcpy(at, &value, bytes);
}

static void image_header(uint8_t *image, uint64_t text_offset, uint64_t image_size)
{
	memset(image, 0, 64);
	put(image + 8, text_offset, 8);
	put(image + 16, image_size, 8);
	put(image + 56, 0x644d5241, 4);
}

static void places_image(void **state)
{
	uint8_t bytes[4096];
	struct image_file file = { bytes, sizeof(bytes) }, initrd = { (const uint8_t *)"initrd", 6 };

	(void)state;
	memset(bytes, 0x5a, sizeof(bytes));
	image_header(bytes, 0, 3 * MIB);
	assert_true(image_load(&ram, &file, &initrd, &placed, &error));
	assert_int_equal(placed.entry.value, BASE + 2 * MIB);
	assert_int_equal(placed.end.value, BASE + 5 * MIB);
	assert_int_equal(placed.dtb.value, BASE);
	assert_int_equal(placed.initrd.value, BASE + 5 * MIB);
	assert_int_equal(placed.initrd_size, 6);
	assert_memory_equal(ram.host + 2 * MIB, bytes, sizeof(bytes));
	assert_memory_equal(ram.host + 5 * MIB, "initrd", 6);

	image_header(bytes, 0x80000, 0); /* before Linux 3.17: image_size unknown, 0x80000 meant */
	assert_true(image_load(&ram, &file, &none, &placed, &error));
	assert_int_equal(placed.entry.value, BASE + 2 * MIB + 0x80000);
	assert_int_equal(placed.initrd_size, 0);
}

static void says_how_much_ram(void **state)
{
	uint8_t bytes[4096] = { 0 };
	struct image_file file = { bytes, sizeof(bytes) }, initrd = { bytes, sizeof(bytes) };

	(void)state;
	image_header(bytes, 0, 15 * MIB);
	assert_false(image_load(&ram, &file, &none, &placed, &error));
	assert_non_null(strstr(error.text, "has 16 MiB and needs at least 18 MiB"));
	image_header(bytes, 0, 14 * MIB);
	assert_true(image_load(&ram, &file, &none, &placed, &error));
	assert_false(image_load(&ram, &file, &initrd, &placed, &error));
	assert_non_null(strstr(error.text, "initrd"));
	image_header(bytes, 0, ~0ul);
	assert_false(image_load(&ram, &file, &none, &placed, &error));
}

static void places_raw(void **state)
{
	uint8_t bytes[100] = { 1, 2, 3 };
	struct image_file file = { bytes, sizeof(bytes) };

	(void)state;
	assert_true(image_load(&ram, &file, &none, &placed, &error));
	assert_int_equal(placed.entry.value, BASE + 2 * MIB);
	assert_int_equal(placed.dtb.value, BASE);
	assert_memory_equal(ram.host + 2 * MIB, bytes, 3);
}

struct elf {
	Elf64_Ehdr header;
	Elf64_Phdr segment[2];
	uint8_t text[16];
};

static struct elf elf_at(uint64_t address)
{
	struct elf e = { .text = "program" };

	memcpy(e.header.e_ident, "\x7f" "ELF\2\1\1", 7);
	e.header.e_type = ET_EXEC;
	e.header.e_machine = EM_AARCH64;
	e.header.e_phentsize = sizeof(Elf64_Phdr);
	e.header.e_phnum = 2;
	e.header.e_phoff = offsetof(struct elf, segment);
	e.header.e_entry = 0xffff000000000008ul;
	e.segment[0] = (Elf64_Phdr){ .p_type = PT_LOAD, .p_offset = offsetof(struct elf, text), .p_filesz = 16,
		.p_memsz = 64, .p_vaddr = 0xffff000000000000ul, .p_paddr = address };
	return e;
}

static void places_elf(void **state)
{
	struct elf e = elf_at(BASE + 4 * MIB);
	struct image_file file = { (const uint8_t *)&e, sizeof(e) };

	(void)state;
	memset(ram.host + 4 * MIB, 0xff, 64);
	assert_true(image_load(&ram, &file, &none, &placed, &error));
	assert_int_equal(placed.entry.value, BASE + 4 * MIB + 8);
	assert_int_equal(placed.end.value, BASE + 4 * MIB + 64);
	assert_int_equal(placed.dtb.value, BASE);
	assert_string_equal((const char *)ram.host + 4 * MIB, "program");
	assert_int_equal(ram.host[4 * MIB + 63], 0);

	e = elf_at(BASE + 0x80000); /* where the device tree would be */
	assert_true(image_load(&ram, &file, &none, &placed, &error));
	assert_int_equal(placed.dtb.value, BASE + 2 * MIB);
	e = elf_at(BASE + 16 * MIB - 32);
	assert_false(image_load(&ram, &file, &none, &placed, &error));
	e = elf_at(BASE - 32);
	assert_false(image_load(&ram, &file, &none, &placed, &error));
}

static void ram_bounds(void **state)
{
	(void)state;
	assert_ptr_equal(ram_at(&ram, gpa(BASE), 16 * MIB), ram.host);
	assert_null(ram_at(&ram, gpa(BASE), 16 * MIB + 1));
	assert_null(ram_at(&ram, gpa(BASE - 1), 1));
	assert_null(ram_at(&ram, gpa(BASE + 16 * MIB), 1));
	assert_null(ram_at(&ram, gpa(BASE + 1), ~0ul));
	assert_null(ram_at(&ram, gpa(~0ul), 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unpacks),
		cmocka_unit_test(room_is_exact),
		cmocka_unit_test(survives_damage),
		cmocka_unit_test(places_image),
		cmocka_unit_test(says_how_much_ram),
		cmocka_unit_test(places_raw),
		cmocka_unit_test(places_elf),
		cmocka_unit_test(ram_bounds),
	};

	return cmocka_run_group_tests(tests, make_ram, free_ram);
}
