# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# A bare guest with several vCPUs: PSCI, SGIs, routing, timers. As many cores as
# vCPUs, and fewer: vCPUs of one guest then share a core.
. "$TOP/tests/boot/smp-guest.inc"
smp_guest '4 2' '2 1'
