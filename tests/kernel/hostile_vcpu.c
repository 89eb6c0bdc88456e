/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest writes ones, then zeroes, to every system register encoding there is.
 * What a component at EL0 sees of any register or instruction of its own before
 * and after is compared, and what a new guest on the same core reads.
 */
#include <stdatomic.h>
#include <string.h>
#include "check.h"
#include "hostile_kit.h"
#include "make.h"
#include "skerry/calls.h"
#include "skerry/log.h"
#include "skerry/memory.h"
#include "skerry/start.h"

#define GUEST     0x40000000ul
#define HERE      0x740000000ul
#define RAM       (2ul << 20)
#define WRITES    0x1000ul        /* in the guest's RAM: code that writes, code that reads, what was read */
#define READS     0x60000ul
#define RESULTS   0x100000ul
#define ENCODINGS (1u << 15)      /* op0's low bit, op1, CRn, CRm, op2 */
#define PROBES    (1u << 13)      /* what EL0 may reach: see look() */
#define PROBE_CODE 0x750000000ul
#define PROBE_DATA (PROBE_CODE + 0x800)
#define OP1(n) ((n) >> 11 & 7)
#define CRN(n) ((n) >> 7 & 15)
#define CRM(n) ((n) >> 3 & 15)
#define NAME(op0, op1, crn, crm, op2) (((op0) & 1u) << 14 | (op1) << 11 | (crn) << 7 | (crm) << 3 | (op2))
#define SCTLR NAME(3, 0, 1, 0, 0)
#define SENTINEL 0x5e47
#define PSTATE_EL1H 0x3c5

/* --- the guest ------------------------------------------------------------- */

static uint32_t guest_bell, done_bell, vcpu, runner;
static _Atomic uint64_t exits;

/* Its VMM: answers everything with 0, skips what is undefined, and stops at hvc until it is told to go on. */
static void vmm(void *arg)
{
	struct sk_words m = { { 0 }, 0, 0 };
	uint64_t bits;

	(void)arg;
	for (;;) {
		enum sk_status status = sk_vcpu_run(&m);
		bool call = status == SK_OK && (m.w[0] & SK_EXIT_CODE) == SK_EXIT_HYPERCALL && !(m.w[0] & SK_EXIT_SMC);

		atomic_fetch_add(&exits, 1);
		if (status == SK_OK && (m.w[0] & SK_EXIT_CODE) == SK_EXIT_UNDEFINED) {
			uint64_t next = m.w[5] + 4;

			sk_vcpu_write(vcpu, SK_VREG_PC, 1, &next);
		}
		if (call) {
			sk_signal(done_bell);
			sk_wait(guest_bell, SK_NEVER, &bits);
		}
		m = (struct sk_words){ { SK_RUN_ANSWER }, 0, 0 };
	}
}

/* Where a write would change how the guest itself goes on: the MMU, byte order, its vectors, interrupts. */
static bool skipped(uint32_t n)
{
	return n == SCTLR || n == NAME(3, 0, 12, 0, 0) /* VBAR */ || n == NAME(3, 0, 4, 2, 0) /* SPSel */ ||
	       n == NAME(3, 3, 4, 2, 1) /* DAIF */ || n == NAME(3, 0, 4, 3, 0) /* ALLINT */;
}

static uint32_t *put_writes(uint32_t *c)
{
	for (uint32_t n = 0; n < ENCODINGS; n++) {
		if (!skipped(n))
			*c++ = 0xd5100000u | n << 5;     /* msr reg, x0 */
	}
	*c++ = 0x9e670000 | 0;                           /* fmov d0, x0 */
	*c++ = 0xd51b4400;                               /* msr fpcr, x0 */
	*c++ = 0xd51b4420;                               /* msr fpsr, x0 */
	*c++ = 0x927ff802;                               /* and x2, x0, #~1 */
	*c++ = 0xd5181002;                               /* msr sctlr_el1, x2: all but M */
	*c++ = 0xd51b4200;                               /* msr nzcv, x0 */
	return c;
}

/* A vector of 16: whatever it was is skipped. */
static void put_vectors(uint32_t *c)
{
	for (unsigned i = 0; i < 16; i++, c += 32) {
		c[0] = 0xd5384029;                       /* mrs x9, elr_el1 */
		c[1] = 0x91001129;                       /* add x9, x9, #4 */
		c[2] = 0xd5184029;                       /* msr elr_el1, x9 */
		c[3] = 0xd69f03e0;                       /* eret */
	}
}

