/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The interface between the kernel and everything else: call numbers, status
 * codes, object types, rights, exits, vCPU register names and the page that
 * root finds at start. Included by the kernel, by user level, by the loader
 * and by assembly (the macro part). Numbers are written out and never reused.
 *
 * Registers of a system call ("words" w0..w7 are 64-bit):
 *
 *            in                                  out
 *   number   call number                         -
 *   slot     capability slot the call acts on    status (enum sk_status)
 *   w0..w7   arguments, or message words         results, or message words
 *   extra    slots of capabilities (IPC), else 0 badge (SK_REPLY_WAIT), SK_CAP_RECEIVED, else 0
 *
 *   AArch64: number = svc immediate, w0..w7 = x0..x7, slot = x8, extra = x9.
 *            x19..x30 and sp are preserved, NZCV is not; x10..x18 come back as
 *            zero or as they once were in the same thread.
 *   RISC-V:  number = t2, w0..w7 = a0..a7, slot = t0, extra = t1.
 *
 * A slot number is an index into the calling thread's cnode. Slot 0 is always
 * empty. Every call can return, besides what is listed at it:
 *   SK_NO_CAP       the slot is out of range or empty
 *   SK_WRONG_TYPE   the capability there is of another type
 *   SK_NO_RIGHT     the capability lacks the right that the call needs
 *   SK_BAD_ARG      an argument is outside its stated range
 *   SK_NO_CALL      the call number does not exist
 *   SK_NOT_IMPLEMENTED  this version does not do it yet
 * A call that returns an error has changed nothing, unless docs/kernel-calls.md says so.
 */
#pragma once

#define SK_ABI_MAJOR 0
#define SK_ABI_MINOR 8

#define SK_PAGE_BITS 12
#define SK_PAGE      (1ul << SK_PAGE_BITS)
#define SK_BLOCK     (1ul << 21)  /* a 2 MiB block mapping */
#define SK_IPA_BITS  39           /* addresses in a Space lie below 1 << 39 */
#define SK_WORDS     8            /* message words */
#define SK_SECOND_SLOT 32         /* in extra of IPC: the slot of the reply's capability stands from this bit on */
#define SK_MAX_CORES 8
#define SK_PRIORITIES 256         /* 0 is lowest */
#define SK_CALL_DEPTH 8           /* a server calls a server that calls ...: so many callers wait at most */
#define SK_BUDGET_MIN_US 10       /* microseconds: the least budget that is not 0 */
#define SK_PERIOD_MAX_US 10000000 /* and the longest period */
#define SK_NEVER     (~0ul)       /* a deadline that never comes */

/* AArch64: the svc immediates are these same numbers. */
#define SK_CALL              0
#define SK_REPLY_WAIT        1
#define SK_SIGNAL            2
#define SK_WAIT              3
#define SK_POLL              4
#define SK_VCPU_RUN          5
#define SK_YIELD             6
#define SK_NULL              7
#define SK_COPY              8
#define SK_MINT              9
#define SK_MOVE              10
#define SK_DELETE            11
#define SK_REVOKE            12
#define SK_INSPECT           13
#define SK_RETYPE            14
#define SK_MAP               15
#define SK_UNMAP             16
#define SK_PROTECT           17
#define SK_SPACE_DONATE      18
#define SK_SPACE_PIN         19
#define SK_SPACE_ROOT        20
#define SK_THREAD_CONFIGURE  21
#define SK_THREAD_START      22
#define SK_THREAD_STOP       23
#define SK_THREAD_READ       24
#define SK_THREAD_WRITE      25
#define SK_THREAD_MOVE       26
#define SK_VCPU_BIND         27
#define SK_VCPU_READ         28
#define SK_VCPU_WRITE        29
#define SK_IRQ_BIND          30
#define SK_IRQ_ACK           31
#define SK_IRQ_MASK          32
#define SK_IRQ_UNMASK        33
#define SK_POWER             34
#define SK_DEBUG_PUT         35
#define SK_CALLS             36   /* one past the last call that every kernel has */
#define SK_DEBUG_TRACE       240
#define SK_DEBUG_CHECK       241

#ifndef __ASSEMBLER__
#include <stdint.h>

