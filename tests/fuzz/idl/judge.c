/* SPDX-License-Identifier: BSD-2-Clause */
#include "judge.h"

#include "flow.h"

void judge(const struct source *spec, const struct source *notes, FILE *nowhere)
{
	const char *connection[SPEC_OBJECTS_MAX] = { 0 };
	struct built *b = built_open(spec, notes);
	const struct flow *f;

	check_memory(b);
	check_sockets(b);
	memory_beside(b);
	spec_text(&b->spec, b->path, nowhere);
	spec_live(&b->spec, b->image, nowhere);
	for (uint32_t i = 0; i < b->spec.objects; i++)
		connection[i] = b->made_by[i] ? b->made_by[i]->name : NULL;
	spec_json(&b->spec, b->type, connection, nowhere);
	spec_map(&b->spec, b->image, nowhere);
	spec_map_json(&b->spec, b->image, nowhere);
	f = flow_make(b);
	flow_print(f, nowhere);
	tcb_report(f, f->nodes, NULL, nowhere);
	picture_svg(f, nowhere);
	picture_html(f, NULL, nowhere);
	policy_report(f, NULL, nowhere);
	policy_enforce(f);
}
