/* SPDX-License-Identifier: BSD-2-Clause */
/* For drivers of devices that read and write memory by themselves. */
#ifndef SKERRY_IO_H
#define SKERRY_IO_H

/*
 * Memory accesses before it are seen by a coherent device before register accesses
 * behind it, and the other way round (Arm ARM DDI 0487 K.a, B2.3.12: DMB, outer shareable).
 */
static inline void sk_io_barrier(void)
{
	__asm__ volatile("dmb osh" ::: "memory");
}

#endif
