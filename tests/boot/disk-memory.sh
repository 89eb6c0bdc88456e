# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Two disks in memory, one bounced and one mapped: 24 MiB written, read back and
# compared on each, odd sizes and offsets, discarded blocks read as zero.
linux --system ramdisk --append quiet
ask 'stty cols 999'
ask 'dd if=/dev/urandom of=/tmp/data bs=1M count=24 2>/dev/null; md5sum </tmp/data'
[[ $ANSWER =~ ([0-9a-f]{32}) ]] || fail "md5sum says: $ANSWER"
sum=${BASH_REMATCH[1]}
for disk in vda vdb; do
	ask "dd if=/tmp/data of=/dev/$disk bs=1M oflag=direct 2>/dev/null; echo 3 >/proc/sys/vm/drop_caches"
	ask "dd if=/dev/$disk bs=1M count=24 iflag=direct 2>/dev/null | md5sum"
	[[ $ANSWER == *"$sum"* ]] || fail "$disk with 1 MiB requests: $ANSWER, expected $sum"
	ask "dd if=/dev/$disk bs=512 count=49152 2>/dev/null | md5sum"
	[[ $ANSWER == *"$sum"* ]] || fail "$disk through the cache: $ANSWER, expected $sum"
	# 100 sectors at an odd place, and all around them unchanged.
	ask "dd if=/tmp/data of=/dev/$disk bs=512 seek=777 count=100 conv=notrunc oflag=direct 2>/dev/null
dd if=/tmp/data of=/tmp/data bs=512 seek=777 count=100 conv=notrunc 2>/dev/null; md5sum </tmp/data"
	[[ $ANSWER =~ ([0-9a-f]{32}) ]] || fail "md5sum says: $ANSWER"
	sum=${BASH_REMATCH[1]}
	ask "echo 3 >/proc/sys/vm/drop_caches; dd if=/dev/$disk bs=1M count=24 2>/dev/null | md5sum"
	[[ $ANSWER == *"$sum"* ]] || fail "$disk after a write in the middle: $ANSWER, expected $sum"
done
ask 'blkdiscard -o 1048576 -l 1048576 /dev/vda; dd if=/dev/vda bs=1M skip=1 count=1 2>/dev/null | tr -d "\000" | wc -c'
[[ $ANSWER == *0* ]] || fail "discarded blocks hold something: $ANSWER"
ask 'hexdump -n 4 /dev/hwrng | head -n 1'
[[ $ANSWER =~ [0-9a-f]{4}\ [0-9a-f]{4} ]] || fail "the entropy device says: $ANSWER"
send poweroff
ends 60 0
