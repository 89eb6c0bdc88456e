/* SPDX-License-Identifier: BSD-2-Clause */
/* A good device tree: what the loader reads from it, and where it places things. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "boot.h"
#include "compile.h"

static struct boot b;

static int start(void **state)
{
	size_t size;
	void *blob = compile_dts(CASES "/base.dtsi", &size);

	*state = blob;
	if (!boot(&b, blob, size))
		fail_msg("%s", b.report.text);
	return 0;
}

static int end(void **state)
{
	free(*state);
	return 0;
}

static void reads(void **state)
{
	const struct machine *m = &b.machine;

	(void)state;
	assert_int_equal(ranges_bytes(&m->ram), 512ul << 20);
	assert_int_equal(m->reserved.count, 2);
	assert_int_equal(m->reserved.at[0].start, 0x46000000);
	assert_int_equal(m->reserved.at[0].end, 0x46001000);
	assert_int_equal(m->reserved.at[1].start, 0x47000000);
	assert_int_equal(m->reserved.at[1].end, 0x47003000);
	assert_int_equal(m->cores, 2);
	assert_int_equal(m->mpidr[0], 0);
	assert_int_equal(m->mpidr[1], 0x100000101);
	assert_false(m->psci_hvc);
	assert_int_equal(m->gicd.start, 0x8000000);
	assert_int_equal(m->gicr_regions, 2);
	assert_int_equal(m->gicr[1].start, 0x8200000);
	assert_int_equal(m->timer_virtual, 27);
	assert_int_equal(m->timer_hyp, 26);
	assert_int_equal(m->gic_maintenance, 25);
	assert_int_equal(m->initrd.start, 0x48000000);
	assert_int_equal(m->initrd.end, 0x48100000);
	assert_int_equal(m->pool, 16ul << 20);
}

static struct range region_range(const struct sk_region *r)
{
	return (struct range){r->pa, r->pa + r->size};
}

/* No byte is handed on twice, and nothing that is kept is handed on. */
static void regions_apart(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < b.info.regions; i++) {
		struct range r = region_range(&b.info.region[i]);

		assert_int_equal((r.start | r.end) % PAGE, 0);
		for (uint32_t j = 0; j < i; j++)
			assert_false(range_meets(r, region_range(&b.info.region[j])));
		assert_false(range_meets(r, b.layout.window));
		assert_false(ranges_meet(&b.machine.reserved, r));
		assert_false(range_meets(r, b.machine.gicd));
		if (b.info.region[i].kind == SK_REGION_DTB)
			assert_int_equal(r.start, b.layout.dtb);
		else
			assert_false(range_meets(r, b.layout.root));
	}
}

/* RAM is lost to nobody: regions, window, root's pages and reserved memory are all of it. */
static void ram_complete(void **state)
{
	uint64_t bytes = ranges_bytes(&b.machine.reserved);

	(void)state;
	bytes += b.layout.window.end - b.layout.window.start;
	bytes += b.layout.root.end - b.layout.root.start - b.layout.dtb_size;
	for (uint32_t i = 0; i < b.info.regions; i++)
		if (b.info.region[i].kind != SK_REGION_DEVICE)
			bytes += b.info.region[i].size;
	assert_int_equal(bytes, ranges_bytes(&b.machine.ram));
}

static const struct sk_region *device(const char *name)
{
	for (uint32_t i = 0; i < b.info.regions; i++)
		if (!strcmp(b.info.region[i].name, name))
			return &b.info.region[i];
	fail_msg("no region %s", name);
	return NULL;
}

static void devices(void **state)
{
	const struct sk_region *r = device("/pl011@9000000");

	(void)state;
	assert_int_equal(r->irq, 33);
	assert_int_equal(r->irq_edge, SK_TRIGGER_LEVEL);
	assert_ptr_equal(r, &b.info.region[b.info.console]);
	assert_ptr_equal(device("/soc/pl011@1000"), &b.info.region[b.info.status]);
	assert_int_equal(device("/soc/pl011@1000")->pa, 0x0c001000);
	/* Two nodes in a page: one region, under the first one's name and interrupt. */
	r = device("/virtio_mmio@a000200");
	assert_int_equal(r->pa, 0x0a000000);
	assert_int_equal(r->size, PAGE);
	assert_int_equal(r->offset, 0x200);
	assert_int_equal(r->irq, 48);
	assert_int_equal(r->irq_edge, SK_TRIGGER_EDGE);
	/* Configuration space and, under the same name behind it, the 32-bit window of a PCI host bridge. */
	r = device("/pcie@10000000");
	assert_int_equal(r->pa, 0x4010000000);
	assert_int_equal(r[1].pa, 0x10000000);
	assert_int_equal(r[1].size, 0x2eff0000);
	assert_string_equal(r[1].name, r->name);
	for (uint32_t i = 0; i < b.info.regions; i++) {
		assert_null(strstr(b.info.region[i].name, "disabled"));
		assert_null(strstr(b.info.region[i].name, "its@"));
		assert_null(strstr(b.info.region[i].name, "partition"));
	}
}

static void layout(void **state)
{
	const struct layout *l = &b.layout;
	uint64_t pool = l->window.end - l->window.start - l->pool;

	(void)state;
	assert_int_equal(l->window.start % BLOCK, 0);
	assert_int_equal(l->window.end % BLOCK, 0);
	assert_true(pool >= b.machine.pool && pool < b.machine.pool + BLOCK);
	assert_true(l->tables >= 0x30000 && l->tables_end <= l->stub && l->stub < l->stacks);
	assert_true(layout_stack_top(l, 1) <= l->bootinfo);
	assert_true(l->bootinfo + sizeof(struct bootinfo) <= l->pool);
	assert_false(range_meets(l->window, l->root));
	assert_true(ranges_cover(&b.machine.ram, l->window));
	assert_true(l->dtb + l->dtb_size == l->root.end);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads), cmocka_unit_test(regions_apart), cmocka_unit_test(ram_complete),
		cmocka_unit_test(devices), cmocka_unit_test(layout),
	};

	return cmocka_run_group_tests_name("a good device tree", tests, start, end);
}
