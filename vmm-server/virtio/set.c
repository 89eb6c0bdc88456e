/* SPDX-License-Identifier: BSD-2-Clause */
#include "virtio/set.h"

#include <stdio.h>
#include <stdlib.h>

#include <skerry/calls.h>
#include <skerry/fail.h>
#include <skerry/start.h>

#include "core/log.h"
#include "core/loop.h"
#include "core/vm.h"

#define PATIENCE 5u /* seconds that a backend has to say what it has */

static void add(struct virtio_set *set, const char *label, struct virtio_device *dev)
{
	snprintf(set->label[set->count], sizeof(set->label[0]), "%s", label);
	set->transport[set->count++] = (struct virtio_mmio){ .dev = dev };
}

static void signal_slot(void *slot)
{
	sk_signal((uint32_t)(uintptr_t)slot);
}

/*
 * By the thread that holds the devices' lock. Events of other devices are served
 * meanwhile, so none is lost; those of vCPU 0 that another one waits for, in time.
 */
static void wait_event(void *context)
{
	struct vm *vm = context;

	vcpu_wait(&vm->vcpu[lock_holder(&vm->lock)], sk_counter() + sk_start()->counter_hz / 100);
}

/* --- disks -------------------------------------------------------------------------- */

static bool backend_ready(struct vm *vm, struct block_shared *shared, const char *name)
{
	uint64_t end = sk_counter() + PATIENCE * sk_start()->counter_hz;
	struct block_client probe;
	enum block_state state;
	uint32_t features;
	uint64_t sectors;

	block_client_init(&probe, shared, 0);
	while ((state = block_client_info(&probe, &features, &sectors)) == BLOCK_STARTING && sk_counter() < end)
		wait_event(vm);
	if (state == BLOCK_STARTING)
		vm_log("%s: its backend does not answer: the guest gets no such disk", name);
	return state == BLOCK_READY;
}

/* Before anything of ours may be written: a backend may still work for the VMM that was here before us. */
static void backend_ours(struct vm *vm, const struct blk *blk, const char *name)
{
	uint64_t end = sk_counter() + PATIENCE * sk_start()->counter_hz;

	while (!blk_up(blk) && sk_counter() < end)
		wait_event(vm);
	if (!blk_up(blk) && !blk->pool)
		sk_fail("%s: its backend uses the guest's RAM and does not answer", name);
}

static void add_disk(struct vm *vm, unsigned n, struct irq_line irq)
{
	struct blk_wiring wiring = { .peer = { signal_slot, wait_event, NULL, vm },
				     .queues = vm->cpus < VIRTIO_QUEUES ? vm->cpus : VIRTIO_QUEUES };
	char name[24];
	size_t bytes;

	snprintf(name, sizeof(name), "disk%u.pool", n);
	wiring.pool = sk_region(name, &bytes);
	wiring.pool_bytes = bytes;
	snprintf(name, sizeof(name), "disk%u.signal", n);
	wiring.peer.signal_context = (void *)(uintptr_t)sk_need_slot(name);
	snprintf(name, sizeof(name), "disk%u", n);
	wiring.shared = sk_need_region(name, &bytes);
	wiring.id = name;
	if (bytes < sizeof(struct block_shared))
		sk_fail("the region %s has %zu bytes, it needs %zu", name, bytes, sizeof(struct block_shared));
	if (!backend_ready(vm, wiring.shared, name))
		return;
	vm->virtio.disk[n] = malloc(sizeof(struct blk));
	if (!vm->virtio.disk[n])
		sk_fail("%s: the heap has no room for it, %zu bytes", name, sizeof(struct blk));
	if (!blk_init(vm->virtio.disk[n], &wiring, &vm->ram, irq))
		sk_fail("the region %s.pool has %lu bytes: too few for one request", name,
			(unsigned long)wiring.pool_bytes);
	add(&vm->virtio, name, &vm->virtio.disk[n]->dev);
	backend_ours(vm, vm->virtio.disk[n], name);
}

static void add_disks(struct vm *vm, virtio_irq_of irq)
{
	char name[16];

	for (unsigned n = 0; n < VIRTIO_DISKS; n++) {
		snprintf(name, sizeof(name), "disk%u", n);
		if (sk_region(name, NULL))
			add_disk(vm, n, irq(vm, vm->virtio.count, name));
	}
}

