/* SPDX-License-Identifier: BSD-2-Clause */
/* The virtual GIC's delivery: what the guest acknowledges, and when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "abi/skerry.h"
#include "cpu_interface.h"

#define LISTS 3

static struct vgic *gic;

static int set_up(void **state)
{
	(void)state;
	gic = malloc(sizeof(*gic));
	vgic_init(gic, 2);
	for (unsigned n = 0; n < 2; n++) {
		cpu_reset(n, LISTS);
		vgic_attach(gic, n, n, n);
	}
	enable_groups(gic);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(gic);
	return 0;
}

static void nothing_to_do_costs_nothing(void **state)
{
	(void)state;
	cpu_enter(gic, 0);
	cpu_exit(gic, 0);
	assert_false(vgic_pending(gic, 0));
	assert_int_equal(cpu[0].reads + cpu[0].writes, 0);
	assert_int_equal(guest_ack(gic, 0), SPURIOUS);
}

static void edge_comes_once(void **state)
{
	(void)state;
	set_up_spi(gic, 40, 0x80, true);
	vgic_set_spi(gic, 40, true);
	assert_true(vgic_pending(gic, 0));
	vgic_set_spi(gic, 40, true);
	assert_int_equal(guest_ack(gic, 0), 40);
	guest_eoi(gic, 0, 40);
	assert_int_equal(guest_ack(gic, 0), SPURIOUS);
	vgic_set_spi(gic, 40, false);
	assert_int_equal(guest_ack(gic, 0), SPURIOUS);
	vgic_set_spi(gic, 40, true);
	assert_int_equal(guest_ack(gic, 0), 40);
}

static void edge_while_active_comes_again(void **state)
{
	(void)state;
	set_up_spi(gic, 40, 0x80, true);
	vgic_pulse_spi(gic, 40);
	assert_int_equal(guest_ack(gic, 0), 40);
	vgic_pulse_spi(gic, 40);
	vgic_pulse_spi(gic, 40);
	cpu_enter(gic, 0);
	assert_true((cpu[0].list[0] & SK_LIST_PENDING) && (cpu[0].list[0] & SK_LIST_ACTIVE));
	cpu_exit(gic, 0);
	assert_int_equal(guest_ack(gic, 0), SPURIOUS);
	guest_eoi(gic, 0, 40);
	assert_int_equal(guest_ack(gic, 0), 40);
	guest_eoi(gic, 0, 40);
	assert_int_equal(guest_ack(gic, 0), SPURIOUS);
}

static void edge_before_acknowledge_coalesces(void **state)
{
	(void)state;
	set_up_spi(gic, 40, 0x80, true);
	vgic_pulse_spi(gic, 40);
	cpu_enter(gic, 0);
	cpu_exit(gic, 0);
	vgic_pulse_spi(gic, 40);
	assert_int_equal(guest_ack(gic, 0), 40);
	guest_eoi(gic, 0, 40);
	assert_int_equal(guest_ack(gic, 0), SPURIOUS);
}

static void level_comes_until_it_falls(void **state)
{
	(void)state;
	set_up_spi(gic, 33, 0xa0, false);
	vgic_set_spi(gic, 33, true);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(guest_ack(gic, 0), 33);
		assert_int_equal(guest_ack(gic, 0), SPURIOUS);
		guest_eoi(gic, 0, 33);
	}
	assert_int_equal(guest_ack(gic, 0), 33);
	vgic_set_spi(gic, 33, false);
	guest_eoi(gic, 0, 33);
	assert_int_equal(guest_ack(gic, 0), SPURIOUS);
	assert_int_equal(cpu[0].list[0] & (SK_LIST_PENDING | SK_LIST_ACTIVE | SK_LIST_EOI), 0);
}

static void fallen_level_is_withdrawn(void **state)
{
	(void)state;
	set_up_spi(gic, 33, 0xa0, false);
	vgic_set_spi(gic, 33, true);
	cpu_enter(gic, 0);
	cpu_exit(gic, 0);
	vgic_set_spi(gic, 33, false);
	assert_int_equal(guest_ack(gic, 0), SPURIOUS);
	vgic_set_spi(gic, 33, true);
	assert_int_equal(guest_ack(gic, 0), 33);
}

static void level_that_fell_and_rose_while_active_comes_again(void **state)
{
	(void)state;
	set_up_spi(gic, 33, 0xa0, false);
	vgic_set_spi(gic, 33, true);
	assert_int_equal(guest_ack(gic, 0), 33);
	vgic_set_spi(gic, 33, false);
	vgic_set_spi(gic, 33, true);
	guest_eoi(gic, 0, 33);
	assert_int_equal(guest_ack(gic, 0), 33);
}

static void priorities_rule(void **state)
{
	(void)state;
	set_up_spi(gic, 40, 0xa0, true);
	set_up_spi(gic, 41, 0x20, true);
	set_up_spi(gic, 42, 0x60, true);
	for (unsigned i = 40; i <= 42; i++)
		vgic_pulse_spi(gic, i);
	assert_int_equal(guest_ack(gic, 0), 41);
	guest_eoi(gic, 0, 41);
	assert_int_equal(guest_ack(gic, 0), 42);
	guest_eoi(gic, 0, 42);
	assert_int_equal(guest_ack(gic, 0), 40);
}

/* Pends interrupts 64..83, INTID 83 the most urgent. */
static void pend_twenty(bool edge)
{
	for (unsigned i = 64; i < 84; i++)
		set_up_spi(gic, i, (uint8_t)(0xe8 - (i - 64) * 8), edge);
	for (unsigned i = 64; i < 84; i++) {
		vgic_set_spi(gic, i, true);
		cpu_enter(gic, 0);
		cpu_exit(gic, 0);
	}
}

