# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# seconds 600
#
# A guest with four vCPUs on two cores and all devices, behind MMIO and on a PCI bus: it writes and
# reads its disk, fetches a file from this machine, prints on both ports of its virtio console and
# reads random numbers, all at the same time; nothing is lost or changed.
serve 1000000
truncate -s 64M "$WORK/disk"

# all TRANSPORT DEVICES-BEHIND-MMIO
all() {
	linux --system everything --disk "$WORK/disk" --net user --transport "$1" --cpus 4 --cores 2 --append quiet
	ask 'stty cols 999'
	ask 'nproc; ls -d /sys/bus/platform/devices/*.virtio_mmio 2>/dev/null | wc -l; ls -d /sys/bus/virtio/devices/* | wc -l'
	[[ $ANSWER == 4*"$2"*4 ]] || fail "expected 4 CPUs, $2 devices behind MMIO and 4 in all: $ANSWER"
	send 'exec 5<>/dev/$(basename /sys/class/virtio-ports/*p1); verify run /dev/vda 4 50 7 >/tmp/disk & wget -q -O - http://10.0.2.2:'"$port"'/file | md5sum >/tmp/net & seq 1 300 >/dev/hvc0 & seq 1 300 >&5 & dd if=/dev/hwrng bs=512 count=32 2>/dev/null | wc -c >/tmp/rng & wait; echo all "done"'
	expect 100 '^all done'
	expect 20 "$PROMPT"
	ask 'cat /tmp/disk /tmp/net /tmp/rng'
	[[ $ANSWER == *"all as written"*"$sum"*16384* ]] || fail "disk, network and random numbers: $ANSWER, expected $sum"
	ask 'for i in 0 1 2 3; do taskset $((1 << i)) dd if=/dev/vda of=/dev/null bs=4k count=50 iflag=direct 2>&1 | grep -c "50+0 records in"; done; ping -c 2 -w 20 10.0.2.2'
	[[ $ANSWER == 1*1*1*1*" 0% packet loss"* ]] || fail "each CPU by itself, and a ping: $ANSWER"
	printf '\0352' >&3
	expect 20 '\[guest2\]'
	expect 20 '^300'
	printf '\0353' >&3
	expect 20 '\[org.skerry.log\]'
	expect 20 '^300'
	printf '\0351' >&3
	expect 20 '\[guest1\]'
	send 'poweroff -f'
	ends 60 0
}
all mmio 4
all pci 0