/* --- networks ------------------------------------------------------------------------- */

static void parse_mac(const char *name, const char *text, uint8_t mac[6])
{
	unsigned b[6];

	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5]) != 6 || (b[0] & 1))
		sk_fail("%s=%s: expected an address of one station, such as 52:53:4b:00:00:01", name, text);
	for (unsigned i = 0; i < 6; i++)
		mac[i] = (uint8_t)b[i];
}

static void add_net(struct vm *vm, unsigned n, struct irq_line irq)
{
	struct net_wiring wiring = { .peer = { signal_slot, sk_counter, 0, NULL } };
	char name[24];
	size_t bytes;

	snprintf(name, sizeof(name), "net%u.signal", n);
	wiring.peer.context = (void *)(uintptr_t)sk_need_slot(name);
	wiring.peer.stretch = sk_start()->counter_hz / 1000 * NET_POKE_US / 1000;
	snprintf(name, sizeof(name), "net%u.mac", n);
	parse_mac(name, sk_param(name, "52:53:4b:00:00:01"), wiring.mac);
	snprintf(name, sizeof(name), "net%u", n);
	wiring.shared = sk_need_region(name, &bytes);
	if (bytes < sizeof(struct net_shared))
		sk_fail("the region %s has %zu bytes, it needs %zu", name, bytes, sizeof(struct net_shared));
	vm->virtio.net[n] = malloc(sizeof(struct net));
	if (!vm->virtio.net[n])
		sk_fail("%s: the heap has no room for it, %zu bytes", name, sizeof(struct net));
	net_init(vm->virtio.net[n], &wiring, &vm->ram, irq);
	add(&vm->virtio, name, &vm->virtio.net[n]->dev);
}

static void add_nets(struct vm *vm, virtio_irq_of irq)
{
	char name[16];

	for (unsigned n = 0; n < VIRTIO_NETS; n++) {
		snprintf(name, sizeof(name), "net%u", n);
		if (sk_region(name, NULL))
			add_net(vm, n, irq(vm, vm->virtio.count, name));
	}
}

/* --- console -------------------------------------------------------------------------- */

/* PORT's end, if the spec has it: "vcon", "vcon1", "vcon2". */
static bool wire_port(unsigned port, struct vcon_wiring *wiring)
{
	char name[16] = "vcon", more[24];
	size_t bytes;

	if (port > 0)
		snprintf(name, sizeof(name), "vcon%u", port);
	wiring->shared = sk_region(name, &bytes);
	if (!wiring->shared)
		return false;
	if (bytes < sizeof(*wiring->shared))
		sk_fail("the region %s has %zu bytes, it needs %zu", name, bytes, sizeof(*wiring->shared));
	wiring->signal = signal_slot;
	snprintf(more, sizeof(more), "%s.signal", name);
	wiring->context = (void *)(uintptr_t)sk_need_slot(more);
	snprintf(more, sizeof(more), "%s.name", name);
	wiring->name = sk_param(more, NULL);
	return true;
}

static void add_console(struct vm *vm, virtio_irq_of irq)
{
	struct vcon_wiring wiring[VCON_PORTS];
	unsigned ports = 0;

	while (ports < VCON_PORTS && wire_port(ports, &wiring[ports]))
		ports++;
	if (ports == 0)
		return;
	vm->virtio.console = malloc(sizeof(struct vcon));
	if (!vm->virtio.console)
		sk_fail("vcon: the heap has no room for it, %zu bytes", sizeof(struct vcon));
	vcon_init(vm->virtio.console, wiring, ports, &vm->ram, irq(vm, vm->virtio.count, "vcon"));
	for (unsigned n = 0; n < ports; n++)
		wiring[n].signal(wiring[n].context); /* unasked: the VMM before may have died on its way to that */
	add(&vm->virtio, "vcon", &vm->virtio.console->dev);
}

/* --- sockets -------------------------------------------------------------------------- */

