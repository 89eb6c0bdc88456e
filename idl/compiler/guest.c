/* SPDX-License-Identifier: BSD-2-Clause */
/* Each guest's device tree, from its vm { } and what its VMM is connected to. */
#include "model.h"

#include "arch/aarch64/tree.h"

bool port_virtio(const struct port *port)
{
	return port->kind == PORT_USES && port->decl->kind == DECL_RING && !same(port->as, "console") && !same(port->as, "log");
}

const void *guest_tree(const struct model *m, const struct vm *vm, size_t *size)
{
	const struct instance *vmm = m->instance[m->object[vm->object].owner];
	struct tree_machine machine = { .ram_base = vm->ram_at, .ram_bytes = vm->ram, .cpus = vm->vcpus_most,
					.append = vm->bootargs ? vm->bootargs : "" };
	void *tree = idl_alloc(TREE_ROOM);

	for (const struct port *port = vmm->decl->ports; port; port = port->next) {
		if (port_virtio(port) && vmm->count[port->number] && machine.devices < TREE_DEVICES - 1)
			machine.device[machine.devices++] = port->as;
	}
	machine.device[machine.devices++] = "rng";
	*size = tree_make(&machine, tree, TREE_ROOM);
	if (*size == 0)
		error_at(vm->name.at, "the device tree of \"%s\" has more than %d bytes; shorten its bootargs", vm->name.text,
			 TREE_ROOM);
	return tree;
}