/*
 * The calls. "x8" below means the slot register. Unless stated otherwise a
 * call takes the kernel lock, may be made on any core, and costs O(1).
 *
 * SK_CALL        x8 endpoint (right CALL), w0..w7 message, extra = slot of one
 *                capability to send (0: none) | slot (must be empty) that receives
 *                one with the reply << SK_SECOND_SLOT (0: none wanted). Blocks until
 *                the reply; out w0..w7 reply, extra = SK_CAP_RECEIVED if one came. No
 *                lock unless a capability is sent. It is copied into the slot that
 *                the receiver named.
 *                WRONG_CORE   the endpoint is homed on another core
 *                ABORTED      the endpoint or the server went away
 *                TOO_DEEP     the caller's own callers are SK_CALL_DEPTH already
 *                NO_RECEIVE_SLOT, OCCUPIED   the receiver takes no capability
 * SK_REPLY_WAIT  x8 endpoint (right SERVE), w0..w7 reply to the present caller
 *                (ignored if there is none), extra = slot (in the own cnode,
 *                must be empty) that receives a capability, 0: none wanted, |
 *                slot of one that goes with the reply << SK_SECOND_SLOT (0: none).
 *                Out: OK, w0..w7 message, extra = badge of the caller's
 *                capability, bit 63 of extra set if a capability was received;
 *                or EVENT with w0 = bits of the bound notification (cleared).
 *                The reply is sent first, then the bound notification is
 *                looked at, then the endpoint. WRONG_CORE, ABORTED as above.
 *                x8 = 0: replies and returns at once (OK).
 *                NO_CAP, WRONG_TYPE, NO_RECEIVE_SLOT, OCCUPIED   the reply's capability
 *                cannot be sent: nothing was, and the caller waits on.
 * SK_SIGNAL      x8 notification (right SIGNAL). ORs the capability's badge
 *                into the notification's word; wakes the waiter. No lock, any
 *                core.
 * SK_WAIT        x8 notification (right WAIT), w0 = absolute deadline in ticks
 *                of the physical counter (SK_NEVER: none). Out w0 = bits,
 *                cleared by the call. TIMEOUT; BUSY: somebody else waits, or
 *                it is bound to another thread; ABORTED.
 * SK_POLL        x8 notification (right WAIT). Out w0 = bits (0: none), cleared.
 * SK_VCPU_RUN    no slot: enters the vCPU bound to the calling thread. See
 *                "vCPU" below. STATE: no vCPU bound.
 * SK_YIELD       lets the next ready thread of the same priority run.
 * SK_NULL        does nothing. Out w0 = (ABI major << 16 | minor), w1 = core.
 *
 * Capabilities are named by a cnode capability and an index in that cnode.
 * SK_COPY        x8 destination cnode (right WRITE), w0 index there, w1 slot of
 *                the source cnode (right READ), w2 index there, w3 rights mask.
 *                The new capability is a child of the source. OCCUPIED.
 *                Untyped, irq, pin and IOMMU capabilities cannot be copied: WRONG_TYPE.
 * SK_MINT        the same and w4 = badge: for endpoints and notifications whose
 *                badge is still 0 (else BAD_ARG); for memory w4 = offset in
 *                bytes, w5 = length in bytes of the sub-range (page multiples).
 * SK_MOVE        as SK_COPY without w3 (source right WRITE); derivation and
 *                mappings go along.
 * SK_DELETE      x8 cnode (right WRITE), w0 index. Its children become children
 *                of its parent. The object goes with its last capability.
 *                Preemptible. Deleting an empty slot is OK.
 * SK_REVOKE      x8 cnode (right WRITE), w0 index. Deletes all descendants, not
 *                itself. Preemptible. PINNED (w0 = the pin's badge), as UNMAP,
 *                PROTECT and DELETE: memory is mapped in a pinned Space; REVOKE, and
 *                RETYPE: such a Space, or a cnode with such memory, lies in the untyped.
 * SK_INSPECT     x8 cnode (right READ), w0 index. Out w0 type, w1 rights, w2
 *                badge, w3 object id (0: none), w4 size (bytes; cnode: slots),
 *                w5 untyped: bytes used / memory: 1 if bound to a Space / thread: state,
 *                w6 memory: base of its mapping (IPA) / untyped: 1 user kind, | 2 a device.
 *                An empty slot gives type SK_TYPE_NONE.
 * SK_RETYPE      x8 untyped (right WRITE), w0 type, w1 size (see the types), w2
 *                slot of the destination cnode (right WRITE), w3 first index,
 *                w4 count (1..64), w5 attribute (see the types). New
 *                capabilities are children of the untyped, with all rights.
 *                NO_MEMORY (w0 = bytes that would be needed), OCCUPIED; BUSY: the
 *                line has an object.
 *                Preemptible. When the untyped has no children it starts again
 *                at its base.
 *
 * SK_MAP         x8 memory, w0 slot of a space (right WRITE), w1 IPA at which
 *                offset 0 of the memory lies, w2 offset, w3 length, w4 rights
 *                (no more than the capability has). All page multiples; 2 MiB
 *                blocks are used where address, offset and length allow it.
 *                Does at most one table (512 entries) a call: out w0 = bytes
 *                done (>= 1 page); the caller goes on from there. The first
 *                call binds the capability to (space, w1); until all is
 *                unmapped others must agree with it.
 *                MAPPED       bound elsewhere, or something is mapped there
 *                NO_TABLES    the space has no free table page: donate more
 * SK_UNMAP       x8 memory, w0 offset, w1 length. Out w0 = bytes done. Parts that
 *                are not mapped are skipped. NO_TABLES: a block had to be split. When it returns, no core and no
 *                guest can use the old translation.
 * SK_PROTECT     x8 memory, w0 offset, w1 length, w2 rights. Out w0 = bytes done.
 *                NOT_MAPPED: nothing of that stretch is. NO_TABLES: a block had to be split.
 * SK_SPACE_DONATE x8 space (right WRITE), w0 slot of the untyped from which this
 *                space was made, w1 pages (1..64). NO_MEMORY.
 * SK_SPACE_PIN   x8 space (right WRITE), w0 slot of the IOMMU right (right WRITE), w1
 *                slot of the destination cnode (right WRITE), w2 index, w3 badge (63
 *                bits, not 0). Makes a pin, a child of the IOMMU right. While it is
 *                there the Space keeps root, tables, VMID and mappings. OCCUPIED;
 *                BUSY: it is pinned, or half of all VMIDs are.
 * SK_SPACE_ROOT  x8 pin. Out w0 physical address of the root table, w1 VMID.
 *
 * SK_THREAD_CONFIGURE x8 thread (right WRITE), must be stopped (STATE).
 *                w0 cnode slot, w1 space slot (of component kind), w2 fault
 *                handler slot (endpoint homed on the thread's core, or
 *                notification), w3 slot of the notification to bind: 0 leaves
 *                each as it is. w4 priority | maximum priority << 8 | SK_SET_PRIORITY;
 *                0 leaves it. A priority above the caller's own maximum: NO_RIGHT.
 *                w5 budget, w6 period (ticks of the physical counter): in a
 *                period the thread, and whoever serves it, runs for the budget
 *                at most. 0, 0 leaves both; equal: no limit, as at first. Else
 *                w5 is less than w6, at least SK_BUDGET_MIN_US, and w6 at most
 *                SK_PERIOD_MAX_US: BAD_ARG.
 * SK_THREAD_START x8 thread. Ready at its present registers. STATE: it has no
 *                cnode or space, or is not stopped or faulted.
 * SK_THREAD_STOP x8 thread. When it returns the thread does not run, nor its
 *                vCPU; a call it was making is dropped; its callers: ABORTED.
 * SK_THREAD_READ x8 thread (stopped or faulted, else STATE), w0 first register
 *                (enum sk_reg). Out w0..w7 = eight registers from there.
 * SK_THREAD_WRITE x8 thread (stopped or faulted), w0 first register, w1 count
 *                (1..6), w2..w7 values.
 * SK_THREAD_MOVE x8 thread, w0 core. Moves the thread and its vCPU. One that is ready
 *                (not the caller) goes on there; STATE: it waits, or a line is linked
 *                to its vCPU.
 * SK_VCPU_BIND   x8 vcpu, w0 slot of a guest space, w1 slot of the (stopped)
 *                thread. Once, as long as either lives: STATE.
 * SK_VCPU_READ   x8 vcpu, w0 first register (enum sk_vreg). Out w0..w7. STATE: it
 *                is homed on another core and its thread is not stopped.
 * SK_VCPU_WRITE  x8 vcpu, w0 first register, w1 count (1..6), w2..w7 values.
 *                Reserved bits are forced to legal values; a list register's
 *                value that SK_VCPU_RUN would refuse is not written. STATE as above.
 * SK_IRQ_BIND    x8 irq, w0 slot of a notification (right SIGNAL): unmasks the
 *                line; each interrupt signals the badge and waits for ACK; w0 = 0
 *                masks and unbinds. Or w0 slot of a vcpu (right WRITE) that has a
 *                thread (STATE): links the line to it. The guest gets each interrupt
 *                as w1 says (a list register's INTID 32..1019, group, priority) and
 *                ends it, without an exit; w2 = bits for the bound notification of
 *                its thread if that is not in the guest. BUSY: two lines are linked
 *                to it, or one of that INTID.
 * SK_IRQ_ACK     x8 irq: unmasks it again after handling. No lock. STATE: unbound.
 * SK_IRQ_MASK    x8 irq. No lock.
 * SK_IRQ_UNMASK  x8 irq. No lock. STATE as for ACK.
 * SK_POWER       x8 power, w0 enum sk_power. Does not return on success.
 *
 * Debug kernels only; release kernels: NO_CALL. No slot, no lock.
 * SK_DEBUG_PUT   prints the byte w0.
 * SK_DEBUG_TRACE w0 core, w1 number of an event of that core, from 0 at boot. Out:
 *                w0 events so far, w1 time (ticks of the physical counter), w2
 *                enum sk_trace, w3 object id of the thread (0: the core was idle),
 *                w4 pc, w5..w7 as the enum says. NO_MEMORY: the ring does not hold
 *                it any more, or not yet (only w0 is written).
 * SK_DEBUG_CHECK w0 = n: from now on the kernel's invariants are checked at each n-th
 *                entry of any core, after the first 400 checks (40 on several cores)
 *                for a ninth of the time at most; 0: no more. Out w0 = checks made until now. One that
 *                does not hold is printed with the trace, and stops the machine.
 */

