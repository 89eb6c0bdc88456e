/* SPDX-License-Identifier: BSD-2-Clause */
/* What a core has loaded for the hardware. */
#include "check.h"

#include "lists.h"
#include "vcpu.h"

static bool owns_fp(const struct fp_state *fp)
{
	for (unsigned i = 0; i < check_count(); i++) {
		const struct object *object = check_object(i);

		if (object->type == SK_TYPE_THREAD && &container_of(object, const struct thread, o)->arch.fp == fp)
			return true;
		if (object->type == SK_TYPE_VCPU && &container_of(object, const struct vcpu, o)->arch.fp == fp)
			return true;
	}
	return false;
}

/* Whether a linked line has put this into a list register. */
static bool of_link(const struct arch_vcpu *v, uint64_t value)
{
	for (unsigned k = 0; k < ARCH_LINKS; k++) {
		if (v->link[k] && ((v->link[k] ^ value) & SK_LIST_INTID) == 0)
			return true;
	}
	return false;
}

/* Only the timer's list register, the first, and those of linked lines may be linked to hardware; no INTID is live in two. */
static void check_lists(const struct arch_vcpu *v)
{
	for (unsigned i = FIRST_LIST; i < VCPU_MAX_LISTS; i++) {
		HOLDS("V5", !(v->list[i] & SK_LIST_HW) || of_link(v, v->list[i]), v);
		for (unsigned j = 0; j < i && list_live(v->list[i]); j++)
			HOLDS("V5", !list_live(v->list[j]) || (v->list[i] ^ v->list[j]) & SK_LIST_INTID, v);
	}
}

void check_arch(void)
{
	for (unsigned i = 0; i < core_count; i++) {
		const struct arch_core *core = &cores[i].arch;

		HOLDS("V2", !core->guest || core->guest == core->loaded, core);
		HOLDS("V4", !core->fp || owns_fp(core->fp), core);
	}
	for (unsigned i = 0; i < check_count(); i++) {
		const struct object *object = check_object(i);

		if (object->type == SK_TYPE_VCPU)
			check_lists(&container_of(object, const struct vcpu, o)->arch);
	}
}
