/* SPDX-License-Identifier: BSD-2-Clause */
/* Power by PSCI (Arm DEN 0022E, 5.1.9 SYSTEM_OFF, 5.1.11 SYSTEM_RESET; SMCCC DEN 0028). */
#include "power.h"

#include "arch.h"

#define PSCI_SYSTEM_OFF   0x84000008ul
#define PSCI_SYSTEM_RESET 0x84000009ul

static bool by_hvc;

void power_init(const struct bootinfo *boot)
{
	by_hvc = boot->psci_hvc;
}

void arch_power(unsigned action)
{
	register uint64_t x0 __asm__("x0") = action == SK_POWER_OFF ? PSCI_SYSTEM_OFF : PSCI_SYSTEM_RESET;

	/* an hvc at EL2 is taken to EL2, that is here: such firmware cannot be reached */
	if (by_hvc)
		return;
	__asm__ volatile("smc #0" : "+r"(x0) : : "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11",
			 "x12", "x13", "x14", "x15", "x16", "x17", "memory");
}