/* Events of the trace: w2 of SK_DEBUG_TRACE, and what w5, w6, w7 are. Calls of debug kernels leave none. */
enum sk_trace {
	SK_TRACE_CALL = 1,        /* number, slot, w0 */
	SK_TRACE_FAULT = 2,       /* syndrome, address */
	SK_TRACE_INTERRUPT = 3,   /* INTID (1020 and above: none), 1: a guest ran */
	SK_TRACE_EXIT = 4,        /* a guest trapped: syndrome, its address, page of the IPA if it is a memory fault; hypercall: its x0 */
	SK_TRACE_THREAD = 5,      /* the thread goes on: slot register (status), w0 */
	SK_TRACE_GUEST = 6,       /* its guest does */
	SK_TRACE_IPC = 7,         /* thread w5 called, faulted or replied, and thread w6 has the message, whose w0 is this */
};

enum sk_status {
	SK_OK = 0,
	SK_EVENT = 1,            /* not an error: bits of the bound notification */
	SK_NO_CAP = 2, SK_WRONG_TYPE = 3, SK_NO_RIGHT = 4, SK_BAD_ARG = 5, SK_NO_CALL = 6,
	SK_NOT_IMPLEMENTED = 7, SK_NO_MEMORY = 8, SK_OCCUPIED = 9, SK_BUSY = 10, SK_ABORTED = 11,
	SK_TIMEOUT = 12, SK_WRONG_CORE = 13, SK_NO_TABLES = 14, SK_MAPPED = 15, SK_NOT_MAPPED = 16,
	SK_STATE = 17, SK_PINNED = 18, SK_NO_RECEIVE_SLOT = 19, SK_TOO_DEEP = 20,
};

