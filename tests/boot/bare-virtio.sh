# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# A bare guest that means harm to its disks, bounced and mapped, and its entropy device; then to a
# disk of the machine, a network, a virtio console and entropy of a component. Four bouts each.

# harm PROGRAM BOUTS SYSTEM ARGS...
harm() {
	skerry_boot --system "$3" --kernel "$BUILD/tests/guest/guest-$1.elf" --mem 64M "${@:4}"
	expect 90 'done [0-9]+ passed [0-9]+ failed'
	[[ $MATCH =~ done\ $2\ passed\ 0\ failed ]] || fail "$3: $MATCH"
	ends 20 0
}

harm virtio 12 ramdisk
truncate -s 16M "$WORK/disk"
harm virtio-all 16 everything --disk "$WORK/disk" --net user