static void twenty_edges_over_three_registers(void **state)
{
	(void)state;
	pend_twenty(true);
	for (unsigned i = 83; i >= 64; i--) {
		assert_int_equal(guest_ack(gic, 0), i);
		guest_eoi(gic, 0, i);
	}
	assert_int_equal(guest_ack(gic, 0), SPURIOUS);
}

static void twenty_levels_over_three_registers(void **state)
{
	(void)state;
	pend_twenty(false);
	for (unsigned i = 83; i >= 64; i--) {
		assert_int_equal(guest_ack(gic, 0), i);
		vgic_set_spi(gic, i, false);
		guest_eoi(gic, 0, i);
	}
	assert_int_equal(guest_ack(gic, 0), SPURIOUS);
}

/* The guest enables its interrupts in each handler: all nest, most active ones have no list register. */
static void nesting_deeper_than_the_registers(void **state)
{
	(void)state;
	for (unsigned i = 64; i < 74; i++)
		set_up_spi(gic, i, (uint8_t)(0xe8 - (i - 64) * 8), true);
	for (unsigned i = 64; i < 74; i++) {
		vgic_pulse_spi(gic, i);
		assert_int_equal(guest_ack(gic, 0), i);
	}
	vgic_pulse_spi(gic, 64);
	for (unsigned i = 73; i >= 64; i--) {
		assert_int_equal(guest_ack(gic, 0), SPURIOUS);
		guest_eoi(gic, 0, i);
	}
	assert_int_equal(guest_ack(gic, 0), 64);
	guest_eoi(gic, 0, 64);
	for (unsigned i = 64; i < 74; i++) {
		vgic_pulse_spi(gic, i);
		assert_int_equal(guest_ack(gic, 0), i);
		guest_eoi(gic, 0, i);
	}
}

static void disabled_while_pending_is_withdrawn(void **state)
{
	(void)state;
	set_up_spi(gic, 40, 0x80, true);
	vgic_pulse_spi(gic, 40);
	cpu_enter(gic, 0);
	cpu_exit(gic, 0);
	dist_write(gic, 0x184, 4, 1u << 8);
	assert_int_equal(guest_ack(gic, 0), SPURIOUS);
	assert_int_equal(dist_read(gic, 0x204, 4), 1u << 8);
	dist_write(gic, 0x104, 4, 1u << 8);
	assert_int_equal(guest_ack(gic, 0), 40);
}

