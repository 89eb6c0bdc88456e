#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# delete.sh SKERRY-IDL: each demo without one of its connections, for each of them. Either that is
# refused, with the place, or what is built lacks what the connection gave and nothing else: nobody
# has more than before, and only what is at its ends has less, of what it made or of the other end's.
set -u
idl=$1
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
fast=$top/build/aarch64/tools/skerry-idl # the same without sanitizers, if it is built
[ ! -x "$fast" ] || idl=$fast
board=${idl%/*}/../boards/virt.dtb
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
refused=0 lacks=0 bad=0
fail() {
	echo "FAILED: $1"
	bad=$((bad + 1))
}

# made FILE NAME: compiles and judges it; the readable spec is NAME.spec.txt.
made() {
	"$idl" -I "$top/idl/std" -b "$board" spec "$1" "$work/$2.spec" && "${idl%/*}/skerry-authority" build "$work/$2.spec"
}

# Who has what: "COMPONENT OBJECT RIGHTS". Names of regions and slots have numbers that move up.
holdings() {
	awk 'function value(key,   i) { for (i = 2; i <= NF; i++) if (index($i, key "=") == 1) return substr($i, length(key) + 2) }
	     $1 == "cap" || $1 == "map" || $1 == "guestmap" { print $2, value("object"), value("rights") }
	     $1 == "irq" { print "-", $2, value("device") "," value("bind") }' "$1" | sort
}

# connection N FILE: the text of connection N; rest N FILE: FILE without it.
connection() {
	awk -v n="$1" '/^[ \t]*connection / { k++; on = k == n } on { printf "%s ", $0 } /;/ { on = 0 }' "$2"
}
rest() {
	awk -v n="$1" '/^[ \t]*connection / { k++; on = k == n } !on { print } /;/ { on = 0 }' "$2"
}

for adl in "$top"/apps/demos/*/*.adl "$here"/golden/all.adl; do
	folder=$(dirname "$adl") system=$(basename "$adl" .adl)
	grep -q '^assembly' "$adl" || continue
	made "$adl" whole >"$work/said" 2>&1 || {
		fail "$system itself: $(cat "$work/said")"
		continue
	}
	holdings "$work/whole.spec.txt" >"$work/before"
	count=$(grep -cE '^[[:space:]]*connection ' "$adl")
	for ((n = 1; n <= count; n++)); do
		gone=$(connection $n "$adl")
		what="$system without $(xargs <<<"$gone")"
		cp "$folder"/*.adl "$work"
		rest $n "$adl" >"$work/less.adl"
		if ! made "$work/less.adl" less >"$work/said" 2>&1; then
			refused=$((refused + 1))
			grep -qE '^/.*:[0-9]+:[0-9]+: error: .{20}' "$work/said" || fail "$what: $(cat "$work/said")"
			continue
		fi
		lacks=$((lacks + 1))
		holdings "$work/less.spec.txt" >"$work/after"
		more=$(comm -13 "$work/before" "$work/after")
		[ -z "$more" ] || fail "$what: somebody has more: $more"
		comm -23 "$work/before" "$work/after" >"$work/lost"
		case $gone in
		*" DMA "*) continue ;; # only says what memory is meant; who has it may be told its address
		esac
		[ -s "$work/lost" ] || fail "$what: nobody lacks anything"
		# What is at its ends, a guest being its VMM, a slot its instances; and how it is called itself.
		name=$(sed 's/^[^(]* \([A-Za-z0-9_]*\) *(.*/\1/' <<<"$gone")
		ends=$(grep -oE '(from|to|over) [A-Za-z0-9_]+' <<<"$gone" | cut -d ' ' -f 2)
		for end in $ends; do
			sed -n "s/^guest $end[0-9]* owner=\([^ ]*\).*/\1/p" "$work/whole.spec.txt"
		done >"$work/vmms"
		odd=$(awk -v name="$name" -v ends="$(paste -sd' ' <<<"$ends") $(paste -sd' ' "$work/vmms")" '
			function of(text, who) { return text == who || text ~ "^" who "[0-9]*([.]|$)" }
			BEGIN { n = split(ends, end, " ") }
			{
				holder = $1 == "-"; object = of($2, name) || $2 == "supervisor" || $2 == "system"
				for (i = 1; i <= n; i++) { holder = holder || of($1, end[i]); object = object || of($2, end[i]) }
				if (!holder || !object) print
			}' "$work/lost")
		[ -z "$odd" ] || fail "$what: others lack something, or something else is lacking: $odd"
	done
done
echo "$((refused + lacks)) connections deleted: $refused refused, $lacks systems that lack what it gave"
[ $bad = 0 ] && [ $refused -gt 20 ] && [ $lacks -gt 20 ]
