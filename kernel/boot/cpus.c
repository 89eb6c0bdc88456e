/* SPDX-License-Identifier: BSD-2-Clause */
/* /cpus and /psci. Linux Documentation/devicetree/bindings/arm/{cpus,psci}.yaml. */
#include "machine.h"

int machine_psci(const struct dt *dt)
{
	int node = dt_compatible_next(dt, -1, "arm,psci-0.2");

	if (node < 0)
		node = dt_compatible_next(dt, -1, "arm,psci-1.0");
	if (node < 0)
		return -1;
	if (dt_is(dt, node, DT_METHOD, "hvc"))
		return 1;
	return dt_is(dt, node, DT_METHOD, "smc") ? 0 : -1;
}

static bool cpu_mpidr(const struct dt *dt, int cpus, int node, uint64_t *mpidr, struct report *report)
{
	uint32_t length, wide = dt_number(dt, cpus, DT_ADDRESS_CELLS, 2);
	const void *reg = dt_value(dt, node, DT_REG, &length);

	if (wide < 1 || wide > 2)
		return refuse(report, "/cpus: #address-cells is %u, not 1 or 2", wide);
	if (!reg || length != wide * 4)
		return refuse(report, "%s: reg must be %u bytes, the core's MPIDR", dt_name(dt, node),
			      wide * 4);
	*mpidr = wide == 1 ? dt_cell(reg, 0) : (uint64_t)dt_cell(reg, 0) << 32 | dt_cell(reg, 1);
	if (*mpidr & ~MPIDR_AFFINITY)
		return refuse(report, "%s: reg 0x%lx has bits that are no affinity", dt_name(dt, node),
			      *mpidr);
	return true;
}

/* Takes a cpu node; USED counts the cores taken, of at most LIMIT. */
static bool cpu(struct machine *m, const struct dt *dt, int cpus, int node, uint32_t limit, bool *boot_found,
		uint32_t *used, struct report *report)
{
	uint64_t mpidr = 0;

	if (!cpu_mpidr(dt, cpus, node, &mpidr, report))
		return false;
	if (mpidr == m->mpidr[0]) {
		if (*boot_found)
			return refuse(report, "%s: reg 0x%lx is another core's too", dt_name(dt, node),
				      mpidr);
		*boot_found = true;
		return true;
	}
	for (uint32_t i = 1; i < *used; i++)
		if (m->mpidr[i] == mpidr)
			return refuse(report, "%s: reg 0x%lx is another core's too", dt_name(dt, node),
				      mpidr);
	if (*used >= limit)
		return true;
	if (!dt_is(dt, node, DT_ENABLE_METHOD, "psci"))
		return refuse(report, "%s: enable-method must be \"psci\"", dt_name(dt, node));
	m->mpidr[(*used)++] = mpidr;
	return true;
}

bool machine_cores(struct machine *m, const struct dt *dt, uint64_t boot_mpidr, struct report *report)
{
	int cpus = dt_child(dt, 0, "cpus"), psci = machine_psci(dt);
	uint32_t limit = m->cores, used = 1;
	bool boot_found = false;

	if (psci < 0)
		return refuse(report, "/psci: no node is compatible with arm,psci-0.2 or later with method "
			      "\"smc\" or \"hvc\"");
	m->psci_hvc = psci == 1;
	if (cpus < 0)
		return refuse(report, "/cpus: the node is missing");
	m->mpidr[0] = boot_mpidr & MPIDR_AFFINITY;
	for (int i = cpus + 1; i < dt->nodes; i++)
		if (dt->node[i].parent == cpus && dt_is(dt, i, DT_DEVICE_TYPE, "cpu") && dt_enabled(dt, i))
			if (!cpu(m, dt, cpus, i, limit, &boot_found, &used, report))
				return false;
	if (!boot_found)
		return refuse(report, "/cpus: no enabled cpu has reg 0x%lx, the MPIDR of the boot core",
			      m->mpidr[0]);
	m->cores = used;
	return true;
}
