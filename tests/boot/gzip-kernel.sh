# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# A compressed Image is unpacked by the VMM.
gzip -1 <"$GUESTS/cloud.Image" >"$WORK/Image.gz"
skerry_boot --kernel "$WORK/Image.gz" --initrd "$BUILD/initramfs.cpio.gz"
expect 100 'Linux [0-9.]+.* on aarch64'
expect 20 "$PROMPT"
send poweroff
ends 60 0
