# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Resets in the middle of I/O: the guest comes up again, its disks work, and what
# it had written is there.
linux --system ramdisk --append quiet
for round in 1 2 3; do
	ask 'stty cols 999'
	ask "echo round $round | dd of=/dev/vda conv=sync oflag=direct 2>/dev/null; head -c 7 /dev/vda"
	[[ $ANSWER == *"round $round"* ]] || fail "round $round: the disk says $ANSWER"
	send 'for d in vda vdb; do while :; do dd if=/dev/$d of=/dev/null bs=64k iflag=direct 2>/dev/null; done & done; sleep 0.5; reboot -f'
	expect 100 'Linux [0-9.]+.* on aarch64'
	expect 20 "$PROMPT"
	ask 'head -c 7 /dev/vda'
	[[ $ANSWER == *"round $round"* ]] || fail "after reset $round: the disk says $ANSWER"
done
send 'poweroff -f'
ends 60 0
