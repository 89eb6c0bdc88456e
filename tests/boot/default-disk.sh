# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# The default system: what each guest wrote on its own disk and synced is there after a
# restart, and only there. The first time the plug is pulled, the second time they power off.
debian_run default guest1
ask 'echo one >/root/whose; dd if=/dev/urandom of=/root/data bs=64k count=64 2>/dev/null; sync; md5sum /root/data'
[[ $ANSWER =~ ([0-9a-f]{32}) ]] || fail "md5sum says: $ANSWER"
one=${BASH_REMATCH[1]}
console 2 guest2
ask 'ls /root; echo two >/root/whose; dd if=/dev/urandom of=/root/data bs=64k count=64 2>/dev/null; sync; md5sum /root/data'
[[ $ANSWER != *whose* ]] || fail "the second guest sees the first one's file: $ANSWER"
[[ $ANSWER =~ ([0-9a-f]{32}) ]] || fail "md5sum says: $ANSWER"
two=${BASH_REMATCH[1]}
printf '\001x' >&3
ends 30 5

debian_run default guest1
ask 'cat /root/whose; md5sum /root/data; mount | grep -w ext4'
[[ $ANSWER == *one* && $ANSWER == *"$one"* && $ANSWER == *"/dev/vda on / type ext4 (rw"* ]] || fail "the first guest's disk after the restart: $ANSWER"
send 'poweroff'
console 2 guest2
ask 'cat /root/whose; md5sum /root/data'
[[ $ANSWER == *two* && $ANSWER == *"$two"* ]] || fail "the second guest's disk after the restart: $ANSWER"
send 'poweroff'
ends 60 0
for guest in 1 2; do
	/sbin/e2fsck -fn "$WORK/data/default-guest$guest.img" || fail "the file system of guest$guest is not whole"
done
