# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Guests made at run time: each instance of a slot starts, ends, and gives everything back. More rounds
# than the machine has VMIDs for: 2 a round, 255 in all.
rounds=130

# free: the manager's figures, in ANSWER.
free() {
	send memory
	expect 20 '^free: .*'
	ANSWER=$MATCH
	expect 10 'manager> '
}

skerry_boot --system slots --kernel "$BUILD/tests/guest/guest-hello.elf"
expect 60 'manager> '
free
before=$ANSWER
send make
expect 20 '0 is started'
send 'make 1'
expect 20 '1 is started'
send make
expect 20 'make one: .*state'
for n in 0 1; do
	for ((i = 0; i < 100 * PATIENCE; i++)); do
		send slots
		expect 20 "^$n  (runs|powered off)"
		[[ $MATCH == *powered* ]] && break
		sleep 0.2
	done
	[[ $MATCH == *powered* ]] || fail "guest $n did not run to its end: $MATCH"
done
send 'make 0'
expect 20 'make 0: .*state'
send 'end 0'
send 'end 1'
expect 20 'manager> '
send 'end 1'
expect 20 'end 1: .*state'
send 'end 7'
expect 20 'end 7: .*argument'
send "cycle vmm0 $rounds"
expect 200 "$rounds times: ok"
free
[ "$ANSWER" = "$before" ] || fail "free before: \"$before\", after $rounds rounds: \"$ANSWER\""
send off
ends 20 0
