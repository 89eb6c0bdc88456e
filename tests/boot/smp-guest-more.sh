# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# full
# seconds 3600
#
# As smp-guest, more vCPUs and cores.
. "$TOP/tests/boot/smp-guest.inc"
smp_guest '2 2' '4 4' '8 8' '8 2'
