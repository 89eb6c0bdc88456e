/* SPDX-License-Identifier: BSD-2-Clause */
/* What holds for every call: unknown numbers, empty slots, wrong types. */
#include "check.h"
#include "make.h"
#include "skerry/calls.h"

static void unknown_numbers(void)
{
	struct sk_words m = { { 0 }, 0, 0 };

	SK_SVC(SK_CALLS, &m);
	check_status("call one past the last", (enum sk_status)m.slot, SK_NO_CALL);
	SK_SVC(0xffff, &m);
	check_status("call 0xffff", (enum sk_status)m.slot, SK_NO_CALL);
}

static void null_call(void)
{
	uint64_t abi = 0, core = 99;

	check_status("null call", sk_null(&abi, &core), SK_OK);
	check_value("null call's ABI version", abi, SK_ABI_MAJOR << 16 | SK_ABI_MINOR);
	check_value("null call's core", core, 0);
}

/* x10 to x18 come back as zero or as they were: nothing of the kernel leaks. */
static void scrubbed(void)
{
	register uint64_t x8 __asm__("x8") = 0;
	uint64_t leaked;

	/* all ones before; afterwards each register plus one must be 0 or 1 */
	__asm__ volatile("mov x10, #-1\n\tmov x11, #-1\n\tmov x12, #-1\n\tmov x13, #-1\n\tmov x14, #-1\n\t"
			 "mov x15, #-1\n\tmov x16, #-1\n\tmov x17, #-1\n\tmov x18, #-1\n\tsvc %[n]\n\t"
			 "add x10, x10, #1\n\tadd x11, x11, #1\n\tadd x12, x12, #1\n\tadd x13, x13, #1\n\t"
			 "add x14, x14, #1\n\tadd x15, x15, #1\n\tadd x16, x16, #1\n\tadd x17, x17, #1\n\t"
			 "add x18, x18, #1\n\torr x10, x10, x11\n\torr x10, x10, x12\n\torr x10, x10, x13\n\t"
			 "orr x10, x10, x14\n\torr x10, x10, x15\n\torr x10, x10, x16\n\torr x10, x10, x17\n\t"
			 "orr x10, x10, x18\n\tlsr %[leaked], x10, #1"
			 : [leaked] "=r"(leaked), "+r"(x8)
			 : [n] "i"(SK_NULL)
			 : "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x9", "x10", "x11", "x12", "x13",
			   "x14", "x15", "x16", "x17", "x18", "cc", "memory");
	check_value("x10..x18 after a call", leaked, 0);
}

static void bad_slots(void)
{
	uint64_t bits;

	check_status("slot 0", sk_signal(0), SK_NO_CAP);
	check_status("an empty slot", sk_signal(make_slots(1)), SK_NO_CAP);
	check_status("a slot out of range", sk_signal(SK_ROOT_CNODE_SLOTS), SK_NO_CAP);
	check_status("a slot far out of range", sk_signal(0xffffffffu), SK_NO_CAP);
	check_status("signal a cnode", sk_signal(SK_ROOT_CNODE), SK_WRONG_TYPE);
	check_status("wait for a thread", sk_poll(SK_ROOT_THREAD, &bits), SK_WRONG_TYPE);
	check_status("start a notification", sk_thread_start(make(SK_TYPE_NOTIFICATION, 0, 0)), SK_WRONG_TYPE);
	check_status("stop a space", sk_thread_stop(SK_ROOT_SPACE), SK_WRONG_TYPE);
}

static void vcpu_without(void)
{
	struct sk_words m = { { 0 }, 0, 0 };

	check_status("run without a vCPU", sk_vcpu_run(&m), SK_STATE);
}

int main(void)
{
	null_call();
	unknown_numbers();
	scrubbed();
	bad_slots();
	vcpu_without();
	check_done();
}
