/* SPDX-License-Identifier: BSD-2-Clause */
/* A PL031 real-time clock for the guest. pl031.c is the manual. */
#ifndef VMM_PL031_H
#define VMM_PL031_H

#include <stdint.h>

#include "core/mmio.h"
#include "devices/irq_line.h"

#define PL031_SIZE 0x1000u

struct pl031 {
	struct irq_line irq;
	uint64_t (*counter)(void);  /* monotonic, in ticks */
	uint64_t counter_hz;
	uint64_t start;             /* counter at which RTCDR was `base` */
	uint32_t base;              /* seconds */
	uint32_t match, load;
	bool enabled;               /* RTCIMSC */
	bool raised;                /* RTCRIS */
	uint64_t alarm;             /* counter at which DR reaches match; ~0: never */
};

extern const struct mmio_ops pl031_ops;

/* EPOCH: seconds since 1970 at this moment. COUNTER runs at COUNTER_HZ (not 0). */
void pl031_init(struct pl031 *rtc, uint32_t epoch, uint64_t (*counter)(void), uint64_t counter_hz,
		struct irq_line irq);

/*
 * Raises the alarm if it is due. Returns the counter value at which it will be
 * due, ~0 if never: the latest time to call again.
 */
uint64_t pl031_poll(struct pl031 *rtc);

/* That value, at a glance: by any thread, without the device's lock. */
static inline uint64_t pl031_alarm(const struct pl031 *rtc)
{
	return __atomic_load_n(&rtc->alarm, __ATOMIC_RELAXED);
}

#endif
