/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The manager: what runs, and what is to run, from a console. With the procedure
 * Supervisor it can stop and start everything in the system, itself included, and is in
 * everybody's set of those whom availability rests on; with a slot, its instances only.
 *
 * `help` says what it understands.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <skerry/fail.h>
#include <skerry/start.h>
#include <skerry/supervisor.h>

#include "component.h"
#include "spec.h"
#include "console.h"

#define NAME 40

static void name_of(uint32_t index, char name[NAME])
{
	uint64_t w[5] = { 0 };

	_Static_assert(sizeof(w) == NAME, "five words of letters");
	supervisor_name(index, &w[0], &w[1], &w[2], &w[3], &w[4]);
	memcpy(name, w, NAME);
	name[NAME - 1] = 0;
}

static uint32_t count(void)
{
	uint32_t n = 0;

	supervisor_count(&n);
	return n;
}

/* False: said so. */
static bool find(const char *name, uint32_t *index)
{
	char other[NAME];

	for (*index = 0; name && *index < count(); ++*index) {
		name_of(*index, other);
		if (strcmp(name, other) == 0)
			return true;
	}
	console_print(name ? "no component is called %s; list names them\n" : "which? list names them%s\n",
		      name ? name : "");
	return false;
}

static void list_one(uint32_t index)
{
	static const char *const states[SK_LIFES] = {
		[SK_LIFE_STOPPED] = "stopped", [SK_LIFE_RUNS] = "runs", [SK_LIFE_ENDED] = "ended",
		[SK_LIFE_FAILED] = "failed",
	};
	uint32_t state, starts, failures;
	uint64_t fault, address, pc;
	char name[NAME];

	name_of(index, name);
	if (supervisor_state(index, &starts, &failures, &fault, &address, &pc, &state) != SK_OK || state >= SK_LIFES)
		return;
	console_print("%-24s %-8s started %u, failed %u", name, states[state], starts, failures);
	if (fault && fault != SK_FAULT_BREAK)
		console_print(", last at pc 0x%lx, address 0x%lx", (unsigned long)pc, (unsigned long)address);
	console_print("\n");
}

static void list(char *rest)
{
	(void)rest;
	for (uint32_t i = 0; i < count(); i++)
		list_one(i);
}

static void tell(const char *what, const char *name, enum sk_status call, uint32_t result)
{
	enum sk_status status = call != SK_OK ? call : (enum sk_status)result;

	if (status != SK_OK)
		console_print("%s %s: %s\n", what, name, status == SK_STATE ? "it is not in the state for that" :
			      sk_status_text(status));
}

static void start(char *rest)
{
	char *name = strtok(rest, " ");
	uint32_t index, result = 0;

	if (find(name, &index))
		tell("start", name, supervisor_start(index, &result), result);
}

static void stop(char *rest)
{
	char *name = strtok(rest, " ");
	uint32_t index, result = 0;

	if (find(name, &index))
		tell("stop", name, supervisor_stop(index, &result), result);
}

static unsigned long number(unsigned long fallback)
{
	const char *text = strtok(NULL, " ");

	return text ? strtoul(text, NULL, 10) : fallback;
}

static void pause_for(unsigned long milliseconds)
{
	uint64_t end = sk_counter() + milliseconds * (sk_start()->counter_hz / 1000), bits;

	/* Keys that come meanwhile signal, too; they stay in the ring. */
	while (sk_counter() < end)
		sk_wait(sk_slot("event"), end, &bits);
}

static void restart(char *rest)
{
	char *name = strtok(rest, " ");
	unsigned long times = number(1), milliseconds = number(100);
	uint32_t index, result = SK_OK;
	enum sk_status call = SK_OK;

	if (!find(name, &index))
		return;
	for (unsigned long i = 0; i < times && call == SK_OK && result == SK_OK; i++) {
		if (i > 0)
			pause_for(milliseconds);
		call = supervisor_restart(index, &result);
	}
	tell("restart", name, call, result);
	console_print("done\n");
}

/* TIMES starts and stops. What is free must be the same before and behind: nothing is lost on the way. */
static void cycle(char *rest)
{
	char *name = strtok(rest, " ");
	unsigned long times = number(10), milliseconds = number(0), done = 0;
	uint32_t index, result = SK_OK;

	if (!find(name, &index))
		return;
	for (; done < times && result == SK_OK; done++) {
		if (supervisor_start(index, &result) == SK_OK && result == SK_OK) {
			pause_for(milliseconds);
			supervisor_stop(index, &result);
		}
	}
	console_print("%lu times: %s\n", done, sk_status_text((enum sk_status)result));
}

