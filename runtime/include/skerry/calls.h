/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One typed inline function for every system call of abi/skerry.h, named after
 * it. abi/skerry.h is the reference; here stands what C sees of it.
 *
 * A slot (uint32_t) is an index into the calling thread's own cnode. Every
 * function returns a status; besides those that it names it may return NO_CAP,
 * WRONG_TYPE, NO_RIGHT, BAD_ARG, NO_CALL and NOT_IMPLEMENTED. A call that
 * returned an error has changed nothing. All may be used by any thread.
 */
#ifndef SKERRY_CALLS_H
#define SKERRY_CALLS_H

#include <stddef.h>
#include <stdint.h>
#include "abi/skerry.h"
#include "skerry/svc.h"
#include "skerry/calls_arch.h"

/*
 * In calls_arch.h:
 *
 * enum sk_status sk_signal(uint32_t notification);
 *     ORs the capability's badge into the notification, wakes its waiter.
 * enum sk_status sk_wait(uint32_t notification, uint64_t deadline, uint64_t *bits);
 *     deadline: absolute, ticks of the physical counter; SK_NEVER: none. *bits =
 *     the bits, cleared by the call; 0 on error. TIMEOUT, BUSY, ABORTED.
 * enum sk_status sk_poll(uint32_t notification, uint64_t *bits);
 *     As sk_wait without waiting: *bits = 0 if there are none.
 * enum sk_status sk_null(uint64_t *abi, uint64_t *core);
 *     *abi = major << 16 | minor, *core = the calling core. Both may be null.
 * enum sk_status sk_irq_ack(uint32_t irq);
 *     Handled: the interrupt may come again.
 * enum sk_status sk_vcpu_run(struct sk_words *m);
 *     Enters the vCPU bound to the calling thread; m->w in and out as
 *     abi/skerry.h says under "vCPU"; slot and extra are not used. OK: an exit.
 *     EVENT: m->w[0] = bits of the bound notification. STATE, BAD_ARG.
 * enum sk_status sk_vcpu_enter(const struct sk_words *in, struct sk_words *out);
 *     The same with the words of the two directions apart.
 * uint64_t sk_counter(void);
 *     The physical counter, ticks of sk_start()->counter_hz.
 */

/*
 * m->w = message, m->extra = slot of a capability to send (0: none) | empty slot that may
 * receive one with the reply << SK_SECOND_SLOT (0: none wanted). Blocks; m->w = reply, m->extra =
 * SK_CAP_RECEIVED if one came. WRONG_CORE, ABORTED, NO_RECEIVE_SLOT, OCCUPIED, TOO_DEEP.
 */
static inline enum sk_status sk_call(uint32_t endpoint, struct sk_words *m)
{
	m->slot = endpoint;
	SK_SVC(SK_CALL, m);
	return (enum sk_status)m->slot;
}

/*
 * Answers the present caller, if any, with m->w, then waits for the next one.
 * m->extra = empty slot that may receive a capability (0: none wanted) | slot of one that goes
 * with the reply << SK_SECOND_SLOT (0: none); if it cannot be sent (NO_CAP, WRONG_TYPE,
 * NO_RECEIVE_SLOT, OCCUPIED) the caller still waits.
 * OK: m->w = message, m->extra = badge | SK_CAP_RECEIVED. EVENT: m->w[0] = bits
 * of the bound notification. endpoint = 0 answers only. WRONG_CORE, ABORTED.
 */
static inline enum sk_status sk_reply_wait(uint32_t endpoint, struct sk_words *m)
{
	m->slot = endpoint;
	SK_SVC(SK_REPLY_WAIT, m);
	return (enum sk_status)m->slot;
}

/* Lets the next ready thread of the same priority run. */
static inline enum sk_status sk_yield(void)
{
	struct sk_words m = { { 0 }, 0, 0 };

	SK_SVC(SK_YIELD, &m);
	return (enum sk_status)m.slot;
}

/*
 * Copies the capability at INDEX of cnode SOURCE to index TO of cnode DESTINATION
 * with at most RIGHTS. OCCUPIED; WRONG_TYPE for types that cannot be copied.
 */
