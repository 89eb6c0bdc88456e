/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PL011 UART, revision r1p4: 16-byte FIFOs.
 *
 * References
 *   [TRM] Arm DDI 0183G, PrimeCell UART (PL011) Technical Reference Manual,
 *         chapter 3.
 *
 * The other end is a console ring. The transmit FIFO empties into it at once, so
 * it is full only while the ring is full; the ring stands for the wire. What
 * arrives for the guest stays in its ring until the receive FIFO has room, so
 * nothing is ever overrun.
 *
 * Two honest approximations. Baud rate and word length are kept and mean nothing.
 * The receive timeout (32 bit times without a new character, [TRM] 2.8.2) comes
 * as soon as the ring is empty: the "line" is idle then.
 * Transmission does not ask for UARTEN and TXE: guests that are started without
 * firmware write to DR right away, and early consoles count on it.
 * Not modelled: DMA, IrDA, loopback, modem interrupts, break.
 */
#include "devices/pl011.h"

#include <string.h>

enum pl011_register {
	DR = 0x00,
	RSR = 0x04,
	FR = 0x18,
	ILPR = 0x20,
	IBRD = 0x24,
	FBRD = 0x28,
	LCR_H = 0x2c,
	CR = 0x30,
	IFLS = 0x34,
	IMSC = 0x38,
	RIS = 0x3c,
	MIS = 0x40,
	ICR = 0x44,
	DMACR = 0x48,
	PERIPH_ID = 0xfe0,
};

/* FR: clear to send, data set ready and carrier detect are always there. */
#define FR_MODEM 0x007u
#define FR_RXFE  0x010u
#define FR_TXFF  0x020u
#define FR_RXFF  0x040u
#define FR_TXFE  0x080u

#define LCR_H_FEN 0x10u
#define CR_UARTEN 0x001u
#define CR_TXE    0x100u
#define CR_RXE    0x200u

#define INT_RX  0x010u
#define INT_TX  0x020u
#define INT_RT  0x040u
#define INT_ALL 0x7ffu

static void update_irq(struct pl011 *u)
{
	irq_line_set(&u->irq, u->ris & u->imsc);
}

static void wake_console(struct pl011 *u)
{
	if (u->signal)
		u->signal(u->console);
}

/* Without FIFOs there is one holding register. */
static unsigned rx_depth(const struct pl011 *u)
{
	return u->lcr_h & LCR_H_FEN ? PL011_FIFO : 1;
}

/* RXIFLSEL ([TRM] 3.3.9): 1/8, 1/4, 1/2, 3/4, 7/8 full. */
static unsigned rx_trigger(const struct pl011 *u)
{
	static const uint8_t level[8] = { 2, 4, 8, 12, 14, 14, 14, 14 };

	return u->lcr_h & LCR_H_FEN ? level[u->ifls >> 3 & 7] : 1;
}

static void receive(struct pl011 *u, const uint8_t *bytes, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		u->rx[(u->rx_first + u->rx_count++) % PL011_FIFO] = bytes[i];
	if (u->rx_count >= rx_trigger(u))
		u->ris |= INT_RX;
}

/*
 * Takes input over into the receive FIFO. At its end the FIFO is full, or the
 * ring is empty and the console will signal at the next byte.
 */
static void pull(struct pl011 *u)
{
	uint8_t bytes[PL011_FIFO];
	bool more = true, came = false;

	if (!u->shared || (u->cr & (CR_UARTEN | CR_RXE)) != (CR_UARTEN | CR_RXE))
		return;
	while (more && u->rx_count < rx_depth(u)) {
		struct console_ring *ring = &u->shared->to_client;
		size_t got = console_ring_read(ring, &u->received, bytes, rx_depth(u) - u->rx_count);

		if (got) {
			receive(u, bytes, (unsigned)got);
			came = true;
		} else {
			more = !u->watching && console_ring_want(ring, u->received);
			u->watching = true;
		}
	}
	if (came && console_ring_space_wanted(&u->shared->to_client))
		wake_console(u);
	if (u->rx_count && u->rx_count < rx_depth(u))
		u->ris |= INT_RT;
}

static uint8_t read_data(struct pl011 *u)
{
	uint8_t byte = 0;

	if (u->rx_count) {
		byte = u->rx[u->rx_first];
		u->rx_first = (u->rx_first + 1) % PL011_FIFO;
		u->rx_count--;
		if (u->rx_count < rx_trigger(u))
			u->ris &= (uint16_t)~INT_RX;
		if (u->rx_count == 0)
			u->ris &= (uint16_t)~INT_RT;
		/* While the console is to signal the ring is empty: nothing to look for. */
		if (!u->watching || u->rx_count)
			pull(u);
		update_irq(u);
	}
	return byte;
}

