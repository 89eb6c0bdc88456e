/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What root does when a component ends or fails.
 *
 *   failed, and the spec lets it be started again    life_end, life_build, life_begin; at most
 *                                                    `restarts` times within `period` seconds
 *   a VMM, whatever became of it                     life_end: its guest goes, the others run on
 *   an instance of a slot                            life_end, and the slot's holder is told
 *   any other component failed                       the system ends: somebody needed it
 *
 * The system ends when all components have that can tell of an end or may start others; if
 * there is none, when all have.
 */
#include "supervise.h"

#include <stdio.h>
#include "life.h"
#include "skerry/calls.h"
#include "skerry/end.h"
#include "skerry/log.h"
#include "skerry/thread.h"
#include "system.h"

#define STACK_BYTES 16384
#define REASON      220

static uint32_t notification, endpoint, own_thread;
static uint64_t pending;            /* bits that were taken from the notification */
static struct life life[SPEC_COMPONENTS_MAX];
static int worst = ROOT_EXIT_OFF;   /* the most serious of the codes wins */
static char worst_reason[REASON] = "all components ended";

void supervise_open(void)
{
	notification = root_slots(1);
	endpoint = root_slots(1);
	root_check(sk_retype(SK_ROOT_OBJECTS, SK_TYPE_NOTIFICATION, 0, SK_ROOT_CNODE, notification, 1, 0), "making",
		   "the supervisor's notification");
	root_check(sk_retype(SK_ROOT_OBJECTS, SK_TYPE_ENDPOINT, 0, SK_ROOT_CNODE, endpoint, 1, 0), "making",
		   "the supervisor's endpoint");
}

uint32_t supervise_slot(void)
{
	return notification;
}

uint32_t control_slot(void)
{
	return endpoint;
}

uint32_t supervise_thread(void)
{
	return own_thread;
}

const struct life *life_of(uint32_t index)
{
	return &life[index];
}

/*
 * What the spec does not give root and supervision does not need: the right to make
 * interrupt lines, the IOMMU right, devices that no component has. Root keeps its RAM and
 * object untypeds, the components' objects and memory, the registers of their devices (to
 * give them to the next life), the status port and the power.
 */
static void give_up(void)
{
	const struct sk_root_info *info = sk_root_info();

	sk_delete(SK_ROOT_CNODE, SK_ROOT_IRQ_CONTROL);
	sk_delete(SK_ROOT_CNODE, SK_ROOT_IOMMU);
	for (uint32_t i = 0; i < info->regions; i++) {
		if (i != info->status && info->region[i].kind != SK_REGION_RAM &&
		    info->region[i].kind != SK_REGION_ARCHIVE)
			sk_delete(SK_ROOT_CNODE, SK_ROOT_REGIONS + i);
	}
}

/* The last words of a guest are on their way through the console's rings: its driver gets some time for them. */
_Noreturn static void leave(int code, const char *reason)
{
	uint64_t bits, until = sk_counter() + sk_root_info()->counter_hz / 20;

	/* The VMM that just told of its guest's end signals once more, when it ends itself. */
	while (sk_wait(notification, until, &bits) == SK_OK)
		;
	sk_root_exit(code, reason);
}

/* --- the end of the system ---------------------------------------------------------- */

static bool any_exits(void)
{
	for (uint32_t i = 0; i < spec.components; i++) {
		if (component[i].exits)
			return true;
	}
	return false;
}

/* Nobody runs any more that the system is there for. */
static bool all_over(void)
{
	bool some = any_exits();

	for (uint32_t i = 0; i < spec.components; i++) {
		if (life[i].now == SK_LIFE_RUNS && !life[i].told && (component[i].exits || !some))
			return false;
	}
	return true;
}

/* An instance of a slot is its holder's to judge. */
static void note(uint32_t index, int code, const char *reason)
{
	life[index].code = code;
	if (code < worst || spec.component[index].slot != SPEC_NONE)
		return;
	worst = code;
	snprintf(worst_reason, sizeof(worst_reason), "%s", reason);
}

/* --- lives ---------------------------------------------------------------------------- */

