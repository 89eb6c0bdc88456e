/* SPDX-License-Identifier: BSD-2-Clause */
#include "cpu_interface.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "abi/skerry.h"
#include "skerry/svc.h"

struct cpu_interface cpu[VGIC_VCPUS];
struct vgic *waits_for;
bool cpu_threads;

#define STATE (SK_LIST_PENDING | SK_LIST_ACTIVE)

void cpu_reset(unsigned n, unsigned lists)
{
	memset(&cpu[n], 0, sizeof(cpu[n]));
	cpu[n].lists = lists;
}

static void put(unsigned n, unsigned at, uint64_t value)
{
	assert_true(at < cpu[n].lists);
	assert_false(value & SK_LIST_HW);
	for (unsigned i = 0; i < cpu[n].lists; i++) {
		if (i != at && (cpu[n].list[i] & STATE) && (value & STATE))
			assert_int_not_equal(cpu[n].list[i] & SK_LIST_INTID, value & SK_LIST_INTID);
	}
	cpu[n].list[at] = value;
}

void cpu_enter(struct vgic *gic, unsigned n)
{
	struct sk_words words = { { 0 }, 0, 0 };

	vgic_before_run(gic, &gic->vcpu[n], &words);
	if (words.w[0] & SK_RUN_LIST_A)
		put(n, words.w[0] >> SK_RUN_LIST_A_SHIFT & 0xff, words.w[5]);
	if (words.w[0] & SK_RUN_LIST_B)
		put(n, words.w[0] >> SK_RUN_LIST_B_SHIFT & 0xff, words.w[6]);
	assert_true(cpu_threads || !vgic_pending(gic, n));
}

void cpu_exit(struct vgic *gic, unsigned n)
{
	uint64_t w7 = cpu[n].without_entry ? 1ul << 32 : 0;

	for (unsigned i = 0; i < cpu[n].lists; i++) {
		if (cpu[n].list[i] & STATE)
			continue;
		w7 |= 1ul << i | (cpu[n].list[i] & SK_LIST_EOI ? 1ul << (16 + i) : 0);
		cpu[n].list[i] = 0; /* told once */
	}
	cpu[n].without_entry = false;
	vgic_after_exit(gic, &gic->vcpu[n], w7);
}

unsigned cpu_ack(unsigned n)
{
	struct cpu_interface *c = &cpu[n];
	unsigned best = 99, limit = c->depth ? c->running[c->depth - 1] : 0xff;

	for (unsigned i = 0; i < c->lists; i++) {
		unsigned priority = c->list[i] >> SK_LIST_PRIORITY_SHIFT & 0xff;

		if ((c->list[i] & STATE) == SK_LIST_PENDING && priority < limit) {
			limit = priority;
			best = i;
		}
	}
	if (best == 99)
		return SPURIOUS;
	c->list[best] ^= STATE;
	c->running[c->depth++] = (uint8_t)limit;
	return c->list[best] & SK_LIST_INTID;
}

void cpu_eoi(unsigned n, unsigned intid)
{
	struct cpu_interface *c = &cpu[n];

	assert_true(c->depth > 0);
	c->depth--;
	for (unsigned i = 0; i < c->lists; i++) {
		if ((c->list[i] & SK_LIST_ACTIVE) && (c->list[i] & SK_LIST_INTID) == intid) {
			c->list[i] &= ~SK_LIST_ACTIVE;
			return;
		}
	}
	c->without_entry = true;
}

unsigned guest_ack(struct vgic *gic, unsigned n)
{
	unsigned intid;

	cpu_enter(gic, n);
	intid = cpu_ack(n);
	cpu_exit(gic, n);
	return intid;
}

void guest_eoi(struct vgic *gic, unsigned n, unsigned intid)
{
	cpu_enter(gic, n);
	cpu_eoi(n, intid);
	cpu_exit(gic, n);
}

/* The caller waits for another vCPU to flush its list registers: all do. */
void lock_pause(void)
{
	if (cpu_threads)
		sched_yield();
	for (unsigned n = 0; n < VGIC_VCPUS; n++) {
		if (waits_for && cpu[n].lists)
			cpu_enter(waits_for, n);
	}
}

/* What the model asks of the kernel. */

unsigned vgic_hw_lists(uint32_t slot)
{
	return cpu[slot].lists;
}

void vgic_hw_read_lists(uint32_t slot, unsigned first, uint64_t *value, unsigned count)
{
	assert_true(first + count <= cpu[slot].lists + 1);
	memcpy(value, cpu[slot].list + first, count * sizeof(*value));
	cpu[slot].reads++;
}

void vgic_hw_write_list(uint32_t slot, unsigned n, uint64_t value)
{
	put(slot, n, value);
	cpu[slot].writes++;
}

void vgic_hw_write_vtimer(uint32_t slot, uint64_t template)
{
	cpu[slot].vtimer = template;
}

struct cpu_link cpu_link;

void vgic_hw_link(uint32_t irq, uint32_t slot, uint64_t value)
{
	cpu_link = (struct cpu_link){ irq, slot, value, cpu_link.calls + 1 };
}

/* The guest's accesses. */

uint64_t dist_read(struct vgic *gic, unsigned offset, unsigned width)
{
	struct mmio_access a = { .offset = offset, .width = width };

	assert_true(vgic_dist_ops.read(gic, &a));
	return a.value;
}

void dist_write(struct vgic *gic, unsigned offset, unsigned width, uint64_t value)
{
	struct mmio_access a = { .offset = offset, .width = width, .value = value, .write = true };

	assert_true(vgic_dist_ops.write(gic, &a));
}

uint64_t redist_read(struct vgic *gic, unsigned offset, unsigned width)
{
	struct mmio_access a = { .offset = offset, .width = width };

	assert_true(vgic_redist_ops.read(gic, &a));
	return a.value;
}

void redist_write(struct vgic *gic, unsigned offset, unsigned width, uint64_t value)
{
	struct mmio_access a = { .offset = offset, .width = width, .value = value, .write = true };

	assert_true(vgic_redist_ops.write(gic, &a));
}

void enable_groups(struct vgic *gic)
{
	dist_write(gic, 0x0, 4, 3);
}

void set_up_spi(struct vgic *gic, unsigned intid, uint8_t priority, bool edge)
{
	unsigned word = intid / 32 * 4, config = 0xc00 + intid / 16 * 4;
	uint32_t bit = 1u << intid % 32, edge_bit = 2u << intid % 16 * 2;
	uint32_t old = (uint32_t)dist_read(gic, config, 4);

	dist_write(gic, 0x80 + word, 4, dist_read(gic, 0x80 + word, 4) | bit);
	dist_write(gic, 0x400 + intid, 1, priority);
	dist_write(gic, config, 4, edge ? old | edge_bit : old & ~edge_bit);
	dist_write(gic, 0x100 + word, 4, bit);
}
