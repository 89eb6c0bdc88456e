/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtual GIC with a thread for each vCPU, as the VMM has them. Nothing may be
 * lost and nothing come twice: an SGI or an edge is sent again only when the one
 * before was acknowledged, so the numbers must agree. Meanwhile all look at and
 * change each other's interrupts. (By hand also with -fsanitize=thread.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <stdatomic.h>
#include <pthread.h>
#include <sched.h>

#include <cmocka.h>

#include "cpu_interface.h"

#define VCPUS  4u
#define ROUNDS 5000u
#define SPI    40u  /* .. 43: the edge that vCPU n raises, routed to anybody */

static struct vgic *gic;
static _Atomic unsigned sgis_sent[VCPUS], sgis_got[VCPUS], spis_sent[VCPUS], spis_got[VCPUS], done, wrong;

static void access_dist(unsigned self, unsigned offset, unsigned width, bool write, uint64_t value)
{
	struct mmio_access a = { .offset = offset, .width = width, .cpu = self, .write = write, .value = value };

	if (!(write ? vgic_dist_ops.write(gic, &a) : vgic_dist_ops.read(gic, &a)))
		atomic_fetch_add(&wrong, 1);
}

/* Serves what is there. SGI n comes from vCPU n. */
static void serve(unsigned self)
{
	unsigned intid;

	cpu_enter(gic, self);
	while ((intid = cpu_ack(self)) != SPURIOUS) {
		if (intid < VCPUS)
			atomic_fetch_add(&sgis_got[intid], 1);
		else if (intid >= SPI && intid < SPI + VCPUS)
			atomic_fetch_add(&spis_got[intid - SPI], 1);
		else
			atomic_fetch_add(&wrong, 1);
		cpu_exit(gic, self);
		cpu_enter(gic, self);
		cpu_eoi(self, intid);
	}
	cpu_exit(gic, self);
}

static void act(unsigned self, unsigned dice)
{
	unsigned other = dice / 8 % VCPUS;

	if (atomic_load(&sgis_sent[self]) == atomic_load(&sgis_got[self]) && atomic_load(&sgis_sent[self]) < ROUNDS) {
		atomic_fetch_add(&sgis_sent[self], 1);
		vgic_sgi(gic, self, (uint64_t)self << 24 | 1u << other, true);
	}
	if (atomic_load(&spis_sent[self]) == atomic_load(&spis_got[self]) && atomic_load(&spis_sent[self]) < ROUNDS) {
		access_dist(self, 0x6000 + 8 * (SPI + self), 8, true, other);
		atomic_fetch_add(&spis_sent[self], 1);
		access_dist(self, 0x204, 4, true, 1u << (SPI - 32 + self));
	}
	switch (dice % 8) {
	case 0:
		access_dist(self, 0x304, 4, false, 0);
		break;
	case 1:
		access_dist(self, 0x204, 4, false, 0);
		break;
	case 2:
		access_dist(self, 0x400 + SPI + other, 1, true, 0x40 + dice % 64);
		break;
	case 3:
		access_dist(self, 0x6000 + 8 * (SPI + other), 8, true, self);
		break;
	}
}

static void *run(void *arg)
{
	unsigned self = (unsigned)(uintptr_t)arg;
	uint64_t seed = self + 1;

	while (atomic_load(&sgis_got[self]) < ROUNDS || atomic_load(&spis_got[self]) < ROUNDS) {
		serve(self);
		seed = seed * 6364136223846793005ul + 1442695040888963407ul;
		act(self, (unsigned)(seed >> 33));
		sched_yield();
	}
	atomic_fetch_add(&done, 1);
	while (atomic_load(&done) < VCPUS) {
		serve(self);
		sched_yield();
	}
	vgic_leave(gic, self);
	return NULL;
}

static void set_up_vcpu(unsigned n)
{
	unsigned frame = n * VGIC_REDIST_SIZE + 0x10000;

	redist_write(gic, frame + 0x80, 4, 0xffffffff);
	for (unsigned i = 0; i < VCPUS; i++)
		redist_write(gic, frame + 0x400 + i, 1, 0x40 + 8 * i);
	redist_write(gic, frame + 0x100, 4, 0xffff);
}

static void nothing_is_lost(void **state)
{
	pthread_t thread[VCPUS];

	(void)state;
	cpu_threads = true;
	gic = malloc(sizeof(*gic));
	vgic_init(gic, VCPUS);
	for (unsigned n = 0; n < VCPUS; n++) {
		cpu_reset(n, 2);
		vgic_attach(gic, n, n, n);
	}
	enable_groups(gic);
	for (unsigned n = 0; n < VCPUS; n++) {
		set_up_vcpu(n);
		set_up_spi(gic, SPI + n, 0x60, true);
	}
	for (unsigned n = 0; n < VCPUS; n++)
		assert_int_equal(pthread_create(&thread[n], NULL, run, (void *)(uintptr_t)n), 0);
	for (unsigned n = 0; n < VCPUS; n++)
		pthread_join(thread[n], NULL);
	for (unsigned n = 0; n < VCPUS; n++) {
		assert_int_equal(sgis_got[n], ROUNDS);
		assert_int_equal(spis_got[n], ROUNDS);
	}
	assert_int_equal(wrong, 0);
	free(gic);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(nothing_is_lost) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
