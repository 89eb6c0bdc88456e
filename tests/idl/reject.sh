#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# reject.sh SKERRY-IDL: every tests/reject/idl/*.adl is refused, by it or by skerry-authority beside
# it, with FILE:LINE:COLUMN, a caret, and the text behind its "// expect:", and leaves no spec.
set -u
idl=$1
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0 bad=0
for file in "$here"/reject/idl/*.adl; do
	expect=$(sed -n 's|^// expect: ||p' "$file" | head -n 1)
	out=$("$idl" -I "$here/../idl/std" -b "$(dirname "$idl")/../boards/virt.dtb" spec "$file" "$work/out.spec" 2>&1 &&
		"${idl%/*}/skerry-authority" build "$work/out.spec" 2>&1)
	rc=$?
	count=$((count + 1))
	place=1
	grep -qE '^/[^:]*:[0-9]+:[0-9]+: error: ' <<<"$out" && grep -qE '^ *\^~*$' <<<"$out" || place=0
	[ $rc = 1 ] && [ -n "$expect" ] && [ $place = 1 ] && grep -qF -- "$expect" <<<"$out" && [ ! -e "$work/out.spec" ] && continue
	bad=$((bad + 1))
	echo "FAILED: $(basename "$file"): exit code $rc, expected 1 and \"$expect\""
	sed 's/^/  | /' <<<"$out" | head -n 6
	rm -f "$work/out.spec"
done
echo "$count refused files, $bad wrong"
[ $bad = 0 ] && [ $count -gt 100 ]