/*
 * Object types: what w1 (size) and w5 (attribute) of SK_RETYPE mean, and the
 * bytes that one takes from the untyped: multiples of 64 and aligned to that;
 * untyped and memory to 4 KiB, a space to its root table's size.
 */
enum sk_type {
	SK_TYPE_NONE = 0,
	SK_TYPE_UNTYPED = 1,      /* w1 bytes (page multiple); same kind as its parent */
	SK_TYPE_CNODE = 2,        /* w1 slots (2..65536); 64 bytes each + 64 */
	SK_TYPE_MEMORY = 3,       /* user kind only. w1 bytes; w5 SK_RIGHT_{READ,WRITE,EXEC} | enum sk_cache << 8; a device is never executable */
	SK_TYPE_SPACE = 4,        /* one a call. w1 table pages besides the root (0..64); w5 enum sk_space_kind; 8 KiB + pages */
	SK_TYPE_THREAD = 5,       /* w5 home core; at most 2 KiB */
	SK_TYPE_ENDPOINT = 6,     /* w5 home core; 64 bytes */
	SK_TYPE_NOTIFICATION = 7, /* 64 bytes */
	SK_TYPE_VCPU = 8,         /* at most 4 KiB */
	SK_TYPE_IRQ = 9,          /* one a call. w1 interrupt line (AArch64: INTID of an SPI); w5 irq-control slot | enum sk_trigger << 32; 128 bytes */
	SK_TYPE_PIN = 10,
	SK_TYPE_POWER = 11,       /* root's only */
	SK_TYPE_IRQ_CONTROL = 12, /* root's only: the right to make irq objects */
	SK_TYPE_IOMMU = 13,       /* root's only: the IOMMU right */
	SK_TYPES = 14,
};

