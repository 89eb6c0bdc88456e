# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# CPUs of a Linux guest unplugged and plugged in again while all have work, the
# first one included; the work must come out right.
linux --cpus 4 --cores 2
sum=$(head -c 3000000 /dev/zero | sha256sum | cut -d ' ' -f 1)
send "cat >/tmp/work <<'END'"
send 'while [ ! -e /tmp/stop ]; do'
send "	[ \"\$(head -c 3000000 /dev/zero | sha256sum | cut -d ' ' -f 1)\" = $sum ] && echo >>/tmp/right.\$1 || echo >>/tmp/wrong"
send 'done'
send END
expect 20 "$PROMPT"
ask 'for i in 1 2 3 4 5; do sh /tmp/work $i & done'

send "cat >/tmp/plug <<'END'"
send 'cd /sys/devices/system/cpu'
send 'for round in $(seq 10); do'
send '	for c in 1 3 2; do echo 0 >cpu$c/online || echo FAILED off $c; done'
send '	for c in 3 1 2; do echo 1 >cpu$c/online || echo FAILED on $c; done'
send '	echo 0 >cpu0/online || echo FAILED off 0'
send '	echo 1 >cpu0/online || echo FAILED on 0'
send 'done'
send 'echo plugged 10 times: $(cat online)'
send END
expect 20 "$PROMPT"
send 'sh /tmp/plug'
expect 110 'plugged 10 times: 0-3'
tr -d '\r' <"$WORK/out" | grep -q '^FAILED' && fail "a CPU could not be switched"

ask 'touch /tmp/stop; wait; cat /tmp/right.* | wc -l'
echo "sums: $(tail -n 1 <<<"$ANSWER")"
ask 'ls /tmp/wrong'
grep -q 'No such file' <<<"$ANSWER" || fail "a sum was wrong"
ask 'ls /tmp/right.* | wc -l'
[ "$(tail -n 1 <<<"$ANSWER")" = 5 ] || fail "not all five did work: $ANSWER"
ask 'dmesg | grep -ciE "rcu.*stall|soft lockup|BUG:|Oops"'
[ "$(tail -n 1 <<<"$ANSWER")" = 0 ] || fail "the kernel complains: $ANSWER"
send poweroff
ends 60 0
