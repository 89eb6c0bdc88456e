/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PL031 real-time clock.
 *
 * References
 *   [TRM] Arm DDI 0224C, PrimeCell Real Time Clock (PL031), chapter 3.
 *
 * Counts seconds from the time that it was given at start, by the physical
 * counter. A guest may set it (LR): that moves only its own clock. The alarm
 * fires when pl031_poll is called at or after its time.
 */
#include "devices/pl031.h"

enum pl031_register {
	DR = 0x00,
	MR = 0x04,
	LR = 0x08,
	CR = 0x0c,
	IMSC = 0x10,
	RIS = 0x14,
	MIS = 0x18,
	ICR = 0x1c,
	PERIPH_ID = 0xfe0,
};

static uint32_t now(const struct pl031 *rtc)
{
	return rtc->base + (uint32_t)((rtc->counter() - rtc->start) / rtc->counter_hz);
}

static void update_irq(struct pl031 *rtc)
{
	irq_line_set(&rtc->irq, rtc->raised && rtc->enabled);
}

/*
 * A match value behind the clock comes again after 2^32 seconds: never. What lies
 * ahead fits the counter's 64 bits up to 4 GHz.
 */
static void set_alarm(struct pl031 *rtc)
{
	uint32_t ahead = rtc->match - rtc->base;

	if (rtc->match - now(rtc) > ahead)
		rtc->alarm = ~0ul;
	else
		rtc->alarm = rtc->start + ahead * rtc->counter_hz;
	pl031_poll(rtc);
}

uint64_t pl031_poll(struct pl031 *rtc)
{
	if (rtc->counter() < rtc->alarm)
		return rtc->alarm;
	rtc->alarm = ~0ul;
	rtc->raised = true;
	update_irq(rtc);
	return rtc->alarm;
}

static void load(struct pl031 *rtc, uint32_t seconds)
{
	rtc->load = rtc->base = seconds;
	rtc->start = rtc->counter();
	set_alarm(rtc);
}

/* Apart: the other registers need no call, so no stack frame. */
static __attribute__((noinline)) bool read_clock(struct pl031 *rtc, struct mmio_access *access)
{
	access->value = now(rtc);
	return true;
}

static bool read_register(struct pl031 *rtc, struct mmio_access *access)
{
	static const uint8_t id[8] = { 0x31, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

	switch (access->offset) {
	case DR:
		return read_clock(rtc, access);
	case MR:
		access->value = rtc->match;
		break;
	case LR:
		access->value = rtc->load;
		break;
	case CR:
		access->value = 1;
		break;
	case IMSC:
		access->value = rtc->enabled;
		break;
	case RIS:
		access->value = rtc->raised;
		break;
	case MIS:
		access->value = rtc->raised && rtc->enabled;
		break;
	default:
		access->value = access->offset >= PERIPH_ID && !(access->offset & 3) ?
			id[(access->offset - PERIPH_ID) / 4 & 7] : 0;
	}
	return true;
}

static __attribute__((noinline)) bool poll_and_read(struct pl031 *rtc, struct mmio_access *access)
{
	pl031_poll(rtc);
	return read_register(rtc, access);
}

static bool pl031_read(void *state, struct mmio_access *access)
{
	struct pl031 *rtc = state;

	return rtc->alarm == ~0ul ? read_register(rtc, access) : poll_and_read(rtc, access);
}

static bool pl031_write(void *state, struct mmio_access *access)
{
	struct pl031 *rtc = state;
	uint32_t value = (uint32_t)access->value;

	switch (access->offset) {
	case MR:
		rtc->match = value;
		set_alarm(rtc);
		break;
	case LR:
		load(rtc, value);
		break;
	case IMSC:
		rtc->enabled = value & 1;
		break;
	case ICR:
		if (value & 1)
			rtc->raised = false;
		break;
	default:
		/* CR: once started the clock cannot be stopped; the rest is read-only. */
		break;
	}
	update_irq(rtc);
	return true;
}

void pl031_init(struct pl031 *rtc, uint32_t epoch, uint64_t (*counter)(void), uint64_t counter_hz,
		struct irq_line irq)
{
	*rtc = (struct pl031){ .irq = irq, .counter = counter, .counter_hz = counter_hz, .alarm = ~0ul };
	rtc->base = rtc->load = epoch;
	rtc->start = counter();
}

const struct mmio_ops pl031_ops = { .read = pl031_read, .write = pl031_write };
