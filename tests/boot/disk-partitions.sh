# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Partitions of one disk by name: each guest disk is its partition and no sector more;
# with the first table damaged the second one serves; without a table there is no disk.
"$BUILD/tools/skerry-gpt" "$WORK/disk" other=1M two=4M one=8M || fail "no disk"
linux --system partitions --disk "$WORK/disk" --append quiet
ask 'stty cols 999'
ask 'cat /sys/block/vda/size /sys/block/vdb/size | tr "\n" " "'
[[ $ANSWER == *"16384 8192"* ]] || fail "sizes: $ANSWER"
ask 'for d in a b; do tr "\0" $d </dev/zero | dd of=/dev/vd$d bs=64k 2>&1 | grep -c "No space"; done; sync'
[ "$(tr -d '\n\r ' <<<"$ANSWER")" = 11 ] || fail "the partitions do not end: $ANSWER"
send 'poweroff -f'
ends 60 0
want() { # want SECTOR COUNT LETTER
	cmp -s <(dd if="$WORK/disk" skip="$1" count="$2" 2>/dev/null) <(head -c $(($2 * 512)) /dev/zero | tr '\0' "$3") ||
		fail "sectors $1 to $(($1 + $2)) are not full of $3"
}
want 4096 8192 b
want 12288 16384 a
[ -z "$(dd if="$WORK/disk" skip=2048 count=2048 2>/dev/null | tr -d '\0')" ] || fail "a partition of nobody was written"

# The table's first header is gone.
dd if=/dev/zero of="$WORK/disk" bs=512 seek=1 count=1 conv=notrunc 2>/dev/null
linux --system partitions --disk "$WORK/disk" --append quiet
grep -q 'the one at its end is used' "$WORK/out" || fail "the driver does not tell of the damaged table"
ask 'head -c 4 /dev/vdb'
[[ $ANSWER == *bbbb* ]] || fail "with the second table: $ANSWER"
send 'poweroff -f'
ends 60 0

truncate -s 1M "$WORK/empty"
linux --system partitions --disk "$WORK/empty" --append quiet
grep -q 'no protective MBR' "$WORK/out" || fail "the driver does not tell of the missing table"
ask 'ls /dev/vd* 2>/dev/null | wc -l'
[[ $ANSWER == *0* ]] || fail "a disk without a table: $ANSWER"
send 'poweroff -f'
ends 60 0
