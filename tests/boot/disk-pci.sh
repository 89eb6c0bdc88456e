# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# The same disk and network on a PCI bus, with two virtual CPUs: interrupts are
# messages, and what is written is in the file.
truncate -s 32M "$WORK/disk"
linux --disk "$WORK/disk" --net user --transport pci --cpus 2 --append quiet
ask 'stty cols 999'
ask 'ls /sys/bus/pci/devices | wc -l; grep -c . /proc/interrupts >/dev/null; ls -d /sys/bus/platform/devices/*.virtio_mmio 2>/dev/null | wc -l'
[[ $ANSWER == 3*0 ]] || fail "expected 3 PCI functions and nothing behind MMIO: $ANSWER"
ask 'dd if=/dev/urandom of=/tmp/data bs=1M count=16 2>/dev/null; md5sum </tmp/data'
[[ $ANSWER =~ ([0-9a-f]{32}) ]] || fail "md5sum says: $ANSWER"
sum=${BASH_REMATCH[1]}
ask 'dd if=/tmp/data of=/dev/vda bs=1M 2>/dev/null; sync; echo 3 >/proc/sys/vm/drop_caches'
# Both CPUs read at once.
ask 'for i in 0 1; do taskset $((i + 1)) dd if=/dev/vda bs=64k count=256 iflag=direct 2>/dev/null | md5sum & done; wait'
[ "$(grep -o "$sum" <<<"$ANSWER" | wc -l)" = 2 ] || fail "two readers at once: $ANSWER, expected $sum twice"
# Each CPU had its queue, and each queue's interrupts went to its CPU.
ask 'awk "/-req/ { print \$NF, (\$2 > 100), (\$3 > 100) }" /proc/interrupts'
[[ $ANSWER == *req.0*1*0*req.1*0*1* ]] || fail "queues and interrupts: $ANSWER"
ask 'ping -c 3 -w 10 10.0.2.2'
[[ $ANSWER == *" 0% packet loss"* ]] || fail "the gateway does not answer: $ANSWER"
ask 'grep -c PCI-MSIX /proc/interrupts'
[[ $ANSWER =~ ^[1-9] ]] || fail "no message-signalled interrupts: $ANSWER"
send 'poweroff -f'
ends 60 0
[ "$(head -c 16M "$WORK/disk" | md5sum | cut -d' ' -f1)" = "$sum" ] || fail "the file does not hold what was written"
