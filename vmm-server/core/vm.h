/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One guest: its RAM, devices and vCPUs. Each vCPU is run by one thread and its
 * struct vcpu is touched by that thread alone, but for `halt` and what an
 * architecture says of its part. Devices and entropy are `lock`'s; the virtual
 * interrupt controller has its own.
 */
#ifndef VMM_VM_H
#define VMM_VM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "skerry/entropy.h"
#include "core/image.h"
#include "core/lock.h"
#include "core/mmio.h"
#include "core/ram.h"
#include "core/wiring.h"
#include "devices/pl011.h"
#include "devices/passed.h"
#include "devices/pl031.h"
#include "skerry/svc.h"
#include "virtio/set.h"
#include "vm_arch.h"

struct vm;

/* Why a vCPU does not run: bits of `halt`. */
#define VCPU_OFF 1u         /* the guest has it switched off */
#define VCPU_END 2u         /* the outcome is decided */

struct vcpu {
	struct vm *vm;
	unsigned index;
	_Atomic uint32_t halt;
	_Atomic uint32_t round; /* number of the machine's last run that its thread is through with */
	uint32_t slot;        /* capability of the kernel's vCPU object */
	uint32_t event;       /* notification bound to the thread that runs it */
	struct sk_words run;  /* what goes in with the next SK_VCPU_RUN */
	struct sk_words exit; /* what came out of the last */
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
	struct passed_set passed;
	struct guest_ram ram;
	struct mmio_map mmio;
	struct entropy entropy;
	struct pl011 uart;
	struct pl031 rtc;
	struct virtio_set virtio;
	struct image_file kernel, initrd;
	const char *append;
	unsigned cpus;
	struct lock lock;
	_Atomic enum vm_outcome outcome; /* decided by vm_decide */
	_Atomic uint32_t round;          /* the machine's runs: 1 at power-on, one more each reset */
	struct vcpu vcpu[VMM_MAX_CPUS];
	struct vm_arch arch;
};

/*
 * Decides what becomes of the guest, unless somebody has; all vCPUs leave it.
 * By any vCPU's thread.
 */
void vm_decide(struct vm *vm, enum vm_outcome outcome);

/* Makes another vCPU's thread look around: it leaves the guest, or its wait. Sticky. */
void vcpu_kick(struct vcpu *cpu);

/*
 * Out of use until an event, an interrupt or DEADLINE (physical counter); comes
 * back at once if an interrupt is due.
 */
void vcpu_idle(struct vcpu *cpu, uint64_t deadline);

#endif