static void memory(char *rest)
{
	uint64_t objects = 0, ram = 0;
	uint32_t slots = 0;

	(void)rest;
	supervisor_memory(&objects, &ram, &slots);
	console_print("free: %lu KiB for kernel objects, %lu KiB of RAM, %u of root's slots\n",
		      (unsigned long)objects >> 10, (unsigned long)ram >> 10, slots);
}

/* ./skerry boot --debug reads the status port and prints what it says. */
static void trace(char *rest)
{
	const char *word = strtok(rest, " ");
	unsigned long events = word ? strtoul(word, NULL, 10) : 64;
	uint32_t result = 0;
	enum sk_status call = supervisor_trace(events > UINT32_MAX ? 0 : (uint32_t)events, &result);

	if (call == SK_OK && result == SK_NO_CALL)
		console_print("trace: this kernel keeps none; ./skerry boot --debug boots the one that does\n");
	else if (call == SK_OK && result == SK_BAD_ARG)
		console_print("trace: 1 to 256 events of each core\n");
	else if (call != SK_OK || result != SK_OK)
		tell("trace", "", call, result);
	else
		console_print("trace: the last %lu events of each core are on the status port\n", events);
}

/* --- a slot ------------------------------------------------------------------------------ */

static void make(char *rest)
{
	const char *which = strtok(rest, " ");
	uint32_t made = 0;
	enum sk_status status = guests_make(which ? (uint32_t)strtoul(which, NULL, 10) : SPEC_NONE, &made);

	if (status == SK_OK)
		console_print("%u is started\n", made);
	else
		tell("make", which ? which : "one", status, 0);
}

static void end(char *rest)
{
	const char *which = strtok(rest, " ");

	if (!which)
		console_print("which? slots numbers them\n");
	else
		tell("end", which, guests_end((uint32_t)strtoul(which, NULL, 10)), 0);
}

static void slots(char *rest)
{
	static const char *const words[] = {
		[SPEC_SLOT_EMPTY] = "empty", [SPEC_SLOT_RUNS] = "runs", [SPEC_SLOT_OFF] = "powered off",
		[SPEC_SLOT_CRASH] = "crashed", [SPEC_SLOT_RESET] = "reset itself", [SPEC_SLOT_FAULT] = "its VMM faulted",
	};
	uint32_t n = 0, state;

	(void)rest;
	guests_count(&n);
	for (uint32_t i = 0; i < n; i++) {
		if (guests_state(i, &state) == SK_OK && state < sizeof(words) / sizeof(words[0]))
			console_print("%u  %s\n", i, words[state]);
	}
}

static void off(char *rest)
{
	(void)rest;
	exit_off();
	exit(0);
}

static void help(char *rest);

static const struct {
	const char *word, *what;
	void (*act)(char *rest);
} commands[] = {
	{ "list", "what there is, and how it fares", list },
	{ "start", "NAME: starts a component that does not run; a VMM with its guest", start },
	{ "stop", "NAME: ends it and takes back what it has", stop },
	{ "restart", "NAME [TIMES [MS]]: both; again and again, every MS milliseconds", restart },
	{ "cycle", "NAME [TIMES [MS]]: starts and stops it again and again", cycle },
	{ "slots", "the slot: what is in it", slots },
	{ "make", "[N]: starts an instance there, in the first free place or in place N", make },
	{ "end", "N: ends it and takes back what it has", end },
	{ "memory", "what is free", memory },
	{ "trace", "[N]: of a debug kernel, the last N events of each core (64)", trace },
	{ "off", "the manager ends; the machine does when all guests have, too", off },
	{ "help", "this", help },
};

static void help(char *rest)
{
	(void)rest;
	for (unsigned i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		console_print("%-8s %s\n", commands[i].word, commands[i].what);
}

static void obey(char *line)
{
	char *word = line + strspn(line, " "), *rest = word + strcspn(word, " ");

	if (*word == 0)
		return;
	if (*rest)
		*rest++ = 0;
	for (unsigned i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(word, commands[i].word) == 0) {
			commands[i].act(rest);
			return;
		}
	}
	console_print("%s: unknown; help lists what there is\n", word);
}

int run(void)
{
	char line[80];

	console_open();
	console_print("Skerry's manager; help lists what it understands.\n");
	for (;;) {
		console_print("manager> ");
		console_line(line, sizeof(line));
		obey(line);
	}
}
