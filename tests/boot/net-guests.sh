# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Two guests side by side: the first pings the gateway, then the second, and gets
# frames of all lengths back; the second has another name, another disk and nothing of
# the first's.
linux --system two --net user --append quiet
ask 'stty cols 999'
ask 'ping -c 3 -w 40 10.0.2.2'
[[ $ANSWER == *" 0% packet loss"* ]] || fail "the gateway does not answer: $ANSWER"
ask 'for i in $(seq 30); do ping -c 1 -w 1 10.0.2.16 >/dev/null && break; done; ping -c 5 -w 60 10.0.2.16'
[[ $ANSWER == *" 0% packet loss"* ]] || fail "the second guest does not answer: $ANSWER"
# Frames of all lengths, their contents checked by ping's own comparison and ICMP's checksum.
ask 'for s in 0 1 17 18 19 500 1000 1471 1472; do ping -c 1 -w 20 -s $s 10.0.2.16 | grep -c "bytes from"; done | sort | uniq -c'
[[ $ANSWER =~ ^\ *9\ 1$ ]] || fail "of nine pings of nine sizes came back: $ANSWER"
# The switch lets nobody send from another's address.
ask 'ip link set eth0 address 52:53:4b:00:00:02 && ping -c 2 -w 3 10.0.2.2'
[[ $ANSWER == *"100% packet loss"* ]] || fail "a made-up address came through: $ANSWER"
ask 'ip link set eth0 address 52:53:4b:00:00:01 && ping -c 2 -w 20 10.0.2.2'
[[ $ANSWER == *" 0% packet loss"* ]] || fail "with its own address again: $ANSWER"

# The second guest's console by the escape key: its own prompt and disk; then both end.
printf '\0352' >&3
expect 10 '\[guest2\]'
send ''
expect 10 'guest2:'
send 'grep -c vda /proc/partitions; hostname; poweroff -f'
expect 20 'guest2'
printf '\0351' >&3
expect 10 '\[guest1\]'
send 'poweroff -f'
ends 60 0
