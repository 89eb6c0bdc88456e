# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Random numbers from the entropy component: two guests read at the same time, and no eight bytes
# come twice, neither to one nor to both. Under icount, where the machine gives no seed and the
# log says so, they are the same in each run.

# read_random NAME: what a guest types to read 64 KiB; 1 KiB more is printed, 8 bytes a line.
read_random() {
	echo "h() { hexdump -v -e '8/1 \"%02x\" \"\\n\"'; }; r() { dd if=/dev/hwrng bs=512 count=\$1 2>/dev/null | h; };" \
		"r 128 | sort | uniq -c | awk '{ n++; d += \$1 > 1 } END { print \"$1 has\", n, d }'; r 2 | sed 's/^/$1 /'"
}

linux --system two --append quiet --mem 128M
ask 'cat /sys/class/misc/hw_random/rng_current'
[[ $ANSWER == *virtio_rng* ]] || fail "the kernel's random numbers come from: $ANSWER"
printf '\0352' >&3
expect 20 '\[guest2\]'
PROMPT='guest2:[^ ]*# '
send ''
expect 100 "$PROMPT"
send "$(read_random two)"
printf '\0351' >&3
expect 20 '\[guest1\]'
PROMPT='guest:[^ ]*# '
ask "$(read_random one)"
printf '\0352' >&3
expect 20 '\[guest2\]'
PROMPT='guest2:[^ ]*# '
send ''
ask 'echo done'
for name in one two; do
	tr -d '\r' <"$WORK/out" | grep -q "^$name has 8192 0\$" || fail "$name: eight bytes came twice, or not all came"
	tr -d '\r' <"$WORK/out" | sed -n "s/^$name \([0-9a-f]\{16\}\)\$/\1/p" >"$WORK/$name"
	[ "$(wc -l <"$WORK/$name")" = 128 ] || fail "$name: $(wc -l <"$WORK/$name") lines of random bytes"
done
[ "$(sort "$WORK/one" "$WORK/two" | uniq | wc -l)" = 256 ] || fail "both guests were given the same bytes"
guest_kill

# run: sets RANDOM_SUM.
run() {
	timeout -k 5 200 "$TOP/skerry" boot --system consoles --icount --timeout 190 --kernel "$GUESTS/cloud.Image" --mem 128M \
		--initrd "$BUILD/initramfs.cpio.gz" --append 'quiet cryptomgr.notests nokaslr skerry.do=random' </dev/null >"$WORK/run" 2>&1
	cat "$WORK/run"
	grep -q 'the machine gives no seed' "$WORK/run" || fail "the log says nothing of the seed that is missing"
	RANDOM_SUM=$(tr -d '\r' <"$WORK/run" | sed -n 's/^random \([0-9a-f]\{32\}\) .*/\1/p')
	[ -n "$RANDOM_SUM" ] || fail "no random numbers"
}
run
first=$RANDOM_SUM
run
[ "$RANDOM_SUM" = "$first" ] || fail "two runs under icount differ: $first and $RANDOM_SUM"
