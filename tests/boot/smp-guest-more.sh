# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# full
# seconds 900
#
# As smp-guest, more vCPUs and cores.
for pair in '2 2' '4 4' '8 8' '8 2'; do
	read -r cpus cores <<<"$pair"
	echo "== $cpus vCPUs on $cores cores"
	skerry_boot --kernel "$BUILD/tests/guest/guest-smp.bin" --cpus "$cpus" --cores "$cores" --mem 64M
	expect 20 "vCPUs: $cpus"
	expect 110 'done [0-9]+ passed [0-9]+ failed'
	[[ $MATCH =~ done\ [1-9][0-9]*\ passed\ 0\ failed ]] || fail "$MATCH"
	tr -d '\r' <"$WORK/out" | grep -q '^not ok ' && fail "a line says not ok"
	ends 20 0
done
