/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interrupt output of a level-triggered device model: who wires the machine
 * up names the controller's input, the model only says high or low.
 */
#ifndef VMM_IRQ_LINE_H
#define VMM_IRQ_LINE_H

#include <stdbool.h>
#include <stdint.h>

struct irq_line {
	void (*set)(void *controller, uint32_t input, bool level); /* the same level twice is harmless */
	void *controller;
	uint32_t input;
};

static inline void irq_line_set(const struct irq_line *line, bool level)
{
	if (line->set)
		line->set(line->controller, line->input, level);
}

#endif
