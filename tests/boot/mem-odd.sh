# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# A size that is no multiple of 2 MiB or of anything nice.
linux --mem 97M
ask 'dmesg | grep Memory:'
[[ $ANSWER =~ /([0-9]+)K\ available ]] || fail "dmesg names no size: $ANSWER"
[ "${BASH_REMATCH[1]}" = 99328 ] || fail "the guest was given ${BASH_REMATCH[1]} KiB, expected 99328"
send poweroff
ends 60 0
