/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Accesses without a device, and those that the hardware did not describe
 * (ISV = 0): the instruction is read from the guest's RAM and carried out.
 */
#include <string.h>

#include "arch/aarch64/decode.h"
#include "arch/aarch64/inject.h"
#include "arch/aarch64/stage1.h"
#include "arch/aarch64/vreg.h"
#include "core/arch.h"
#include "core/log.h"

#define SCTLR_EE   (1ul << 25)
#define SCTLR_E0E  (1ul << 24)
#define MODE_MASK  0xful
#define MODE_EL0T  0x0ul
#define MODE_EL1H  0x5ul
#define EMULATE_PAGE 4096ul

void arch_bus_error(struct vcpu *cpu, const struct sk_words *exit)
{
	bool write = exit->w[0] & SK_EXIT_WRITE;

	guest_log("no device at 0x%lx: %s of %lu bytes by pc 0x%lx", (unsigned long)exit->w[1],
		  write ? "store" : "load", (unsigned long)(exit->w[0] >> SK_EXIT_WIDTH_SHIFT & 0xff),
		  (unsigned long)exit->w[5]);
	inject_data_abort(cpu, exit->w[5], exit->w[3], write);
}

void arch_exit_fetch(struct vcpu *cpu, const struct sk_words *exit)
{
	guest_log("instruction fetch at 0x%lx, virtual 0x%lx, where there is no RAM", (unsigned long)exit->w[1],
		  (unsigned long)exit->w[2]);
	inject_fetch_abort(cpu, exit->w[5], exit->w[2]);
}

static struct stage1 regime(const struct vcpu *cpu)
{
	return (struct stage1){
		.sctlr = vreg_read(cpu, SK_VREG_SCTLR_EL1),
		.tcr = vreg_read(cpu, SK_VREG_TCR_EL1),
		.ttbr0 = vreg_read(cpu, SK_VREG_TTBR0_EL1),
		.ttbr1 = vreg_read(cpu, SK_VREG_TTBR1_EL1),
	};
}

static const char *fetch(const struct vcpu *cpu, const struct stage1 *s, uint64_t pc, uint32_t *instruction)
{
	gpa_t at;
	const char *wrong = stage1_translate(&cpu->vm->ram, s, pc, &at);
	const void *from = wrong ? NULL : ram_at(&cpu->vm->ram, at, 4);

	if (from)
		memcpy(instruction, from, 4);
	else if (!wrong)
		wrong = "the instruction lies outside RAM";
	return wrong;
}

/* The register that number 31 means as a base. */
static unsigned base_register(unsigned rn, uint64_t pstate)
{
	if (rn != DECODE_SP)
		return SK_VREG_X0 + rn;
	return (pstate & MODE_MASK) == MODE_EL1H ? SK_VREG_SP_EL1 : SK_VREG_SP_EL0;
}

static uint64_t data_register(const struct vcpu *cpu, unsigned n)
{
	return n == 31 ? 0 : vreg_read(cpu, SK_VREG_X0 + n);
}

static bool perform_one(struct vcpu *cpu, const struct load_store *i, gpa_t at, unsigned n, uint64_t *value)
{
	struct mmio_access access = { .width = i->width, .cpu = cpu->index, .write = i->store };
	uint64_t mask = i->width == 8 ? ~0ul : (1ul << (8 * i->width)) - 1;

	if (i->store)
		access.value = data_register(cpu, n == 0 ? i->rt : i->rt2) & mask;
	if (!mmio_perform(&cpu->vm->mmio, at.value + (uint64_t)n * i->width, &access))
		return false;
	*value = access.value & mask;
	return true;
}

static void write_back(struct vcpu *cpu, const struct load_store *i, unsigned base_reg, uint64_t base,
		       const uint64_t *value)
{
	if (i->writeback)
		vreg_write(cpu, base_reg, base + (uint64_t)i->update);
	if (i->store)
		return;
	if (i->rt != 31)
		vreg_write(cpu, SK_VREG_X0 + i->rt, load_store_extend(i, value[0]));
	if (i->count == 2 && i->rt2 != 31)
		vreg_write(cpu, SK_VREG_X0 + i->rt2, load_store_extend(i, value[1]));
}

/* Returns null if the instruction was carried out; else why it is not, and *address = where it went, if known. */
static const char *emulate(struct vcpu *cpu, uint64_t pc, uint64_t *address)
{
	struct stage1 s = regime(cpu);
	uint64_t pstate = vreg_read(cpu, SK_VREG_PSTATE), value[2] = { 0, 0 };
	struct load_store i;
	uint32_t instruction;
	gpa_t at;

	const char *wrong = fetch(cpu, &s, pc, &instruction);
	if (wrong)
		return wrong;
	if (!decode_load_store(instruction, &i))
		return "the instruction is none of the emulated loads and stores";
	if (i.nothing) {
		vreg_write(cpu, SK_VREG_PC, pc + 4);
		return NULL;
	}
	if (s.sctlr & ((pstate & MODE_MASK) == MODE_EL0T ? SCTLR_E0E : SCTLR_EE))
		return "the guest is big-endian";
	unsigned base_reg = base_register(i.rn, pstate);
	uint64_t base = vreg_read(cpu, base_reg);
	*address = load_store_address(&i, base, i.by_register ? data_register(cpu, i.rm) : 0);
	if (*address % EMULATE_PAGE + (uint64_t)i.count * i.width > EMULATE_PAGE)
		return "the access crosses a page";
	wrong = stage1_translate(&cpu->vm->ram, &s, *address, &at);
	if (wrong)
		return wrong;
	for (unsigned n = 0; n < i.count; n++) {
		if (!perform_one(cpu, &i, at, n, &value[n]))
			return "no device there";
	}
	write_back(cpu, &i, base_reg, base, value);
	vreg_write(cpu, SK_VREG_PC, pc + 4);
	return NULL;
}

void arch_exit_undecoded(struct vcpu *cpu, const struct sk_words *exit)
{
	uint64_t address = exit->w[2];
	const char *wrong = emulate(cpu, exit->w[5], &address);

	if (!wrong)
		return;
	guest_log("access at 0x%lx, virtual 0x%lx, by pc 0x%lx: %s", (unsigned long)exit->w[1],
		  (unsigned long)address, (unsigned long)exit->w[5], wrong);
	inject_data_abort(cpu, exit->w[5], exit->w[2] ? exit->w[2] : address, exit->w[3] & SK_ACCESS_WRITE);
}
