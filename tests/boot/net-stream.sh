# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Two guests, a TCP connection that carries 16 MB there and back at the same time, each byte
# compared. The frames were large ones: checksums and segmentation were left to the other side.
BYTES=16000000
skerry_boot --system pair --kernel "$GUESTS/cloud.Image" --initrd "$BUILD/initramfs.cpio.gz" --mem 256M \
	--net user --append "quiet skerry.do=net-check-tcp-10.0.2.16-7-$BYTES"
expect 100 "$BYTES bytes came back"
expect 10 'frames sent [0-9]+'
frames=${MATCH##* }
[ "$frames" -lt $((BYTES / 1500)) ] || fail "$frames frames for $BYTES bytes: none was large"
ends 60 0