enum sk_space_kind { SK_SPACE_COMPONENT = 0, SK_SPACE_GUEST = 1 };
enum sk_cache      { SK_CACHE_NORMAL = 0, SK_CACHE_UNCACHED = 1, SK_CACHE_DEVICE = 2 };
enum sk_trigger    { SK_TRIGGER_LEVEL = 0, SK_TRIGGER_EDGE = 1 };
enum sk_power      { SK_POWER_OFF = 0, SK_POWER_RESET = 1 };

/* Rights. The first three also name the rights of a mapping. */
#define SK_RIGHT_READ   1u   /* memory, cnode, thread, vcpu: read */
#define SK_RIGHT_WRITE  2u   /* memory, cnode, space, thread, vcpu, irq, untyped: change */
#define SK_RIGHT_EXEC   4u   /* memory: execute */
#define SK_RIGHT_CALL   8u   /* endpoint: call */
#define SK_RIGHT_SERVE  16u  /* endpoint: wait for callers */
#define SK_RIGHT_SIGNAL 32u  /* notification: signal, bind an irq */
#define SK_RIGHT_WAIT   64u  /* notification: wait, poll, bind to a thread */
#define SK_RIGHTS_ALL   127u

#define SK_SET_PRIORITY (1ul << 63)
#define SK_CAP_RECEIVED (1ul << 63) /* in extra, out of SK_CALL and SK_REPLY_WAIT; badges have 63 bits */
#define SK_WAITER       (1ul << 63) /* the notification's own bit: never in a badge */

/* Registers of a thread, for SK_THREAD_READ and _WRITE. */
enum sk_reg {
	SK_REG_X0 = 0,            /* .. X30 = 30; RISC-V: x1..x31 */
	SK_REG_SP = 31,
	SK_REG_PC = 32,
	SK_REG_FLAGS = 33,        /* AArch64: NZCV */
	SK_REG_TLS = 34,          /* AArch64: TPIDR_EL0. A thread's own write lasts */
	SK_REG_COUNT = 35,
};

enum sk_thread_state {
	SK_THREAD_STOPPED = 0,
	SK_THREAD_READY = 1,      /* or running */
	SK_THREAD_CALLING = 2,    /* waits in an endpoint's queue, or for the reply */
	SK_THREAD_SERVING = 3,    /* waits for a caller */
	SK_THREAD_WAITING = 4,    /* for a notification */
	SK_THREAD_FAULTED = 5,
};

/*
 * A fault is sent to the thread's fault endpoint as a message from the kernel:
 * w0 enum sk_fault, w1 address (IPA), w2 pc, w3 SK_ACCESS_*, w4 the
 * architecture's syndrome, badge = that of the configured capability. The reply
 * resumes the thread where it was. With a notification, or nothing, as the
 * handler the state becomes FAULTED, and the notification is signalled.
 */
enum sk_fault {
	SK_FAULT_MEMORY = 1,      /* no translation, or no right */
	SK_FAULT_ALIGN = 2,
	SK_FAULT_UNDEFINED = 3,
	SK_FAULT_TRAP = 4,        /* a system register or instruction not for components */
	SK_FAULT_BREAK = 5,       /* brk / ebreak */
	SK_FAULT_BUS = 6,         /* external abort, SError */
};
#define SK_ACCESS_READ  1u
#define SK_ACCESS_WRITE 2u
#define SK_ACCESS_EXEC  4u

