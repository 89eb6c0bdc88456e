# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# U-Boot reads a kernel and its RAM disk from the disk, block by block, and boots
# Linux with them, which finds the same disk.
sectors() { echo $((($(stat -c %s "$1") + 511) / 512)); }
hex() { printf '%x' "$1"; }
kernel=$(sectors "$GUESTS/cloud.Image")
initrd=$(sectors "$BUILD/initramfs.cpio.gz")
dd if="$GUESTS/cloud.Image" of="$WORK/disk" bs=512 conv=sync 2>/dev/null
dd if="$BUILD/initramfs.cpio.gz" of="$WORK/disk" bs=512 seek="$kernel" conv=sync,notrunc 2>/dev/null
size=$(stat -c %s "$BUILD/initramfs.cpio.gz")
file "$GUESTS/cloud.Image" 2>/dev/null | grep -q gzip && skip "the kernel is compressed"

skerry_boot --kernel "$GUESTS/u-boot.bin" --disk "$WORK/disk,ro"
expect 60 'Hit any key to stop autoboot'
send ''
expect 20 '=> '
send 'virtio scan'
expect 20 '=> '
send "virtio read 48000000 0 $(hex "$kernel")"
expect 60 "$kernel blocks read: OK"
send "virtio read 4c000000 $(hex "$kernel") $(hex "$initrd")"
expect 60 "$initrd blocks read: OK"
expect 20 '=> '
send 'setenv bootargs quiet'
expect 20 '=> '
send "booti 48000000 4c000000:$(hex "$size") \${fdtcontroladdr}"
expect 100 'Linux [0-9.]+.* on aarch64'
expect 20 "$PROMPT"
ask 'cat /sys/block/vda/size'
[[ $ANSWER == *$((kernel + initrd))* ]] || fail "the disk has $ANSWER sectors, expected $((kernel + initrd))"
send 'poweroff -f'
ends 60 0
