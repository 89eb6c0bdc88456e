/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calls that are made often, each touching only the registers it needs:
 * a signal is "mov x8, slot; svc". Included by <skerry/calls.h>, which documents
 * them; abi/skerry.h says which register is what.
 *
 * The kernel may return anything in w0..w7 that a call does not define, so all
 * of them are named as changed: that costs nothing where they are dead.
 */
#ifndef SKERRY_CALLS_ARCH_H
#define SKERRY_CALLS_ARCH_H

#include "abi/skerry.h"
#include "skerry/svc.h"

#define SK_CHANGED_HIGH "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "x18", "cc", "memory"

static inline enum sk_status sk_signal(uint32_t notification)
{
	register uint64_t slot __asm__("x8") = notification;

	__asm__ volatile("svc %[n]" : "+r"(slot) : [n] "i"(SK_SIGNAL)
			 : "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", SK_CHANGED_HIGH);
	return (enum sk_status)slot;
}

static inline enum sk_status sk_wait(uint32_t notification, uint64_t deadline, uint64_t *bits)
{
	register uint64_t w0 __asm__("x0") = deadline;
	register uint64_t slot __asm__("x8") = notification;

	__asm__ volatile("svc %[n]" : "+r"(slot), "+r"(w0) : [n] "i"(SK_WAIT)
			 : "x1", "x2", "x3", "x4", "x5", "x6", "x7", SK_CHANGED_HIGH);
	*bits = slot == SK_OK ? w0 : 0;
	return (enum sk_status)slot;
}

static inline enum sk_status sk_poll(uint32_t notification, uint64_t *bits)
{
	register uint64_t w0 __asm__("x0");
	register uint64_t slot __asm__("x8") = notification;

	__asm__ volatile("svc %[n]" : "+r"(slot), "=r"(w0) : [n] "i"(SK_POLL)
			 : "x1", "x2", "x3", "x4", "x5", "x6", "x7", SK_CHANGED_HIGH);
	*bits = slot == SK_OK ? w0 : 0;
	return (enum sk_status)slot;
}

static inline enum sk_status sk_null(uint64_t *abi, uint64_t *core)
{
	register uint64_t w0 __asm__("x0");
	register uint64_t w1 __asm__("x1");
	register uint64_t slot __asm__("x8") = 0;

	__asm__ volatile("svc %[n]" : "+r"(slot), "=r"(w0), "=r"(w1) : [n] "i"(SK_NULL)
			 : "x2", "x3", "x4", "x5", "x6", "x7", SK_CHANGED_HIGH);
	if (abi)
		*abi = w0;
	if (core)
		*core = w1;
	return (enum sk_status)slot;
}

static inline enum sk_status sk_irq_ack(uint32_t irq)
{
	register uint64_t slot __asm__("x8") = irq;

	__asm__ volatile("svc %[n]" : "+r"(slot) : [n] "i"(SK_IRQ_ACK)
			 : "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", SK_CHANGED_HIGH);
	return (enum sk_status)slot;
}

static inline enum sk_status sk_vcpu_enter(const struct sk_words *in, struct sk_words *out)
{
	register uint64_t w0 __asm__("x0") = in->w[0];
	register uint64_t w1 __asm__("x1") = in->w[1];
	register uint64_t w2 __asm__("x2") = in->w[2];
	register uint64_t w3 __asm__("x3") = in->w[3];
	register uint64_t w4 __asm__("x4") = in->w[4];
	register uint64_t w5 __asm__("x5") = in->w[5];
	register uint64_t w6 __asm__("x6") = in->w[6];
	register uint64_t w7 __asm__("x7");
	register uint64_t slot __asm__("x8");

	__asm__ volatile("svc %[n]"
			 : "+r"(w0), "+r"(w1), "+r"(w2), "+r"(w3), "+r"(w4), "+r"(w5), "+r"(w6),
			   "=r"(w7), "=r"(slot)
			 : [n] "i"(SK_VCPU_RUN) : SK_CHANGED_HIGH);
	out->w[0] = w0;
	out->w[1] = w1;
	out->w[2] = w2;
	out->w[3] = w3;
	out->w[4] = w4;
	out->w[5] = w5;
	out->w[6] = w6;
	out->w[7] = w7;
	return (enum sk_status)slot;
}

static inline enum sk_status sk_vcpu_run(struct sk_words *m)
{
	return sk_vcpu_enter(m, m);
}

/*
 * The physical counter. The isb keeps an earlier read from being overtaken
 * (Arm ARM DDI 0487, D11.1.2: counter reads may be speculated).
 */
static inline uint64_t sk_counter(void)
{
	uint64_t ticks;

	__asm__ volatile("isb\n\tmrs %0, cntpct_el0" : "=r"(ticks) : : "memory");
	return ticks;
}

#endif
