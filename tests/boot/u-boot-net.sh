# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# U-Boot drives the network: it asks QEMU's user network for an address, and pings the gateway.
skerry_boot --kernel "$GUESTS/u-boot.bin" --mem 256M --net user
expect 60 'Hit any key to stop autoboot'
send ''
expect 20 '=> '
send 'setenv autoload no; dhcp'
expect 60 'DHCP client bound to address 10\.0\.2\.[0-9]+'
expect 20 '=> '
send 'ping 10.0.2.2'
expect 60 'host 10\.0\.2\.2 is alive'
expect 20 '=> '
send 'poweroff'
ends 30 0