/* The interrupt says that the FIFO is (again) below its trigger level. With a full ring it comes with the space. */
static void write_data(struct pl011 *u, uint8_t byte)
{
	bool signal;

	u->ris |= INT_TX;
	if (u->shared) {
		console_ring_put(&u->shared->to_console, &u->sent, byte, &signal);
		if (signal)
			wake_console(u);
		if (console_ring_space(&u->shared->to_console, u->sent) == 0 &&
		    !console_ring_want_space(&u->shared->to_console, u->sent)) {
			u->blocked = true;
			u->ris &= (uint16_t)~INT_TX;
		}
	}
	update_irq(u);
}

static uint32_t flags(struct pl011 *u)
{
	uint32_t fr = FR_MODEM;
	bool full = u->shared && console_ring_space(&u->shared->to_console, u->sent) == 0;

	fr |= u->rx_count == 0 ? FR_RXFE : 0;
	fr |= u->rx_count >= rx_depth(u) ? FR_RXFF : 0;
	return fr | (full ? FR_TXFF : FR_TXFE);
}

/* Turning the FIFOs off or on flushes them ([TRM] 3.3.7 asks to disable the UART before). */
static void write_lcr_h(struct pl011 *u, uint16_t value)
{
	if ((u->lcr_h ^ value) & LCR_H_FEN) {
		u->rx_count = 0;
		u->ris &= (uint16_t)~(INT_RX | INT_RT);
	}
	u->lcr_h = value;
	pull(u);
}

static bool pl011_read(void *state, struct mmio_access *access)
{
	static const uint8_t id[8] = { 0x11, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };
	struct pl011 *u = state;

	switch (access->offset) {
	case DR:
		access->value = read_data(u);
		break;
	case FR:
		access->value = flags(u);
		break;
	case ILPR:
		access->value = u->ilpr;
		break;
	case IBRD:
		access->value = u->ibrd;
		break;
	case FBRD:
		access->value = u->fbrd;
		break;
	case LCR_H:
		access->value = u->lcr_h;
		break;
	case CR:
		access->value = u->cr;
		break;
	case IFLS:
		access->value = u->ifls;
		break;
	case IMSC:
		access->value = u->imsc;
		break;
	case RIS:
		access->value = u->ris;
		break;
	case MIS:
		access->value = u->ris & u->imsc;
		break;
	case DMACR:
		access->value = u->dmacr;
		break;
	default:
		/* RSR (no errors), reserved offsets and the write-only ICR read as zero. */
		access->value = access->offset >= PERIPH_ID && !(access->offset & 3) ?
			id[(access->offset - PERIPH_ID) / 4 & 7] : 0;
	}
	return true;
}

static bool pl011_write(void *state, struct mmio_access *access)
{
	struct pl011 *u = state;
	uint16_t value = (uint16_t)access->value;

	switch (access->offset) {
	case DR:
		write_data(u, (uint8_t)value);
		return true;
	case ILPR:
		u->ilpr = value & 0xff;
		break;
	case IBRD:
		u->ibrd = value;
		break;
	case FBRD:
		u->fbrd = value & 0x3f;
		break;
	case LCR_H:
		write_lcr_h(u, value & 0xff);
		break;
	case CR:
		u->cr = value;
		pull(u);
		break;
	case IFLS:
		u->ifls = value & 0x3f;
		break;
	case IMSC:
		u->imsc = value & INT_ALL;
		break;
	case ICR:
		u->ris &= (uint16_t)~value;
		break;
	case DMACR:
		u->dmacr = value & 7;
		break;
	default:
		/* RSR: there are no errors to clear; the rest is read-only or reserved. */
		break;
	}
	update_irq(u);
	return true;
}

void pl011_event(struct pl011 *u)
{
	u->watching = false;
	pull(u);
	if (u->blocked && console_ring_space(&u->shared->to_console, u->sent) > 0) {
		u->blocked = false;
		u->ris |= INT_TX;
	}
	update_irq(u);
}

/* As [TRM] table 3-1, but enabled: firmware would have done that. */
void pl011_reset(struct pl011 *u)
{
	u->rx_first = u->rx_count = 0;
	u->cr = CR_UARTEN | CR_TXE | CR_RXE;
	u->lcr_h = u->imsc = u->ris = u->ibrd = u->fbrd = u->dmacr = u->ilpr = 0;
	u->ifls = 0x12;
	u->blocked = false;
	pl011_event(u);
}

void pl011_init(struct pl011 *u, struct console_shared *shared, void (*signal)(void *), void *console,
		struct irq_line irq)
{
	memset(u, 0, sizeof(*u));
	u->shared = shared;
	u->signal = signal;
	u->console = console;
	u->irq = irq;
	u->sent = shared ? console_ring_written(&shared->to_console) : 0;
	u->received = shared ? console_ring_taken(&shared->to_client) : 0;
	pl011_reset(u);
}

const struct mmio_ops pl011_ops = { .read = pl011_read, .write = pl011_write };
