#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Compares what the bench is to measure with what it says of itself, without measuring: check-bench.sh TOP
#   rows    every name of bench-rows.txt has a row in tools/front/rows.txt, with the same must; no row is there twice
#   source  some program or script prints it
#   tables  with a figure for each row all stand in the table and in the JSON; those above their musts are called
#           missed and no others are; a row without a figure is found
set -u -o pipefail
export LC_ALL=C
TOP=$1
list=$TOP/tests/unit/docs/bench-rows.txt
. "$TOP/tools/front/bench.sh"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
wrong=0

says() {
	echo "$*"
	wrong=1
}

cut -d'|' -f1 "$ROWS" | grep -v '^#' | sort | uniq -d | while read -r name; do echo "$name: twice"; done >"$work/twice"
[ ! -s "$work/twice" ] || says "$(cat "$work/twice")"
[ -z "$(awk -F'|' '!/^#/ && NF != 5' "$ROWS")" ] || says "rows.txt: a row has not five fields"

while read -r name must; do
	grep -q "^$name|.*|${must#-}\$" "$ROWS" || says "$name: no row that says it must be $must"
	grep -rqw "$name" "$TOP"/apps/bench "$TOP"/tests/guest/cost.c "$TOP"/tools/front/bench.sh "$TOP"/tools/trace ||
		says "$name: nothing prints it"
done < <(grep -v '^#' "$list")
[ "$(grep -vc '^#' "$list")" -gt 40 ] || says "bench-rows.txt: too few names: has its form changed?"

# A figure for each row: its must, but one is above it; the first has counts as well.
awk -F'|' '!/^#/ { print $1, ($5 == "" ? 7 : $1 == "mint" ? $5 + 1 : $5) ($1 == "syscall_null" ? " 1 2.5 0" : "") }' "$ROWS" >"$work/figures"
bench_table "$work/figures" >"$work/table"
bench_json "$work/figures" >"$work/json"
[ -z "$(bench_missing "$work/figures")" ] || says "rows with a figure are called missing"
while read -r name _; do
	[ "$(grep -c "\"name\": \"$name\", \"value\": [0-9.]*, \"what\": \"[^\"]" "$work/json")" = 1 ] || says "$name: not in the JSON"
done <"$work/figures"
[ "$(wc -l <"$work/table")" -gt "$(wc -l <"$work/figures")" ] || says "the table has fewer lines than figures"
[ "$(sed -n 's/^MISSED: \([a-z_0-9]*\) .*/\1/p' "$work/table")" = mint ] || says "missed are not those above their musts"
grep -q '"held": false' "$work/json" && [ "$(grep -c '"held": false' "$work/json")" = 1 ] || says "the JSON does not say what is held"
grep -q '"name": "syscall_null".*"system_register_writes": 1, "barriers": 2.5, "device_accesses": 0' "$work/json" ||
	says "the JSON lacks counts beside a figure"
sed -i '/^delete /d' "$work/figures"
[ "$(bench_missing "$work/figures")" = delete ] || says "a row without a figure is not found"
exit $wrong
