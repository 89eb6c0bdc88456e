# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# full
# seconds 3600
#
# Eight guests at once: all come up, the first reaches each of the others, each has its
# console, and the machine ends when the last one is off.
start "$TOP/skerry" run eight --append quiet --timeout 1100
PROMPT='guest[0-9]*:[^ ]*# '
expect 200 "$PROMPT"
ask 'for n in 2 3 4 5 6 7 8; do until ping -c 1 -W 1 10.0.2.$((14 + n)) >/dev/null; do :; done; echo -n "$n "; done'
[[ $ANSWER == *"2 3 4 5 6 7 8"* ]] || fail "of the others answered: $ANSWER"
for guest in 8 7 6 5 4 3 2; do
	console $guest guest$guest
	send 'hostname; poweroff -f'
	expect 30 "guest$guest"
done
printf '\0351' >&3
expect 20 '\[guest1\]'
send 'poweroff -f'
ends 60 0