static void add_vsock(struct vm *vm, virtio_irq_of irq)
{
	size_t bytes;
	struct vsock_shared *shared = sk_region("vsock", &bytes);
	uint64_t cid = sk_param_number("vsock.cid", 3);

	if (!shared)
		return;
	if (bytes < sizeof(*shared))
		sk_fail("the region vsock has %zu bytes, it needs %zu", bytes, sizeof(*shared));
	if (cid <= VIRTIO_VSOCK_CID_HOST || cid > VIRTIO_VSOCK_CID_LAST)
		sk_fail("vsock.cid=%lu: a guest's is 3 to %u", (unsigned long)cid, VIRTIO_VSOCK_CID_LAST);
	vm->virtio.vsock = malloc(sizeof(struct vsock));
	if (!vm->virtio.vsock)
		sk_fail("vsock: the heap has no room for it, %zu bytes", sizeof(struct vsock));
	vsock_init(vm->virtio.vsock, shared, (uint32_t)cid, signal_slot, (void *)(uintptr_t)sk_need_slot("vsock.signal"),
		   &vm->ram, irq(vm, vm->virtio.count, "vsock"));
	add(&vm->virtio, "vsock", &vm->virtio.vsock->dev);
}

/* --- entropy -------------------------------------------------------------------------- */

/* Numbers that are to be fixed come from the generator. */
static void add_rng(struct vm *vm, virtio_irq_of irq)
{
	struct rng_source source = { .signal = signal_slot, .entropy = &vm->entropy };
	size_t bytes;

	source.shared = sk_param("guest.seed", NULL) ? NULL : sk_region("rng", &bytes);
	if (source.shared) {
		if (bytes < sizeof(*source.shared))
			sk_fail("the region rng has %zu bytes, it needs %zu", bytes, sizeof(*source.shared));
		source.context = (void *)(uintptr_t)sk_need_slot("rng.signal");
	}
	rng_init(&vm->virtio.rng, &source, &vm->ram, irq(vm, vm->virtio.count, "rng"));
	add(&vm->virtio, "rng", &vm->virtio.rng.dev);
}

/* --- all ------------------------------------------------------------------------------ */

void virtio_set_init(struct vm *vm, virtio_irq_of irq)
{
	add_disks(vm, irq);
	add_nets(vm, irq);
	add_console(vm, irq);
	add_vsock(vm, irq);
	add_rng(vm, irq);
}

void virtio_set_use_pci(struct vm *vm, uint64_t window, struct msi_sink msi)
{
	struct virtio_set *set = &vm->virtio;

	set->on_pci = true;
	set->pci.window = window;
	set->pci.count = set->count;
	for (unsigned i = 0; i < set->count; i++)
		virtio_pci_init(&set->pci.function[i], set->transport[i].dev, msi);
}

void virtio_set_reset(struct vm *vm)
{
	struct virtio_set *set = &vm->virtio;

	for (unsigned i = 0; i < set->count; i++) {
		struct virtio_device *dev = set->transport[i].dev;

		virtio_reset(dev);
		set->transport[i] = (struct virtio_mmio){ .dev = dev };
		if (set->on_pci)
			virtio_pci_reset(&set->pci.function[i]);
	}
}

void virtio_set_off(struct vm *vm)
{
	if (vm->virtio.vsock)
		virtio_reset(&vm->virtio.vsock->dev);
}

void virtio_set_idle(struct vm *vm)
{
	for (unsigned n = 0; n < VIRTIO_NETS; n++) {
		if (vm->virtio.net[n])
			net_idle(vm->virtio.net[n]);
	}
}

void virtio_set_event(struct vm *vm, uint64_t bits)
{
	for (unsigned n = 0; (bits & VMM_EVENT_DISKS) && n < VIRTIO_DISKS; n++) {
		if ((bits & VMM_EVENT_DISK(n)) && vm->virtio.disk[n])
			blk_event(vm->virtio.disk[n]);
	}
	for (unsigned n = 0; n < VIRTIO_NETS; n++) {
		if ((bits & VMM_EVENT_NET(n)) && vm->virtio.net[n])
			net_event(vm->virtio.net[n]);
	}
	if (bits & VMM_EVENT_RNG)
		rng_event(&vm->virtio.rng);
	if ((bits & VMM_EVENT_VCON) && vm->virtio.console)
		vcon_event(vm->virtio.console, 0);
	for (unsigned n = 1; bits >= VMM_EVENT_PORT(1) && vm->virtio.console && n < vm->virtio.console->ports; n++) {
		if (bits & VMM_EVENT_PORT(n))
			vcon_event(vm->virtio.console, n);
	}
	if ((bits & VMM_EVENT_VSOCK) && vm->virtio.vsock)
		vsock_event(vm->virtio.vsock);
}