static void begin(uint32_t index)
{
	life_begin(index);
	life[index].now = SK_LIFE_RUNS;
	life[index].told = false;
}

/* Nothing of it can signal any more: what it has signalled is void. */
static void end(uint32_t index, enum sk_life how)
{
	uint64_t bits;

	life_end(index);
	life[index].now = how;
	if (sk_poll(notification, &bits) == SK_OK)
		pending |= bits;
	pending &= ~spec_outcome_bits(index, SPEC_OUTCOMES - 1);
}

/* Whether it may be started again now; counts. */
static bool may_restart(uint32_t index)
{
	const struct spec_component *c = component[index].spec;
	struct life *l = &life[index];
	uint64_t now = sk_counter();

	if (c->restarts == 0)
		return false;
	if (l->restarts == 0 || now - l->since > c->period * sk_root_info()->counter_hz) {
		l->since = now;
		l->restarts = 0;
	}
	if (l->restarts == c->restarts) {
		report("%s was started again %u times within %u s and failed again: given up", component[index].name,
		       c->restarts, c->period);
		return false;
	}
	l->restarts++;
	return true;
}

/* Of a slot: what has become of its instances. */
static void tell_holder(uint32_t index)
{
	uint32_t slot = component[index].spec->slot;

	if (slot != SPEC_NONE && object[slot].spec->ref != SPEC_NONE)
		sk_signal(object[slot].handler);
}

/* THREAD: the one that faulted, or NONE. */
static void failed(uint32_t index, int code, const char *reason, uint32_t thread)
{
	report("%s", reason);
	if (thread != SPEC_NONE) {
		report_place(index, &life[index].last);
		report_registers(thread);
	}
	life[index].failures++;
	if (may_restart(index)) {
		end(index, SK_LIFE_FAILED);
		life_build(index);
		begin(index);
		report("%s is started again", component[index].name);
		return;
	}
	note(index, component[index].guest ? ROOT_EXIT_CRASH : code, reason);
	if (code == ROOT_EXIT_OWN && !component[index].guest && component[index].spec->slot == SPEC_NONE)
		leave(code, reason);
	life[index].code = code;
	end(index, SK_LIFE_FAILED);
	tell_holder(index);
}

static void ended(uint32_t index, const char *reason)
{
	if (!life[index].told)
		note(index, ROOT_EXIT_OFF, reason);
	end(index, life[index].told ? life[index].then : SK_LIFE_ENDED);
	tell_holder(index);
}

/* --- events --------------------------------------------------------------------------- */

/* A component says how its guest ended. It is about to end itself, and may have something to write still. */
static void told(uint32_t index, uint64_t outcome)
{
	static const struct { int code; const char *what; } meaning[SPEC_OUTCOMES] = {
		[SPEC_OFF] = { ROOT_EXIT_OFF, "powered off" },
		[SPEC_CRASH] = { ROOT_EXIT_CRASH, "crashed" },
		[SPEC_RESET] = { ROOT_EXIT_RESET, "reset itself" },
	};
	char reason[REASON];

	if (life[index].now != SK_LIFE_RUNS || life[index].told)
		return;
	snprintf(reason, sizeof(reason), "the guest of %s %s", component[index].name, meaning[outcome].what);
	if (outcome == SPEC_CRASH && component[index].spec->restarts) {
		failed(index, ROOT_EXIT_CRASH, reason, SPEC_NONE);
		return;
	}
	if (outcome == SPEC_CRASH)
		trace_report(TRACE_USUAL);
	if (outcome != SPEC_OFF)
		report("%s", reason);
	note(index, meaning[outcome].code, reason);
	life[index].told = true;
	life[index].then = outcome == SPEC_CRASH ? SK_LIFE_FAILED : SK_LIFE_ENDED;
	life[index].failures += outcome == SPEC_CRASH;
}

/* Returns whether thread OBJECT has a fault that counts. */
static bool fault_of(uint32_t thread, struct fault *f)
{
	const struct component *c = &component[spec.object[thread].owner];

	*f = watch_fault(thread);
	return c->built && f->generation == c->starts;
}

