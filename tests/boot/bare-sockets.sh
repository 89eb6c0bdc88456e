# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Two bare guests that mean harm to their socket devices, to the hub behind them and to each other. One for
# whom the component does not answer any more resets itself: exit code 4.
skerry_boot --system sockets --mem 64M --no-reboot --kernel "$BUILD/tests/guest/guest-sockets.elf"
ends 110 0
for vmm in vmm1 vmm2; do
	grep -aq "$vmm: virtio socket: the guest broke the protocol" "$WORK/out" || fail "$vmm's guest was too polite"
done
