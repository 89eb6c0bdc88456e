# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Another CPU model, the small in-order core.
linux --cpu cortex-a53
ask 'grep -m 1 "CPU part" /proc/cpuinfo'
[[ $ANSWER == *0xd03* ]] || fail "the guest does not see a Cortex-A53: $ANSWER"
send poweroff
ends 60 0
