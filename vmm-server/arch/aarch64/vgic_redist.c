/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtual GIC's redistributors, GICR ([GIC] 12.11): per vCPU a frame for its
 * state (RD) and one for its SGIs and PPIs. No LPIs: the registers for them are
 * RAZ/WI.
 *
 * WAKER only remembers what was written: interrupts are delivered to a vCPU that
 * never woke its redistributor, too. Guests that run elsewhere rely on no less.
 */
#include "arch/aarch64/vgic_state.h"

enum redist_register {
	GICR_CTLR = 0x0000,
	GICR_IIDR = 0x0004,
	GICR_TYPER = 0x0008,
	GICR_WAKER = 0x0014,
	GICR_ID = 0xffd0,
	GICR_SGI_FRAME = 0x10000,
	GICR_BANK = GICR_SGI_FRAME + 0x0080,
	GICR_BANK_END = GICR_SGI_FRAME + 0x0d00,
};

#define CTLR_RWP   (1u << 3)
#define TYPER_LAST (1ul << 4)
#define WAKER_PROCESSOR_SLEEP (1u << 1)
#define WAKER_CHILDREN_ASLEEP (1u << 2)

/* Affinity_Value is Aff3.Aff2.Aff1.Aff0 in the upper word, without the gap of MPIDR_EL1. */
static uint64_t typer(const struct vgic *gic, unsigned n)
{
	uint64_t affinity = gic->vcpu[n].affinity;
	uint64_t packed = (affinity >> 32 & 0xff) << 24 | (affinity & 0xffffff);

	return packed << 32 | n << 8 | (n + 1u == gic->vcpus ? TYPER_LAST : 0);
}

static uint64_t read_register(const struct vgic *gic, unsigned n, unsigned offset, unsigned width)
{
	if (offset == GICR_TYPER && width >= 4)
		return width == 8 ? typer(gic, n) : typer(gic, n) & 0xffffffff;
	if (width != 4)
		return 0;
	switch (offset) {
	case GICR_IIDR:
		return VGIC_IIDR;
	case GICR_TYPER + 4:
		return typer(gic, n) >> 32;
	case GICR_WAKER:
		return gic->vcpu[n].asleep ? WAKER_PROCESSOR_SLEEP | WAKER_CHILDREN_ASLEEP : 0;
	default:
		return offset >= GICR_ID && offset < GICR_SGI_FRAME ? vgic_id_register(offset) : 0;
	}
}

/* GICR_CTLR: nothing but RWP. */
static uint64_t read_ctlr(struct vgic *gic, unsigned self, unsigned n)
{
	bool pending;

	vgic_lock(gic, self);
	pending = vgic_write_pending(gic, n);
	vgic_unlock(gic);
	return pending ? CTLR_RWP : 0;
}

static bool redist_read(void *state, struct mmio_access *access)
{
	struct vgic *gic = state;
	unsigned n = (unsigned)(access->offset / VGIC_REDIST_SIZE);
	unsigned offset = access->offset % VGIC_REDIST_SIZE;

	if (n >= gic->vcpus)
		return false;
	if (offset >= GICR_BANK && offset < GICR_BANK_END) {
		struct mmio_access inner = *access;

		inner.offset = offset - GICR_SGI_FRAME;
		vgic_lock(gic, access->cpu);
		vgic_bank_read(gic, n, 0, VGIC_PRIVATE - 1, &inner);
		vgic_unlock(gic);
		access->value = inner.value;
		return true;
	}
	if (offset == GICR_CTLR && access->width == 4)
		access->value = read_ctlr(gic, access->cpu, n);
	else
		access->value = read_register(gic, n, offset, access->width);
	return true;
}

static bool redist_write(void *state, struct mmio_access *access)
{
	struct vgic *gic = state;
	unsigned n = (unsigned)(access->offset / VGIC_REDIST_SIZE);
	unsigned offset = access->offset % VGIC_REDIST_SIZE;

	if (n >= gic->vcpus)
		return false;
	if (offset >= GICR_BANK && offset < GICR_BANK_END) {
		struct mmio_access inner = *access;

		inner.offset = offset - GICR_SGI_FRAME;
		vgic_lock(gic, access->cpu);
		vgic_bank_write(gic, n, 0, VGIC_PRIVATE - 1, &inner);
		vgic_unlock(gic);
		return true;
	}
	if (offset == GICR_WAKER && access->width == 4)
		gic->vcpu[n].asleep = access->value & WAKER_PROCESSOR_SLEEP;
	return true;
}

const struct mmio_ops vgic_redist_ops = { .read = redist_read, .write = redist_write };
