/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers of a vCPU by name, and what comes with SK_VCPU_RUN. */
#include "arch.h"
#include "core.h"
#include "vcpu.h"

#define USABLE   (HOST_LISTS - 1)
#define STATE    (SK_LIST_PENDING | SK_LIST_ACTIVE)
#define WRITABLE (STATE | SK_LIST_GROUP1 | 0xfful << SK_LIST_PRIORITY_SHIFT | SK_LIST_EOI | SK_LIST_INTID)

void arch_vcpu_init(struct vcpu *vcpu)
{
	vcpu->arch.reg[SK_VREG_LISTS] = USABLE;
}

/* Where the registers are now. */
static uint64_t *registers(struct core *core, struct vcpu *vcpu)
{
	return core->arch.loaded == vcpu ? core->arch.guest : vcpu->arch.reg;
}

uint64_t arch_vcpu_read(struct core *core, struct vcpu *vcpu, unsigned reg)
{
	return registers(core, vcpu)[reg];
}

bool arch_link_legal(unsigned k, uint64_t value)
{
	return k + 1 < USABLE && !(value & (STATE | ~WRITABLE)) && (value & SK_LIST_INTID) >= 32;
}

static void put_link(struct core *core, struct vcpu *vcpu, unsigned k, uint64_t value)
{
	registers(core, vcpu)[SK_VREG_LIST0 + USABLE - 1 - k] = value;
}

void arch_vcpu_link(struct core *core, struct vcpu *vcpu, unsigned k, unsigned line, uint64_t value)
{
	vcpu->arch.link[k] = value ? value | SK_LIST_PENDING | SK_LIST_HW | (uint64_t)line << 32 : 0;
	put_link(core, vcpu, k, 0);
}

void arch_vcpu_fire(struct core *core, struct vcpu *vcpu, unsigned k)
{
	/* the line is active until the guest has ended it: whoever lets it fire before loses an interrupt */
	put_link(core, vcpu, k, vcpu->arch.link[k]);
}

/* Whether a VMM may put this into list register n, given what the others hold. */
static bool list_legal(const struct vcpu *vcpu, const uint64_t *reg, unsigned n, uint64_t value)
{
	if (n >= USABLE || (value & ~WRITABLE))
		return false;
	for (unsigned k = 0; k < ARCH_LINKS; k++) {
		if (vcpu->arch.link[k] && (n == USABLE - 1 - k || !((vcpu->arch.link[k] ^ value) & SK_LIST_INTID)))
			return false;
	}
	for (unsigned i = 0; i < USABLE; i++) {
		uint64_t other = reg[SK_VREG_LIST0 + i];

		if (i != n && (value & STATE) && (other & STATE) && !((value ^ other) & SK_LIST_INTID))
			return false;
	}
	return true;
}

void arch_vcpu_write(struct core *core, struct vcpu *vcpu, unsigned reg, uint64_t value)
{
	uint64_t *regs = registers(core, vcpu);

	if (reg == SK_VREG_LISTS)
		return;
	if (reg >= SK_VREG_LIST0 && reg < SK_VREG_AP0R0 && !list_legal(vcpu, regs, reg - SK_VREG_LIST0, value))
		return;
	regs[reg] = value;
}

bool arch_vcpu_answer(struct core *core, struct vcpu *vcpu, struct arch_frame *frame)
{
	uint64_t *reg = registers(core, vcpu), flags = frame_word(frame, 0);
	unsigned a = flags >> SK_RUN_LIST_A_SHIFT & 0xff, b = flags >> SK_RUN_LIST_B_SHIFT & 0xff;
	uint64_t old_a;

	if ((flags & SK_RUN_LIST_A) && !list_legal(vcpu, reg, a, frame_word(frame, 5)))
		return false;
	old_a = flags & SK_RUN_LIST_A ? reg[SK_VREG_LIST0 + a] : 0;
	if (flags & SK_RUN_LIST_A)
		reg[SK_VREG_LIST0 + a] = frame_word(frame, 5);
	if (flags & SK_RUN_LIST_B) {
		if (!list_legal(vcpu, reg, b, frame_word(frame, 6))) {
			if (flags & SK_RUN_LIST_A)
				reg[SK_VREG_LIST0 + a] = old_a;
			return false;
		}
		reg[SK_VREG_LIST0 + b] = frame_word(frame, 6);
	}
	/* decoded, and the lists written */
	if ((flags & SK_RUN_ANSWER) && vcpu->arch.pending)
		reg[vcpu->arch.pending_reg] = frame_word(frame, 1);
	vcpu->arch.pending = 0;
	return true;
}

void arch_vcpu_lists(struct core *core, struct vcpu *vcpu, struct arch_frame *frame)
{
	const uint64_t *reg = registers(core, vcpu);
	uint64_t word = 0;

	for (unsigned i = 0; i < USABLE; i++)
		word |= reg[SK_VREG_LIST0 + i] & STATE ? 0 : 1ul << i;
	frame_word(frame, 7) = word;
}
