# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# A VMM that dies takes its guest and no other: the other guest runs on, the report says who died,
# of what, with its registers; the exit code says that a guest crashed, however the others end.

# report FILE: what the status port said.
report() {
	grep -q 'crasher (thread crasher.main) faulted: memory write at 0x12345678, pc 0x' "$1" || fail "no cause"
	grep -q '^  it is the VMM of the guest victim$' "$1" || fail "not which guest"
	grep -q '^  nothing is mapped at 0x12345678' "$1" || fail "not what is there"
	grep -qE '^  pc 0x[0-9a-f]+ is in [a-z_]+ at crasher.c:[0-9]+' "$1" || fail "not where in the program"
	grep -qE '^  pc flags  [0-9a-f]{16} [0-9a-f]{16}' "$1" || fail "no registers"
}

linux --system crash --append quiet --mem 128M
send 'i=0; while [ ! -e /tmp/stop ]; do i=$((i+1)); echo $i >/tmp/next; mv /tmp/next /tmp/count; usleep 10000; done &'
expect 20 "$PROMPT"
printf '\0352!\0351' >&3
for ((i = 0; i < 100 * PATIENCE; i++)); do
	ask 'cat /tmp/count'
	[[ $ANSWER =~ ([0-9]+) ]] || fail "the counter says: $ANSWER"
	[ -n "${first:-}" ] || first=${BASH_REMATCH[1]}
	[ "${BASH_REMATCH[1]}" -gt $((first + 50)) ] && break
done
[ "$i" -lt $((100 * PATIENCE)) ] || fail "the guest does not count on: $first, then ${BASH_REMATCH[1]}"
send 'touch /tmp/stop; poweroff'
ends 60 3
report "$WORK/out"

skerry_boot --system crash-one --kernel "$BUILD/tests/guest/guest-hello.elf" --mem 16M
expect 30 'crasher: the guest waits'
printf '!' >&3
ends 30 3
report "$WORK/out"
