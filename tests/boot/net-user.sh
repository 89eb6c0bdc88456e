# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# The guest's network to the outside: the gateway answers, and a file served on
# the loopback of this machine arrives whole.
command -v python3 >/dev/null || skip "no python3 to serve a file with"
mkdir "$WORK/www"
head -c 3000000 /dev/urandom >"$WORK/www/file"
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

linux --net user --append quiet
ask 'stty cols 999'
ask 'ping -c 3 -w 10 10.0.2.2'
[[ $ANSWER == *" 0% packet loss"* ]] || fail "the gateway does not answer: $ANSWER"
ask "wget -q -O - http://10.0.2.2:$port/file | md5sum"
[[ $ANSWER == *"$sum"* ]] || fail "the file arrived changed: $ANSWER, expected $sum"
send 'poweroff -f'
ends 60 0
