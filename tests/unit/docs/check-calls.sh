#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Compares docs/kernel-calls.md with kernel/include/abi/skerry.h and the kernel's table of calls:
#   check-calls.sh HEADER PAGE kernel/core/entry.c
#   version   "ABI MAJOR.MINOR" stands in the page, and no other number where it speaks of a version
#   numbers   every call, status, type, register, exit, ... of the header has
#             "| NUMBER | `NAME`", "NUMBER `NAME`" or "`NAME` = NUMBER" in the page
#   names     every SK_ name in `...` of the page is one of the header's
#   slots     what the table says of the slot register, "x8 TYPE (RIGHT)", is what the call's section says
#   errors    every status that the header names at a call stands in its section
# With --try it also changes copies of the page and wants each change to be found.
# With --walked, check-calls.sh --walked HEADER PAGE: every call and exit of the header is named in the page, without SK_.
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

# "CALL TYPE RIGHT" of each call whose slot register the table of calls has something to say of; RIGHT: - none.
table_slots() {
	sed -n 's/^\t\[\(SK_[A-Z_]*\)\] = .* ON(SK_TYPE_\([A-Z_]*\), \(SK_RIGHT_\)\{0,1\}\([A-Z0]*\)).*$/\1 \2 \4/p' "$1" | sed 's/ 0$/ -/' | sort
}

# The same of the page: a section is about all the calls in its heading.
page_slots() {
	awk '
		/^#/ { n = 0; if (/^### /) while (match($0, /`SK_[A-Z_]*`/)) { call[n++] = substr($0, RSTART + 1, RLENGTH - 2); $0 = substr($0, RSTART + RLENGTH) } next }
		n && match($0, /^x8 [a-z ]*( \([A-Z]*\))?/) {
			split(substr($0, RSTART + 3, RLENGTH - 3), part, " \\(")
			type = toupper(part[1]); sub(/^(DESTINATION|SOURCE) /, "", type); sub(/ +$/, "", type)
			right = part[2]; sub(/\)/, "", right)
			for (i = 0; i < n; i++) print call[i], type, right != "" ? right : "-"
			n = 0
		}' "$1" | sort
}

# "CALL STATUS" of what the header says at each call.
header_errors() {
	awk '
		FNR == NR { if (/^enum sk_status/) on = 1; else if (/^};/) on = 0; else if (on) for (i = 1; i <= NF; i++) if ($i ~ /^SK_/ && $i != "SK_OK" && $i != "SK_EVENT") status[substr($i, 4)]; next }
		/^ \* SK_[A-Z_]+/ { call = $2; other = $3; sub(",", "", call) }
		/^ \*\// || /^ \*$/ { call = "" }
		call != "" { gsub(/[^A-Z_]/, " "); n = split($0, word, " "); for (i = 1; i <= n; i++) if (word[i] in status) print call, "SK_" word[i] }
	' "$1" "$1" | sort -u
}

# The same of the page: all that a section names.
page_errors() {
	awk '
		/^#/ { n = 0; if (/^### /) while (match($0, /`SK_[A-Z_]*`/)) { call[n++] = substr($0, RSTART + 1, RLENGTH - 2); $0 = substr($0, RSTART + RLENGTH) } next }
		{ while (match($0, /`SK_[A-Z_]*`/)) { for (i = 0; i < n; i++) print call[i], substr($0, RSTART + 1, RLENGTH - 2); $0 = substr($0, RSTART + RLENGTH) } }
	' "$1" | sort -u
}

# compare HEADER PAGE ENTRY: prints what does not agree; false if anything.
compare() {
	local version wrong
	version=$(sed -n 's/^#define SK_ABI_M[A-Z]*OR \([0-9]*\)$/\1/p' "$1" | paste -sd.)
	wrong=$(
		grep -q "ABI ${version//./\\.}[^0-9]" "$2" || echo "the page is not of ABI $version"
		grep -oE '(ABI|in|of) 0\.[0-9]+' "$2" | grep -v " ${version//./\\.}$" | sort -u | sed "s/\$/: the page speaks of another version than $version/"
		[ "$(table_slots "$3" | wc -l)" -gt 25 ] || echo "$3: too few calls found: has its form changed?"
		diff <(table_slots "$3") <(page_slots "$2" | join -o 2.1,2.2,2.3 <(table_slots "$3" | cut -d' ' -f1) -) |
			sed -n 's/^< \(.*\)$/\1: the slot register in the table of calls, not so in the page/p; s/^> \(.*\)$/\1: the slot register in the page, not so in the table of calls/p'
		[ "$(header_errors "$1" | wc -l)" -gt 40 ] || echo "$1: too few errors found: has its form changed?"
		comm -23 <(header_errors "$1") <(page_errors "$2") | sed 's/$/: an error in the header, not in the section of the page/'
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
		's/Limits of 0\.[0-9]*/Limits of 0.1/' 's/^x8 pin (READ)/x8 pin (WRITE)/' 's/^x8 untyped (WRITE), w0 type/x8 untyped, w0 type/' \
		'/^| `SK_TOO_DEEP` | the caller is/d' 's/`SK_NOT_MAPPED`: nothing of//' \
		's/`SK_RIGHT_EXEC` | 4/`SK_RIGHT_EXEC` | 5/' 's/`SK_REG_TLS`//' 's/`SK_LIST_HW`//'; do
		sed "$change" "$2" >"$copy"
		if cmp -s "$copy" "$2" || compare "$1" "$copy" "$3" >/dev/null; then
			echo "not found: $change"
			failed=1
		fi
	done
	rm -f "$copy"
	return $failed
}

# Every call and exit of the header is named in the page.
walked() {
	local name missing=0
	for name in $(sed -n '/^#define SK_CALL /,/^#define SK_DEBUG_CHECK /s/^#define SK_\([A-Z_]*\) .*/\1/p' "$1" | grep -vx CALLS) $(sed -n 's/^\tSK_EXIT_\([A-Z]*\) = .*/\1/p' "$1"); do
		grep -qw "$name" "$2" || { echo "$name: not in $2"; missing=1; }
	done
	return $missing
}

mode=compare
case ${1:-} in
--try | --walked)
	mode=${1#--}
	shift
	;;
esac
[ $# -ge 2 ] && [ -r "$1" ] && [ -r "$2" ] && { [ $mode = walked ] || [ -r "${3:-}" ]; } || {
	echo "usage: $0 [--try] HEADER PAGE ENTRY | $0 --walked HEADER PAGE" >&2
	exit 1
}
$mode "$@"