/*
 * vCPU. SK_VCPU_RUN in:
 *   w0       SK_RUN_* | index of list register A << 8 | index of B << 16
 *   w1..w4   the answer to the previous exit, committed if SK_RUN_ANSWER:
 *              MMIO_READ, SYSREG read: w1 = the value
 *              HYPERCALL: w1..w4 = results (AArch64: x0..x3)
 *            A load is truncated or extended to its register as the guest's
 *            instruction said. Exits that have no answer ignore it.
 *   w5, w6   values for list registers A and B, if SK_RUN_LIST_A / _B
 * Out:
 *   status   OK: an exit, or EVENT: w0 = bits of the bound notification,
 *            w7 as below. BAD_ARG: a list register value was refused (nothing
 *            was done, not even the answer).
 *   w0       exit word: enum sk_exit | SK_EXIT_WRITE | width in bytes << 16
 *   w1..w4   by exit, see the enum
 *   w5       pc of the instruction that exited
 *   w7       list register state: bits 0..15 set: empty; bits 16..31 set: an
 *            interrupt of that register was ended and had asked for it (EOI
 *            bit of the register): told once, the register is empty now;
 *            bit 32: an EOI found no entry; bit 33: underflow.
 * Where an exit has an answer, pc is already past the instruction.
 */
#define SK_RUN_ANSWER    1u
#define SK_RUN_LIST_A    2u
#define SK_RUN_LIST_B    4u
#define SK_RUN_UNDERFLOW 8u    /* exit MAINT when at most one list register is in use */
#define SK_RUN_LIST_A_SHIFT 8
#define SK_RUN_LIST_B_SHIFT 16

#define SK_EXIT_CODE     0xffu
#define SK_EXIT_WRITE    0x100u
#define SK_EXIT_SMC      0x200u /* HYPERCALL: by smc, not hvc */
#define SK_EXIT_WIDTH_SHIFT 16
#define SK_ADDRESS_UNKNOWN (~0ul) /* a GPA that the hardware does not tell: it is mapped, with fewer rights */

enum sk_exit {
	SK_EXIT_MMIO = 1,         /* w1 GPA, w2 value if a write, w3 guest virtual address (FAR); width 1, 2, 4, 8 */
	SK_EXIT_UNDECODED = 2,    /* an access that the hardware did not describe: w1 GPA or SK_ADDRESS_UNKNOWN, w2 guest virtual address, w3 SK_ACCESS_*; pc stands at the instruction */
	SK_EXIT_FETCH = 3,        /* instruction fetch that may not be: w1, w2 likewise; pc stands there */
	SK_EXIT_HYPERCALL = 4,    /* w1..w4 arguments (x0..x3); w6 immediate */
	SK_EXIT_SYSREG = 5,       /* w1 SK_SYSREG(...), w2 value if a write; of a read of an ID register what the core has */
	SK_EXIT_WFI = 6,          /* w1 deadline (physical counter; SK_NEVER: timer off), w2 1 if an interrupt is already pending */
	SK_EXIT_MAINT = 7,        /* list registers: see w7 */
	SK_EXIT_DEBUG = 8,        /* w1 syndrome */
	SK_EXIT_ERROR = 9,        /* SError or an abort with no meaning: w1 syndrome, w2 guest virtual address */
	SK_EXIT_UNDEFINED = 10,   /* an instruction that this version hides, or a trap without a reason: w1 syndrome; pc stands at it */
};

/* AArch64 system register names, as in SYSREG exits: op0 op1 CRn CRm op2. */
#define SK_SYSREG(op0, op1, crn, crm, op2) \
	((op0) << 14 | (op1) << 11 | (crn) << 7 | (crm) << 3 | (op2))

