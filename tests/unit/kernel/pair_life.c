/* SPDX-License-Identifier: BSD-2-Clause */
#include "pair_life.h"

#include <pthread.h>

#include "map_life.h"
#include "map_model.h"
#include "turns.h"

static struct caps_call calls[2];         /* of each core */
static struct result results[2];
static struct thread *callers[2];
static bool running, finished;
static uint32_t places;

static void on_shared(void)
{
	places = places * 1664525u + 1013904223u;
	if (running && !finished && places >> 29 == 0)
		turns_change_over();
}

static bool on_relax(void)
{
	if (!running || finished)
		return false;
	turns_change_over();
	return true;
}

static void *second_core(void *unused)
{
	turns_wait();
	results[1] = caps_make(callers[1], &calls[1]);
	host_take_interrupts(1);
	finished = true;
	turns_end();
	return unused;
}

static void make_both(void)
{
	pthread_t other;

	for (unsigned i = 0; i < 2; i++)
		caps_run(callers[i] = caps_caller_of(i));
	places = life.random();
	finished = false;
	running = kit_manual = true;
	host.on_shared = on_shared;
	host.on_relax = on_relax;
	assert_int_equal(pthread_create(&other, NULL, second_core, NULL), 0);
	results[0] = caps_make(callers[0], &calls[0]);
	while (!finished) {
		host_take_interrupts(0); /* core 1 may wait for this one */
		if (!finished)
			turns_change_over();
	}
	pthread_join(other, NULL);
	running = kit_manual = false;
	host.on_shared = NULL;
	host.on_relax = NULL;
	host_settle();
}

/* The model, to try one order and then the other. */
static struct {
	struct model_cap cap[MODEL_ALL];
	struct model_space space[MODEL_SPACES];
	unsigned objects;
} before;

static void save(void)
{
	memcpy(before.cap, model, sizeof(before.cap));
	memcpy(before.space, model_spaces, sizeof(before.space));
	before.objects = model_objects;
}

static void restore(void)
{
	memcpy(model, before.cap, sizeof(before.cap));
	memcpy(model_spaces, before.space, sizeof(before.space));
	caps_forget_objects(before.objects);
}

/* Whether it is as if the call of core FIRST had come first. */
static bool in_order(unsigned first)
{
	for (unsigned n = 0; n < 2; n++) {
		unsigned core = n ? !first : first;

		if (caps_predict(&calls[core], results[core].w[0]) != results[core].status)
			return false;
	}
	return caps_difference() == NULL;
}

static void choose(struct caps_call *c)
{
	do {
		if (caps_rnd(2))
			map_choose(c);
		else
			caps_choose(c);
		/* (the model's arithmetic goes by what the slot holds now) */
	} while (c->number >= SK_MAP && model[c->memory].type != SK_TYPE_MEMORY);
}

void pair_step(void)
{
	unsigned preempt_every = host.preempt_every;
	bool explained = true;

	choose(&calls[0]);
	choose(&calls[1]);
	host.preempt_every = 0; /* else one is in the middle of what the other has stopped in */
	save();
	make_both();
	if (!in_order(0)) {
		restore();
		explained = in_order(1);
	}
	if (!explained)
		print_error("neither order of calls %u and %u explains %u and %u\n", calls[0].number, calls[1].number,
			    results[0].status, results[1].status);
	assert_true(explained);
	host.preempt_every = preempt_every;
}
