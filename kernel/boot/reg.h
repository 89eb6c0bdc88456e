/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses and interrupts of device tree nodes: `reg` through `ranges`, `interrupts` through parents. */
#ifndef BOOT_REG_H
#define BOOT_REG_H

#include "dt.h"

enum reg_result {
	REG_OK,
	REG_NONE,       /* no entry of that index, or not visible to the CPUs */
	REG_BAD,        /* malformed: the report says how */
};

/* Entry INDEX of a node's `reg` as physical addresses. An entry of size 0 is BAD. */
enum reg_result reg_read(const struct dt *dt, int node, uint32_t index, struct range *range,
			 struct report *report);

/* As reg_read, but REG_NONE is an error too; WHAT says what the entry is for. */
bool reg_need(const struct dt *dt, int node, uint32_t index, const char *what, struct range *range,
	      struct report *report);

/* Where the processors see the 32-bit memory of a PCI host bridge; REG_NONE: nowhere. */
enum reg_result pci_window_read(const struct dt *dt, int node, struct range *range, struct report *report);

struct interrupt {
	uint32_t intid;
	bool edge;
};

/*
 * Interrupt INDEX of a node, if it goes to the GICv3 node GIC (DTSpec 2.4;
 * Linux Documentation/devicetree/bindings/interrupt-controller/arm,gic-v3.yaml).
 * REG_NONE: the node has no such interrupt, or it goes elsewhere.
 */
enum reg_result interrupt_read(const struct dt *dt, int node, int gic, uint32_t index,
			       struct interrupt *interrupt, struct report *report);

#endif
