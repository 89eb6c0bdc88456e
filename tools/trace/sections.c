/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A QEMU plugin (TCG plugin API, version 4: QEMU 9.2 and later) that counts what is executed
 * between two places of a program, and of it what instruction counts hide: writes to system registers,
 * barriers with TLB and cache maintenance, accesses to devices.
 *
 *   cc -shared -fPIC -O2 -o sections.so tools/trace/sections.c
 *   qemu-system-aarch64 ... -plugin ./sections.so,out=FILE,from=ADDRESS[,begin=N@ADDRESS]...
 *
 * A section N begins with `hint #(64 + 2 N)` and ends with `hint #(65 + 2 N)` (NOPs, tools/trace/section.h),
 * N < 32, but for #102, which is count.c's. One that has a begin= is only made ready by the first, and begins, again
 * and again, before the instruction at such an ADDRESS. It may end on another core than it began on: what counts
 * is what the core where it ends has executed since; nothing, if it slept. Of sections 24 and above all cores'
 * count, but only instructions of the kernel, which is at ADDRESS of from= (KERNEL_VA), without the rounds of a
 * loop that waits for another core. At its end the machine writes a line for each section that ended:
 *
 *   section N SEEN TIMES INSTRUCTIONS WRITES BARRIERS DEVICE
 *
 * It ended TIMES times; SEEN of these with the same number of INSTRUCTIONS, which is that seen most often. With
 * several cores: only -accel tcg,thread=multi (otherwise QEMU 10.0 takes all cores for the one that translates).
 */
#include "plugin.h"

#define CPUS     8
#define SECTIONS 32
#define OTHER_MARK 102 /* count.c */
#define PLACES     8
#define ALL_CORES  24 /* sections from here on */
#define DIFFERENT  64 /* numbers of instructions of a section; further ones are not looked at */
#define YIELD      0xd503203fu
#define ROUND_MAX  64 /* instructions, of a loop that waits */

enum kind { ALL, KERNEL, WRITES, BARRIERS, DEVICE, KINDS };

static struct section {
	bool placed, ready, begun; /* it has a begin=; then: it may begin there */
	unsigned different;
	uint64_t times, start[KINDS][CPUS];
	struct seen {
		uint64_t times, of[KINDS];
	} seen[DIFFERENT];
} section[SECTIONS];
static counter count[DEVICE];    /* of each core */
static uint64_t accesses[CPUS];  /* DEVICE: each core its own */
static uint64_t waited[CPUS], yielded_at[CPUS]; /* of KERNEL: in loops that wait, and at the last yield */
static struct place {
	unsigned long section;
	uint64_t at;
} place[PLACES];
static unsigned places;
static uint64_t from;
static FILE *out;

static uint64_t now(enum kind kind, unsigned cpu)
{
	if ((int)cpu >= qemu_plugin_num_vcpus())
		return 0;
	if (kind == DEVICE)
		return accesses[cpu];
	return qemu_plugin_u64_get(count[kind], cpu) - (kind == KERNEL ? waited[cpu] : 0);
}

static void begins(unsigned cpu, void *data)
{
	struct section *s = data;

	(void)cpu;
	for (unsigned kind = 0; kind < KINDS; kind++) {
		for (unsigned c = 0; c < CPUS; c++)
			s->start[kind][c] = now(kind, c);
	}
	s->ready = true;
	s->begun = !s->placed;
}

static void begins_anew(unsigned cpu, void *data)
{
	struct section *s = data;

	if (s->ready)
		begins(cpu, data);
	s->begun = s->ready;
}

static uint64_t since(const struct section *s, enum kind kind, unsigned cpu)
{
	return now(kind, cpu) - s->start[kind][cpu];
}

static void remember(struct section *s, const uint64_t *of)
{
	unsigned i = 0;

	while (i < s->different && s->seen[i].of[ALL] != of[ALL])
		i++;
	if (i == DIFFERENT)
		return;
	if (i == s->different) {
		memcpy(s->seen[i].of, of, sizeof(s->seen[i].of));
		s->different++;
	}
	s->seen[i].times++;
}

static void ends(unsigned cpu, void *data)
{
	struct section *s = data;
	bool all_cores = s - section >= ALL_CORES;
	uint64_t sum[KINDS] = { 0 };

	if (!s->begun || cpu >= CPUS)
		return;
	s->begun = s->ready = false;
	s->times++;
	sum[ALL] -= !all_cores; /* the hint itself */
	for (unsigned c = all_cores ? 0 : cpu; c < (all_cores ? CPUS : cpu + 1); c++) {
		sum[ALL] += since(s, all_cores ? KERNEL : ALL, c);
		for (unsigned kind = WRITES; kind < KINDS; kind++)
			sum[kind] += since(s, kind, c);
	}
	remember(s, sum);
}

