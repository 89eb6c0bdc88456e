/* SPDX-License-Identifier: BSD-2-Clause */
#include "devices/passed.h"

#include <stdio.h>

#include "core/vm.h"
#include "skerry/calls.h"
#include "skerry/start.h"

void passed_init(struct passed_set *set)
{
	char name[16];

	for (unsigned n = 0; n < VMM_MAX_PASSED; n++) {
		snprintf(name, sizeof(name), "pass%u.irq", n);
		set->device[n].slot = sk_slot(name);
		snprintf(name, sizeof(name), "pass%u.intid", n);
		set->device[n].intid = (uint32_t)sk_param_number(name, 0);
	}
}

void passed_link(struct passed_set *set, struct vgic *gic)
{
	for (unsigned n = 0; n < VMM_MAX_PASSED; n++) {
		if (set->device[n].slot && vgic_link(gic, set->device[n].intid, set->device[n].slot))
			set->device[n].slot = 0;
	}
}

void passed_event(struct vm *vm, uint64_t bits)
{
	for (unsigned n = 0; n < VMM_MAX_PASSED; n++) {
		if (!(bits & VMM_EVENT_PASSED(n)) || !vm->passed.device[n].slot)
			continue;
		vgic_pulse_spi(&vm->arch.gic, vm->passed.device[n].intid);
		atomic_fetch_or(&vm->passed.raised, 1u << n);
	}
}

/* Several threads may see one end: who takes the bit acknowledges. */
void passed_ended(struct vm *vm)
{
	uint32_t raised = atomic_load(&vm->passed.raised);

	for (unsigned n = 0; n < VMM_MAX_PASSED; n++) {
		if (!(raised & 1u << n) || !vgic_spi_idle(&vm->arch.gic, vm->passed.device[n].intid))
			continue;
		if (atomic_fetch_and(&vm->passed.raised, ~(1u << n)) & 1u << n)
			sk_irq_ack(vm->passed.device[n].slot);
	}
}
