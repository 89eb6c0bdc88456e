/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Into the guest: the answer and list-register writes that come with SK_VCPU_RUN.
 * fast_vcpu_run comes straight from calls.S with the words in registers.
 */
#include "arch.h"
#include "core.h"
#include "cpu.h"
#include "entry.h"
#include "gate.h"
#include "guest.h"
#include "iss.h"
#include "lists.h"
#include "space.h"
#include "sysreg.h"
#include "vcpu.h"
#include "vcpu_run.h"

#define RUN_LISTS (SK_RUN_LIST_A | SK_RUN_LIST_B)
#define RUN_FLAGS (SK_RUN_ANSWER | RUN_LISTS | SK_RUN_UNDERFLOW)
#define RUN_INDEX 0xfu
#define RUN_KNOWN ((uint64_t)(RUN_FLAGS | RUN_INDEX << SK_RUN_LIST_A_SHIFT | RUN_INDEX << SK_RUN_LIST_B_SHIFT))

struct run {
	uint64_t control;
	uint64_t answer[4];
	uint64_t list_a, list_b;
};

static inline void write_back_load(struct arch_vcpu *v, uint64_t value)
{
	uint64_t access = v->pending_access;
	unsigned shift = 64 - (8u << iss_size(access));

	value <<= shift;
	if (access & ISS_SSE)
		value = (uint64_t)((int64_t)value >> shift);
	else
		value >>= shift;
	v->x[iss_register(access)] = access & ISS_SF ? value : (uint32_t)value;
}

static void commit_answer(struct arch_vcpu *v, const struct run *run)
{
	if (v->pending == PENDING_LOAD) {
		write_back_load(v, run->answer[0]);
	} else if (v->pending == PENDING_CALL) {
		for (unsigned i = 0; i < 4; i++)
			v->x[i] = run->answer[i];
	}
}

static unsigned index_a(uint64_t control)
{
	return control >> SK_RUN_LIST_A_SHIFT & RUN_INDEX;
}

static unsigned index_b(uint64_t control)
{
	return control >> SK_RUN_LIST_B_SHIFT & RUN_INDEX;
}

/* The list registers that are in the core, for the comparison of INTIDs. */
static bool check_lists(struct core *core, const struct run *run)
{
	unsigned usable = core->arch.lists - 1, a = index_a(run->control);
	uint64_t list[VCPU_MAX_LISTS];

	for (unsigned i = 0; i < usable; i++)
		list[i] = lists_read(FIRST_LIST + i);
	if (run->control & SK_RUN_LIST_A) {
		if (!list_legal(usable, list, a, run->list_a))
			return false;
		list[a] = run->list_a;
	}
	return !(run->control & SK_RUN_LIST_B) || list_legal(usable, list, index_b(run->control), run->list_b);
}

/* Decodes and commits: false and nothing done if a value is refused. */
static bool answer(struct core *core, struct vcpu *vcpu, const struct run *run)
{
	struct arch_vcpu *v = &vcpu->arch;

	if (run->control & ~RUN_KNOWN)
		return false;
	if (run->control & RUN_LISTS) {
		if (core->arch.loaded != vcpu)
			guest_load(core, vcpu);
		if (!check_lists(core, run))
			return false;
		/* decoded */
		if (run->control & SK_RUN_LIST_A)
			lists_write(FIRST_LIST + index_a(run->control), run->list_a);
		if (run->control & SK_RUN_LIST_B)
			lists_write(FIRST_LIST + index_b(run->control), run->list_b);
	}
	if (run->control & SK_RUN_ANSWER)
		commit_answer(v, run);
	v->pending = PENDING_NONE;
	v->underflow = (run->control & SK_RUN_UNDERFLOW) != 0;
	return true;
}

bool arch_vcpu_answer(struct core *core, struct vcpu *vcpu, struct arch_frame *frame)
{
	const struct run run = {
		.control = frame_word(frame, 0),
		.answer = { frame_word(frame, 1), frame_word(frame, 2), frame_word(frame, 3), frame_word(frame, 4) },
		.list_a = frame_word(frame, 5),
		.list_b = frame_word(frame, 6),
	};

	return answer(core, vcpu, &run);
}

#define MISR_EOI   1ul
#define MISR_U     (1ul << 1)
#define MISR_LRENP (1ul << 2)

uint64_t list_events(uint64_t misr)
{
	uint64_t ended = misr & MISR_EOI ? READ_SYSREG(ich_eisr_el2) >> FIRST_LIST : 0;

	return ended << 16 | (misr & MISR_LRENP ? 1ul << 32 : 0) | (misr & MISR_U ? 1ul << 33 : 0);
}

void arch_vcpu_lists(struct core *core, struct vcpu *vcpu, struct arch_frame *frame)
{
	uint64_t misr;

	if (core->arch.loaded != vcpu)
		guest_load(core, vcpu);
	misr = READ_SYSREG(ich_misr_el2);
	frame_word(frame, 7) = READ_SYSREG(ich_elrsr_el2) >> FIRST_LIST | (misr ? list_events(misr) : 0);
}

/* The words of a call that is not made in the common way, for kernel/core/vcpu.c. */
static __attribute__((noinline)) void slow_run(uint64_t control, uint64_t w1, uint64_t w2, uint64_t w3, uint64_t w4, uint64_t w5, uint64_t w6)
{
	struct core *core = core_here();
	struct arch_frame *f = &core->current->frame;

	frame_word(f, 0) = control;
	frame_word(f, 1) = w1;
	frame_word(f, 2) = w2;
	frame_word(f, 3) = w3;
	frame_word(f, 4) = w4;
	frame_word(f, 5) = w5;
	frame_word(f, 6) = w6;
	kernel_syscall(core, SK_VCPU_RUN);
	arch_resume(core);
}

/* Not inline, so that fast_vcpu_run only jumps and needs no stack frame. */
static __attribute__((noinline)) void event(struct core *core, struct thread *thread)
{
	vcpu_event(core, thread);
	arch_resume(core);
}

void fast_vcpu_run(uint64_t control, uint64_t w1, uint64_t w2, uint64_t w3, uint64_t w4, uint64_t w5, uint64_t w6)
{
	struct core *core = core_here();
	struct thread *thread = core->current;
	struct vcpu *vcpu = thread->vcpu;
	struct arch_vcpu *v;

	if (!vcpu || core->arch.loaded != vcpu || (control & ~(uint64_t)SK_RUN_ANSWER)) {
		slow_run(control, w1, w2, w3, w4, w5, w6);
		return;
	}
	v = &vcpu->arch;
	/* committed */
	if (control) {
		if (v->pending == PENDING_LOAD) {
			write_back_load(v, w1);
		} else if (v->pending == PENDING_CALL) {
			v->x[0] = w1;
			v->x[1] = w2;
			v->x[2] = w3;
			v->x[3] = w4;
		}
	}
	v->pending = PENDING_NONE;
	v->underflow = 0;
	thread->in_guest = 1;
	if (!vcpu_may_enter(core, thread)) {
		event(core, thread);
		return;
	}
	gate_interface(core, ICH_RUN);
	gate_enter(core, vcpu);
}
