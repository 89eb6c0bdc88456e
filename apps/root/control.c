/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The procedures Supervisor (idl/std/std.adl) and Slot (apps/spec/spec.h) as root
 * serves them: all in registers, as the generated stubs of their clients have it: w0
 * method, then status; w1.. arguments, then the result and what goes out. Who holds a
 * capability of the first kind may do all of this to every component; of the second,
 * to the instances of one slot.
 */
#include "supervise.h"

#include <string.h>
#include "skerry/calls.h"
#include "system.h"

static enum sk_status count(struct sk_words *m)
{
	m->w[0] = spec.components;
	return SK_OK;
}

/* Five words of letters, and no result: they begin where it would be. */
static enum sk_status name(struct sk_words *m)
{
	char text[SPEC_NAME] = { 0 };

	_Static_assert(sizeof(text) == 5 * sizeof(m->w[0]), "a name fits into five words");
	strncpy(text, component[m->w[0]].name, sizeof(text) - 1);
	memcpy(&m->w[0], text, sizeof(text));
	return SK_OK;
}

static enum sk_status state(struct sk_words *m)
{
	uint32_t index = (uint32_t)m->w[0];
	const struct life *life = life_of(index);

	m->w[0] = life->now;
	m->w[1] = component[index].starts;
	m->w[2] = life->failures;
	m->w[3] = life->last.kind;
	m->w[4] = life->last.address;
	m->w[5] = life->last.pc;
	return SK_OK;
}

/* The result of the three, and of trace, is a status of its own: the call as such went well. */
static enum sk_status start(struct sk_words *m)
{
	m->w[0] = supervise_start((uint32_t)m->w[0]);
	return SK_OK;
}

static enum sk_status stop(struct sk_words *m)
{
	m->w[0] = supervise_stop((uint32_t)m->w[0]);
	return SK_OK;
}

static enum sk_status restart(struct sk_words *m)
{
	m->w[0] = supervise_restart((uint32_t)m->w[0]);
	return SK_OK;
}

static enum sk_status memory(struct sk_words *m)
{
	struct sk_inspection pool;

	root_check(sk_inspect(SK_ROOT_CNODE, SK_ROOT_OBJECTS, &pool), "inspecting", "the object pool");
	m->w[0] = pool.size - pool.used;
	m->w[1] = ram_free();
	m->w[2] = root_slots_free();
	return SK_OK;
}

static enum sk_status trace(struct sk_words *m)
{
	m->w[0] = trace_report((uint32_t)m->w[0]);
	return SK_OK;
}

static const struct {
	enum sk_status (*answer)(struct sk_words *m);
	bool component; /* w1 names one */
} methods[] = {
	[SK_SUPERVISOR_COUNT] = { count, false },
	[SK_SUPERVISOR_NAME] = { name, true },
	[SK_SUPERVISOR_STATE] = { state, true },
	[SK_SUPERVISOR_START] = { start, true },
	[SK_SUPERVISOR_STOP] = { stop, true },
	[SK_SUPERVISOR_RESTART] = { restart, true },
	[SK_SUPERVISOR_MEMORY] = { memory, false },
	[SK_SUPERVISOR_TRACE] = { trace, false },
};

/* --- the procedure Slot: apps/spec/spec.h ------------------------------------------------ */

/* Instance WHICH of slot OBJECT; spec.components if there is no such. */
static uint32_t instance(uint32_t slot, uint64_t which)
{
	uint32_t i = 0;

	while (i < spec.components && (spec.component[i].slot != slot || spec.component[i].number != which))
		i++;
	return i;
}

static enum spec_slot_state slot_state(const struct life *life)
{
	if (life->now == SK_LIFE_STOPPED || life->now == SK_LIFE_RUNS)
		return life->now == SK_LIFE_RUNS ? SPEC_SLOT_RUNS : SPEC_SLOT_EMPTY;
	return life->code == ROOT_EXIT_OFF ? SPEC_SLOT_OFF : life->code == ROOT_EXIT_RESET ? SPEC_SLOT_RESET :
	       life->code == ROOT_EXIT_CRASH ? SPEC_SLOT_CRASH : SPEC_SLOT_FAULT;
}

static uint64_t instances(uint32_t slot)
{
	uint64_t n = 0;

	while (instance(slot, n) < spec.components)
		n++;
	return n;
}

static uint64_t first_empty(uint32_t slot)
{
	for (uint64_t n = 0, count = instances(slot); n < count; n++) {
		if (life_of(instance(slot, n))->now == SK_LIFE_STOPPED)
			return n;
	}
	return SPEC_NONE;
}

static enum sk_status slot_make(uint32_t slot, struct sk_words *m)
{
	uint64_t which = m->w[0] == SPEC_NONE ? first_empty(slot) : m->w[0];
	uint32_t index = instance(slot, which);

	if (index == spec.components)
		return which == SPEC_NONE ? SK_STATE : SK_BAD_ARG;
	m->w[0] = which;
	return life_of(index)->now == SK_LIFE_STOPPED ? supervise_start(index) : SK_STATE;
}

static enum sk_status slot_call(uint32_t slot, uint64_t method, struct sk_words *m)
{
	uint32_t index;

	if (method == SPEC_SLOT_MAKE)
		return slot_make(slot, m);
	if (method == SPEC_SLOT_COUNT)
		return m->w[0] = instances(slot), SK_OK;
	index = instance(slot, m->w[0]);
	if (index == spec.components)
		return SK_BAD_ARG;
	if (method == SPEC_SLOT_END)
		return m->w[0] = 0, supervise_stop(index);
	m->w[0] = slot_state(life_of(index));
	return SK_OK;
}

/* --- both ---------------------------------------------------------------------------------- */

static enum sk_status supervisor_call(uint64_t method, struct sk_words *m)
{
	if (methods[method].component && m->w[0] >= spec.components)
		return SK_BAD_ARG;
	return methods[method].answer(m);
}

/* Nothing but the answer goes back: not what root's registers held, nor the words of the call. */
void control_answer(struct sk_words *m)
{
	struct sk_words answer = { { m->w[0] }, 0, 0 };
	uint64_t method = m->w[7], badge = m->extra & ~SK_CAP_RECEIVED;
	bool slot = badge != SPEC_CONTROL_ALL;
	enum sk_status status = SK_NO_CALL;

	if (method < (slot ? SPEC_SLOT_COUNT + 1 : sizeof(methods) / sizeof(methods[0])))
		status = slot ? slot_call((uint32_t)badge - 1, method, &answer) :
			 supervisor_call(method, &answer);
	if (status != SK_OK)
		answer = (struct sk_words){ { 0 }, 0, 0 };
	answer.w[7] = status;
	*m = answer;
}
