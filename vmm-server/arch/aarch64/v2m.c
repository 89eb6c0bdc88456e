/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * References
 *   [SBSA] Arm Server Base System Architecture 3.0 (ARM-DEN-0029), appendix E: GICv2m.
 */
#include "arch/aarch64/v2m.h"

#include "arch/aarch64/vgic.h"

enum v2m_register {
	MSI_TYPER = 0x008,
	MSI_SETSPI = 0x040,
	MSI_IIDR = 0xfcc,
};

static void set_spi(struct v2m *v, uint32_t intid)
{
	if (intid >= V2M_FIRST && intid < V2M_FIRST + V2M_COUNT)
		vgic_pulse_spi(v->gic, intid);
}

void v2m_send(void *context, uint64_t address, uint32_t data)
{
	struct v2m *v = context;

	if (address == v->base + MSI_SETSPI)
		set_spi(v, data);
}

static bool v2m_read(void *state, struct mmio_access *access)
{
	(void)state;
	access->value = access->offset == MSI_TYPER ? V2M_FIRST << 16 | V2M_COUNT : 0;
	return true;
}

static bool v2m_write(void *state, struct mmio_access *access)
{
	if (access->offset == MSI_SETSPI)
		set_spi(state, (uint32_t)access->value);
	return true;
}

const struct mmio_ops v2m_ops = { .read = v2m_read, .write = v2m_write };
