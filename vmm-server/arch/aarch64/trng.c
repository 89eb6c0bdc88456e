/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * True Random Number Generator firmware interface 1.0 (Arm DEN0098 REL0). The
 * numbers are those of the VMM (core/seed.c says how good they are).
 */
#include <stddef.h>

#include "arch/aarch64/hypercall.h"

#define TRNG_VERSION  0x84000050u
#define TRNG_FEATURES 0x84000051u
#define TRNG_GET_UUID 0x84000052u
#define TRNG_RND      0x84000053u

#define VERSION_1_0   0x10000u
#define INVALID       ((uint64_t)-2)

/* 6b3b1d0e-7a52-4c1f-9f0e-2f7b6a1c9d35, chosen for this implementation; one word a register, little endian */
static const uint32_t uuid[4] = { 0x0e1d3b6bu, 0x1f4c527au, 0x7b2f0e9fu, 0x359d1c6au };

static void trng_version(struct vcpu *cpu, uint64_t x[4])
{
	(void)cpu;
	x[0] = VERSION_1_0;
}

static void trng_features(struct vcpu *cpu, uint64_t x[4])
{
	uint32_t id = (uint32_t)x[1];

	(void)cpu;
	x[0] = RESULT_NOT_SUPPORTED;
	for (const struct hypercall *call = trng_calls; call->perform; call++) {
		if (call->id == id)
			x[0] = RESULT_SUCCESS;
	}
}

static void trng_get_uuid(struct vcpu *cpu, uint64_t x[4])
{
	(void)cpu;
	for (unsigned i = 0; i < 4; i++)
		x[i] = uuid[i];
}

/* x[1] bits into x3, x2, x1, lowest first, REG bits in each; the rest is zero. */
static void random_bits(struct vcpu *cpu, uint64_t x[4], unsigned reg)
{
	uint64_t bits = x[1];

	if (bits == 0 || bits > 3ul * reg) {
		x[0] = INVALID;
		x[1] = x[2] = x[3] = 0;
		return;
	}
	lock_take(&cpu->vm->lock, cpu->index);
	for (unsigned i = 3; i > 0; i--) {
		uint64_t have = bits < reg ? bits : reg;

		entropy_get(&cpu->vm->entropy, &x[i], sizeof(x[i]));
		x[i] = have == 0 ? 0 : x[i] >> (64 - have);
		bits -= have;
	}
	lock_drop(&cpu->vm->lock);
	x[0] = RESULT_SUCCESS;
}

static void trng_rnd32(struct vcpu *cpu, uint64_t x[4])
{
	random_bits(cpu, x, 32);
}

static void trng_rnd64(struct vcpu *cpu, uint64_t x[4])
{
	random_bits(cpu, x, 64);
}

const struct hypercall trng_calls[] = {
	{ TRNG_VERSION, trng_version },
	{ TRNG_FEATURES, trng_features },
	{ TRNG_GET_UUID, trng_get_uuid },
	{ TRNG_RND, trng_rnd32 },
	{ TRNG_RND | HYPERCALL_64, trng_rnd64 },
	{ 0, NULL },
};
