/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Into the guest: the answer and list-register writes that come with SK_VCPU_RUN,
 * for all cases. fast_run (gate.S) does the common ones.
 */
#include "kernel.h"
#include "cpu.h"
#include "esr.h"
#include "gate.h"
#include "guest.h"
#include "lists.h"
#include "sysreg.h"

#define RUN_LISTS (SK_RUN_LIST_A | SK_RUN_LIST_B)
#define RUN_FLAGS (SK_RUN_ANSWER | RUN_LISTS | SK_RUN_UNDERFLOW)
#define RUN_INDEX 0xfu
#define RUN_KNOWN ((uint64_t)(RUN_FLAGS | RUN_INDEX << SK_RUN_LIST_A_SHIFT | RUN_INDEX << SK_RUN_LIST_B_SHIFT))

static void load_answer(struct arch_vcpu *v, uint64_t value)
{
	uint64_t access = v->pending;
	unsigned shift = 64 - (8u << (access >> ISS_SAS & 3));

	value <<= shift;
	if (access >> ISS_SSE & 1)
		value = (uint64_t)((int64_t)value >> shift);
	else
		value >>= shift;
	v->x[access >> ISS_SRT & 31] = access >> ISS_SF & 1 ? value : (uint32_t)value;
}

static void commit_answer(struct arch_vcpu *v, const struct arch_frame *frame)
{
	if (v->pending >> ISS_ISV & 1) {
		load_answer(v, frame_word(frame, 1));
	} else if (v->pending == PENDING_CALL) {
		for (unsigned i = 0; i < 4; i++)
			v->x[i] = frame_word(frame, 1 + i);
	}
}

/* The list registers that an interrupt must not stand in already: those in use, but the ones to be written. */
static COLD bool elsewhere(const struct arch_vcpu *v, uint32_t used, uint64_t value)
{
	for (; used & ~LIST_LINKS; used &= used - 1) {
		uint64_t list = lists_read(FIRST_LIST + (unsigned)__builtin_ctz(used));

		if (list_live(list) && (list & SK_LIST_INTID) == (value & SK_LIST_INTID))
			return true;
	}
	return used && list_linked(v, value);
}

bool lists_answer(uint64_t control, uint64_t w1, uint64_t w2, uint64_t w3, uint64_t w4, uint64_t a, uint64_t b)
{
	const struct arch_vcpu *v = &core_here()->arch.loaded->arch;
	unsigned at_a = control >> SK_RUN_LIST_A_SHIFT & RUN_INDEX, at_b = control >> SK_RUN_LIST_B_SHIFT & RUN_INDEX;
	uint32_t used = (uint32_t)~READ_SYSREG(ich_elrsr_el2) >> FIRST_LIST & v->writable;
	bool write_a = control & SK_RUN_LIST_A, write_b = control & SK_RUN_LIST_B;

	if (write_a) {
		used &= ~(1u << at_a);
		if (!(v->writable >> at_a & 1) || !list_legal(a) || (used && list_live(a) && elsewhere(v, used, a)))
			return false;
	}
	if (write_b) {
		used &= ~(1u << at_b);
		if (!(v->writable >> at_b & 1) || !list_legal(b) || (used && list_live(b) && elsewhere(v, used, b)))
			return false;
		if (write_a && at_a != at_b && list_live(a) && list_live(b) && (a & SK_LIST_INTID) == (b & SK_LIST_INTID))
			return false;
	}
	/* decoded */
	if (write_a)
		lists_write(FIRST_LIST + at_a, a);
	if (write_b)
		lists_write(FIRST_LIST + at_b, b);
	return true;
}

COLD bool arch_vcpu_answer(struct core *core, struct vcpu *vcpu, struct arch_frame *frame)
{
	uint64_t control = frame_word(frame, 0);
	struct arch_vcpu *v = &vcpu->arch;

	if (control & ~RUN_KNOWN)
		return false;
	if (control & RUN_LISTS) {
		if (core->arch.loaded != vcpu)
			guest_load(core, vcpu);
		if (!lists_answer(control, 0, 0, 0, 0, frame_word(frame, 5), frame_word(frame, 6)))
			return false;
	}
	/* decoded */
	if (control & SK_RUN_ANSWER)
		commit_answer(v, frame);
	v->pending = PENDING_NONE;
	v->underflow = (control & SK_RUN_UNDERFLOW) != 0;
	return true;
}

#define MISR_EOI   1ul
#define MISR_U     (1ul << 1)
#define MISR_LRENP (1ul << 2)

/* What was ended is told once: its register is emptied, so that it does not ask again. */
static uint64_t take_ended(void)
{
	uint64_t ended = READ_SYSREG(ich_eisr_el2);

	for (uint64_t left = ended; left; left &= left - 1)
		lists_write((unsigned)__builtin_ctzl(left), 0);
	return ended >> FIRST_LIST;
}

uint64_t list_events(uint64_t misr)
{
	uint64_t ended = misr & MISR_EOI ? take_ended() : 0;

	/* Off, the interface forgets the count of ends without entry, and its line falls. */
	if (misr & (MISR_U | MISR_LRENP))
		gate_interface(core_here(), 0);
	return ended << 16 | ended | (misr & MISR_LRENP ? 1ul << 32 : 0) | (misr & MISR_U ? 1ul << 33 : 0);
}

COLD void arch_vcpu_lists(struct core *core, struct vcpu *vcpu, struct arch_frame *frame)
{
	uint64_t misr;

	if (core->arch.loaded != vcpu)
		guest_load(core, vcpu);
	misr = READ_SYSREG(ich_misr_el2);
	frame_word(frame, 7) = READ_SYSREG(ich_elrsr_el2) >> FIRST_LIST | (misr ? list_events(misr) : 0);
}
