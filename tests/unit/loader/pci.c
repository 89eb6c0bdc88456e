/* SPDX-License-Identifier: BSD-2-Clause */
/* Bus mastering off, on a bus in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pci.h"

static unsigned char *config;
static struct pci_buses todo;

static int empty(void **state)
{
	(void)state;
	config = malloc(PCI_BUS_BYTES);
	memset(config, 0xff, PCI_BUS_BYTES);
	memset(&todo, 0, sizeof(todo));
	return 0;
}

static int end(void **state)
{
	(void)state;
	free(config);
	return 0;
}

static unsigned char *function(unsigned device, unsigned number, unsigned char type, unsigned char secondary)
{
	unsigned char *f = config + (device << 15) + (number << 12);

	memset(f, 0, 64);
	f[1] = 0x1b;
	f[4] = 0x07; /* I/O, memory, bus master */
	f[5] = 0x04;
	f[0x0e] = type;
	f[0x19] = secondary;
	return f;
}

static void run(uint32_t bus, uint32_t last)
{
	pci_bus_quiet((uint64_t)config, bus, last, &todo);
}

static void command(void **state)
{
	unsigned char *single = function(0, 0, 0, 0), *hidden = function(0, 3, 0, 0);
	unsigned char *several = function(31, 0, 0x80, 0), *seventh = function(31, 7, 0, 0);

	(void)state;
	run(0, 255);
	assert_int_equal(single[4], 0x03);
	assert_int_equal(single[5], 0x04);
	assert_int_equal(several[4], 0x03);
	assert_int_equal(seventh[4], 0x03);
	assert_int_equal(hidden[4], 0x07); /* device 0 says that it has one function */
	assert_int_equal(config[1 << 15], 0xff);
	assert_int_equal(todo.set[0] | todo.set[1] | todo.set[2] | todo.set[3], 0);
}

static void bridges(void **state)
{
	(void)state;
	assert_int_equal(function(1, 0, 1, 5)[4], 7);
	function(2, 0, 0x81, 200);
	function(2, 1, 1, 201);
	function(3, 0, 1, 3);   /* behind itself: a loop */
	function(4, 0, 1, 202); /* beyond the last */
	function(5, 0, 1, 0);   /* nobody has set it up */
	function(6, 0, 0, 77);  /* no bridge */
	run(3, 201);
	assert_int_equal(todo.set[0], 1ul << 5);
	assert_int_equal(todo.set[1], 0);
	assert_int_equal(todo.set[2], 0);
	assert_int_equal(todo.set[3], 1ul << (200 - 192) | 1ul << (201 - 192));
	assert_int_equal(config[(1 << 15) + 4], 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(command, empty, end),
		cmocka_unit_test_setup_teardown(bridges, empty, end),
	};

	return cmocka_run_group_tests_name("PCI bus mastering", tests, NULL, NULL);
}
