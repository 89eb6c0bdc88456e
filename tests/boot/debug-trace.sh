# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# ./skerry boot --debug: what the debug kernel wrote down, with names, at a manager's command while a
# Linux guest runs, at the end, and when a component fails; a release kernel has none, and says so.

# trace WHAT: types the command until its answer has WHAT, which may be over by then in one answer.
trace() {
	local i
	for ((i = 0; i < 10 * PATIENCE; i++)); do
		send 'trace 256'
		expect 20 'trace: the last 256 events of each core are on the status port'
		expect 20 'trace: what each core did last'
		mark_before=$mark
		expect 60 '^trace: end'
		tail -c +$((mark_before + 1)) "$WORK/out" | head -c $((mark - mark_before)) >"$WORK/trace"
		grep -qE "$1" "$WORK/trace" && return
	done
	fail "not in the trace: $1"
}

skerry_boot --debug --system slots --kernel "$GUESTS/cloud.Image" --initrd "$BUILD/initramfs.cpio.gz"
expect 60 'manager> '
send make
expect 30 '0 is started'
printf '\0352' >&3
expect 20 '\[guest0\]'
expect 200 "$PROMPT"
send 'while :; do usleep 1000; done &'
expect 20 "$PROMPT"
printf '\0351' >&3
expect 20 '\[manager\]'
# entries, with the capability; exits of the guest; interrupts; messages
trace '^[0-9] +[0-9.]+ +console\.main +(WAIT event|SIGNAL client[0-9]\.signal), w0 0x[0-9a-f]+; pc 0x[0-9a-f]+ [a-z_]+$'
trace '^[0-9] +[0-9.]+ +vmm0\.main +guest exits: wfi; pc 0x[0-9a-f]+$'
trace '^[0-9] +[0-9.]+ +[a-z0-9.]+ +interrupt [0-9]+ \((uart_irq|the timer|the virtual timer)\)'
trace '^[0-9] +[0-9.]+ +root +message from manager\.main to root, w0 0x100;'
trace '^[0-9] +[0-9.]+ +vmm0\.main +goes on: VCPU_RUN (OK, exit [A-Z]+|EVENT)'
# in the order of time, all cores together
awk '/^[0-9]/ { if ($2 + 0 < before) exit 1; before = $2 }' "$WORK/trace" || fail "not in the order of time"
# asked for at the status port, whatever the system
asked=$(sed -n 's/.* To have it printed: echo >\([^ ]*\)$/\1/p' "$WORK/out")
[ -p "$asked" ] || fail "where to ask for it: \"$asked\""
mark=$(stat -c %s "$WORK/out")
echo >"$asked"
expect 20 'trace: what each core did last'
expect 60 '^trace: end'
send 'trace 257'
expect 20 'trace: 1 to 256 events of each core'
send 'trace nonsense'
expect 20 'trace: 1 to 256 events of each core'
send 'end 0'
expect 20 'manager> '
send off
expect 60 'trace: what each core did last'
expect 60 '^trace: end'
ends 60 0

# A failure: the fault itself, and who was told of it.
skerry_boot --debug --system crash-one --kernel "$BUILD/tests/guest/guest-hello.elf" --mem 16M
expect 30 'crasher: the guest waits'
printf '!' >&3
expect 60 'crasher\.main +faults: store of [48] bytes at 0x12345678; pc 0x[0-9a-f]+ [a-z_]+'
expect 20 'message from crasher\.main to root\.watcher0, w0 0x1;'
expect 20 'crasher \(thread crasher.main\) faulted: memory write at 0x12345678'
ends 30 3

# One that does not end: before its time is over.
skerry_boot --debug --system slots --kernel "$BUILD/tests/guest/guest-hello.elf" --timeout 20
expect 60 'manager> '
expect 60 'trace: what each core did last'
expect 60 '^trace: end'
ends 30 124

skerry_boot --system slots --kernel "$BUILD/tests/guest/guest-hello.elf"
expect 60 'manager> '
send trace
expect 20 'trace: this kernel keeps none; \./skerry boot --debug boots the one that does'
send off
ends 30 0
! grep -q 'trace: what each core' "$WORK/out" || fail "a trace of the release kernel"
