# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# U-Boot is neither Image nor ELF but a raw binary; it finds its device tree at the
# base of memory, counts down on the timer, and takes commands.
skerry_boot --kernel "$GUESTS/u-boot.bin" --mem 256M
expect 60 'U-Boot 20'
expect 10 'Hit any key to stop autoboot'
send ''
expect 10 '=> '
send 'bdinfo'
expect 10 'size += 0x0*10000000'
expect 10 '=> '
send 'poweroff'
ends 30 0
