# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Under --icount two runs print the same number of ticks: nothing depends on the host.
run() {
	timeout -k 5 480 "$TOP/skerry" boot --icount --timeout 400 --kernel "$GUESTS/cloud.Image" \
		--initrd "$BUILD/initramfs.cpio.gz" --append 'quiet cryptomgr.notests nokaslr skerry.do=boot' </dev/null >"$WORK/run" 2>&1
	rc=$?
	cat "$WORK/run"
	[ $rc = 0 ] || fail "exit code $rc"
	ticks=$(tr -d '\r' <"$WORK/run" | sed -n 's/^metric ticks_to_init //p')
	[ -n "$ticks" ] || fail "no metric ticks_to_init"
}
run
first=$ticks
run
[ "$ticks" = "$first" ] || fail "two runs differ: $first and $ticks ticks"
