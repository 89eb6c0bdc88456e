# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Of every demo that is built: the verdicts hold, the trusted sets are counted, the picture has a box for
# each component, guest and device, and what is for programs is JSON.
"$TOP/skerry" tcb default default >"$WORK/said" 2>&1 && fail "a name that is not there"
grep -q 'there is no component, guest or device "default"; there are: ' "$WORK/said" || fail "$(cat "$WORK/said")"
perl -MJSON::PP -e 1 2>/dev/null || echo "there is no JSON::PP: JSON is not looked at"

json() {
	! perl -MJSON::PP -e 1 2>/dev/null || perl -MJSON::PP -0777 -ne 'decode_json($_)' "$1" || fail "$2 is no JSON"
}

count=0
for adl in "$TOP"/apps/demos/*/*.adl; do
	name=$(basename "$adl" .adl) spec=$BUILD/$(basename "$adl" .adl).spec
	[ -e "$BUILD/$name.img" ] || continue
	count=$((count + 1))
	look() {
		"$BUILD/tools/skerry-authority" -w "$BUILD/weights" -i "$BUILD/stripped" "$1" "$spec" >"$WORK/$1" || fail "$name: $1: $(cat "$WORK/$1")"
	}
	look check
	grep -qE '^[0-9]+ rules, 0 violated\.$' "$WORK/check" || fail "$name: $(cat "$WORK/check")"
	look tcb
	subjects=$(grep -cE '^(component|guest) ' "$spec.txt")
	[ "$(grep -c 'must trust for its integrity' "$WORK/tcb")" = "$subjects" ] || fail "$name: not everybody's trusted set is there"
	[ "$(grep -cE '[0-9]+ lines +[0-9]+ bytes  in all' "$WORK/tcb")" = $((subjects * 2)) ] || fail "$name: a set has no sum: $(cat "$WORK/tcb")"
	look svg
	look html
	boxes=$((subjects + $(grep -E '^device ' "$spec.txt" | grep -vc ' of=')))
	for picture in svg html; do
		[ "$(grep -o 'class="node ' "$WORK/$picture" | wc -l)" = $boxes ] || fail "$name: $picture does not have $boxes boxes"
	done
	json "$spec.json" "$name.spec.json"
	json "$BUILD/$name.map.json" "$name.map.json"
done
echo "$count demos"
[ $count -gt 8 ] || fail "only $count demos are built"
