# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# full
# seconds 2400
#
# Debian's iperf3 between the two guests of the default system: TCP there, back and both at once,
# UDP; then a file there and back with its sum, and one from this machine. The package is
# downloaded when this is first run.
mkdir "$WORK/data"
(
	for part in common apt debian; do
		. "$TOP/tools/front/$part.sh"
	done
	debian_test_disk "$WORK/data/default-guest1.img"
) || fail "no disk with iperf3"
cp --sparse=always "$WORK/data/default-guest1.img" "$WORK/data/default-guest2.img"
serve 3000000

debian_run default guest1
ask 'for i in $(seq 60); do ping -c 1 -W 1 guest2 >/dev/null && break; done; ping -c 3 -w 20 guest2'
[[ $ANSWER == *" 0% packet loss"* ]] || fail "the second guest does not answer: $ANSWER"
console 2 guest2
ask 'iperf3 -s -D; (nc -l -p 9 >/root/file; nc -l -p 10 </root/file) & true'
console 1 guest1

# iperf OPTION...: one run; ANSWER is its last lines.
iperf() {
	ask "iperf3 -c guest2 -f k $* >/tmp/iperf 2>&1; echo ended with \$?; grep -E 'receiver|error' /tmp/iperf"
	echo "iperf3 $*: $ANSWER"
	[[ $ANSWER == *"ended with 0"*receiver* ]] || fail "iperf3 $*: $ANSWER"
}
iperf -n 32M
[[ $ANSWER =~ (31\.[5-9]|32\.0)\ MBytes ]] || fail "32 MB were sent: $ANSWER"
iperf -n 32M -R
iperf -t 3 --bidir
iperf -u -b 20M -l 1400 -t 3

ask 'head -c 16000000 /dev/urandom >/root/file; cat /root/file >/dev/tcp/guest2/9; md5sum </root/file; until { md5sum </dev/tcp/guest2/10; } 2>/dev/null; do sleep 0.2; done'
mapfile -t sums <<<"$ANSWER"
[ ${#sums[@]} = 2 ] && [ "${sums[0]}" = "${sums[1]}" ] || fail "the file changed on its way there and back: $ANSWER"
ask "wget -q -O - http://host:$port/file | md5sum"
[[ $ANSWER == *"$sum"* ]] || fail "the file from this machine arrived changed: $ANSWER, expected $sum"
send 'poweroff'
console 2 guest2
send 'poweroff'
ends 60 0
