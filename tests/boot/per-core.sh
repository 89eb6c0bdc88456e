# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Clients on two cores of one server, which is there once on each.
start timeout -k 2 240 qemu-system-aarch64 -M virt,virtualization=on,gic-version=3 -cpu cortex-a72 -smp 2 -m 512 \
	-nographic -nic none -no-reboot -kernel "$BUILD/percore.img"
expect 60 '^ok core 1: its server is on core 1 and has counted 5050'
expect 60 '^ok core 0: its server is on core 0 and has counted 5050'
ends 60 0