static inline enum sk_status sk_copy(uint32_t destination, uint32_t to, uint32_t source, uint32_t index,
				     uint32_t rights)
{
	struct sk_words m = { { to, source, index, rights }, destination, 0 };

	SK_SVC(SK_COPY, &m);
	return (enum sk_status)m.slot;
}

/* The same with a badge (63 bits): endpoints, notifications without one. */
static inline enum sk_status sk_mint(uint32_t destination, uint32_t to, uint32_t source, uint32_t index,
				     uint32_t rights, uint64_t badge)
{
	struct sk_words m = { { to, source, index, rights, badge }, destination, 0 };

	SK_SVC(SK_MINT, &m);
	return (enum sk_status)m.slot;
}

/* The same for a sub-range of memory: OFFSET and LENGTH in bytes, page multiples. */
static inline enum sk_status sk_mint_range(uint32_t destination, uint32_t to, uint32_t source, uint32_t index,
					   uint32_t rights, uint64_t offset, uint64_t length)
{
	struct sk_words m = { { to, source, index, rights, offset, length }, destination, 0 };

	SK_SVC(SK_MINT, &m);
	return (enum sk_status)m.slot;
}

/* Moves a capability; its derivation and mappings go along. OCCUPIED. */
static inline enum sk_status sk_move(uint32_t destination, uint32_t to, uint32_t source, uint32_t index)
{
	struct sk_words m = { { to, source, index }, destination, 0 };

	SK_SVC(SK_MOVE, &m);
	return (enum sk_status)m.slot;
}

/* Empties an index of a cnode; an empty one is OK. */
static inline enum sk_status sk_delete(uint32_t cnode, uint32_t index)
{
	struct sk_words m = { { index }, cnode, 0 };

	SK_SVC(SK_DELETE, &m);
	return (enum sk_status)m.slot;
}

/* Deletes all descendants of a capability, not itself. PINNED. */
static inline enum sk_status sk_revoke(uint32_t cnode, uint32_t index)
{
	struct sk_words m = { { index }, cnode, 0 };

	SK_SVC(SK_REVOKE, &m);
	return (enum sk_status)m.slot;
}

struct sk_inspection {
	uint64_t type;     /* enum sk_type */
	uint64_t rights, badge;
	uint64_t object;   /* id, 0: none */
	uint64_t size;     /* bytes; cnode: slots */
	uint64_t used;     /* untyped: bytes used; memory: 1 if bound to a Space; thread: enum sk_thread_state */
	uint64_t base;     /* memory: IPA of its mapping; untyped: kind */
	uint64_t reserved;
};

/* Describes what lies at an index of a cnode. */
static inline enum sk_status sk_inspect(uint32_t cnode, uint32_t index, struct sk_inspection *out)
{
	struct sk_words m = { { index }, cnode, 0 };

	SK_SVC(SK_INSPECT, &m);
	*out = (struct sk_inspection){ m.w[0], m.w[1], m.w[2], m.w[3], m.w[4], m.w[5], m.w[6], m.w[7] };
	return (enum sk_status)m.slot;
}

/*
 * Makes COUNT (1..64) objects of TYPE from UNTYPED into CNODE from index FIRST.
 * SIZE and ATTRIBUTE by type: see enum sk_type. OCCUPIED; NO_MEMORY: *needed
 * (may be null) = bytes that would have been needed, else 0.
 */
static inline enum sk_status sk_retype_needed(uint32_t untyped, enum sk_type type, uint64_t size, uint32_t cnode,
					      uint32_t first, uint32_t count, uint64_t attribute,
					      uint64_t *needed)
{
	struct sk_words m = { { type, size, cnode, first, count, attribute }, untyped, 0 };

	SK_SVC(SK_RETYPE, &m);
	if (needed)
		*needed = m.slot == SK_NO_MEMORY ? m.w[0] : 0;
	return (enum sk_status)m.slot;
}

static inline enum sk_status sk_retype(uint32_t untyped, enum sk_type type, uint64_t size, uint32_t cnode,
				       uint32_t first, uint32_t count, uint64_t attribute)
{
	return sk_retype_needed(untyped, type, size, cnode, first, count, attribute, NULL);
}

