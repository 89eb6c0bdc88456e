/* SPDX-License-Identifier: BSD-2-Clause */
#include "psci.h"
#include "start.h"

#define PSCI_SYSTEM_OFF 0x84000008u /* 5.1.9 */
#define PSCI_CPU_ON     0xc4000003u /* 5.1.4, the 64-bit form */

static int64_t psci(bool hvc, uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
	return hvc ? psci_hvc(function, a, b, c) : psci_smc(function, a, b, c);
}

int64_t psci_cpu_on(bool hvc, uint64_t mpidr, uint64_t entry, uint64_t context)
{
	/* Error codes are 32 bits wide, sign extended by some firmware only. */
	return (int32_t)psci(hvc, PSCI_CPU_ON, mpidr, entry, context);
}

void psci_off(bool hvc)
{
	psci(hvc, PSCI_SYSTEM_OFF, 0, 0, 0);
}
