#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Compares docs/kernel-calls.md with kernel/include/abi/skerry.h: check-calls.sh HEADER PAGE
#   version   "ABI MAJOR.MINOR" stands in the page
#   numbers   every call, status, type, register, exit, ... of the header has
#             "| NUMBER | `NAME`", "NUMBER `NAME`" or "`NAME` = NUMBER" in the page
#   names     every SK_ name in `...` of the page is one of the header's
# With --try it also changes copies of the page and wants each change to be found.
set -u -o pipefail
export LC_ALL=C

# Names with numbers: the calls and all enumerators. Names without: the other macros.
header_numbers() {
	sed -n 's/^#define \(SK_[A-Z0-9_]*\)  *\([0-9][0-9]*\)u\{0,1\}\( .*\)\{0,1\}$/\1 \2/p' "$1" |
		grep -v '^SK_\(ABI\|PAGE\|IPA\|WORDS\|MAX\|PRIORITIES\|RUN\|ROOT_INFO\|ROOT_CNODE_SLOTS\|ROOT_MAX\|EXIT\|LIST\)' |
		grep -v '^SK_CALLS '
	sed 's:/\*.*::' "$1" | tr '{},' '\n\n\n' | sed -n 's/^[[:space:]]*\(SK_[A-Z0-9_]*\) = \([0-9]*\).*$/\1 \2/p'
}

header_names() {
	grep -o '\bSK_[A-Z0-9_]*' "$1" | sort -u
}

header_macros() {
	sed -n 's/^#define \(SK_\(RIGHT\|RUN\|EXIT\|LIST\|ACCESS\|ROOT\|SET\|CAP\|WAITER\|NEVER\|SYSREG\)[A-Z0-9_]*\).*$/\1/p' "$1" | sort -u
}

page_names() {
	grep -o '`SK_[A-Z0-9_]*`' "$1" | tr -d '`' | sort -u
}

# "NAME NUMBER" wherever the page puts one to the other, on either side.
page_numbers() {
	grep -oE '[0-9]+( \|)? `SK_[A-Z0-9_]+`' "$1" | sed 's/^\([0-9]*\)[ |]* `\(.*\)`$/\2 \1/'
	grep -oE '`SK_[A-Z0-9_]+`( \|| =)? \(?[0-9]+' "$1" | sed 's/^`\(.*\)`[ |=(]*\([0-9]*\)$/\1 \2/'
}

# compare HEADER PAGE: prints what does not agree; false if anything.
compare() {
	local version wrong
	version=$(sed -n 's/^#define SK_ABI_M[A-Z]*OR \([0-9]*\)$/\1/p' "$1" | paste -sd.)
	wrong=$(
		grep -q "ABI ${version//./\\.}[^0-9]" "$2" || echo "the page is not of ABI $version"
		[ "$(header_numbers "$1" | wc -l)" -gt 150 ] || echo "$1: too few numbers found: has its form changed?"
		comm -23 <(header_numbers "$1" | sort -u) <(page_numbers "$2" | sort -u) |
			sed 's/ \([0-9]*\)$/ = \1: not in the page with that number/'
		comm -13 <(header_names "$1") <(page_names "$2") | sed 's/$/: in the page, not in the header/'
		comm -23 <(header_macros "$1") <(page_names "$2") | sed 's/$/: in the header, not in the page/'
	)
	[ -z "$wrong" ] || {
		echo "$wrong"
		return 1
	}
}

# Every change must be found; "found" means that compare fails.
try() {
	local change copy failed=0
	copy=$(mktemp) || exit 1
	for change in 's/ABI 0\.[0-9]*,/ABI 9.1,/' 's/^| 13 | `SK_WRONG_CORE`/| 12 | `SK_WRONG_CORE`/' '/^### 6 `SK_YIELD`/d' \
		's/`SK_POLL`/`SK_PEEK`/' '/`SK_VREG_VTIMER`/d' 's/^| 7 | `SK_EXIT_MAINT`/| 8 | `SK_EXIT_MAINT`/' \
		's/`SK_RIGHT_EXEC` | 4/`SK_RIGHT_EXEC` | 5/' 's/`SK_REG_TLS`//' 's/`SK_LIST_HW`//'; do
		sed "$change" "$2" >"$copy"
		if cmp -s "$copy" "$2" || compare "$1" "$copy" >/dev/null; then
			echo "not found: $change"
			failed=1
		fi
	done
	rm -f "$copy"
	return $failed
}

mode=compare
[ "${1:-}" != --try ] || { mode=try; shift; }
[ $# = 2 ] && [ -r "$1" ] && [ -r "$2" ] || { echo "usage: $0 [--try] HEADER PAGE" >&2; exit 1; }
$mode "$1" "$2"
