# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# A hostile guest, seen from outside it ends like any other, and the VMM's log stays short.
# Every system register and instruction encoding, on a core with few extensions and on one with all that QEMU has.
. "$TOP/tests/boot/hostile-guest.inc"
hostile_guest hostile-regs
