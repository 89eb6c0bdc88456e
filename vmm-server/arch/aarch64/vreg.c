/* SPDX-License-Identifier: BSD-2-Clause */
#include "arch/aarch64/vreg.h"

#include <skerry/calls.h>
#include <skerry/fail.h>

#include "core/log.h"

uint64_t vreg_read(const struct vcpu *cpu, unsigned reg)
{
	uint64_t out[8] = { 0 };
	enum sk_status status = sk_vcpu_read(cpu->slot, reg, out);

	if (status != SK_OK)
		vm_log("SK_VCPU_READ of register %u: %s", reg, sk_status_text(status));
	return out[0];
}

void vreg_write(struct vcpu *cpu, unsigned reg, uint64_t value)
{
	enum sk_status status = sk_vcpu_write(cpu->slot, reg, 1, &value);

	if (status != SK_OK)
		vm_log("SK_VCPU_WRITE of register %u: %s", reg, sk_status_text(status));
}
