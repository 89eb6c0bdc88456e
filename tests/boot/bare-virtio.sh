# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# A bare guest that means harm to its disks and its entropy device.
skerry_boot --system ramdisk --kernel "$BUILD/tests/guest/guest-virtio.elf"
expect 90 'done [0-9]+ passed [0-9]+ failed'
[[ $MATCH =~ done\ 13\ passed\ 0\ failed ]] || fail "$MATCH"
ends 20 0