/*
 * Maps LENGTH bytes from OFFSET of MEMORY into SPACE, where offset 0 would lie at
 * IPA. One table at most: *done = bytes done. MAPPED, NO_TABLES.
 */
static inline enum sk_status sk_map(uint32_t memory, uint32_t space, uint64_t ipa, uint64_t offset,
				    uint64_t length, uint32_t rights, uint64_t *done)
{
	struct sk_words m = { { space, ipa, offset, length, rights }, memory, 0 };

	SK_SVC(SK_MAP, &m);
	*done = m.slot == SK_OK ? m.w[0] : 0;
	return (enum sk_status)m.slot;
}

/* One step of unmapping [offset, offset + length); *done = bytes done. */
static inline enum sk_status sk_unmap(uint32_t memory, uint64_t offset, uint64_t length, uint64_t *done)
{
	struct sk_words m = { { offset, length }, memory, 0 };

	SK_SVC(SK_UNMAP, &m);
	*done = m.slot == SK_OK ? m.w[0] : 0;
	return (enum sk_status)m.slot;
}

/* One step of changing the rights of a mapping; *done = bytes done. NOT_MAPPED, NO_TABLES. */
static inline enum sk_status sk_protect(uint32_t memory, uint64_t offset, uint64_t length, uint32_t rights,
					uint64_t *done)
{
	struct sk_words m = { { offset, length, rights }, memory, 0 };

	SK_SVC(SK_PROTECT, &m);
	*done = m.slot == SK_OK ? m.w[0] : 0;
	return (enum sk_status)m.slot;
}

/*
 * The three above until the whole range is done. On an error the part before it
 * stays done. A kernel that reports no progress ends the loop with BAD_ARG.
 */
static inline enum sk_status sk_map_all(uint32_t memory, uint32_t space, uint64_t ipa, uint64_t offset,
					uint64_t length, uint32_t rights)
{
	enum sk_status s = SK_OK;

	for (uint64_t at = 0, done; at < length && s == SK_OK; at += done) {
		s = sk_map(memory, space, ipa, offset + at, length - at, rights, &done);
		if (s == SK_OK && done == 0)
			s = SK_BAD_ARG;
	}
	return s;
}

static inline enum sk_status sk_unmap_all(uint32_t memory, uint64_t offset, uint64_t length)
{
	enum sk_status s = SK_OK;

	for (uint64_t at = 0, done; at < length && s == SK_OK; at += done) {
		s = sk_unmap(memory, offset + at, length - at, &done);
		if (s == SK_OK && done == 0)
			s = SK_BAD_ARG;
	}
	return s;
}

static inline enum sk_status sk_protect_all(uint32_t memory, uint64_t offset, uint64_t length, uint32_t rights)
{
	enum sk_status s = SK_OK;

	for (uint64_t at = 0, done; at < length && s == SK_OK; at += done) {
		s = sk_protect(memory, offset + at, length - at, rights, &done);
		if (s == SK_OK && done == 0)
			s = SK_BAD_ARG;
	}
	return s;
}

/* Gives SPACE another PAGES (1..64) table pages from the untyped it was made of. NO_MEMORY. */
static inline enum sk_status sk_space_donate(uint32_t space, uint32_t untyped, uint32_t pages)
{
	struct sk_words m = { { untyped, pages }, space, 0 };

	SK_SVC(SK_SPACE_DONATE, &m);
	return (enum sk_status)m.slot;
}

/*
 * For IOMMU drivers: a pin with this badge (not 0), in slot INDEX of CNODE. While it is there the Space keeps its root,
 * tables, VMID and mappings. BUSY: it has one, or too many Spaces have.
 */
static inline enum sk_status sk_space_pin(uint32_t space, uint32_t iommu, uint32_t cnode, uint32_t index, uint64_t badge)
{
	struct sk_words m = { { iommu, cnode, index, badge }, space, 0 };

	SK_SVC(SK_SPACE_PIN, &m);
	return (enum sk_status)m.slot;
}

