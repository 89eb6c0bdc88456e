/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's machine: addresses and interrupts as on QEMU's "virt", so that
 * payloads built for it find what they expect. They go into the device tree when the
 * system is built (tree_make.c); the VMM takes them from there.
 */
#ifndef VMM_MACHINE_H
#define VMM_MACHINE_H

#define GUEST_FLASH      0x04000000ul
#define GUEST_FLASH_SIZE 0x04000000ul
#define GUEST_GICD       0x08000000ul
#define GUEST_GICR       0x080a0000ul
#define GUEST_UART       0x09000000ul
#define GUEST_RTC        0x09010000ul
#define GUEST_VIRTIO     0x0a000000ul /* one transport behind the other */
#define GUEST_V2M        0x08020000ul
#define GUEST_PCI_WINDOW 0x10000000ul
#define GUEST_PCI_BYTES  0x00100000ul
#define GUEST_PCI_ECAM   0x3f000000ul
#define GUEST_RAM_BASE   0x40000000ul /* unless the system says otherwise; below are devices, from GUEST_FLASH on */

/* What takes addresses there. */
#define GUEST_GICD_BYTES     0x10000ul
#define GUEST_GICR_BYTES     0x20000ul /* a vCPU */
#define GUEST_DEVICE_BYTES   0x1000ul
#define GUEST_VIRTIO_BYTES   0x200ul
#define GUEST_PCI_ECAM_BYTES 0x100000ul

#define SPI_FIRST 32u
#define UART_SPI  1u
#define RTC_SPI   2u
#define PCI_SPI    3u                /* INTA of PCI device n, 1..9: PCI_SPI + n - 1 */
#define VIRTIO_SPI 16u               /* transport n: VIRTIO_SPI + n */

/* PPIs: 16 + number in the device tree. */
#define PPI_FIRST       16u
#define PPI_TIMER_SEC   13u
#define PPI_TIMER_PHYS  14u
#define PPI_TIMER_VIRT  11u
#define PPI_TIMER_HYP   10u

#define UART_CLOCK_HZ 24000000u

#endif
