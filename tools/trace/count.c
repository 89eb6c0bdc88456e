/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A QEMU plugin (TCG plugin API, version 4: QEMU 9.2 and later) that counts the instructions
 * which a machine executes, idle time not being one: what a clock under icount cannot tell.
 *
 *   cc -shared -fPIC -O2 -o count.so tools/trace/count.c
 *   qemu-system-aarch64 ... -plugin ./count.so,out=FILE[,mark=ADDRESS]...[,NAME=ADDRESS[-ADDRESS]]...
 *
 * Wherever the machine executes `hint #102` (a NOP, which programs put where they begin
 * and end), or the instruction at an address of mark=, and at its end, FILE gets a line
 *
 *   mark INSTRUCTIONS NAME=TIMES ...
 *
 * with all that was executed so far, and of that the instruction at each ADDRESS, or those from
 * one to the other, it included.
 */
#include "plugin.h"

#define MARK  0xd5032cdfu
#define PLACES 16
#define MARKS  4

static struct place {
	char name[32];
	uint64_t at, last;
	counter times;
} place[PLACES];
static unsigned places;
static uint64_t mark_at[MARKS];
static unsigned marks;
static counter all;
static FILE *out;

static void mark(unsigned cpu, void *data)
{
	(void)cpu;
	(void)data;
	fprintf(out, "mark %" PRIu64, qemu_plugin_u64_sum(all));
	for (unsigned i = 0; i < places; i++)
		fprintf(out, " %s=%" PRIu64, place[i].name, qemu_plugin_u64_sum(place[i].times));
	fprintf(out, "\n");
	fflush(out);
}

static void at_exit(plugin_id id, void *data)
{
	(void)id;
	mark(0, data);
}

static int marked(uint64_t at, const struct qemu_plugin_insn *insn)
{
	uint32_t word = 0;

	for (unsigned i = 0; i < marks; i++) {
		if (at == mark_at[i])
			return 1;
	}
	return qemu_plugin_insn_data(insn, &word, sizeof(word)) == sizeof(word) && word == MARK;
}

static void translated(plugin_id id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t at = qemu_plugin_insn_vaddr(insn);

		qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(insn, ADD, all, 1);
		for (unsigned p = 0; p < places; p++) {
			if (place[p].at <= at && at <= place[p].last)
				qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(insn, ADD, place[p].times, 1);
		}
		if (marked(at, insn))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, mark, NO_REGISTERS, NULL);
	}
}

int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++) {
		char *value = strchr(argv[i], '=');

		if (!value)
			return -1;
		if (strncmp(argv[i], "out=", 4) == 0) {
			out = fopen(value + 1, "w");
		} else if (strncmp(argv[i], "mark=", 5) == 0) {
			if (marks < MARKS)
				mark_at[marks++] = strtoull(value + 1, NULL, 16);
		} else if (places < PLACES) {
			snprintf(place[places].name, sizeof(place[places].name), "%.*s", (int)(value - argv[i]), argv[i]);
			place[places].at = place[places].last = strtoull(value + 1, &value, 16);
			if (*value == '-')
				place[places].last = strtoull(value + 1, NULL, 16);
			place[places++].times = new_counter();
		}
	}
	if (!out) {
		fprintf(stderr, "count: out=FILE is missing or cannot be written\n");
		return -1;
	}
	all = new_counter();
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, at_exit, NULL);
	return 0;
}
