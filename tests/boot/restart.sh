# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
. "$TOP/tests/boot/restart.inc"
restarts 10 100

# The drivers of the console lose no byte of what the others say and hear.
console 2
expect 20 guest2
send 'restart uart 3 200'
expect 30 '^done'
send 'restart console'
# Back at the first guest, as it was at boot, from some time on.
until rest | grep -aqE "$PROMPT"; do
	[ $((tries = ${tries:-0} + 1)) -lt 100 ] || fail "the first guest does not have the terminal"
	send ''
	sleep 0.5
done
expect 20 "$PROMPT"
# Now its VMM: the guest begins anew and finds its disks.
ask 'cat /dev/vda /dev/vdb | md5sum'
[[ $ANSWER =~ ([0-9a-f]{32}) ]] || fail "md5sum says: $ANSWER"
sum=${BASH_REMATCH[1]}
console 2
expect 20 guest2
send 'restart vmm'
expect 30 '^done'
send 'restart switch'
expect 30 '^done'
send 'restart uplink'
expect 30 '^done'
console 1
expect 100 'Linux [0-9.]+.* on aarch64, [0-9]+ kB of memory'
expect 20 "$PROMPT"
ask 'cat /dev/vda /dev/vdb | md5sum'
[[ $ANSWER == *"$sum"* ]] || fail "after the VMM's restart the disks read $ANSWER, before $sum"
# So does the network, with a switch and an uplink that were started again, too.
ask 'ping -c 3 10.0.2.2'
[[ $ANSWER =~ ([1-3])\ packets\ received ]] || fail "no way to the gateway: $ANSWER"
leave
