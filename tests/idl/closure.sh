#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# closure.sh SKERRY-IDL [COUNT [FIRST]]: skerry-authority's closure against
# closure.awk's on COUNT (1000) random systems. A difference prints the seed.
set -u
idl=$1 count=${2:-1000} first=${3:-1}
here=$(cd "$(dirname "$0")" && pwd)
fast=$here/../../build/aarch64/tools/skerry-idl # the same without sanitizers, if it is built
[ ! -x "$fast" ] || idl=$fast
authority=${idl%/*}/skerry-authority
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pairs=0
for ((seed = first; seed < first + count; seed++)); do
	awk -v seed=$seed -f "$here/random.awk" >"$work/system.adl"
	"$idl" spec "$work/system.adl" "$work/system.spec" 2>"$work/errors" && "$authority" text "$work/system.spec" >"$work/spec" 2>>"$work/errors" &&
		"$authority" closure "$work/system.spec" >"$work/ours" 2>>"$work/errors" || {
		cat "$work/errors"
		echo "FAILED: seed $seed: refused"
		exit 1
	}
	dma=$(sed -n -e 's/^.*device \([a-z0-9]*\) "[^"]*" dma;$/\1/p' -e 's/^.*connection DMA [a-z0-9]*(from \([a-z0-9]*\),.*$/\1/p' \
		"$work/system.adl" | paste -sd' ')
	awk -v dma="$dma" -f "$here/closure.awk" "$work/spec" >"$work/theirs"
	sort "$work/ours" >"$work/a"
	sort "$work/theirs" >"$work/b"
	cmp -s "$work/a" "$work/b" || {
		diff "$work/a" "$work/b" | head
		echo "FAILED: seed $seed: < skerry-authority, > closure.awk"
		exit 1
	}
	pairs=$((pairs + $(wc -l <"$work/a")))
	cat "$work/spec" >>"$work/all"
done
echo "$count systems, $pairs connected pairs, no difference"
# Every kind of thing that makes a way was among them.
for kind in component guest device slot control endpoint 'endpoint .* takes' 'endpoint .* gives' notification vcpu irq map guestmap; do
	grep -qE "^$kind( |\$)" "$work/all" || [ "$count" -lt 100 ] || {
		echo "FAILED: no system had: $kind"
		exit 1
	}
done
[ $pairs -gt "$count" ]