static void faulted(uint32_t thread, const struct fault *f)
{
	uint32_t index = spec.object[thread].owner;
	char reason[REASON];
	int code;

	if (report_how(f) != SK_END_OK)
		trace_report(TRACE_USUAL); /* first: what led to this, and not what is written of it */
	code = report_end(index, thread, f, reason, sizeof(reason));
	if (code == ROOT_EXIT_OFF) {
		ended(index, reason);
		return;
	}
	life[index].last = *f;
	failed(index, code, reason, report_how(f) ? SPEC_NONE : thread);
}

static void handle_all(uint64_t bits)
{
	if (bits & EVENT_ASKED)
		trace_asked();
	for (uint32_t i = 0; i < spec.components; i++) {
		uint64_t outcome = bits >> (2 * i) & 3;

		if (outcome)
			told(i, outcome - 1);
	}
	for (uint32_t i = 0; i < spec.objects && (bits & EVENT_FAULT); i++) {
		struct fault f;

		if (spec.object[i].kind == SPEC_THREAD && fault_of(i, &f))
			faulted(i, &f);
	}
}

/* Ending one component may take bits of others from the notification. */
static void handle(uint64_t bits)
{
	pending = bits;
	while (pending) {
		bits = pending;
		pending = 0;
		handle_all(bits);
	}
}

/* --- what others want -------------------------------------------------------------------- */

enum sk_status supervise_start(uint32_t index)
{
	if (life[index].now == SK_LIFE_RUNS)
		return SK_STATE;
	life_build(index);
	begin(index);
	return SK_OK;
}

enum sk_status supervise_stop(uint32_t index)
{
	if (life[index].now == SK_LIFE_STOPPED)
		return SK_STATE;
	if (life[index].now == SK_LIFE_RUNS)
		end(index, SK_LIFE_STOPPED);
	life[index].now = SK_LIFE_STOPPED;
	return SK_OK;
}

enum sk_status supervise_restart(uint32_t index)
{
	if (life[index].now != SK_LIFE_RUNS)
		return SK_STATE;
	end(index, SK_LIFE_STOPPED);
	return supervise_start(index);
}

/* --- root's thread -------------------------------------------------------------------------- */

static void serve(void *none)
{
	struct sk_words m = { { 0 }, 0, 0 };

	(void)none;
	for (;;) {
		enum sk_status status = sk_reply_wait(endpoint, &m);
		uint64_t bits = m.w[0];

		if (status == SK_OK)
			control_answer(&m);
		else
			m = (struct sk_words){ { 0 }, 0, 0 };
		if (status == SK_EVENT)
			handle(bits);
		if (all_over()) {
			trace_report(TRACE_USUAL);
			leave(worst, worst_reason);
		}
	}
}

/* The thread that the kernel started cannot have a notification bound: it runs. */
_Noreturn static void become_supervisor(void)
{
	static _Alignas(16) uint8_t stack[STACK_BYTES], tls[SK_THREAD_TLS_BYTES];
	uint32_t thread = own_thread = root_slots(1);
	const struct sk_thread_config config = {
		.cnode = SK_ROOT_CNODE,
		.space = SK_ROOT_SPACE,
		.notification = notification,
		.priorities = SK_PRIORITY(SPEC_PRIORITY_ROOT, SPEC_PRIORITY_ROOT),
	};

	root_check(sk_retype(SK_ROOT_OBJECTS, SK_TYPE_THREAD, 0, SK_ROOT_CNODE, thread, 1, 0), "making", "the supervisor");
	root_check(sk_thread_configure(thread, &config), "configuring", "the supervisor");
	root_check(sk_thread_spawn(thread, serve, NULL, stack, sizeof(stack), tls), "starting", "the supervisor");
	for (;;)
		sk_thread_stop(SK_ROOT_THREAD);
}

void system_run(void)
{
	trace_open();
	give_up();
	for (uint32_t i = 0; i < spec.components; i++) {
		if (component[i].spec->slot == SPEC_NONE)
			begin(i);
	}
	become_supervisor();
}
