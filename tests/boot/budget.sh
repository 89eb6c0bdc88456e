# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Where a nanosecond is an instruction: a looping thread and a looping guest with a budget of 2 in
# 10 ms each run for just that, on one core and beside another core that retypes and revokes
# without end; a thread that runs each millisecond above them misses none.
LATE=150 # us, or thousands of instructions, on one core (with two, the machine's cores take long turns)

# budget CORES LATE
budget() {
	timeout -k 2 480 qemu-system-aarch64 -M virt,virtualization=on,gic-version=3 -cpu cortex-a72 -smp "$1" -m 512 \
		-nographic -nic none -no-reboot -icount shift=0,sleep=off -kernel "$BUILD/time-budget.img" \
		</dev/null 2>&1 | tr -d '\r\0' >"$WORK/out"
	grep -aqE '^done [1-9][0-9]* passed 0 failed$' "$WORK/out" || fail "$1 cores: $(tail -n 3 "$WORK/out")"
	grep -a '^the .* ran \|^the beat' "$WORK/out"
	awk -v late="$2" '
		/^the (thread|guest) ran/ { n++; if ($4 < 39000 || $4 > 42500) bad = 1 }
		/^the beat came/ { n++; if ($4 < 150 || $7 + 0 != 0 || $8 + 0 >= late) bad = 1 }
		END { exit bad || n != 3 }' "$WORK/out" || fail "$1 cores: shares of 40000 us, no beat missed"
}

budget 1 $LATE
budget 2 1000
