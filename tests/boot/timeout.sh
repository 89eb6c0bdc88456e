# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# --timeout ends whatever is going on.
start "$TOP/skerry" boot --timeout 5 --kernel "$GUESTS/cloud.Image" --initrd "$BUILD/initramfs.cpio.gz"
ends 30 124
