# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# With --no-reboot a reset ends the machine, with a code of its own.
skerry_boot --kernel "$GUESTS/cloud.Image" --initrd "$BUILD/initramfs.cpio.gz" --no-reboot --append skerry.do=reboot
ends 100 4
