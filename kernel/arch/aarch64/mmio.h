/* SPDX-License-Identifier: BSD-2-Clause */
/* Device registers at kernel addresses (Device-nGnRE): one access of the given width, in program order. */
#pragma once

#include <stdint.h>

static inline uint32_t mmio_read32(uint64_t va)
{
	return *(const volatile uint32_t *)(uintptr_t)va;
}

static inline void mmio_write32(uint64_t va, uint32_t value)
{
	*(volatile uint32_t *)(uintptr_t)va = value;
}

static inline void mmio_write64(uint64_t va, uint64_t value)
{
	*(volatile uint64_t *)(uintptr_t)va = value;
}
