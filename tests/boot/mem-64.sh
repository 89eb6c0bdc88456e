# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# A guest with 64 MiB: Linux sees nearly all of it and can use it.
linux --mem 64M
ask "sed -n 's/MemTotal: */total=/p' /proc/meminfo; dmesg | grep Memory:"
[[ $ANSWER =~ /([0-9]+)K\ available ]] || fail "dmesg names no size: $ANSWER"
[ "${BASH_REMATCH[1]}" = 65536 ] || fail "the guest was given ${BASH_REMATCH[1]} KiB, expected 65536"
send poweroff
ends 60 0
