#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# golden.sh SKERRY-IDL [--update]: (skerry-authority beside it) all that is made of tests/idl/golden/all.adl, byte for byte.
set -u
idl=$1 update=${2:-}
board=$(dirname "$(realpath "$idl")")/../boards/virt.dtb
here=$(cd "$(dirname "$0")" && pwd)/golden
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$here" || exit 1
"$idl" -b "$board" spec all.adl "$work/all.spec" || exit 1
for command in text json map mapjson closure check tcb svg html; do
	"${idl%/*}/skerry-authority" -w weights $command "$work/all.spec" >"$work/all.$command" || exit 1
done
od -An -v -tx1 "$work/all.spec" >"$work/all.spec.hex"
dtc -q -I dtb -O dts -o "$work/all.linux.dts" "$work/all.linux.dtb"
"${idl%/*}/skerry-authority" build "$work/all.spec" && cmp "$work/all.spec.txt" "$work/all.text" && cmp "$work/all.map.json" "$work/all.mapjson" || exit 1
rm "$work"/all.spec "$work"/all.spec.[jt]* "$work"/all.map.* "$work"/*.dtb "$work"/*.files
for type in Client Server Worker Driver Keeper Helper; do
	"$idl" stubs all.adl $type "$work" || exit 1
	mv "$work/component.h" "$work/$type.h.txt"
	mv "$work/component.c" "$work/$type.c.txt"
done
if [ "$update" = --update ]; then
	rm -rf expected
	mkdir expected
	cp "$work"/* expected/
	exit
fi
diff -r "$work" expected >"$work.diff"
rc=$?
head -n 40 "$work.diff"
rm -f "$work.diff"
[ $rc = 0 ] && echo "$(ls expected | wc -l) files as expected"
