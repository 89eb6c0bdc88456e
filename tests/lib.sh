# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# For the scripts of tests/boot and tests/reject: talk to a guest like somebody at
# its terminal. A failing step says what it missed and ends the script with 1.

WORK=$(mktemp -d)
GUEST=
PATIENCE=4 # all times below are for an idle machine; a busy one may take so many times as long
mark=0 # bytes of the output that expect has gone past
trap 'guest_kill; rm -rf "$WORK"' EXIT

fail() {
	echo "FAILED: $*"
	exit 1
}

skip() {
	echo "$*"
	exit 77
}

guest_kill() {
	[ -n "$GUEST" ] || return 0
	kill "$GUEST" 2>/dev/null
	wait "$GUEST" 2>/dev/null
	GUEST=
}

# start COMMAND...: runs it with a pipe as its keyboard. Its output goes to $WORK/out and to ours.
start() {
	rm -f "$WORK/keys"
	mkfifo "$WORK/keys"
	: >"$WORK/out"
	mark=0
	"$@" <"$WORK/keys" > >(tee "$WORK/out") 2>&1 &
	GUEST=$!
	exec 3>"$WORK/keys"
}

# skerry_boot ARGS...: starts ./skerry boot with a limit, so that nothing outlives the test.
skerry_boot() {
	start "$TOP/skerry" boot --timeout $((120 * PATIENCE)) "$@"
}

# send LINE: types it.
send() {
	printf '%s\n' "$1" >&3
}

# The output behind the mark, as text.
rest() {
	tail -c +$((mark + 1)) "$WORK/out" | tr -d '\r'
}

# expect SECONDS REGEX: waits for it behind the mark and moves the mark past it;
# MATCH = the line that it was found in.
expect() {
	local seconds=$(($1 * PATIENCE)) regex=$2 end=$((SECONDS + $1 * PATIENCE)) hit
	while :; do
		hit=$(tail -c +$((mark + 1)) "$WORK/out" | grep -aobE -m 1 -- "$regex" | head -n 1)
		if [ -n "$hit" ]; then
			MATCH=$(rest | grep -aE -m 1 -- "$regex")
			hit=${hit%%:*}$'\n'${hit#*:}
			mark=$((mark + ${hit%%$'\n'*} + $(printf '%s' "${hit#*$'\n'}" | wc -c)))
			return 0
		fi
		kill -0 "$GUEST" 2>/dev/null || {
			sleep 0.3
			tail -c +$((mark + 1)) "$WORK/out" | grep -qaE -- "$regex" && continue
			fail "it ended before printing: $regex"
		}
		[ $SECONDS -lt $end ] || fail "not seen within $seconds s: $regex"
		sleep 0.1
	done
}

# ends SECONDS CODE: it ends by itself within the time with this exit code.
ends() {
	local end=$((SECONDS + $1 * PATIENCE)) rc
	while kill -0 "$GUEST" 2>/dev/null; do
		[ $SECONDS -lt $end ] || fail "still running after $(($1 * PATIENCE)) s"
		sleep 0.1
	done
	wait "$GUEST"
	rc=$?
	GUEST=
	exec 3>&-
	[ $rc = "$2" ] || fail "exit code $rc, expected $2"
}

PROMPT='guest:[^ ]*# '

# ask COMMAND: types it and waits for the end of its output, which is left in ANSWER.
ask() {
	local token=end$RANDOM
	send "$1; echo $token'.'"
	expect 30 "$token'\.'"
	local from=$mark
	expect 60 "^$token\.|[^']$token\."
	ANSWER=$(tail -c +$((from + 1)) "$WORK/out" | head -c $((mark - from)) | tr -d '\r' | sed "s/$token\.//; /^\$/d")
	expect 30 "$PROMPT"
}

# linux ARGS...: boots the cloud kernel to its shell.
linux() {
	skerry_boot --kernel "$GUESTS/cloud.Image" --initrd "$BUILD/initramfs.cpio.gz" "$@"
	expect 100 'Linux [0-9.]+.* on aarch64, [0-9]+ kB of memory'
	expect 20 "$PROMPT"
}

# refused TEXT COMMAND...: a command of ours that ends with 1 and one line holding TEXT.
refused() {
	local text=$1 out rc
	shift
	out=$("$@" 2>&1 </dev/null)
	rc=$?
	echo "$out"
	[ $rc = 1 ] || fail "exit code $rc, expected 1: $*"
	[ "$(wc -l <<<"$out")" = 1 ] || fail "more than one line: $*"
	grep -qF -- "$text" <<<"$out" || fail "the message does not say \"$text\": $*"
}

# --- systems of Debian guests behind the console multiplexer ------------------------------

# debian_run SYSTEM GUEST ARGS...: starts it with disks in $WORK/data, until the shell of
# GUEST, its first.
debian_run() {
	local system=$1 guest=$2
	shift 2
	SKERRY_DATA=$WORK/data start "$TOP/skerry" run "$system" --timeout $((290 * PATIENCE)) "$@"
	PROMPT="root@$guest:[^ ]*# "
	expect 240 "$PROMPT"
	ask 'stty cols 999' # a long line typed comes back in one piece
}

# console N GUEST: Ctrl-] and a number, as somebody types them; then that guest's prompt.
console() {
	printf '\035%s' "$1" >&3
	PROMPT="(root@)?$2:[^ ]*# "
	expect 20 "\[$2\]"
	send ''
	expect 120 "$PROMPT"
	ask 'stty cols 999'
}

# serve BYTES: a server on this machine's loopback, $port, until the test ends; what it
# serves as `file` is random and has the checksum $sum. For boot tests.
serve() {
	command -v python3 >/dev/null || skip "no python3 to serve a file with"
	mkdir "$WORK/www"
	head -c "$1" /dev/urandom >"$WORK/www/file"
	sum=$(md5sum <"$WORK/www/file" | cut -d' ' -f1)
	(cd "$WORK/www" && exec python3 -u -m http.server --bind 127.0.0.1 0 >"$WORK/server" 2>&1) &
	server=$!
	trap 'kill $server 2>/dev/null; guest_kill; rm -rf "$WORK"' EXIT
	for _ in $(seq 50); do
		grep -q 'port [0-9]' "$WORK/server" && break
		sleep 0.1
	done
	port=$(sed -n 's/.*port \([0-9]*\).*/\1/p' "$WORK/server")
	[ -n "$port" ] || fail "the server does not start: $(cat "$WORK/server")"
}