static void disabled_while_active_ends_normally(void **state)
{
	(void)state;
	set_up_spi(gic, 40, 0x80, true);
	vgic_pulse_spi(gic, 40);
	assert_int_equal(guest_ack(gic, 0), 40);
	vgic_pulse_spi(gic, 40);
	dist_write(gic, 0x184, 4, 1u << 8);
	assert_int_equal(dist_read(gic, 0x304, 4), 1u << 8);
	guest_eoi(gic, 0, 40);
	assert_int_equal(dist_read(gic, 0x304, 4), 0);
	assert_int_equal(guest_ack(gic, 0), SPURIOUS);
	dist_write(gic, 0x104, 4, 1u << 8);
	assert_int_equal(guest_ack(gic, 0), 40);
}

static void group_disabled_while_pending_is_withdrawn(void **state)
{
	(void)state;
	set_up_spi(gic, 40, 0x80, true);
	vgic_pulse_spi(gic, 40);
	cpu_enter(gic, 0);
	cpu_exit(gic, 0);
	dist_write(gic, 0, 4, 1);
	assert_int_equal(guest_ack(gic, 0), SPURIOUS);
	dist_write(gic, 0, 4, 3);
	assert_int_equal(guest_ack(gic, 0), 40);
}

static void higher_priority_is_not_kept_waiting_by_full_registers(void **state)
{
	(void)state;
	for (unsigned i = 64; i < 67; i++) {
		set_up_spi(gic, i, 0xa0, true);
		vgic_pulse_spi(gic, i);
	}
	cpu_enter(gic, 0);
	cpu_exit(gic, 0);
	set_up_spi(gic, 70, 0x10, true);
	vgic_pulse_spi(gic, 70);
	assert_int_equal(guest_ack(gic, 0), 70);
	guest_eoi(gic, 0, 70);
	for (unsigned i = 0; i < 3; i++) {
		unsigned intid = guest_ack(gic, 0);

		assert_in_range(intid, 64, 66);
		guest_eoi(gic, 0, intid);
	}
	assert_int_equal(guest_ack(gic, 0), SPURIOUS);
}

static void set_up_sgi(unsigned n, unsigned intid)
{
	unsigned frame = n * VGIC_REDIST_SIZE + 0x10000;

	redist_write(gic, frame + 0x80, 4, 0xffffffff);
	redist_write(gic, frame + 0x400 + intid, 1, 0x40);
	redist_write(gic, frame + 0x100, 4, 1u << intid);
}

static void sgi_to_self(void **state)
{
	(void)state;
	set_up_sgi(0, 5);
	vgic_sgi(gic, 0, 5ul << 24 | 1, true);
	assert_int_equal(guest_ack(gic, 0), 5);
	guest_eoi(gic, 0, 5);
	assert_int_equal(guest_ack(gic, 0), SPURIOUS);
	assert_int_equal(guest_ack(gic, 1), SPURIOUS);
}

static void sgi_routing(void **state)
{
	(void)state;
	set_up_sgi(0, 5);
	set_up_sgi(1, 5);
	/* all but self */
	vgic_sgi(gic, 0, 5ul << 24 | 1ul << 40, true);
	assert_int_equal(guest_ack(gic, 0), SPURIOUS);
	assert_int_equal(guest_ack(gic, 1), 5);
	guest_eoi(gic, 1, 5);
	/* another cluster, another range, a group 0 request for a group 1 SGI: nobody */
	vgic_sgi(gic, 0, 5ul << 24 | 1ul << 16 | 3, true);
	vgic_sgi(gic, 0, 5ul << 24 | 1ul << 44 | 3, true);
	vgic_sgi(gic, 0, 5ul << 24 | 3, false);
	assert_int_equal(guest_ack(gic, 0), SPURIOUS);
	assert_int_equal(guest_ack(gic, 1), SPURIOUS);
	vgic_sgi(gic, 1, 5ul << 24 | 3, true);
	assert_int_equal(guest_ack(gic, 0), 5);
	assert_int_equal(guest_ack(gic, 1), 5);
}

