/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A VMM that dies when its console says "!": its guest waits for interrupts, again and
 * again, until then. What becomes of the rest of the system: tests/boot/vmm-crash.sh.
 */
#include <string.h>

#include <skerry/calls.h>
#include <skerry/fail.h>
#include <skerry/log.h>
#include <skerry/memory.h>
#include <skerry/start.h>

#include "rings/console.h"

#define GUEST_RAM 0x40000000ul
#define NOWHERE   0x12345678ul

static const uint32_t program[] = {
	0xd503207f, /* wfi */
	0x17ffffff, /* b .-4 */
};

int main(void)
{
	struct console_shared *shared = sk_need_region("console", NULL);
	uint32_t event = sk_need_slot("event0"), vcpu = sk_need_slot("vcpu0");
	uint32_t taken = console_ring_taken(&shared->to_client), exits = 0;
	void *ram = sk_need_region("guest.ram", NULL);
	struct sk_words exit;
	uint64_t bits;
	char key = 0;

	memcpy(ram, program, sizeof(program));
	sk_memory_clean(ram, sizeof(program));
	sk_check(sk_vcpu_set(vcpu, SK_VREG_PC, GUEST_RAM), "setting the guest's pc");
	while (console_ring_read(&shared->to_client, &taken, &key, 1) == 0 || key != '!') {
		exit = (struct sk_words){ { 0 }, 0, 0 };
		if (sk_vcpu_run(&exit) == SK_OK && (exit.w[0] & SK_EXIT_CODE) != SK_EXIT_WFI)
			sk_fail("exit %lu of a guest that only waits", (unsigned long)(exit.w[0] & SK_EXIT_CODE));
		if (exits++ == 0)
			sk_log("crasher: the guest waits\n");
		if (!console_ring_want(&shared->to_client, taken))
			sk_wait(event, SK_NEVER, &bits);
	}
	*(volatile uint32_t *)NOWHERE = 1;
	return 0;
}
