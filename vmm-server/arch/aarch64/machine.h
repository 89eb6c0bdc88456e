/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guest's machine: addresses and interrupts as on QEMU's "virt", so that
 * payloads built for it find what they expect.
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
#define GUEST_RAM_BASE   0x40000000ul

#define SPI_FIRST 32u
#define UART_SPI  1u
#define RTC_SPI   2u
#define VIRTIO_SPI 16u               /* transport n: VIRTIO_SPI + n */

/* PPIs: 16 + number in the device tree. */
#define PPI_FIRST       16u
#define PPI_TIMER_SEC   13u
#define PPI_TIMER_PHYS  14u
#define PPI_TIMER_VIRT  11u
#define PPI_TIMER_HYP   10u

#define UART_CLOCK_HZ 24000000u

#endif