static void route_moves_a_pending_interrupt(void **state)
{
	(void)state;
	set_up_spi(gic, 40, 0x80, true);
	vgic_pulse_spi(gic, 40);
	cpu_enter(gic, 0);
	cpu_exit(gic, 0);
	dist_write(gic, 0x6000 + 8 * 40, 8, 1);
	assert_int_equal(guest_ack(gic, 0), SPURIOUS);
	assert_int_equal(guest_ack(gic, 1), 40);
	guest_eoi(gic, 1, 40);
	dist_write(gic, 0x6000 + 8 * 40, 8, 7); /* nobody */
	vgic_pulse_spi(gic, 40);
	assert_int_equal(guest_ack(gic, 0), SPURIOUS);
	assert_int_equal(guest_ack(gic, 1), SPURIOUS);
	dist_write(gic, 0x6000 + 8 * 40, 8, 1ul << 31); /* any */
	assert_int_equal(guest_ack(gic, 0), 40);
}

static void guest_sets_and_clears_states(void **state)
{
	(void)state;
	set_up_spi(gic, 40, 0x80, false);
	dist_write(gic, 0x204, 4, 1u << 8);
	assert_int_equal(guest_ack(gic, 0), 40);
	guest_eoi(gic, 0, 40);
	assert_int_equal(guest_ack(gic, 0), SPURIOUS);
	dist_write(gic, 0x204, 4, 1u << 8);
	cpu_enter(gic, 0);
	cpu_exit(gic, 0);
	dist_write(gic, 0x284, 4, 1u << 8);
	assert_int_equal(guest_ack(gic, 0), SPURIOUS);
	/* active without having been acknowledged: held back until it is made inactive */
	dist_write(gic, 0x304, 4, 1u << 8);
	vgic_set_spi(gic, 40, true);
	assert_int_equal(guest_ack(gic, 0), SPURIOUS);
	dist_write(gic, 0x384, 4, 1u << 8);
	assert_int_equal(guest_ack(gic, 0), 40);
}

/* Accesses of vCPU 0 to an interrupt that stands in vCPU 1's list register. */
static void state_in_another_vcpus_register(void **state)
{
	(void)state;
	set_up_spi(gic, 40, 0x80, false);
	dist_write(gic, 0x6000 + 8 * 40, 8, 1);
	vgic_set_spi(gic, 40, true);
	assert_int_equal(guest_ack(gic, 1), 40);
	waits_for = gic;
	assert_int_equal(dist_read(gic, 0x304, 4), 1u << 8);
	waits_for = NULL;
	/* made inactive from here: it comes again when vCPU 1 next looks, as its level is still high */
	dist_write(gic, 0x384, 4, 1u << 8);
	assert_true(vgic_pending(gic, 1));
	cpu[1].depth = 0;
	assert_int_equal(guest_ack(gic, 1), 40);
	vgic_set_spi(gic, 40, false);
	guest_eoi(gic, 1, 40);
	assert_int_equal(guest_ack(gic, 1), SPURIOUS);
}

static unsigned kicks[VGIC_VCPUS];

static void count_kick(unsigned n)
{
	kicks[n]++;
}

/* The first after a flush kicks, the others need not; nobody kicks himself. */
static void kicks_are_few(void **state)
{
	(void)state;
	set_up_sgi(0, 5);
	set_up_sgi(1, 5);
	set_up_sgi(1, 6);
	cpu_enter(gic, 0);
	cpu_enter(gic, 1);
	gic->kick = count_kick;
	kicks[0] = kicks[1] = 0;
	vgic_sgi(gic, 0, 5ul << 24 | 3, true);
	vgic_sgi(gic, 0, 6ul << 24 | 2, true);
	assert_int_equal(kicks[0], 0);
	assert_int_equal(kicks[1], 1);
	assert_int_equal(guest_ack(gic, 1), 5);
	vgic_sgi(gic, 0, 5ul << 24 | 2, true);
	assert_int_equal(kicks[1], 2);
	guest_eoi(gic, 1, 5);
	assert_int_equal(guest_ack(gic, 0), 5);
	for (unsigned i = 0; i < 2; i++)
		guest_eoi(gic, 1, guest_ack(gic, 1));
	assert_int_equal(guest_ack(gic, 1), SPURIOUS);
}

