# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# How root tells of a component's end: each way to end, on either core, must give
# its line on the status port and switch the machine off.

# ends HOW LINE [PLACE]: the component ends as HOW says, on core 0 and on core 1; one line says PLACE.
ends() {
	local core line rc
	echo "how=$1" >"$WORK/params"
	"$BUILD/tools/skerry-pack" archive "$WORK/archive" "params=$WORK/params" || fail "cannot pack the parameter"
	for core in 0 1; do
		: >"$WORK/status"
		timeout -k 1 80 qemu-system-aarch64 -M virt,virtualization=on,gic-version=3 -cpu cortex-a72 -smp 2 -m 256 \
			-nographic -nic none -no-reboot -serial mon:stdio -serial "file:$WORK/status" \
			-kernel "$BUILD/victim-core$core.img" -initrd "$WORK/archive" </dev/null
		rc=$?
		[ $rc = 0 ] || fail "$1 on core $core: the machine was not switched off"
		line=$(tr -d '\r' <"$WORK/status" | grep '^exit ')
		[[ $line =~ ^exit\ $2$ ]] || fail "$1 on core $core: \"$line\"; expected \"exit $2\""
		if [[ $line == *faulted* ]]; then
			grep -q '^  pc flags  [0-9a-f]* [0-9a-f]*' "$WORK/status" || fail "$1 on core $core: no registers"
		fi
		[ -z "${3:-}" ] || grep -qE "^  $3\$" "$WORK/status" || fail "$1 on core $core: no line \"$3\": $(cat "$WORK/status")"
		echo "$1 on core $core: $line"
	done
}

FAULT='5 victim \(thread victim.main\) faulted:'
ends write "$FAULT memory write at 0x12345678, pc 0x[0-9a-f]+, syndrome 0x[0-9a-f]+" 'nothing is mapped at 0x12345678'
ends null "$FAULT memory read at 0x0, .*" 'nothing is mapped at 0x0'
ends text "$FAULT memory write at 0x1000[0-9a-f]{4}, .*" '0x1000[0-9a-f]* is in its image, which it may read execute'
ends start-page "$FAULT memory write at 0x2000, .*" '0x2000 is in its start page, which it may read'
ends jump "$FAULT instruction fetch at 0x2000, pc 0x2000, .*" '0x2000 is in its start page, which it may read'
ends stack "$FAULT memory write at 0x3fff[ab][0-9a-f]{3}, .*" '0x3fff[ab][0-9a-f]* is below its stack of [0-9]* KiB: too small, or a recursion does not end'
ends undefined "$FAULT undefined instruction at .*"
ends trap "$FAULT breakpoint at 0x[0-9a-f]+, pc 0x[0-9a-f]+, .*"
ends fail '5 victim gave up: .*missing.*'
ends abort '5 victim gave up: aborted \(signal 6\)'
ends zero '0 victim ended'
ends one '3 victim ended with an error'
ends off '0 the guest of victim powered off'
ends crash '3 the guest of victim crashed'
ends reset '4 the guest of victim reset itself'

# A component that may be started again is, three times here; then root gives up and says so.
echo how=write >"$WORK/params"
"$BUILD/tools/skerry-pack" archive "$WORK/archive" "params=$WORK/params" || fail "cannot pack the parameter"
: >"$WORK/status"
timeout -k 1 80 qemu-system-aarch64 -M virt,virtualization=on,gic-version=3 -cpu cortex-a72 -smp 2 -m 256 -nographic \
	-nic none -no-reboot -serial mon:stdio -serial "file:$WORK/status" -kernel "$BUILD/victim-again.img" \
	-initrd "$WORK/archive" </dev/null || fail "again: the machine was not switched off"
[ "$(grep -c 'victim is started again' "$WORK/status")" = 3 ] || fail "again: not started three times: $(cat "$WORK/status")"
[ "$(grep -c '^victim (thread victim.main) faulted: memory write' "$WORK/status")" = 4 ] || fail "again: not four faults"
grep -q 'victim was started again 3 times within 600 s and failed again: given up' "$WORK/status" || fail "again: no last word"
grep -q '^exit 5 victim (thread victim.main) faulted' "$WORK/status" || fail "again: $(grep '^exit' "$WORK/status")"
