#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# accept.sh SKERRY-IDL CC-FLAGS...: every tests/idl/accept/*.adl becomes a spec without a
# word, and the stubs of all its components compile for this machine.
set -u
idl=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
board=$(dirname "$idl")/../boards/virt.dtb
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
count=0 bad=0
for file in "$here"/accept/*.adl; do
	count=$((count + 1))
	out=$("$idl" -I "$top/idl/std" -b "$board" spec "$file" "$work/out.spec" 2>&1 && "${idl%/*}/skerry-authority" build "$work/out.spec" 2>&1) &&
		[ -z "$out" ] && [ -s "$work/out.spec" ] || {
		bad=$((bad + 1))
		echo "FAILED: $(basename "$file"): $out"
		continue
	}
	rm -f "$work/out.spec"
	for type in $(sed -n 's/^component \([A-Za-z0-9]*\).*\/\/ stubs$/\1/p' "$file"); do
		"$idl" -I "$top/idl/std" stubs "$file" "$type" "$work" && ${CC:-cc} -std=c11 -O1 -c -o "$work/x.o" -D_POSIX_C_SOURCE=200809L "$@" -I "$work" \
			"$work/component.c" || {
			bad=$((bad + 1))
			echo "FAILED: $(basename "$file"): stubs of $type"
		}
	done
done
echo "$count accepted files, $bad wrong"
[ $bad = 0 ] && [ $count -ge 100 ]
