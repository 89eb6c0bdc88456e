# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Where a nanosecond is an instruction: how late the highest priority runs while a
# component of lower priority makes every call there is, on the same core. (Root stands above it
# and makes the component's objects anew; the kernel's part is the bench's longest_stretch.)
WORST=150 # us, or thousands of instructions
timeout -k 2 480 qemu-system-aarch64 -M virt,virtualization=on,gic-version=3 -cpu cortex-a72 -smp 1 -m 512 \
	-nographic -nic none -no-reboot -icount shift=0,sleep=off -kernel "$BUILD/time-hostile-calls.img" \
	</dev/null 2>&1 | tr -d '\r\0' >"$WORK/out"
grep -a 'the watcher woke' "$WORK/out"
grep -aqE '^done [1-9][0-9]* passed 0 failed$' "$WORK/out" || fail "$(tail -n 3 "$WORK/out")"
late=$(sed -n 's/^the watcher woke .*, \([0-9]*\) us late at most$/\1/p' "$WORK/out")
[ "${late:-$WORST}" -lt $WORST ] || fail "$late us late, at most $WORST"
