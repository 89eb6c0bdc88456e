#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Compares proofs-notes/invariants.md with what checks them: check-invariants.sh [--try] PAGE, from the top.
#   rows      each number once, each says who checks it
#   checker   a row that says so has a HOLDS("ROW", ...) in the checkers, and the other way round
#   tests     kernel/NAME, unit/kernel-NAME and test_NAME are there
# With --try it also changes copies of the page and wants each change to be found.
set -u -o pipefail
export LC_ALL=C
checkers=(kernel/debug/check*.c kernel/debug/*/check*.c tests/unit/kernel/invariants.c)

rows() {
	sed -n 's/^| \([A-Z][0-9][0-9]*\) |.* | \([^|]*\) |$/\1 \2/p' "$1"
}

# of_tests PAGE: those that the last column names and that are not there.
of_tests() {
	local name
	rows "$1" | grep -oE '\bkernel/[a-z]+' | sort -u | while read -r name; do
		[ -f "tests/$name.c" ] || echo "$name: no such test"
	done
	rows "$1" | grep -oE 'unit/kernel-[a-z]+' | sort -u | while read -r name; do
		[ -f "tests/unit/kernel/${name#unit/kernel-}.c" ] || echo "$name: no such test"
	done
	rows "$1" | grep -oE '\btest_[a-z_]+' | sort -u | while read -r name; do
		grep -rqw "$name" tests/unit/kernel || echo "$name: no such test"
	done
}

compare() {
	local wrong
	wrong=$(
		[ "$(rows "$1" | wc -l)" -gt 40 ] || echo "too few rows found: has the page's form changed?"
		[ "$(grep -c '^| [A-Z][0-9]' "$1")" = "$(rows "$1" | wc -l)" ] || echo "a row has no last column"
		rows "$1" | cut -d' ' -f1 | sort | uniq -d | sed 's/$/: twice/'
		rows "$1" | grep -vE 'checker|kernel/[a-z]+|unit/|reader|types' | sed 's/$/: who checks it?/'
		comm -3 <(rows "$1" | grep -w checker | cut -d' ' -f1 | sort -u) \
			<(grep -oh 'HOLDS("[A-Z0-9]*"' "${checkers[@]}" | sed 's/.*"\(.*\)"/\1/' | sort -u) |
			sed 's/^\t\(.*\)/\1: has a checker, and the page does not say so/; t; s/$/: no checker names it/'
		of_tests "$1"
	)
	[ -z "$wrong" ] || {
		echo "$wrong"
		return 1
	}
}

try() {
	local change copy failed=0
	copy=$(mktemp) || exit 1
	for change in '/^| C2 /d' 's/^| C2 /| C3 /' '/^| C3 /s/checker/reader/' '/^| O6 /s/reader/checker/' 's:kernel/untyped:kernel/untaped:' \
		's:test_more_spaces_than_vmids:test_more_spaces:'; do
		sed "$change" "$1" >"$copy"
		if cmp -s "$copy" "$1" || compare "$copy" >/dev/null; then
			echo "not found: $change"
			failed=1
		fi
	done
	rm -f "$copy"
	return $failed
}

mode=compare
[ "${1:-}" != --try ] || { mode=try; shift; }
[ $# = 1 ] && [ -r "$1" ] || { echo "usage: $0 [--try] PAGE" >&2; exit 1; }
$mode "$1"
