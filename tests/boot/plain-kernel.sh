# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Debian's plain (not cloud) arm64 kernel.
skerry_boot --kernel "$GUESTS/plain.Image" --initrd "$BUILD/initramfs.cpio.gz"
expect 100 'Linux [0-9.]+.*arm64 on aarch64'
expect 20 "$PROMPT"
ask 'uname -r'
[[ $ANSWER == *cloud* ]] && fail "this is the cloud kernel: $ANSWER"
send poweroff
ends 60 0
