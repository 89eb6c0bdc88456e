/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first objects. The boot core makes root from what the loader left and
 * hands it every capability there is; then all cores run.
 *
 * All comes out of the object pool, which is root's untyped: root's own objects
 * are its first children.
 */
#include "kernel.h"

#define ROOT_TABLES   32u
#define ROOT_PRIORITY 255u

struct pool {
	uint64_t start, va, end;
};

/* A part of root's image: a memory capability in one of root's slots, mapped. */
static void map_segment(struct cnode *cnode, struct space *space, unsigned index, const struct boot_segment *s)
{
	struct slot *slot = &cnode->slot[index];

	if (s->size == 0)
		return;
	slot_set(slot, CAP(SK_TYPE_MEMORY, s->rights, 0, HOLD_CNODE),
		 s->pa | SK_CACHE_NORMAL << MEM_CACHE_SHIFT);
	slot->pages = (uint32_t)(s->size >> SK_PAGE_BITS);
	if (!memory_map_boot(slot, space, (ipa_t){ s->ipa }, (unsigned)s->rights))
		arch_halt();
}

static void *make(struct pool *pool, enum sk_type type, uint64_t size, uint64_t attribute)
{
	const struct object_type *t = &object_types[type];
	uint64_t at = align_up(pool->va, t->align), end = at + t->bytes + t->each * size;

	if (end > pool->end)
		arch_halt();
	pool->va = end;
	object_make((void *)(uintptr_t)at, type, size, attribute);
	return (void *)(uintptr_t)at;
}

static struct thread *make_root(const struct bootinfo *boot, struct pool *pool)
{
	struct cnode *cnode = make(pool, SK_TYPE_CNODE, SK_ROOT_CNODE_SLOTS, 0);
	struct space *space = make(pool, SK_TYPE_SPACE, ROOT_TABLES, SK_SPACE_COMPONENT);
	struct thread *thread = make(pool, SK_TYPE_THREAD, 0, 0);
	const uint64_t first[] = {
		[SK_ROOT_CNODE] = CAP(SK_TYPE_CNODE, SK_RIGHTS_ALL, cnode, HOLD_CNODE),
		[SK_ROOT_SPACE] = CAP(SK_TYPE_SPACE, SK_RIGHTS_ALL, space, HOLD_CNODE),
		[SK_ROOT_THREAD] = CAP(SK_TYPE_THREAD, SK_RIGHTS_ALL, thread, HOLD_CNODE),
		[SK_ROOT_IRQ_CONTROL] = CAP(SK_TYPE_IRQ_CONTROL, SK_RIGHTS_ALL, 0, HOLD_CNODE),
		[SK_ROOT_POWER] = CAP(SK_TYPE_POWER, SK_RIGHTS_ALL, 0, HOLD_CNODE),
		[SK_ROOT_IOMMU] = CAP(SK_TYPE_IOMMU, SK_RIGHTS_ALL, 0, HOLD_CNODE),
	};
	unsigned index = SK_ROOT_SEGMENTS;

	for (unsigned i = SK_ROOT_CNODE; i < ARRAY_SIZE(first); i++)
		slot_set(&cnode->slot[i], first[i], 0);
	for (unsigned i = 0; i < BOOTINFO_SEGMENTS; i++)
		map_segment(cnode, space, index++, &boot->root[i]);
	map_segment(cnode, space, index++, &boot->root_stack);
	map_segment(cnode, space, index, &boot->root_info);
	slot_derive(&cnode->slot[SK_ROOT_CNODE], &thread->slot[THREAD_CNODE], SK_RIGHTS_ALL, 0, HOLD_THREAD_CNODE);
	slot_derive(&cnode->slot[SK_ROOT_SPACE], &thread->slot[THREAD_SPACE], SK_RIGHTS_ALL, 0, HOLD_THREAD_SPACE);
	thread->cnode = cnode;
	thread->space = space;
	thread->priority = thread->running_priority = thread->max_priority = ROOT_PRIORITY;
	frame_pc(&thread->frame) = boot->root_entry;
	thread->frame.reg[SK_REG_SP] = SK_ROOT_STACK_TOP;
	frame_word(&thread->frame, 0) = SK_ROOT_INFO_IPA;
	return thread;
}

/* The pool with what root is made of, and all memory and devices that the loader lists. */
static void give_memory(const struct bootinfo *boot, struct cnode *cnode, struct pool *pool)
{
	struct slot *objects = &cnode->slot[SK_ROOT_OBJECTS];
	paddr_t start = va_to_pa((void *)(uintptr_t)pool->start);

	untyped_set(objects, start, (pool->end - pool->start) & ~(SK_PAGE - 1), 0);
	untyped_take(objects, start, pool->va - pool->start);
	for (unsigned i = SK_ROOT_CNODE; i <= SK_ROOT_THREAD; i++)
		slot_adopt(objects, &cnode->slot[i]);
	for (unsigned i = 0; i < boot->regions; i++)
		untyped_set(&cnode->slot[SK_ROOT_REGIONS + i], (paddr_t){ boot->region[i].pa }, boot->region[i].size,
			    MEM_USER | (boot->region[i].kind == SK_REGION_DEVICE ? MEM_DEVICE : 0));
}

static void start_boot_core(const struct bootinfo *boot, struct core *core)
{
	struct pool pool = { boot->pool_va, boot->pool_va, boot->pool_va + boot->pool_size };
	struct thread *root;

	if (boot->magic != BOOTINFO_MAGIC || boot->version != BOOTINFO_VERSION || boot->cores == 0 ||
	    boot->cores > SK_MAX_CORES || boot->regions > SK_ROOT_MAX_REGIONS)
		arch_halt();
	arch_window_set(boot);
	core_count = boot->cores;
	for (unsigned i = 0; i < core_count; i++) {
		cores[i].number = i;
		cores[i].ready.top = -1;
	}
	arch_core_init(core, boot);
	root = make_root(boot, &pool);
	give_memory(boot, root->cnode, &pool);
	sched_ready(core, root);
	/* release: all of the above before the other cores look; pairs with the wait in kernel_start */
	atomic_store_explicit(&core->online, true, memory_order_release);
}

void kernel_start(const struct bootinfo *boot, unsigned number)
{
	struct core *core = &cores[number];

	if (number == 0) {
		start_boot_core(boot, core);
		for (unsigned i = 1; i < core_count; i++) {
			while (!atomic_load_explicit(&cores[i].online, memory_order_acquire))
				arch_relax();
		}
	} else {
		while (!atomic_load_explicit(&cores[0].online, memory_order_acquire))
			arch_relax();
		arch_core_init(core, boot);
		core->resched = true;
		atomic_store_explicit(&core->online, true, memory_order_release);
	}
	sched_leave(core);
}
