/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A QEMU plugin (TCG plugin API, version 4: QEMU 9.2 and later) that finds the
 * longest stretch which the kernel executes without looking at interrupts: from a
 * trap to user level or a guest, or to sleep. With -icount, whose cores take turns in
 * one thread.
 *
 *   cc -shared -fPIC -O2 -o longest.so tools/trace/longest.c
 *   qemu-system-aarch64 ... -icount shift=0,sleep=off -plugin ./longest.so,out=FILE,from=ADDRESS
 *
 * Instructions at ADDRESS and above are the kernel's (KERNEL_VA). FILE gets, at the end, "longest N"
 * and for each block of instructions of that stretch "ADDRESS INSTRUCTIONS", in order of execution.
 */
#include "plugin.h"

#define CPUS   8
#define BLOCKS 65536       /* of a stretch: longer ones are cut */
#define WFI    0xd503207fu
#define LOOK   0xd538c100u /* mrs xN, isr_el1: a preemption point */

struct block {
	uint64_t at;
	uint32_t instructions;
	uint32_t ends;             /* it sleeps, or looks at interrupts */
};

static struct stretch {
	uint64_t instructions;
	unsigned blocks;
	const struct block *block[BLOCKS];
} now[CPUS], longest;
static enum phase { LOADER, BOOT, RUNS } phase[CPUS]; /* the loader is below the kernel, as user level is */
static uint64_t from;
static FILE *out;

static void executed(unsigned cpu, void *data)
{
	const struct block *block = data;
	struct stretch *s = &now[cpu % CPUS];
	enum phase *at = &phase[cpu % CPUS];

	if (block->at < from || block->ends) {
		if (*at == RUNS && s->instructions > longest.instructions)
			longest = *s;
		if (*at == BOOT)
			*at = RUNS;
		s->instructions = s->blocks = 0;
		return;
	}
	if (*at == LOADER)
		*at = BOOT;
	s->instructions += block->instructions;
	if (s->blocks < BLOCKS)
		s->block[s->blocks++] = block;
}

static void translated(plugin_id id, struct qemu_plugin_tb *tb)
{
	struct block *block = calloc(1, sizeof(*block)); /* as long as QEMU may execute it: for ever */
	uint32_t word = 0;

	(void)id;
	if (!block)
		abort();
	block->at = qemu_plugin_tb_vaddr(tb);
	block->instructions = (uint32_t)qemu_plugin_tb_n_insns(tb);
	for (uint32_t i = 0; i < block->instructions; i++) {
		if (qemu_plugin_insn_data(qemu_plugin_tb_get_insn(tb, i), &word, sizeof(word)) == sizeof(word))
			block->ends |= word == WFI || (word & ~0x1fu) == LOOK;
	}
	qemu_plugin_register_vcpu_tb_exec_cb(tb, executed, NO_REGISTERS, block);
}

static void at_exit(plugin_id id, void *data)
{
	(void)id;
	(void)data;
	fprintf(out, "longest %" PRIu64 "\n", longest.instructions);
	for (unsigned i = 0; i < longest.blocks; i++)
		fprintf(out, "%" PRIx64 " %" PRIu32 "\n", longest.block[i]->at, longest.block[i]->instructions);
	fclose(out);
}

int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++)
		common_option(argv[i], &out, &from);
	if (!out || !from) {
		fprintf(stderr, "longest: out=FILE or from=ADDRESS is missing\n");
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, at_exit, NULL);
	return 0;
}
