/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory, reserved memory, interrupt controller and timer. The rest: chosen.c, cpus.c. */
#include <libfdt.h>

#include "machine.h"

bool machine_read(struct machine *m, const struct dt *dt, uint64_t boot_mpidr, struct report *report)
{
	return machine_memory(m, dt, report) && machine_reserved(m, dt, report) &&
	       machine_gic(m, dt, report) && machine_timer(m, dt, report) && machine_chosen(m, dt, report) &&
	       machine_cores(m, dt, boot_mpidr, report);
}

/* The pages that lie wholly inside, the pages that are touched. */
static struct range inner(struct range r)
{
	return (struct range){align_up(r.start, PAGE), align_down(r.end, PAGE)};
}

static struct range outer(struct range r)
{
	return (struct range){align_down(r.start, PAGE), align_up(r.end, PAGE)};
}

static bool memory_node(struct machine *m, const struct dt *dt, int node, struct report *report)
{
	for (uint32_t i = 0;; i++) {
		struct range r;
		enum reg_result result = reg_read(dt, node, i, &r, report);

		if (result == REG_BAD)
			return false;
		if (result == REG_NONE)
			return i ? true : refuse(report, "%s: no usable reg", dt_name(dt, node));
		if (ranges_meet(&m->ram, r))
			return refuse(report, "%s: reg 0x%lx..0x%lx overlaps other memory", dt_name(dt, node),
				      r.start, r.end - 1);
		if (!ranges_add(&m->ram, inner(r)))
			return refuse(report, "%s: more than %u ranges of memory", dt_name(dt, node), RANGES);
	}
}

bool machine_memory(struct machine *m, const struct dt *dt, struct report *report)
{
	m->ram.count = 0;
	for (int i = 1; i < dt->nodes; i++)
		if (dt->node[i].parent == 0 && dt_is(dt, i, DT_DEVICE_TYPE, "memory") && dt_enabled(dt, i))
			if (!memory_node(m, dt, i, report))
				return false;
	if (!m->ram.count)
		return refuse(report, "/memory: no enabled node with device_type \"memory\"");
	return true;
}

static bool reserve(struct machine *m, const char *who, struct range r, struct report *report)
{
	if (!ranges_add(&m->reserved, outer(r)))
		return refuse(report, "%s: more than %u reserved ranges", who, RANGES);
	return true;
}

static bool reserve_node(struct machine *m, const struct dt *dt, int node, struct report *report)
{
	for (uint32_t i = 0;; i++) {
		struct range r;
		enum reg_result result = reg_read(dt, node, i, &r, report);

		if (result != REG_OK)
			return result == REG_NONE; /* no reg: its owner places it; nobody does here */
		if (!reserve(m, dt_name(dt, node), r, report))
			return false;
	}
}

bool machine_reserved(struct machine *m, const struct dt *dt, struct report *report)
{
	int folder = dt_child(dt, 0, "reserved-memory"), entries = fdt_num_mem_rsv(dt->blob);

	m->reserved.count = 0;
	for (int i = 0; i < entries; i++) {
		uint64_t start, bytes;

		if (fdt_get_mem_rsv(dt->blob, i, &start, &bytes) || start + bytes < start ||
		    start + bytes > 1ul << 48)
			return refuse(report, "/memreserve/: entry %u wraps or lies beyond 48 bits",
				      (unsigned)i);
		if (!reserve(m, "/memreserve/", (struct range){start, start + bytes}, report))
			return false;
	}
	for (int i = folder + 1; folder >= 0 && i < dt->nodes; i++)
		if (dt->node[i].parent == folder && dt_enabled(dt, i) && !reserve_node(m, dt, i, report))
			return false;
	return true;
}

