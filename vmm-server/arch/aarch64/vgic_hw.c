/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtual GIC's way to the kernel. None of the calls can fail while the
 * VMM holds its vCPUs; if they are gone so is the guest.
 */
#include "arch/aarch64/vgic.h"

#include <skerry/calls.h>

#include "core/wiring.h"

unsigned vgic_hw_lists(uint32_t slot)
{
	uint64_t lists = 0;

	return sk_vcpu_get(slot, SK_VREG_LISTS, &lists) == SK_OK ? (unsigned)lists : 0;
}

void vgic_hw_read_lists(uint32_t slot, unsigned first, uint64_t *value, unsigned count)
{
	uint64_t eight[8];

	for (unsigned done = 0; done < count; done += 8) {
		if (sk_vcpu_read(slot, SK_VREG_LIST0 + first + done, eight) != SK_OK)
			for (unsigned i = 0; i < 8; i++)
				eight[i] = 0;
		for (unsigned i = 0; i < 8 && done + i < count; i++)
			value[done + i] = eight[i];
	}
}

void vgic_hw_write_list(uint32_t slot, unsigned n, uint64_t value)
{
	sk_vcpu_set(slot, SK_VREG_LIST0 + n, value);
}

/* The thread of a vCPU that waits must look again: the bits say no more. */
void vgic_hw_link(uint32_t irq, uint32_t slot, uint64_t value)
{
	if (slot)
		sk_irq_link(irq, slot, value, VMM_EVENT_KICK);
	else
		sk_irq_bind(irq, 0);
}

void vgic_hw_write_vtimer(uint32_t slot, uint64_t template)
{
	sk_vcpu_set(slot, SK_VREG_VTIMER, template);
}