/* A vCPU that is switched off holds nothing: what stood in its registers is due again, here or elsewhere. */
static void leaving_gives_all_back(void **state)
{
	(void)state;
	set_up_spi(gic, 40, 0x80, true);
	dist_write(gic, 0x6000 + 8 * 40, 8, 1);
	vgic_pulse_spi(gic, 40);
	cpu_enter(gic, 1);
	cpu_exit(gic, 1);
	vgic_leave(gic, 1);
	for (unsigned i = 0; i < LISTS; i++)
		assert_int_equal(cpu[1].list[i], 0);
	assert_true(dist_read(gic, 0x204, 4) & 1u << 8);
	dist_write(gic, 0x6000 + 8 * 40, 8, 0);
	assert_int_equal(guest_ack(gic, 0), 40);
}

static void timer_template_follows_its_registers(void **state)
{
	(void)state;
	unsigned frame = 0x10000;

	redist_write(gic, frame + 0x80, 4, 1u << 27);
	redist_write(gic, frame + 0x400 + 24, 4, 0xa0ul << 24);
	assert_int_equal(cpu[0].vtimer, 0);
	redist_write(gic, frame + 0x100, 4, 1u << 27);
	assert_true(cpu[0].vtimer == (SK_LIST_GROUP1 | 0xa0ul << SK_LIST_PRIORITY_SHIFT));
	dist_write(gic, 0, 4, 0);
	assert_int_equal(cpu[0].vtimer, 0);
	dist_write(gic, 0, 4, 2);
	assert_int_not_equal(cpu[0].vtimer, 0);
	redist_write(gic, frame + 0x180, 4, 1u << 27);
	assert_int_equal(cpu[0].vtimer, 0);
	cpu[0].list[LISTS] = 27 | SK_LIST_ACTIVE | SK_LIST_HW;
	assert_int_equal(redist_read(gic, frame + 0x300, 4), 1u << 27);
	assert_int_equal(redist_read(gic, frame + 0x200, 4), 0);
}

#define RWP 0x80000000u

/* The other vCPU may take what was disabled, but not after RWP has read 0. */
static void disabled_elsewhere_is_gone_when_rwp_says_so(void **state)
{
	(void)state;
	set_up_spi(gic, 40, 0x80, true);
	dist_write(gic, 0x6000 + 8 * 40, 8, 1);
	vgic_set_spi(gic, 40, true);
	cpu_enter(gic, 1);
	assert_int_equal(dist_read(gic, 0, 4) & RWP, 0);
	dist_write(gic, 0x184, 4, 1u << 8);
	assert_int_equal(dist_read(gic, 0, 4) & RWP, RWP);
	assert_int_equal(redist_read(gic, VGIC_REDIST_SIZE, 4), 8);
	assert_int_equal(redist_read(gic, 0, 4), 0);
	cpu_exit(gic, 1);
	assert_int_equal(dist_read(gic, 0, 4) & RWP, RWP);
	assert_int_equal(guest_ack(gic, 1), SPURIOUS);
	assert_int_equal(dist_read(gic, 0, 4) & RWP, 0);
	assert_int_equal(redist_read(gic, VGIC_REDIST_SIZE, 4), 0);
	/* one's own is gone at once; it waits nevertheless */
	dist_write(gic, 0x104, 4, 1u << 8);
	dist_write(gic, 0x6000 + 8 * 40, 8, 0);
	dist_write(gic, 0x184, 4, 1u << 8);
	assert_int_equal(dist_read(gic, 0, 4) & RWP, 0);
	assert_int_equal(guest_ack(gic, 0), SPURIOUS);
}

