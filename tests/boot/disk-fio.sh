# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# full
# seconds 2400
#
# Debian's own tools in a Debian guest: fio writes and reads at random, 32 requests at a time, and checks
# every block by its sum, then once more after a reset; a file system is made, filled, checked. The
# packages are downloaded when this is first run.
(
	for part in common apt debian; do
		# shellcheck source=/dev/null
		. "$TOP/tools/front/$part.sh"
	done
	debian_test_disk "$WORK/root"
) || fail "no disk with fio"

# fio_job NAME OPTION...: its error and what it did, in few words.
fio_job() {
	local name=$1
	shift
	ask "fio --name=$name --filename=/dev/vdb --direct=1 --ioengine=libaio --iodepth=32 --bsrange=4k-64k --size=64M --randseed=7 --verify=crc32c --verify_fatal=1 $* >/tmp/$name 2>&1; echo ended with \$?; grep -E 'err=|IO depths|verify' /tmp/$name"
	[[ $ANSWER == *"ended with 0"* && $ANSWER == *"err= 0"* ]] || fail "fio $name: $ANSWER"
}

# checked TRANSPORT MACHINE-TRANSPORT CPUS
checked() {
	local options=(--kernel "$GUESTS/cloud.Image" --initrd "$BUILD/initramfs.cpio.gz" --mem 512M --cpus "$3" --cores 2
		--transport "$1" --machine-transport "$2" --disk "$WORK/root" --disk "$WORK/raw" --disk "$WORK/fs"
		--append 'root=/dev/vda rdinit=/etc/diskroot hostname=guest quiet')
	echo "== the guest's disks on $1, the machine's on $2, $3 vCPUs"
	rm -f "$WORK/raw" "$WORK/fs"
	truncate -s 64M "$WORK/raw"
	truncate -s 256M "$WORK/fs"
	start "$TOP/skerry" boot --timeout $((1000 * PATIENCE)) "${options[@]}"
	PROMPT='root@guest:[^ ]*# '
	expect 240 "$PROMPT"
	ask 'stty cols 999; fio --version'
	[[ $ANSWER == *fio-* ]] || fail "no fio: $ANSWER"
	fio_job mixed --rw=randrw --rwmixread=50 --loops=2
	fio_job written --rw=randwrite
	send 'reboot -f'
	expect 240 "$PROMPT"
	ask 'stty cols 999'
	# Checked alone, against what was written before: with another seed nothing would be right.
	fio_job again --rw=randwrite --verify_only
	ask 'dd if=/dev/urandom of=/dev/vdb bs=4k seek=5 count=1 oflag=direct 2>/dev/null; fio --name=changed --filename=/dev/vdb --direct=1 --ioengine=libaio --iodepth=32 --bsrange=4k-64k --size=64M --randseed=7 --verify=crc32c --rw=randwrite --verify_only >/tmp/changed 2>&1; echo ended with $?'
	[[ $ANSWER != *"ended with 0"* ]] || fail "fio does not see a block that was changed"
	ask 'mkfs.ext4 -q /dev/vdc && mount /dev/vdc /mnt && cp -a /usr/bin /mnt/ && (cd /usr/bin; find . -type f | sort | xargs md5sum) >/tmp/sums; wc -l </tmp/sums'
	[[ $ANSWER =~ ^[1-9][0-9]+ ]] || fail "no file system: $ANSWER"
	ask 'umount /mnt; fsck.ext4 -fn /dev/vdc >/tmp/fsck 2>&1; echo ended with $?; tail -n 1 /tmp/fsck; mount /dev/vdc /mnt && cd /mnt/bin && md5sum -c --quiet /tmp/sums && echo all as copied; cd; umount /mnt'
	[[ $ANSWER == *"ended with 0"*"all as copied"* ]] || fail "the file system: $ANSWER"
	send poweroff
	ends 100 0
	/sbin/e2fsck -fn "$WORK/fs" || fail "the file system is not whole"
	/sbin/e2fsck -fn "$WORK/root" || fail "the root file system is not whole"
}

checked mmio mmio 2
checked pci pci 1
