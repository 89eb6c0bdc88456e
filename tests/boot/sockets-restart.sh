# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# The socket hub, and a component that listens, are killed and started again while streams run: the
# guest hears that its connections are gone, and what it connects then works.
console() {
	printf '\035%s' "$1" >&3
}

# again COMPONENT: it is started again in the middle of a stream.
again() {
	send 'net check vsock 2 7 3000000000000; sleep 1; echo; echo over'
	expect 60 '^connected'
	console 2
	send ''
	expect 20 'manager> '
	send "restart $1"
	expect 30 '^done'
	console 1
	expect 60 '^over'
	expect 20 "$PROMPT"
	send 'net check vsock 2 7 1000000'
	expect 60 '^1000000 bytes came back'
	expect 20 "$PROMPT"
}

linux --system socket-faults --append quiet --mem 128M
send 'stty cols 999'
expect 20 "$PROMPT"
for n in 1 2 3; do
	again hub
	again services
done
send 'poweroff -f'
console 2
expect 20 guest2
send off
ends 60 0