/* Another round of a loop that waits for another core, if the yield before is so near. */
static void yields(unsigned cpu, void *data)
{
	uint64_t at = qemu_plugin_u64_get(count[KERNEL], cpu);

	(void)data;
	if (cpu >= CPUS)
		return;
	if (at - yielded_at[cpu] < ROUND_MAX)
		waited[cpu] += at - yielded_at[cpu];
	yielded_at[cpu] = at;
}

static void accessed(unsigned cpu, meminfo info, uint64_t at, void *data)
{
	const struct qemu_plugin_hwaddr *address = qemu_plugin_get_hwaddr(info, at);

	(void)data;
	if (address && qemu_plugin_hwaddr_is_io(address) && cpu < CPUS)
		accesses[cpu]++;
}

/* Arm ARM DDI 0487, C4.1.94 (branches, exception generating and system instructions). */
static bool writes_register(uint32_t word)
{
	return (word & 0xfff00000u) == 0xd5100000u; /* MSR (register) */
}

static bool is_barrier(uint32_t word)
{
	bool barrier = (word & 0xfffff01fu) == 0xd503301fu && (word >> 5 & 7) >= 4; /* DSB, DMB, ISB, SB */
	bool sys = (word & 0xfff80000u) == 0xd5080000u;
	uint32_t crn = word >> 12 & 15;

	return barrier || (sys && (crn == 7 || crn == 8)); /* caches and address translation; TLB */
}

static void begins_at(struct qemu_plugin_insn *insn)
{
	for (unsigned i = 0; i < places; i++) {
		if (place[i].at == qemu_plugin_insn_vaddr(insn))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, begins_anew, NO_REGISTERS, &section[place[i].section]);
	}
}

static void add_place(const char *text)
{
	char *end;
	struct place p = { .section = strtoul(text, &end, 10) };

	p.at = strtoull(end + (*end == '@'), NULL, 16);
	if (places < PLACES && p.section < SECTIONS) {
		place[places++] = p;
		section[p.section].placed = true;
	}
}

static void translated(plugin_id id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint32_t word = 0, hint;

		if (qemu_plugin_insn_data(insn, &word, sizeof(word)) != sizeof(word))
			continue;
		begins_at(insn);
		qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(insn, ADD, count[ALL], 1);
		if (qemu_plugin_insn_vaddr(insn) >= from && qemu_plugin_insn_vaddr(insn) < from << 1)
			qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(insn, ADD, count[KERNEL], 1);
		if (writes_register(word))
			qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(insn, ADD, count[WRITES], 1);
		if (is_barrier(word))
			qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(insn, ADD, count[BARRIERS], 1);
		qemu_plugin_register_vcpu_mem_cb(insn, accessed, NO_REGISTERS, READS_AND_WRITES, NULL);
		if (word == YIELD)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, yields, NO_REGISTERS, NULL);
		hint = (word & 0xfffff01fu) == 0xd503201fu ? word >> 5 & 127 : 0;
		if (hint >= 64 && hint != OTHER_MARK)
			qemu_plugin_register_vcpu_insn_exec_cb(insn, hint % 2 ? ends : begins, NO_REGISTERS,
							       &section[(hint - 64) / 2]);
	}
}

static void at_exit(plugin_id id, void *data)
{
	(void)id;
	(void)data;
	for (unsigned n = 0; n < SECTIONS; n++) {
		const struct section *s = &section[n];
		const struct seen *most = &s->seen[0];

		for (unsigned i = 1; i < s->different; i++) {
			if (s->seen[i].times > most->times)
				most = &s->seen[i];
		}
		if (s->times > 0)
			fprintf(out, "section %u %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", n,
				most->times, s->times, most->of[ALL], most->of[WRITES], most->of[BARRIERS], most->of[DEVICE]);
	}
	fclose(out);
}

int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++) {
		if (!common_option(argv[i], &out, &from) && strncmp(argv[i], "begin=", 6) == 0)
			add_place(argv[i] + 6);
	}
	if (!out || !from) {
		fprintf(stderr, "sections: out=FILE or from=ADDRESS is missing\n");
		return -1;
	}
	for (unsigned kind = 0; kind < DEVICE; kind++)
		count[kind] = new_counter();
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, at_exit, NULL);
	return 0;
}
