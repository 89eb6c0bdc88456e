/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel core on the simulated machine under libFuzzer. An input chooses what
 * happens in a life (tests/unit/kernel/life.h): calls, arguments, interrupts, time,
 * faults, exits of guests, on one core or two, and where one cuts off the other. All
 * invariants are checked after each step, and in the end everything must be there. A
 * quarter of the inputs choose calls on capabilities and mappings, and messages, alone, which are compared with
 * the reference model after each step (tests/unit/kernel/caps_model.h, map_model.h, ipc_model.h), some of them
 * two at once.
 * cmocka's assertions end the process, which libFuzzer reports with the input.
 */
#include <stdlib.h>

#include "caps_life.h"

enum { STEPS = 400, ROUNDS = 12, MODEL = 0xc0 };

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern char __start_life_bss[], __stop_life_bss[], __start_life_data[], __stop_life_data[];

static char *first_data;
static const uint8_t *input;
static size_t left;

static uint32_t next(void)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < 2 && left > 0; i++, left--)
		value = value << 8 | *input++;
	return value;
}

static bool more(void)
{
	return left > 0;
}

static size_t data_bytes(void)
{
	return (size_t)(__stop_life_data - __start_life_data);
}

/* Sections with the guards that the sanitizer has put between variables. */
__attribute__((no_sanitize("address"))) static void copy(char *to, const char *from, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		((volatile char *)to)[i] = from ? from[i] : 0;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	first_data = malloc(data_bytes());
	copy(first_data, __start_life_data, data_bytes());
	return 0;
}

static void reset(void)
{
	copy(__start_life_data, first_data, data_bytes());
	copy(__start_life_bss, NULL, (size_t)(__stop_life_bss - __start_life_bss));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t how;

	if (size < 2)
		return 0;
	how = data[0];
	input = data + 1;
	left = size - 1;
	reset();
	if (how & 1)
		kit_two_cores(NULL);
	else
		kit_one_core(NULL);
	host.preempt_every = how >> 1 & 3;
	host.relax_takes_interrupts = host.slow_signals = how >> 3 & 1;
	life.random = next;
	life.more = more;
	life.check_every = 1;
	if ((how & MODEL) == MODEL) {
		life.pairs = how & 16;
		caps_life(STEPS);
	} else {
		life_begin();
		if ((how & 1) && (how & 16))
			life_interleaved(ROUNDS);
		else
			life_alone(STEPS);
	}
	host.preempt_every = 0;
	kit_end(NULL);
	host_end();
	return 0;
}
