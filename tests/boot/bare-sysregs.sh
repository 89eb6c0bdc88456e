# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# A bare guest finds the trapped system registers as the ID registers say, on a CPU with little and on one with all.
for cpu in cortex-a72 max,pauth-impdef=on; do
	skerry_boot --kernel "$BUILD/tests/guest/guest-sysregs.bin" --cpu $cpu
	expect 60 'done [0-9]+ passed [0-9]+ failed'
	[[ $MATCH =~ done\ [1-9][0-9]*\ passed\ 0\ failed ]] || fail "$cpu: $MATCH"
	tr -d '\r' <"$WORK/out" | grep -q '^not ok ' && fail "$cpu: a line says not ok"
	ends 20 0
done
