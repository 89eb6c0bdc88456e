# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# The default guest at its shell: who it is, the time, interrupts, job control, and
# poweroff, which ends the machine with 0.
linux

ask 'uname -srm'
[[ $ANSWER == *"Linux 6.12."*"aarch64"* ]] || fail "uname says: $ANSWER"

# The guest's clock is the machine's: at most a minute apart.
ask 'echo now=$(date +%s)'
[[ $ANSWER =~ now=([0-9]+) ]] || fail "date says: $ANSWER"
apart=$(($(date +%s) - BASH_REMATCH[1]))
[ ${apart#-} -le 60 ] || fail "the guest's clock is $apart s behind"

ticks() {
	ask "grep arch_timer /proc/interrupts"
	[[ $ANSWER =~ :\ +([0-9]+) ]] || fail "/proc/interrupts says: $ANSWER"
	echo "timer interrupts: ${BASH_REMATCH[1]}"
	count=${BASH_REMATCH[1]}
}
ticks
first=$count
ask 'sleep 1'
ticks
[ "$count" -gt "$first" ] || fail "no timer interrupt in a second: $first, then $count"

# Job control needs a controlling terminal.
ask 'sleep 100 & jobs; kill %1'
[[ $ANSWER == *"sleep 100"* ]] || fail "jobs says: $ANSWER"

send poweroff
ends 60 0
