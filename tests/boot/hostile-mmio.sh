# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# A hostile guest, seen from outside it ends like any other, and the VMM's log stays short.
# Every form of access to every device and to nowhere.
. "$TOP/tests/boot/hostile-guest.inc"
hostile_guest hostile-mmio
