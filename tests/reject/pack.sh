# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# What skerry-pack refuses, each with one line and exit code 1.
P=$BUILD/tools/skerry-pack
O=$WORK/out
echo contents >"$WORK/a"
refused 'usage' "$P"
refused 'usage' "$P" frobnicate
refused 'expected NAME=PATH' "$P" archive "$O" "$WORK/a"
refused 'a name has 1 to' "$P" archive "$O" "=$WORK/a"
refused 'a name has 1 to' "$P" archive "$O" "$(printf '%048d' 0)=$WORK/a"
refused 'two files of this name' "$P" archive "$O" "a=$WORK/a" "a=$WORK/a"
refused 'No such file' "$P" archive "$O" "a=$WORK/none"
refused 'not a regular file' "$P" archive "$O" "a=$WORK"
refused 'No such file' "$P" archive "$WORK/no/such/out" "a=$WORK/a"
mapfile -t many < <(seq 257 | sed "s|.*|f&=$WORK/a|")
refused 'an archive holds 256' "$P" archive "$O" "${many[@]}"
refused 'too short' "$P" list "$WORK/a"
head -c 8192 /dev/zero >"$WORK/zero"
refused 'no archive of version' "$P" list "$WORK/zero"
refused 'no arm64 Image' "$P" image "$O" "$WORK/zero" "$WORK/zero"
"$P" archive "$WORK/one" "a=$WORK/a"
refused 'expected NAME=PATH' "$P" image "$O" "$BUILD/kernel/boot/loader.bin" "$WORK/one" "$WORK/a"
refused 'there is no file kernel in it' "$P" image "$O" "$BUILD/kernel/boot/loader.bin" "$WORK/one" "kernel=$WORK/a"
[ ! -e "$O" ] || fail "a refused command left a file"

# And a good one reads back, cut short it does not.
"$P" archive "$O" "first=$WORK/a" "second=$P" || fail "a good archive: $?"
"$P" list "$O" | grep -q '^first .*size *9$' || fail "list does not show it"
head -c 8192 "$O" >"$WORK/cut"
refused 'header says' "$P" list "$WORK/cut"
refused 'no arm64 Image' "$P" image "$WORK/image" "$WORK/zero" "$O"
