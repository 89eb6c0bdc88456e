/* SPDX-License-Identifier: BSD-2-Clause */
/* GICv3, group 1, one vCPU (Arm IHI 0069H). */
#include "guest.h"

#define FRAME (GICR + 0x10000)

volatile unsigned irqs[INTIDS];
volatile unsigned irq_order[64];
volatile unsigned irq_total;
volatile uint64_t irq_time;
void (*volatile irq_handler)(unsigned intid);

void on_irq(uint64_t time);

static uint64_t bank(unsigned intid)
{
	return intid < 32 ? FRAME : GICD;
}

static void write_bit(unsigned offset, unsigned intid)
{
	write32(bank(intid) + offset + intid / 32 * 4, 1u << intid % 32);
}

static bool read_bit(unsigned offset, unsigned intid)
{
	return read32(bank(intid) + offset + intid / 32 * 4) >> intid % 32 & 1;
}

void gic_start(void)
{
	write32(GICD, 0x12); /* ARE, EnableGrp1 */
	write32(GICR + 0x14, 0);
	while (read32(GICR + 0x14) & 4)
		;
	for (unsigned i = 0; i < INTIDS; i += 32)
		write32(bank(i) + 0x80 + i / 8, 0xffffffff);
	__asm__ volatile(
		"msr	S3_0_C12_C12_5, %0\n"	/* ICC_SRE_EL1 */
		"isb\n"
		"msr	S3_0_C4_C6_0, %1\n"	/* ICC_PMR_EL1 */
		"msr	S3_0_C12_C12_3, xzr\n"	/* ICC_BPR1_EL1 */
		"msr	S3_0_C12_C12_7, %0\n"	/* ICC_IGRPEN1_EL1 */
		"isb"
		:: "r"(1ul), "r"(0xf0ul));
}

void gic_enable(unsigned intid, uint8_t priority, bool edge)
{
	uint64_t config = bank(intid) + 0xc00 + intid / 16 * 4;
	unsigned bit = intid % 16 * 2 + 1;

	*(volatile uint8_t *)(bank(intid) + 0x400 + intid) = priority;
	if (intid >= 16)
		write32(config, (read32(config) & ~(1u << bit)) | (unsigned)edge << bit);
	write_bit(0x100, intid);
}

void gic_disable(unsigned intid)
{
	write_bit(0x180, intid);
}

void gic_pend(unsigned intid)
{
	write_bit(0x200, intid);
}

bool gic_is_pending(unsigned intid)
{
	return read_bit(0x200, intid);
}

bool gic_is_active(unsigned intid)
{
	return read_bit(0x300, intid);
}

void irqs_forget(void)
{
	for (unsigned i = 0; i < INTIDS; i++)
		irqs[i] = 0;
	irq_total = 0;
}

void on_irq(uint64_t time)
{
	uint64_t intid;

	__asm__ volatile("mrs %0, S3_0_C12_C12_0; dsb sy" : "=r"(intid) :: "memory"); /* ICC_IAR1_EL1 */
	if (intid >= INTIDS)
		return;
	irq_time = time;
	irqs[intid]++;
	irq_order[irq_total % 64] = (unsigned)intid;
	irq_total++;
	if (intid == VTIMER)
		timer_off();
	if (irq_handler)
		irq_handler((unsigned)intid);
	__asm__ volatile("msr S3_0_C12_C12_1, %0; isb" :: "r"(intid) : "memory"); /* ICC_EOIR1_EL1 */
}
