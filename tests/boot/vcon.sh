# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# A guest's second console, a virtio one, and a further port of that, which has a name: what
# is printed there is seen when it has the terminal, what is typed there arrives there, much in
# one go and whole.
show() { # show N LABEL
	printf '\035%s' "$1" >&3
	expect 20 "\\[$2\\]"
}
# counted: the 3000 numbers that were printed, the last 500 of them whole and in order.
counted() {
	expect 60 '^3000'
	[ "$(rest | wc -l)" -le 3 ] || fail "something came behind the last line"
	tail -c 20000 "$WORK/out" | tr -d '\r' | grep -axE '[0-9]{1,4}' | tail -n 500 | cmp - <(seq 2501 3000) ||
		fail "printed text arrived changed"
}
linux --system consoles --append quiet
ask 'stty cols 999'
ask '(read -r line </dev/hvc0; echo "got $line" >/tmp/got) & echo first words >/dev/hvc0'
ask 'cat /sys/class/virtio-ports/*p1/name'
[[ $ANSWER == *org.skerry.log* ]] || fail "the port's name: $ANSWER"
ask 'exec 5<>/dev/$(basename /sys/class/virtio-ports/*p1); (read -r line <&5; echo "got $line" >/tmp/got1) & echo port words >&5'
show 2 guest2
expect 10 'first words'
send 'typed there'
show 3 org.skerry.log
expect 10 'port words'
send 'typed at the port'
show 1 guest1
ask 'until [ -s /tmp/got ] && [ -s /tmp/got1 ]; do usleep 10000; done; cat /tmp/got /tmp/got1'
[[ $ANSWER == *"got typed there"*"got typed at the port"* ]] || fail "the other consoles' input: $ANSWER"
send 'seq 1 3000 >/dev/hvc0 &'
show 2 guest2
counted
show 1 guest1
send 'seq 1 3000 >&5 &'
show 3 org.skerry.log
counted
show 1 guest1
send ''
send 'poweroff -f'
ends 60 0
