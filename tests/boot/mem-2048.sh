# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# A guest with 2048 MiB: Linux sees nearly all of it and can use it.
linux --mem 2048M
ask "sed -n 's/MemTotal: */total=/p' /proc/meminfo; dmesg | grep Memory:"
[[ $ANSWER =~ /([0-9]+)K\ available ]] || fail "dmesg names no size: $ANSWER"
[ "${BASH_REMATCH[1]}" = 2097152 ] || fail "the guest was given ${BASH_REMATCH[1]} KiB, expected 2097152"
send poweroff
ends 60 0
