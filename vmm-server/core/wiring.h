/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a VMM component is given: the names that the system spec must wire for
 * it (skerry/start.h). i = number of the vCPU, 0..guest.cpus-1.
 *
 * slots
 *   vcpu<i>          vCPU, rights READ|WRITE. Bound (SK_VCPU_BIND) to thread<i> and
 *                    to the guest's Space before the VMM starts. vcpu0 is bound to
 *                    the component's main thread: it runs vCPU 0 itself.
 *   thread<i>        i >= 1: the (stopped) thread that runs vCPU i, READ|WRITE.
 *   event<i>         notification bound to the thread that runs vCPU i (for
 *                    SK_VCPU_RUN) and waited for by it; rights SIGNAL|WAIT,
 *                    badge VMM_EVENT_KICK.
 *   exit             notification of root: VMM_EXIT_* below; SIGNAL, one slot per
 *                    outcome: "exit.off", "exit.reset", "exit.crash", minted by
 *                    root with the badge that it wants to see.
 *   console.signal   notification of the console (UART driver), SIGNAL: "there are
 *                    bytes in to_console", or "I took bytes from to_client".
 * given to others
 *   The console gets event0 minted with SIGNAL and badge VMM_EVENT_CONSOLE.
 * regions
 *   console          struct console_shared (rings/console.h), READ|WRITE.
 *   guest.ram        the guest's RAM, READ|WRITE; holds no other guest's data. The same
 *                    memory is mapped in the guest's Space, where guest.tree says, all rights. The VMM
 *                    tells the guest of exactly these bytes.
 *   guest.flash      memory that the guest may only read, READ|WRITE here, mapped for it
 *                    at GUEST_FLASH; may be missing: then each of its loads is an exit
 *   guest.tree       the device tree of the guest's machine, READ: which devices it has and where
 *   guest.kernel     the kernel image, READ; the region's size is the file's
 *   guest.initrd     the initial RAM disk, READ; may be missing
 *   disk<n>          struct block_shared (rings/block.h), READ|WRITE; n in 0..3, may be missing.
 *                    With it the slot "disk<n>.signal" (SIGNAL), and event0 minted with
 *                    badge VMM_EVENT_DISK(n) for the backend.
 *   disk<n>.pool     the connection's data, READ|WRITE, at least 64 KiB: requests are bounced
 *                    through it. Missing: mapped: the backend maps guest.ram itself, as its data.
 *   vcon             struct console_shared, READ|WRITE: a virtio console (hvc0), may be missing.
 *                    With it the slot "vcon.signal" (SIGNAL), and event0 minted with badge
 *                    VMM_EVENT_VCON for the console.
 *   vcon<n>          n in 1..2, without a gap: the same, a further port of that console (/dev/vport*p<n>), with
 *                    "vcon<n>.signal" and VMM_EVENT_PORT(n).
 *   net<n>           struct net_shared (rings/net.h), READ|WRITE: a port of the switch; n in 0..1,
 *                    may be missing. With it the slot "net<n>.signal" (SIGNAL), the parameter
 *                    "net<n>.mac" (52:53:4b:00:00:01), and event0 minted with badge
 *                    VMM_EVENT_NET(n) for the switch.
 *   vsock            struct vsock_shared (rings/vsock.h), READ|WRITE: a port of the socket hub, may be
 *                    missing. With it the slot "vsock.signal" (SIGNAL), the parameter "vsock.cid" (3),
 *                    and event0 minted with badge VMM_EVENT_VSOCK for the hub.
 *   rng              struct random_shared (rings/random.h), READ|WRITE: the entropy component, may be missing:
 *                    then the VMM makes the guest's random numbers itself. With it the slot "rng.signal"
 *                    (SIGNAL), and event0 minted with badge VMM_EVENT_RNG for the component.
 *   pass<n>.irq      slot of the irq of a device that the guest is given, READ|WRITE; n in 0..3, may be missing.
 *                    It signals event0 with VMM_EVENT_PASSED(n); the parameter "pass<n>.intid" is
 *                    the interrupt's number for the guest. The registers are mapped in the guest's Space.
 * parameters
 *   guest.mem        bytes of RAM (missing: the region's size; must not exceed it)
 *   guest.append     kernel command line (missing: empty)
 *   guest.cpus       1..8 (missing: 1)
 *   guest.reboot     0: SYSTEM_RESET ends the guest with "exit.reset"; else it restarts
 *   guest.seed       number: fixes the guest's random numbers (repeatable runs)
 *   guest.entropy    any text, unguessable: what the VMM's random numbers are made from, too
 *                    (without it and without "rng": counter readings, which are weak)
 *   vcon.name, vcon<n>.name  what the guest is told that the port is called (missing: nothing)
 *   guest.transport  mmio or pci: what the virtio devices stand behind (missing: mmio)
 *   guest.epoch      seconds since 1970 at start, for the clock (missing: 0)
 */
#ifndef VMM_WIRING_H
#define VMM_WIRING_H

/* Bits of event<i>, each the badge of somebody's capability. */
#define VMM_EVENT_KICK    1ul  /* another vCPU of this VMM changed this one's interrupts */
#define VMM_EVENT_CONSOLE 2ul  /* the console has bytes for us, or took some of ours */
#define VMM_EVENT_DISK(n) (0x100ul << (n)) /* the backend of disk n did something; n in 0..3 */
#define VMM_EVENT_DISKS   0xf00ul          /* all of them */
#define VMM_EVENT_NET(n)  (0x1000ul << (n)) /* the switch has frames of net n, or took some; n in 0..1 */
#define VMM_EVENT_VCON    0x4000ul         /* the console has bytes for the virtio console, or took some */
#define VMM_EVENT_VSOCK   0x8000ul         /* the hub has packets of sockets, or took some */
#define VMM_EVENT_PORT(n) (0x10000ul << (n)) /* the same of the console's port n; n in 1..2 */
#define VMM_EVENT_RNG     0x80000ul        /* the entropy component has bytes */
#define VMM_EVENT_VIRTIO  0xffff00ul       /* all of them */

#define VMM_EVENT_PASSED(n) (1ul << (59 + (n))) /* the interrupt of a device that the guest is given; n in 0..3 */
#define VMM_EVENT_PASSES  (0xful << 59)    /* all of them */

#define VMM_MAX_CPUS   8
#define VMM_MAX_PASSED 4

#endif