static bool gic_registers(struct machine *m, const struct dt *dt, struct report *report)
{
	const void *value;
	int length;

	if (!reg_need(dt, m->gic, 0, "the distributor", &m->gicd, report))
		return false;
	if (m->gicd.end - m->gicd.start < 0x10000 || m->gicd.start % PAGE)
		return refuse(report, "%s: the distributor's reg must be 64 KiB on a page",
			      dt_name(dt, m->gic));
	value = fdt_getprop(dt->blob, dt->node[m->gic].offset, "#redistributor-regions", &length);
	m->gicr_regions = value && length == 4 ? dt_cell(value, 0) : 1;
	if (m->gicr_regions < 1 || m->gicr_regions > GICR_REGIONS)
		return refuse(report, "%s: #redistributor-regions is %u, 1..%u are possible",
			      dt_name(dt, m->gic), m->gicr_regions, GICR_REGIONS);
	value = fdt_getprop(dt->blob, dt->node[m->gic].offset, "redistributor-stride", &length);
	m->gicr_stride = 0;
	if (value && length == 8)
		m->gicr_stride = (uint64_t)dt_cell(value, 0) << 32 | dt_cell(value, 1);
	else if (value && length == 4)
		m->gicr_stride = dt_cell(value, 0);
	if (value && (m->gicr_stride % 0x10000 || m->gicr_stride < 0x20000))
		return refuse(report,
			      "%s: redistributor-stride 0x%lx is no multiple of 64 KiB from 128 KiB on",
			      dt_name(dt, m->gic), m->gicr_stride);
	for (uint32_t i = 0; i < m->gicr_regions; i++) {
		if (!reg_need(dt, m->gic, i + 1, "redistributors", &m->gicr[i], report))
			return false;
		if (m->gicr[i].start % PAGE)
			return refuse(report, "%s: reg entry %u (redistributors) is not on a page",
				      dt_name(dt, m->gic), i + 1);
	}
	return true;
}

bool machine_gic(struct machine *m, const struct dt *dt, struct report *report)
{
	struct interrupt maintenance;
	enum reg_result result;

	m->gic = -1;
	do {
		m->gic = dt_compatible_next(dt, m->gic, "arm,gic-v3");
	} while (m->gic >= 0 && !dt_enabled(dt, m->gic));
	if (m->gic < 0)
		return refuse(
			report,
			"device tree: no enabled node is compatible with arm,gic-v3; a GICv3 is needed");
	if (!gic_registers(m, dt, report))
		return false;
	result = interrupt_read(dt, m->gic, m->gic, 0, &maintenance, report);
	if (result == REG_NONE)
		return refuse(report, "%s: interrupts lacks the maintenance interrupt", dt_name(dt, m->gic));
	m->gic_maintenance = maintenance.intid;
	return result == REG_OK;
}

/* Interrupt INDEX of the timer: a PPI. */
static bool timer_line(const struct machine *m, const struct dt *dt, int node, uint32_t index,
		       const char *what, uint32_t *intid, struct report *report)
{
	struct interrupt interrupt;
	enum reg_result result = interrupt_read(dt, node, m->gic, index, &interrupt, report);

	if (result == REG_BAD)
		return false;
	if (result == REG_NONE || interrupt.intid < 16 || interrupt.intid > 31)
		return refuse(report, "%s: interrupts: entry %u, the %s timer's, must be a PPI of the GIC",
			      dt_name(dt, node), index, what);
	*intid = interrupt.intid;
	return true;
}

/* Linux Documentation/devicetree/bindings/timer/arm,arch_timer.yaml: secure, physical, virtual, EL2. */
bool machine_timer(struct machine *m, const struct dt *dt, struct report *report)
{
	int node = dt_compatible_next(dt, -1, "arm,armv8-timer");

	if (node < 0 || !dt_enabled(dt, node))
		return refuse(report, "device tree: no enabled node is compatible with arm,armv8-timer");
	if (!timer_line(m, dt, node, 2, "virtual", &m->timer_virtual, report) ||
	    !timer_line(m, dt, node, 3, "hypervisor", &m->timer_hyp, report))
		return false;
	if (m->timer_virtual == m->timer_hyp || m->timer_virtual == m->gic_maintenance ||
	    m->timer_hyp == m->gic_maintenance)
		return refuse(
			report,
			"%s: interrupts: the virtual and the hypervisor timer and the GIC's maintenance "
			"share an interrupt",
			dt_name(dt, node));
	if (m->timer_virtual != VTIMER_PPI)
		return refuse(report, "%s: interrupts: the virtual timer's is %u, the kernel works with %u only",
			      dt_name(dt, node), m->timer_virtual, VTIMER_PPI);
	return true;
}