/* What a device is to walk: the root table's physical address, and the VMID. */
static inline enum sk_status sk_space_root(uint32_t pin, uint64_t *pa, uint64_t *vmid)
{
	struct sk_words m = { { 0 }, pin, 0 };

	SK_SVC(SK_SPACE_ROOT, &m);
	*pa = m.w[0];
	*vmid = m.w[1];
	return (enum sk_status)m.slot;
}

struct sk_thread_config {
	uint32_t cnode, space;          /* slots; 0 leaves as it is */
	uint32_t fault, notification;   /* fault handler, notification to bind */
	uint64_t priorities;            /* SK_PRIORITY(...) or 0: leave */
	uint64_t budget, period;        /* ticks; 0, 0: leave; equal: no limit */
};
#define SK_PRIORITY(priority, maximum) (SK_SET_PRIORITY | (uint64_t)(maximum) << 8 | (uint64_t)(priority))

/* Configures a stopped thread. STATE; NO_RIGHT: a priority above the caller's maximum; BAD_ARG: budget or period. */
static inline enum sk_status sk_thread_configure(uint32_t thread, const struct sk_thread_config *c)
{
	struct sk_words m = { { c->cnode, c->space, c->fault, c->notification, c->priorities, c->budget,
				c->period }, thread, 0 };

	SK_SVC(SK_THREAD_CONFIGURE, &m);
	return (enum sk_status)m.slot;
}

/* Makes a stopped or faulted thread ready at its present registers. STATE. */
static inline enum sk_status sk_thread_start(uint32_t thread)
{
	struct sk_words m = { { 0 }, thread, 0 };

	SK_SVC(SK_THREAD_START, &m);
	return (enum sk_status)m.slot;
}

/* When it returns the thread does not run, nor its vCPU. */
static inline enum sk_status sk_thread_stop(uint32_t thread)
{
	struct sk_words m = { { 0 }, thread, 0 };

	SK_SVC(SK_THREAD_STOP, &m);
	return (enum sk_status)m.slot;
}

/* Eight registers (enum sk_reg) from FIRST of a stopped or faulted thread. STATE. */
static inline enum sk_status sk_thread_read(uint32_t thread, uint32_t first, uint64_t out[8])
{
	struct sk_words m = { { first }, thread, 0 };

	SK_SVC(SK_THREAD_READ, &m);
	for (int i = 0; i < 8; i++)
		out[i] = m.w[i];
	return (enum sk_status)m.slot;
}

/* Writes COUNT (1..6) registers from FIRST of a stopped or faulted thread. STATE. */
static inline enum sk_status sk_thread_write(uint32_t thread, uint32_t first, uint32_t count,
					     const uint64_t *values)
{
	struct sk_words m = { { first, count }, thread, 0 };

	for (uint32_t i = 0; i < count && i < 6; i++)
		m.w[2 + i] = values[i];
	SK_SVC(SK_THREAD_WRITE, &m);
	return (enum sk_status)m.slot;
}

/* Moves a thread and its vCPU to another core; one that is ready goes on there. STATE: it waits, or is the caller. */
static inline enum sk_status sk_thread_move(uint32_t thread, uint32_t core)
{
	struct sk_words m = { { core }, thread, 0 };

	SK_SVC(SK_THREAD_MOVE, &m);
	return (enum sk_status)m.slot;
}

/* Binds a vCPU to a guest space and a stopped thread, once. STATE. */
static inline enum sk_status sk_vcpu_bind(uint32_t vcpu, uint32_t space, uint32_t thread)
{
	struct sk_words m = { { space, thread }, vcpu, 0 };

	SK_SVC(SK_VCPU_BIND, &m);
	return (enum sk_status)m.slot;
}

/* Eight registers (enum sk_vreg) from FIRST. */
static inline enum sk_status sk_vcpu_read(uint32_t vcpu, uint32_t first, uint64_t out[8])
{
	struct sk_words m = { { first }, vcpu, 0 };

	SK_SVC(SK_VCPU_READ, &m);
	for (int i = 0; i < 8; i++)
		out[i] = m.w[i];
	return (enum sk_status)m.slot;
}