static void put_program(void)
{
	uint32_t *c;

	put_vectors((uint32_t *)HERE);
	c = put_writes((uint32_t *)(HERE + WRITES));
	*c++ = 0xd4000002;                               /* hvc #0 */
	*c++ = 0xd5181003;                               /* msr sctlr_el1, x3: its own again */
	*c++ = 0xd2800000;                               /* mov x0, #0 */
	c = put_writes(c);
	*c++ = 0xd4000022;                               /* hvc #1 */
	*c = 0x14000000;                                 /* b . */
	if ((uint64_t)(uintptr_t)c > HERE + READS)
		must("code that fits", SK_NO_MEMORY);
	c = (uint32_t *)(HERE + READS);
	for (uint32_t n = 0; n < ENCODINGS; n++) {
		*c++ = 0xd2800000 | SENTINEL << 5;       /* mov x0, #SENTINEL */
		*c++ = 0xd5300000u | n << 5;             /* mrs x0, reg */
		*c++ = 0xf8008420;                       /* str x0, [x1], #8 */
	}
	*c++ = 0xd4000042;                               /* hvc #2 */
	*c = 0x14000000;
	if ((uint64_t)(uintptr_t)c > HERE + RESULTS)
		must("code that fits", SK_NO_MEMORY);
	sk_memory_clean((void *)HERE, RAM);
}

/* A new vCPU in a new space on core 0, at PC. */
static void new_guest(uint32_t memory, uint64_t pc)
{
	uint32_t space = make(SK_TYPE_SPACE, 8, SK_SPACE_GUEST), copy = make_slots(1);
	const uint32_t rights = SK_RIGHT_READ | SK_RIGHT_WRITE | SK_RIGHT_EXEC;

	vcpu = make(SK_TYPE_VCPU, 0, 0);
	must("copy", sk_copy(SK_ROOT_CNODE, copy, SK_ROOT_CNODE, memory, SK_RIGHTS_ALL));
	must("map", sk_map_all(copy, space, GUEST, 0, RAM, rights));
	if (runner)
		must("the one before goes", sk_delete(SK_ROOT_CNODE, runner));
	runner = make_thread_with(&(struct make_thread){ vmm, NULL, 0, 100, 0, 0, 0 });
	must("stop", sk_thread_stop(runner));
	must("bind", sk_vcpu_bind(vcpu, space, runner));
	must("pc", sk_vcpu_set(vcpu, SK_VREG_PC, pc));
	must("pstate", sk_vcpu_set(vcpu, SK_VREG_PSTATE, PSTATE_EL1H));
	must("vectors", sk_vcpu_set(vcpu, SK_VREG_VBAR_EL1, GUEST));
	must("sctlr", sk_vcpu_set(vcpu, SK_VREG_SCTLR_EL1, 0x30d00800));
	must("cpacr", sk_vcpu_set(vcpu, SK_VREG_CPACR_EL1, 3ul << 20));
	must("timer", sk_vcpu_set(vcpu, SK_VREG_VTIMER, SK_LIST_GROUP1 | 0x80ul << SK_LIST_PRIORITY_SHIFT));
	must("ones", sk_vcpu_set(vcpu, SK_VREG_X0, ~0ul));
	must("results", sk_vcpu_set(vcpu, SK_VREG_X0 + 1, GUEST + RESULTS));
	must("sctlr for later", sk_vcpu_set(vcpu, SK_VREG_X0 + 3, 0x30d00800));
	must("start", sk_thread_start(runner));
}

static void wait_guest(const char *what)
{
	uint64_t bits, hz = sk_start()->counter_hz;

	must(what, sk_wait(done_bell, sk_counter() + 30 * hz, &bits));
}

/* --- the component ---------------------------------------------------------- */

struct seen {
	uint64_t value;       /* left in x0 */
	uint32_t passed;      /* or it faulted at the instruction */
};

static struct seen before[PROBES], after[PROBES];
static uint32_t prober, probe_bell;

static void idle(void *arg)
{
	(void)arg;
}

/* One instruction at EL0 by a thread that faults behind it at the latest. */
static struct seen probe(uint32_t word)
{
	uint64_t x[6] = { PROBE_DATA, 0x1111, 0x2222 }, where[4] = { PROBE_DATA, PROBE_CODE, 0, 0x7157 }, bits, out[8];
	struct seen seen;

	*(volatile uint32_t *)PROBE_CODE = word;
	sk_memory_clean((void *)PROBE_CODE, 64);
	must("arguments", sk_thread_write(prober, SK_REG_X0, 6, x));
	must("place", sk_thread_write(prober, SK_REG_SP, 4, where));
	must("start", sk_thread_start(prober));
	sk_wait(probe_bell, sk_counter() + 5 * sk_start()->counter_hz, &bits); /* it faults at once, but for a stall of the host */
	must("stop", sk_thread_stop(prober));
	must("read", sk_thread_read(prober, SK_REG_X0, out));
	seen.value = out[0];
	must("read", sk_thread_read(prober, SK_REG_PC, out));
	seen.passed = (uint32_t)(out[0] - PROBE_CODE);
	return seen;
}

/* Reads of registers that count, or are random, by themselves. */
static bool changes(uint32_t n)
{
	return CRN(n) == 14 || CRN(n) == 9 || (CRN(n) == 2 && CRM(n) == 4);
}

