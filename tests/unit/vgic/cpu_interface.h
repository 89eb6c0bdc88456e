/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A little virtual CPU interface: list registers, acknowledge, end of interrupt,
 * as Arm IHI 0069H describes them (4.8, 12.4.8), and the part of the kernel
 * that lends them. It checks what the kernel would: an INTID valid in one list
 * register at most, no hardware bit.
 */
#ifndef TEST_CPU_INTERFACE_H
#define TEST_CPU_INTERFACE_H

#include <stdbool.h>
#include <stdint.h>

#include "arch/aarch64/vgic.h"

#define SPURIOUS 1023u

struct cpu_interface {
	unsigned lists;
	uint64_t list[17];      /* the last is the virtual timer's */
	uint64_t vtimer;
	bool without_entry;     /* an end found no register */
	uint8_t running[64];    /* priorities of the active interrupts, innermost last */
	unsigned depth;
	unsigned reads, writes; /* slow-path calls of the model */
};

/* The one linked line that the tests have: whose it is, and as what; 0: nobody's. */
extern struct cpu_link {
	uint32_t irq, slot;
	uint64_t value;
	unsigned calls;
} cpu_link;

extern struct cpu_interface cpu[VGIC_VCPUS]; /* slot of vCPU n: n */
extern bool cpu_threads;                     /* each vCPU is a thread: something may be due again at once */
extern struct vgic *waits_for;               /* whose vCPUs run when a lock is waited for */

void cpu_reset(unsigned n, unsigned lists);

/* The vCPU enters the guest: the model's list register writes are done. */
void cpu_enter(struct vgic *gic, unsigned n);

/* It exits: the model sees the list register state. */
void cpu_exit(struct vgic *gic, unsigned n);

/* The guest reads ICC_IAR1_EL1 / writes ICC_EOIR1_EL1 (with EOImode 0). */
unsigned cpu_ack(unsigned n);
void cpu_eoi(unsigned n, unsigned intid);

/* enter, ack, exit; enter, eoi, exit */
unsigned guest_ack(struct vgic *gic, unsigned n);
void guest_eoi(struct vgic *gic, unsigned n, unsigned intid);

/* Register accesses of the guest; WIDTH in bytes. The offset of a redistributor's SGI frame is 0x10000. */
uint64_t dist_read(struct vgic *gic, unsigned offset, unsigned width);
void dist_write(struct vgic *gic, unsigned offset, unsigned width, uint64_t value);
uint64_t redist_read(struct vgic *gic, unsigned offset, unsigned width);
void redist_write(struct vgic *gic, unsigned offset, unsigned width, uint64_t value);

/* Enables groups; makes SPI INTID group 1, enabled, of PRIORITY, edge or level. */
void enable_groups(struct vgic *gic);
void set_up_spi(struct vgic *gic, unsigned intid, uint8_t priority, bool edge);

#endif
