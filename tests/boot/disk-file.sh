# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Disks that are files of the host: what the guest writes and syncs is in the file,
# a file system made on one is whole after a restart, a read-only one stays as it is.
head -c 8M /dev/urandom >"$WORK/two" || fail "no room for a disk"
truncate -s 64M "$WORK/one"
before=$(md5sum <"$WORK/two")

linux --append quiet --disk "$WORK/one" --disk "$WORK/two,ro"
ask 'stty cols 999'
ask 'md5sum </dev/vdb'
[[ $ANSWER == *"$before"* ]] || fail "the second disk reads as $ANSWER, its file as $before"
ask 'echo x >/dev/vdb; cat /sys/block/vdb/ro'
[[ $ANSWER == *1 ]] || fail "the second disk is not read-only: $ANSWER"
ask 'mke2fs /dev/vda >/dev/null && mkdir -p /mnt && mount -t ext4 /dev/vda /mnt && echo mounted'
[[ $ANSWER == *mounted* ]] || fail "no file system: $ANSWER"
ask 'dd if=/dev/urandom of=/mnt/file bs=64k count=160 2>/dev/null; sync; md5sum /mnt/file'
[[ $ANSWER =~ ([0-9a-f]{32}) ]] || fail "md5sum says: $ANSWER"
sum=${BASH_REMATCH[1]}

# Pulled out, not shut down: sync was the promise.
send 'poweroff -f'
ends 60 0
[ "$(md5sum <"$WORK/two")" = "$before" ] || fail "the read-only disk was written"

linux --append quiet --disk "$WORK/one"
ask 'stty cols 999'
ask 'mkdir -p /mnt; mount -t ext4 /dev/vda /mnt; md5sum /mnt/file'
[[ $ANSWER == *"$sum"* ]] || fail "after the restart: $ANSWER, expected $sum"
send 'poweroff -f'
ends 60 0
