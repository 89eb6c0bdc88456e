/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The devices under random operations (tests/fuzz/virtio/machine.h), behind both
 * transports, with a backend that is honest and one that lies, and with another vCPU
 * that writes to the rings meanwhile; and under all that the fuzzer kept.
 * SKERRY_FUZZ_OPERATIONS: how many for each device (200000).
 */
#include "test.h"

#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

#include "machine.h"

#define INPUT 4096u

static uint64_t state = 1;

/* xorshift64 (Marsaglia, Xorshift RNGs, 2003) */
static uint64_t next_random(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static unsigned long operations(void)
{
	const char *text = getenv("SKERRY_FUZZ_OPERATIONS");

	return text ? strtoul(text, NULL, 0) : 200000;
}

static unsigned long run(uint8_t first)
{
	uint8_t bytes[INPUT];

	for (unsigned i = 0; i < INPUT; i += 8) {
		uint64_t word = next_random();

		memcpy(bytes + i, &word, 8);
	}
	bytes[0] = first;
	return machine_run(bytes, INPUT);
}

static void against(enum machine_device device)
{
	static const uint8_t variant[] = { 0, MACHINE_PCI, MACHINE_LIES, MACHINE_PCI | MACHINE_LIES };
	unsigned long done = 0, before = machine_served;

	for (unsigned round = 0; done < operations(); round++)
		done += run((uint8_t)(device | variant[round % 4]));
	/* Else the noise was too loud to try anything. */
	if (device != MACHINE_RNG)
		assert_true(machine_served > before + done / 1000);
}

static void block_bounced(void **context)
{
	(void)context;
	against(MACHINE_BLK_BOUNCED);
}

static void block_mapped(void **context)
{
	(void)context;
	against(MACHINE_BLK_MAPPED);
}

static void console(void **context)
{
	(void)context;
	against(MACHINE_CONSOLE);
}

static void network(void **context)
{
	(void)context;
	against(MACHINE_NET);
}

static void sockets(void **context)
{
	(void)context;
	against(MACHINE_VSOCK);
}

static void entropy(void **context)
{
	(void)context;
	against(MACHINE_RNG);
}

/* --- another vCPU ------------------------------------------------------------------------- */

static atomic_bool stop;

static void *scribble(void *context)
{
	uint64_t word = 88172645463325252ul;

	(void)context;
	while (!atomic_load_explicit(&stop, memory_order_relaxed)) {
		word ^= word << 13;
		word ^= word >> 7;
		word ^= word << 17;
		/* Descriptors, rings and headers, half words of them. */
		__atomic_store_n((uint16_t *)(void *)(machine_ram + (word >> 16) % 0x12000 / 2 * 2),
				 (uint16_t)(word & 1 ? word >> 40 : word >> 40 & 63), __ATOMIC_RELAXED);
	}
	return NULL;
}

static void two_cpus(void **context)
{
	pthread_t other;
	unsigned long done = 0;

	(void)context;
	atomic_store(&stop, false);
	assert_int_equal(pthread_create(&other, NULL, scribble, NULL), 0);
	for (unsigned round = 0; done < operations(); round++)
		done += run((uint8_t)(MACHINE_SHARED | round % MACHINE_DEVICES | (round & 8 ? MACHINE_PCI : 0)));
	atomic_store(&stop, true);
	pthread_join(other, NULL);
}

/* --- what the fuzzer kept ----------------------------------------------------------------------- */

static void corpus(void **context)
{
	DIR *folder = opendir(CORPUS);
	unsigned files = 0;

	(void)context;
	assert_non_null(folder);
	for (struct dirent *entry; (entry = readdir(folder));) {
		static uint8_t bytes[1 << 16];
		char path[512];
		FILE *file;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", CORPUS, entry->d_name);
		file = fopen(path, "rb");
		assert_non_null(file);
		machine_run(bytes, fread(bytes, 1, sizeof(bytes), file));
		fclose(file);
		files++;
	}
	closedir(folder);
	assert_true(files > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(block_bounced), cmocka_unit_test(block_mapped), cmocka_unit_test(console),
		cmocka_unit_test(entropy), cmocka_unit_test(network), cmocka_unit_test(sockets),
		cmocka_unit_test(two_cpus), cmocka_unit_test(corpus),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
