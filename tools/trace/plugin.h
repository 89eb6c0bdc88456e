/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the plugins here use of QEMU's TCG plugin API, version 4 (QEMU 9.2 and later): its header
 * is in no package, so it is declared here. And the options that they have in common.
 */
#ifndef PLUGIN_H
#define PLUGIN_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t plugin_id;
typedef uint32_t meminfo;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_plugin_scoreboard;
struct qemu_plugin_hwaddr;
typedef struct {
	struct qemu_plugin_scoreboard *score;
	size_t offset;
} counter;
enum { ADD = 0, NO_REGISTERS = 0, READS_AND_WRITES = 3 };

extern struct qemu_plugin_scoreboard *qemu_plugin_scoreboard_new(size_t bytes);
extern int qemu_plugin_num_vcpus(void); /* those that have started */
extern uint64_t qemu_plugin_u64_get(counter entry, unsigned cpu);
extern uint64_t qemu_plugin_u64_sum(counter entry);
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
extern uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
extern struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
extern size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *to, size_t bytes);
extern uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
extern struct qemu_plugin_hwaddr *qemu_plugin_get_hwaddr(meminfo info, uint64_t at);
extern bool qemu_plugin_hwaddr_is_io(const struct qemu_plugin_hwaddr *address);
extern void qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(struct qemu_plugin_insn *insn, int op, counter entry,
								uint64_t value);
extern void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, void (*f)(unsigned cpu, void *data),
						   int registers, void *data);
extern void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn,
					     void (*f)(unsigned cpu, meminfo info, uint64_t at, void *data), int registers,
					     int which, void *data);
extern void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb, void (*f)(unsigned cpu, void *data),
						 int registers, void *data);
extern void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id, void (*f)(plugin_id id, struct qemu_plugin_tb *tb));
extern void qemu_plugin_register_atexit_cb(plugin_id id, void (*f)(plugin_id id, void *data), void *data);

int qemu_plugin_version = 4;
int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv);

/* For each core. */
static inline counter new_counter(void)
{
	return (counter){ qemu_plugin_scoreboard_new(sizeof(uint64_t)), 0 };
}

/* out=FILE or from=ADDRESS: takes it. False: it is another option. */
static inline bool common_option(const char *option, FILE **out, uint64_t *from)
{
	if (strncmp(option, "out=", 4) == 0)
		*out = fopen(option + 4, "w");
	else if (strncmp(option, "from=", 5) == 0)
		*from = strtoull(option + 5, NULL, 16);
	else
		return false;
	return true;
}

#endif
