/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One guest: its RAM, devices and vCPUs. Each vCPU is run by one thread and its
 * struct vcpu is touched by that thread alone.
 */
#ifndef VMM_VM_H
#define VMM_VM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/entropy.h"
#include "core/image.h"
#include "core/mmio.h"
#include "core/ram.h"
#include "core/wiring.h"
#include "devices/pl011.h"
#include "devices/pl031.h"
#include "skerry/svc.h"
#include "virtio/set.h"
#include "vm_arch.h"

struct vm;

struct vcpu {
	struct vm *vm;
	unsigned index;
	uint32_t slot;        /* capability of the kernel's vCPU object */
	uint32_t event;       /* notification bound to the thread that runs it */
	struct sk_words run;  /* in: what goes in with the next SK_VCPU_RUN; out: the exit */
	struct vcpu_arch arch;
};

/* What becomes of the guest. */
enum vm_outcome {
	VM_RUNS,
	VM_OFF,     /* it switched itself off */
	VM_RESET,   /* it asked for a reset */
	VM_CRASHED, /* it did what no guest survives, or we could not start it */
};

struct vm {
	struct guest_ram ram;
	struct mmio_map mmio;
	struct entropy entropy;
	struct pl011 uart;
	struct pl031 rtc;
	struct virtio_set virtio;
	struct image_file kernel, initrd;
	const char *append;
	unsigned cpus;
	enum vm_outcome outcome;
	struct vcpu vcpu[VMM_MAX_CPUS];
	struct vm_arch arch;
};

#endif