/* Everything with op1 = 3, by the other 11 bits: mrs, msr, sys, sysl. */
static void look(struct seen *seen)
{
	static const uint32_t kinds[] = { 0xd53b0000u, 0xd51b0000u, 0xd50b0000u, 0xd52b0000u };

	for (uint32_t n = 0; n < PROBES; n++) {
		seen[n] = probe(kinds[n >> 11] | (n & 0x7ff) << 5);
		if (changes(n & 0x7ff))
			seen[n].value = 0;
	}
}

static void compare(const char *what)
{
	unsigned different = 0;

	look(after);
	for (uint32_t n = 0; n < PROBES; n++) {
		if (before[n].passed == after[n].passed && before[n].value == after[n].value)
			continue;
		if (different++ < 8)
			sk_log("probe %#x: %#lx at +%u, was %#lx at +%u\n", n, (unsigned long)after[n].value,
			       after[n].passed, (unsigned long)before[n].value, before[n].passed);
	}
	check_value(what, different, 0);
}

/* What it sees without asking: byte order, misaligned accesses, FP registers, flags. */
static uint64_t here_and_now(void)
{
	static const uint64_t data[2] = { 0x0102030405060708ul, 0x1112131415161718ul };
	uint64_t unaligned, ro, fpcr, fpsr;
	uint32_t half;

	__asm__ volatile("ldr %0, [%1, #3]" : "=r"(unaligned) : "r"(data) : "memory");
	__asm__ volatile("ldr %w0, [%1]" : "=r"(half) : "r"(data));
	__asm__ volatile("mrs %0, tpidrro_el0" : "=r"(ro));
	__asm__ volatile("mrs %0, fpcr\n\tmrs %1, fpsr" : "=r"(fpcr), "=r"(fpsr));
	return unaligned + half * 3 + ro * 5 + fpcr * 7 + fpsr * 11 + (uint64_t)(uintptr_t)__builtin_thread_pointer() * 13;
}

static uint64_t first_read[ENCODINGS];

static bool guest_changes(uint32_t n)
{
	return (OP1(n) == 3 && changes(n)) || CRN(n) == 14 || n == NAME(3, 0, 5, 2, 0) /* ESR: of its UNDEFs */;
}

static void compare_guests(void)
{
	const volatile uint64_t *now = (void *)(HERE + RESULTS);
	unsigned different = 0, there = 0;

	for (uint32_t n = 0; n < ENCODINGS; n++) {
		there += now[n] != SENTINEL;
		if (now[n] == first_read[n] || guest_changes(n))
			continue;
		if (different++ < 8)
			sk_log("register %#x: %#lx, was %#lx\n", n, (unsigned long)now[n], (unsigned long)first_read[n]);
	}
	sk_log("a guest finds %u registers\n", there);
	check("it finds registers", there > 50);
	check_value("registers that a new guest finds otherwise", different, 0);
}

static void set_up_probe(void)
{
	uint32_t page = make_memory(SK_PAGE), own = make(SK_TYPE_NOTIFICATION, 0, 0);

	must("map", sk_map_all(page, SK_ROOT_SPACE, PROBE_CODE, 0, SK_PAGE,
			       SK_RIGHT_READ | SK_RIGHT_WRITE | SK_RIGHT_EXEC));
	memset((void *)PROBE_CODE, 0, SK_PAGE); /* UDF behind it */
	probe_bell = own;
	prober = make_thread_with(&(struct make_thread){ idle, NULL, 0, 90, make_badge(own, 1), 0, 0 });
	make_time(1000);
	must("stop", sk_thread_stop(prober));
}

int main(void)
{
	uint32_t memory = make_memory(RAM), alias = make_slots(1), done = make(SK_TYPE_NOTIFICATION, 0, 0);
	uint32_t bell = make(SK_TYPE_NOTIFICATION, 0, 0), go = make_badge(bell, 1);
	uint64_t sees;

	guest_bell = bell;
	done_bell = make_badge(done, 1);
	must("alias", sk_copy(SK_ROOT_CNODE, alias, SK_ROOT_CNODE, memory, SK_RIGHTS_ALL));
	must("map", sk_map_all(alias, SK_ROOT_SPACE, HERE, 0, RAM, SK_RIGHT_READ | SK_RIGHT_WRITE));
	put_program();
	set_up_probe();
	look(after); /* its own writes to its registers last: the second look is the one to compare with */
	look(before);
	sees = here_and_now();
	new_guest(memory, GUEST + READS);
	wait_guest("a guest that reads");
	memcpy(first_read, (void *)(HERE + RESULTS), sizeof(first_read));
	compare("what a component sees after a guest that reads");
	new_guest(memory, GUEST + WRITES);
	wait_guest("a guest that writes ones");
	check_value("this thread, ones", here_and_now(), sees);
	compare("what a component sees after ones");
	must("go on", sk_signal(go));
	wait_guest("a guest that writes zeroes");
	check_value("this thread, zeroes", here_and_now(), sees);
	compare("what a component sees after zeroes");
	new_guest(memory, GUEST + READS);
	wait_guest("a new guest that reads");
	compare_guests();
	sk_log("%u exits\n", (unsigned)atomic_load(&exits));
	check_done();
}
