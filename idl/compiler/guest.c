/* SPDX-License-Identifier: BSD-2-Clause */
/* Each guest's device tree, from its vm { } and what its VMM is connected to. */
#include "board.h"
#include "model.h"

#include <string.h>
#include "abi/skerry.h"

#include "arch/aarch64/tree.h"

bool port_virtio(const struct port *port)
{
	return port->kind == PORT_USES && port->decl->kind == DECL_RING && !same(port->as, "console") && !same(port->as, "log");
}

/* Of these the guest has a device anyway. */
static bool of_another(const struct port *port)
{
	return same(port->as, "vcon1") || same(port->as, "vcon2") || same(port->as, "rng");
}

/* The devices of the machine that it is given; their nodes have the names of the board's. */
static void add_passed(const struct model *m, const struct vm *vm, struct tree_machine *machine)
{
	for (const struct connection *c = m->system->connections; c; c = c->next) {
		const struct device *d = c->connector == CON_PASS && c->over == vm ? c->ends->device : NULL;
		struct tree_passed *p = &machine->passed[machine->passes];
		int bytes;

		if (!d)
			continue;
		if (tree_taken(c->pass_at, d->found ? m->object[d->object].bytes : SK_PAGE))
			error_at(c->at, "\"%s\" at 0x%llx would lie over a device that every guest has", d->name.text,
				 (unsigned long long)c->pass_at);
		if (c->intid && c->intid < TREE_PASSED_INTID)
			error_at(c->at, "irq %u is one of every guest's own; expected %u to 287", c->intid, TREE_PASSED_INTID);
		if (!d->found || machine->passes == TREE_PASSED)
			continue;
		*p = (struct tree_passed){ .base = c->pass_at + d->found->base % SK_PAGE, .size = d->found->bytes, .intid = c->intid,
					   .edge = d->found->edge, .coherent = board_property(d, "dma-coherent", &bytes) != NULL };
		p->name = idl_copy(strrchr(d->found->path, '/') + 1, strcspn(strrchr(d->found->path, '/') + 1, "@"));
		p->compatible = board_property(d, "compatible", &p->compatible_bytes);
		p->clock_names = board_property(d, "clock-names", &p->clock_names_bytes);
		machine->passes += p->compatible != NULL;
	}
}

const void *guest_tree(const struct model *m, const struct vm *vm, size_t *size)
{
	const struct instance *vmm = m->instance[m->object[vm->object].owner];
	struct tree_machine machine = { .ram_base = vm->ram_at, .ram_bytes = vm->ram, .cpus = vm->vcpus_most,
					.append = vm->bootargs ? vm->bootargs : "" };
	void *tree = idl_alloc(TREE_ROOM);

	for (const struct port *port = vmm->decl->ports; port; port = port->next) {
		if (port_virtio(port) && !of_another(port) && vmm->end[port->number].count && machine.devices < TREE_DEVICES - 1)
			machine.device[machine.devices++] = port->as;
	}
	machine.device[machine.devices++] = "rng";
	add_passed(m, vm, &machine);
	*size = tree_make(&machine, tree, TREE_ROOM);
	if (*size == 0)
		error_at(vm->name.at, "the device tree of \"%s\" has more than %d bytes; shorten its bootargs", vm->name.text,
			 TREE_ROOM);
	return tree;
}
