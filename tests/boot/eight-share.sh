# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# full
# seconds 3600
#
# How throughput grows with guests: 1, 2, 4 and 8 of eight read their disks at once. The
# machine executes the same number of instructions in each span (icount), so what all
# of them read in it says what sharing costs, and the least and the most of one how fair it is.
start "$TOP/skerry" run eight --icount --cores 2 --timeout 1100 \
	--append 'quiet cryptomgr.notests nokaslr skerry.do=share-12000-600'
expect 60 'vmm[1-8]: arm64'
printf '\035a' >&3
ends 290 0
tr -d '\r' <"$WORK/out" | sed -n 's/^guest[1-8]| share //p' | sort -n | awk '
	{ all[$1] += $3; n[$1]++; if (!least[$1] || $3 < least[$1]) least[$1] = $3; if ($3 > most[$1]) most[$1] = $3 }
	END {
		for (g = 1; g <= 8; g *= 2) {
			printf "%d guests: %d reads of 4 KiB in all, %d to %d each\n", g, all[g], least[g], most[g]
			if (n[g] != g || all[g] * 2 < all[1] || least[g] * 3 < most[g]) bad = 1
		}
		exit bad
	}' || fail "a guest is missing, or got too little"
