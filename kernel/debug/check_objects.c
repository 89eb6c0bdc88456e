/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects by type, and what each core has loaded. */
#include "check.h"

#include "reap.h"
#include "space.h"
#include "vcpu.h"

static void check_vcpu(const struct vcpu *vcpu)
{
	if (!vcpu->thread)
		return;
	HOLDS("V1", vcpu->thread->vcpu == vcpu, vcpu);
	HOLDS("V1", vcpu->thread->o.home == vcpu->o.home, vcpu);
}

/* What a core has loaded is there. */
static void check_core(const struct core *core)
{
	HOLDS("O2", !core->space || check_lives(&core->space->o), core);
	HOLDS("O2", !core->arch.loaded || check_lives(&core->arch.loaded->o), core);
	HOLDS("O2", !core->current || check_lives(&core->current->o), core);
}

void check_objects(void)
{
	HOLDS("O3", kernel_tickets.dying == 0, NULL);
	for (unsigned i = 0; i < check_count(); i++) {
		struct object *object = check_object(i);

		HOLDS("O1", object->type >= SK_TYPE_CNODE && object->type <= SK_TYPE_IRQ, object);
		HOLDS("O3", object->refs != 0, object);
		if (object->type == SK_TYPE_SPACE)
			check_space(container_of(object, struct space, o));
		else if (object->type == SK_TYPE_VCPU)
			check_vcpu(container_of(object, struct vcpu, o));
	}
	for (unsigned i = 0; i < core_count; i++)
		check_core(&cores[i]);
}
