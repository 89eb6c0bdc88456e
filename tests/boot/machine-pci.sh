# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# The machine's own devices on PCI: three disks and the network, and a fourth disk behind
# virtio-mmio. Each is the guest's in the order of the options, and what is written is in
# its file.
for n in 0 1 2 3; do
	printf 'this is disk %s' $n >"$WORK/disk$n"
	truncate -s $((4 + n))M "$WORK/disk$n"
done
linux --machine-transport pci --net user --append quiet --disk "$WORK/disk0" --disk "$WORK/disk1" --disk "$WORK/disk2,ro" \
	--disk "$WORK/disk3"
ask 'stty cols 999'
ask 'for d in a b c d; do head -c 14 /dev/vd$d; echo " $(cat /sys/block/vd$d/size)"; done'
[[ $ANSWER == *"disk 0 8192"*"disk 1 10240"*"disk 2 12288"*"disk 3 14336"* ]] || fail "the disks are: $ANSWER"
ask 'dd if=/dev/urandom of=/tmp/data bs=1M count=4 2>/dev/null; for d in a b d; do dd if=/tmp/data of=/dev/vd$d bs=64k & done 2>/dev/null; wait; sync; md5sum </tmp/data'
[[ $ANSWER =~ ([0-9a-f]{32}) ]] || fail "md5sum says: $ANSWER"
sum=${BASH_REMATCH[1]}
ask 'echo 3 >/proc/sys/vm/drop_caches; for d in a b d; do dd if=/dev/vd$d bs=4k count=1024 iflag=direct 2>/dev/null | md5sum & done; wait'
[ "$(grep -o "$sum" <<<"$ANSWER" | wc -l)" = 3 ] || fail "read back: $ANSWER, expected $sum three times"
ask 'echo x >/dev/vdc; cat /sys/block/vdc/ro'
[[ $ANSWER == *1 ]] || fail "the third disk is not read-only: $ANSWER"
ask 'ping -c 3 -w 60 10.0.2.2'
[[ $ANSWER =~ ([1-3])\ packets\ received ]] || fail "no way to the gateway: $ANSWER"
send 'poweroff -f'
ends 60 0
for n in 0 1 3; do
	[ "$(head -c 4M "$WORK/disk$n" | md5sum | cut -d' ' -f1)" = "$sum" ] || fail "the file of disk $n does not hold what was written"
done
[ "$(head -c 14 "$WORK/disk2")" = "this is disk 2" ] || fail "the read-only disk was written"

# A function that is no virtio device, and places where nothing is: the guest has no such disks.
linux --system disk-pci --append quiet --disk "$WORK/disk0" -- -device pci-testdev,addr=2
ask 'ls /sys/block | grep -c vd'
[[ $ANSWER == 1 ]] || fail "one disk is there: $ANSWER"
send 'poweroff -f'
ends 60 0