/* vCPU registers for SK_VCPU_READ and _WRITE. AArch64 names. */
enum sk_vreg {
	SK_VREG_X0 = 0,           /* .. X30 = 30 */
	SK_VREG_PC = 31,
	SK_VREG_PSTATE = 32,      /* EL0t, EL1t or EL1h, AArch64; anything else becomes EL1h */
	SK_VREG_SP_EL0 = 33, SK_VREG_SP_EL1 = 34, SK_VREG_ELR_EL1 = 35, SK_VREG_SPSR_EL1 = 36,
	SK_VREG_ESR_EL1 = 37, SK_VREG_FAR_EL1 = 38, SK_VREG_VBAR_EL1 = 39, SK_VREG_SCTLR_EL1 = 40,
	SK_VREG_CPACR_EL1 = 41, SK_VREG_TTBR0_EL1 = 42, SK_VREG_TTBR1_EL1 = 43, SK_VREG_TCR_EL1 = 44,
	SK_VREG_MAIR_EL1 = 45, SK_VREG_AMAIR_EL1 = 46, SK_VREG_CONTEXTIDR_EL1 = 47, SK_VREG_TPIDR_EL0 = 48,
	SK_VREG_TPIDRRO_EL0 = 49, SK_VREG_TPIDR_EL1 = 50, SK_VREG_PAR_EL1 = 51, SK_VREG_AFSR0_EL1 = 52,
	SK_VREG_AFSR1_EL1 = 53, SK_VREG_CSSELR_EL1 = 54, SK_VREG_ACTLR_EL1 = 55, SK_VREG_CNTKCTL_EL1 = 56,
	SK_VREG_MDSCR_EL1 = 57, SK_VREG_CNTV_CTL = 58, SK_VREG_CNTV_CVAL = 59,
	SK_VREG_CNTVOFF = 60,     /* virtual counter = physical counter - CNTVOFF */
	SK_VREG_VMPIDR = 61,      /* what the guest reads in MPIDR_EL1 */
	SK_VREG_VPIDR = 62,       /* what the guest reads in MIDR_EL1 */
	SK_VREG_ICH_VMCR = 63,
	SK_VREG_VTIMER = 64,      /* list register template of the virtual timer's PPI: group and priority as in a list register, 0: the PPI is disabled */
	SK_VREG_LISTS = 65,       /* read only: number of list registers that the VMM may use */
	SK_VREG_LIST0 = 66,       /* .. LIST15 = 81; the virtual timer's is the one past the last usable */
	SK_VREG_AP0R0 = 82,       /* .. AP0R3 = 85 */
	SK_VREG_AP1R0 = 86,       /* .. AP1R3 = 89 */
	SK_VREG_COUNT = 90,
};

/* A list register (Arm IHI 0069H, 12.4.8): what a VMM may write. */
#define SK_LIST_PENDING  (1ul << 62)
#define SK_LIST_ACTIVE   (1ul << 63)
#define SK_LIST_HW       (1ul << 61) /* the kernel's only */
#define SK_LIST_GROUP1   (1ul << 60)
#define SK_LIST_PRIORITY_SHIFT 48
#define SK_LIST_EOI      (1ul << 41) /* exit MAINT when it is ended */
#define SK_LIST_INTID    0xfffffffful

/*
 * What root finds. Its first capabilities stand in these slots; the regions'
 * capabilities follow from SK_ROOT_REGIONS, one per region in order.
 */
#define SK_ROOT_CNODE       1
#define SK_ROOT_SPACE       2
#define SK_ROOT_THREAD      3
#define SK_ROOT_IRQ_CONTROL 4
#define SK_ROOT_POWER       5
#define SK_ROOT_IOMMU       6
#define SK_ROOT_OBJECTS     7   /* untyped, object kind: the object pool */
#define SK_ROOT_SEGMENTS    8   /* .. 13: memory of root's own image, stack and information page */
#define SK_ROOT_REGIONS     16
#define SK_ROOT_CNODE_SLOTS 8192

enum sk_region_kind {
	SK_REGION_RAM = 1,        /* free; contents undefined */
	SK_REGION_ARCHIVE = 2,    /* RAM holding an archive (loader/archive.h) */
	SK_REGION_DTB = 3,        /* RAM holding the machine's device tree */
	SK_REGION_DEVICE = 4,     /* registers of one device tree node */
};

#define SK_ROOT_MAX_REGIONS  360
#define SK_ROOT_INFO_IPA     0x1000ul       /* read-only, SK_ROOT_INFO_PAGES pages */
#define SK_ROOT_INFO_PAGES   8              /* loader/rootinfo.h: the kernel does not read them */
#define SK_ROOT_STACK_TOP    0x40000000ul   /* SK_ROOT_STACK_SIZE bytes below */
#define SK_ROOT_STACK_SIZE   0x10000ul

#endif /* __ASSEMBLER__ */