/* Writes COUNT (1..6) registers from FIRST; reserved bits become legal values. */
static inline enum sk_status sk_vcpu_write(uint32_t vcpu, uint32_t first, uint32_t count, const uint64_t *values)
{
	struct sk_words m = { { first, count }, vcpu, 0 };

	for (uint32_t i = 0; i < count && i < 6; i++)
		m.w[2 + i] = values[i];
	SK_SVC(SK_VCPU_WRITE, &m);
	return (enum sk_status)m.slot;
}

/* One register. */
static inline enum sk_status sk_vcpu_get(uint32_t vcpu, uint32_t reg, uint64_t *value)
{
	struct sk_words m = { { reg }, vcpu, 0 };

	SK_SVC(SK_VCPU_READ, &m);
	*value = m.w[0];
	return (enum sk_status)m.slot;
}

static inline enum sk_status sk_vcpu_set(uint32_t vcpu, uint32_t reg, uint64_t value)
{
	struct sk_words m = { { reg, 1, value }, vcpu, 0 };

	SK_SVC(SK_VCPU_WRITE, &m);
	return (enum sk_status)m.slot;
}

/* From now on the interrupt signals NOTIFICATION (its badge); 0 unbinds. */
static inline enum sk_status sk_irq_bind(uint32_t irq, uint32_t notification)
{
	struct sk_words m = { { notification }, irq, 0 };

	SK_SVC(SK_IRQ_BIND, &m);
	return (enum sk_status)m.slot;
}

/*
 * Links the line to VCPU: its guest gets and ends each interrupt without an exit, as VALUE says (a list register's INTID,
 * group and priority). BITS go to the bound notification of the vCPU's thread if that is not in the guest. BAD_ARG; BUSY: it
 * has two, or one of that INTID; STATE: it has no thread.
 */
static inline enum sk_status sk_irq_link(uint32_t irq, uint32_t vcpu, uint64_t value, uint64_t bits)
{
	struct sk_words m = { { vcpu, value, bits }, irq, 0 };

	SK_SVC(SK_IRQ_BIND, &m);
	return (enum sk_status)m.slot;
}

static inline enum sk_status sk_irq_mask(uint32_t irq)
{
	struct sk_words m = { { 0 }, irq, 0 };

	SK_SVC(SK_IRQ_MASK, &m);
	return (enum sk_status)m.slot;
}

static inline enum sk_status sk_irq_unmask(uint32_t irq)
{
	struct sk_words m = { { 0 }, irq, 0 };

	SK_SVC(SK_IRQ_UNMASK, &m);
	return (enum sk_status)m.slot;
}

/* Powers the machine off or resets it; does not return on success. */
static inline enum sk_status sk_power(uint32_t power, enum sk_power what)
{
	struct sk_words m = { { what }, power, 0 };

	SK_SVC(SK_POWER, &m);
	return (enum sk_status)m.slot;
}

/* Debug kernels print the byte; others: NO_CALL. */
static inline enum sk_status sk_debug_put(uint8_t byte)
{
	struct sk_words m = { { byte }, 0, 0 };

	SK_SVC(SK_DEBUG_PUT, &m);
	return (enum sk_status)m.slot;
}

/* Debug kernels: event NUMBER of CORE. *COUNT: events there so far; w[1..7] as the ABI says, if OK. */
static inline enum sk_status sk_debug_trace(uint32_t core, uint64_t number, uint64_t *count, uint64_t w[SK_WORDS])
{
	struct sk_words m = { { core, number }, 0, 0 };

	SK_SVC(SK_DEBUG_TRACE, &m);
	*count = m.w[0];
	for (unsigned i = 0; i < SK_WORDS; i++)
		w[i] = m.w[i];
	return (enum sk_status)m.slot;
}

/* Debug kernels: checks the invariants at each EVERY-th entry, 0: never. *CHECKS: so many were made. */
static inline enum sk_status sk_debug_check(uint64_t every, uint64_t *checks)
{
	struct sk_words m = { { every }, 0, 0 };

	SK_SVC(SK_DEBUG_CHECK, &m);
	*checks = m.w[0];
	return (enum sk_status)m.slot;
}

#endif
