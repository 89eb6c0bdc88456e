# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# The system's log on the multiplexer: what components say, and root's report of one that
# died, are a console of their own (Ctrl-] 0) and, watching all, lines with its label.
linux --system crash --append quiet --mem 128M
tr -d '\r' <"$WORK/out" | grep -q '^vmm: arm64 Image' || fail "what the VMM says before its guest does is not seen"
printf '\0350' >&3
expect 20 '\[system\]'
expect 20 'crasher: the guest waits' # before or behind the other's line
[ "$(grep -ac 'vmm: arm64 Image' "$WORK/out")" = 2 ] || fail "the VMM's line is not kept"
printf 'nobody reads this' >&3
printf '\0352!\035a' >&3
expect 20 'system\| root: crasher \(thread crasher.main\) faulted: memory write at 0x12345678'
expect 20 'system\| root: +pc flags '
printf '\0351' >&3
expect 20 '\[guest1\]'
ask 'echo one two'
[[ $ANSWER == "one two" ]] || fail "the first guest says: $ANSWER"
printf '\0350' >&3
expect 20 '\[system\]'
printf '\0351' >&3
expect 20 '\[guest1\]'
send 'poweroff -f'
ends 60 3