/* The kernel delivers it; the model says where it goes, as the guest's registers have it, and only when that changes. */
static void linked_line_follows_its_registers(void **state)
{
	const uint64_t value = 40 | SK_LIST_GROUP1 | 0x80ul << SK_LIST_PRIORITY_SHIFT;
	const uint64_t fired = value | SK_LIST_HW | 200ul << 32;
	unsigned calls;

	(void)state;
	vgic_init(gic, 2);
	assert_true(vgic_link(gic, 40, 77));
	assert_false(vgic_link(gic, 40, 78));
	for (unsigned n = 0; n < 2; n++)
		vgic_attach(gic, n, n + 1, n); /* slot n + 1: none is 0 */
	assert_int_equal(gic->vcpu[0].lists, LISTS - 1);
	enable_groups(gic);
	assert_int_equal(cpu_link.slot, 0);
	set_up_spi(gic, 40, 0x80, false);
	assert_int_equal(cpu_link.irq, 77);
	assert_int_equal(cpu_link.slot, 1);
	assert_int_equal(cpu_link.value, value);
	calls = cpu_link.calls;
	dist_write(gic, 0x104, 4, 1u << 8);
	dist_write(gic, 0x204, 4, 1u << 8); /* its state is the hardware's */
	assert_int_equal(cpu_link.calls, calls);
	cpu[1].list[LISTS - 1] = fired | SK_LIST_PENDING;
	assert_int_equal(dist_read(gic, 0x204, 4), 1u << 8);
	cpu[1].list[LISTS - 1] = fired | SK_LIST_ACTIVE;
	assert_int_equal(dist_read(gic, 0x204, 4), 0);
	assert_int_equal(dist_read(gic, 0x304, 4), 1u << 8);
	dist_write(gic, 0x6000 + 8 * 40, 8, 1);
	assert_int_equal(cpu_link.slot, 2);
	dist_write(gic, 0x400 + 40, 1, 0x40);
	assert_int_equal(cpu_link.value, 40 | SK_LIST_GROUP1 | 0x40ul << SK_LIST_PRIORITY_SHIFT);
	dist_write(gic, 0x184, 4, 1u << 8);
	assert_int_equal(cpu_link.slot, 0);
	dist_write(gic, 0x104, 4, 1u << 8);
	assert_int_equal(cpu_link.slot, 2);
	dist_write(gic, 0, 4, 0);
	assert_int_equal(cpu_link.slot, 0);
	dist_write(gic, 0, 4, 2);
	assert_int_equal(cpu_link.slot, 2);
	vgic_reset(gic);
	assert_int_equal(cpu_link.slot, 0);
}

static void reset_forgets_all(void **state)
{
	(void)state;
	pend_twenty(true);
	assert_int_equal(guest_ack(gic, 0), 83);
	vgic_reset(gic);
	for (unsigned i = 0; i < LISTS; i++)
		assert_int_equal(cpu[0].list[i], 0);
	cpu[0].depth = 0;
	assert_int_equal(dist_read(gic, 0, 4), 0x50);
	enable_groups(gic);
	assert_int_equal(guest_ack(gic, 0), SPURIOUS);
	set_up_spi(gic, 40, 0x80, true);
	vgic_pulse_spi(gic, 40);
	assert_int_equal(guest_ack(gic, 0), 40);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_to_do_costs_nothing),
		TEST(edge_comes_once),
		TEST(edge_while_active_comes_again),
		TEST(edge_before_acknowledge_coalesces),
		TEST(level_comes_until_it_falls),
		TEST(fallen_level_is_withdrawn),
		TEST(level_that_fell_and_rose_while_active_comes_again),
		TEST(priorities_rule),
		TEST(twenty_edges_over_three_registers),
		TEST(twenty_levels_over_three_registers),
		TEST(nesting_deeper_than_the_registers),
		TEST(disabled_while_pending_is_withdrawn),
		TEST(disabled_while_active_ends_normally),
		TEST(group_disabled_while_pending_is_withdrawn),
		TEST(higher_priority_is_not_kept_waiting_by_full_registers),
		TEST(sgi_to_self),
		TEST(sgi_routing),
		TEST(route_moves_a_pending_interrupt),
		TEST(guest_sets_and_clears_states),
		TEST(state_in_another_vcpus_register),
		TEST(kicks_are_few),
		TEST(leaving_gives_all_back),
		TEST(timer_template_follows_its_registers),
		TEST(disabled_elsewhere_is_gone_when_rwp_says_so),
		TEST(linked_line_follows_its_registers),
		TEST(reset_forgets_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
