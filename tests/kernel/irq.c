/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupt objects: who may make one, binding, and the lines that cannot be had. */
#include "check.h"
#include "make.h"
#include "skerry/calls.h"
#include "skerry/root.h"
#include "skerry/start.h"

/* PL011 (ARM DDI 0183G, 3.2): interrupt mask, raw status, clear. Bit 5: transmit. */
#define UART_IMSC 0x38u
#define UART_ICR  0x44u
#define UART_TX   0x20u

static uint32_t attempt(uint64_t line, uint64_t attribute, enum sk_status *status)
{
	uint32_t slot = make_slots(1);

	*status = sk_retype(SK_ROOT_OBJECTS, SK_TYPE_IRQ, line, SK_ROOT_CNODE, slot, 1, attribute);
	return slot;
}

static void refusals(uint32_t line)
{
	enum sk_status status;
	uint32_t first;

	attempt(27, SK_ROOT_IRQ_CONTROL, &status);
	check_status("the virtual timer's PPI", status, SK_BAD_ARG);
	attempt(5, SK_ROOT_IRQ_CONTROL, &status);
	check_status("an SGI", status, SK_BAD_ARG);
	attempt(100000, SK_ROOT_IRQ_CONTROL, &status);
	check_status("a line that no controller has", status, SK_BAD_ARG);
	attempt(line, SK_ROOT_CNODE, &status);
	check_status("without the right to make one", status, SK_WRONG_TYPE);
	first = attempt(line, SK_ROOT_IRQ_CONTROL, &status);
	check_status("a line", status, SK_OK);
	attempt(line, SK_ROOT_IRQ_CONTROL, &status);
	check_status("the same line again", status, SK_BUSY);
	check_status("copy it", sk_copy(SK_ROOT_CNODE, make_slots(1), SK_ROOT_CNODE, first, SK_RIGHTS_ALL), SK_WRONG_TYPE);
	check_status("delete it", sk_delete(SK_ROOT_CNODE, first), SK_OK);
	attempt(line, SK_ROOT_IRQ_CONTROL, &status);
	check_status("then it can be had again", status, SK_OK);
}

/* The console's transmit interrupt: raised by its FIFO running empty, seen as a badge. */
static void delivery(uint32_t irq)
{
	volatile uint32_t *uart = (volatile uint32_t *)SK_ROOT_CONSOLE_IPA;
	uint32_t note = make(SK_TYPE_NOTIFICATION, 0, 0), badged = make_badge(note, 0x10);
	uint64_t bits = 0, second = sk_start()->counter_hz;

	check_status("bind", sk_irq_bind(irq, badged), SK_OK);
	uart[UART_ICR / 4] = 0x7ff;
	uart[UART_IMSC / 4] = UART_TX;
	uart[0] = '\n'; /* once the character is out the interrupt is raised */
	check_status("the interrupt arrives", sk_wait(note, sk_counter() + second, &bits), SK_OK);
	check_value("as the badge", bits, 0x10);
	check_status("masked until acknowledged", sk_wait(note, sk_counter() + second / 100, &bits), SK_TIMEOUT);
	check_status("acknowledge while it is still raised", sk_irq_ack(irq), SK_OK);
	check_status("it comes again", sk_wait(note, sk_counter() + second, &bits), SK_OK);
	uart[UART_IMSC / 4] = 0;
	uart[UART_ICR / 4] = 0x7ff;
	check_status("acknowledge when it is quiet", sk_irq_ack(irq), SK_OK);
	check_status("then it stays quiet", sk_wait(note, sk_counter() + second / 100, &bits), SK_TIMEOUT);
	check_status("unbind", sk_irq_bind(irq, 0), SK_OK);
}

int main(void)
{
	const struct sk_root_info *info = sk_root_info();
	enum sk_status status;
	uint32_t irq, line;

	if (info->console >= info->regions)
		must("a console UART", SK_NO_CAP);
	line = info->region[info->console].irq;
	irq = attempt(line, SK_ROOT_IRQ_CONTROL, &status);
	must("the console's interrupt", status);
	delivery(irq);
	must("delete", sk_delete(SK_ROOT_CNODE, irq));
	refusals(line);
	check_done();
}
