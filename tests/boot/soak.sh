# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# full
# seconds 14400
#
# Half an hour (SKERRY_SOAK_SECONDS): two Linux guests send each other streams whose bytes follow
# from their place in it and come back, write disks and check what they read; three hostile
# guests beside them on the same cores try everything, reset themselves and try again.
SOAK_SECONDS=${SKERRY_SOAK_SECONDS:-1800}
BYTES=2000000

# show N HOSTNAME: the terminal is guest N's.
show() {
	printf '\035%s' "$1" >&3
	PROMPT="$2:[^ ]*# "
	expect 20 "\[guest$1\]"
	send ''
	expect 120 "$PROMPT"
	ask 'stty cols 999'
}

# guest N HOSTNAME PEER: sets its work going. It counts rounds, and those that went wrong.
guest() {
	show "$1" "$2"
	ask 'net serve tcp 7 & n=0; bad=0'
	ask 'stream() { until net check tcp $1 7 100 >/dev/null 2>&1; do usleep 100000; done; n=0; bad=0; while [ ! -e /tmp/stop ]; do net check tcp $1 7 '$BYTES' >/dev/null 2>&1 || bad=$((bad + 1)); n=$((n + 1)); done; echo stream rounds $n bad $bad, >/tmp/stream; }'
	ask 'disk() { n=0; bad=0; while [ ! -e /tmp/stop ]; do verify run /dev/vda 2 300 $n >/tmp/verify 2>&1 || bad=$((bad + 1)); grep -q "all as written" /tmp/verify || bad=$((bad + 1)); n=$((n + 1)); done; echo disk rounds $n bad $bad, >/tmp/disk; }'
	ask "{ stream $3 & disk & }"
}

# result N NAME: stops it, and what it counted is looked at.
result() {
	local what
	show "$1" "$2"
	ask 'touch /tmp/stop'
	send 'until [ -e /tmp/stream ] && [ -e /tmp/disk ]; do usleep 100000; done; cat /tmp/stream /tmp/disk; echo that"s" all'
	expect 300 'thats all'
	for what in stream disk; do
		[[ $(tr -d '\r' <"$WORK/out") =~ .*$what\ rounds\ ([0-9]+)\ bad\ ([0-9]+), ]] || fail "$2: no result of $what"
		echo "$2: $what ${BASH_REMATCH[1]} rounds, ${BASH_REMATCH[2]} bad"
		[ "${BASH_REMATCH[1]}" -gt 0 ] && [ "${BASH_REMATCH[2]}" = 0 ] || fail "$2: $what"
	done
}

# Each hostile guest is seen to come to the end of a round, and none failed one.
hostile() {
	local n
	printf '\035a' >&3
	for n in 3 4 5; do
		expect 120 "^guest$n\| done [1-9][0-9]* passed 0 failed"
	done
}

start "$TOP/skerry" boot --system soak --kernel "$GUESTS/cloud.Image" --initrd "$BUILD/initramfs.cpio.gz" \
	--mem 192M --timeout $((PATIENCE * 600 + SOAK_SECONDS))
PROMPT='guest:[^ ]*# '
expect 200 "$PROMPT"
guest 1 guest 10.0.2.16
guest 2 guest2 10.0.2.15
hostile
show 1 guest
end=$((SECONDS + SOAK_SECONDS))
while [ $SECONDS -lt $end ]; do
	kill -0 "$GUEST" 2>/dev/null || fail "the machine ended: $(tail -n 5 "$WORK/out")"
	sleep 5
done
hostile
result 1 guest
result 2 guest2
send 'poweroff -f'
show 1 guest
send 'poweroff -f'
ends 60 0
