# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# What is typed arrives whole and in order, also faster than a person types and
# much longer than any FIFO; and what is printed arrives whole.
linux
send 'stty -echo; echo be"gin"s; cat >/tmp/typed; stty echo'
expect 20 begins
for i in $(seq 1 200); do send "line $i of what is typed: abcdefghijklmnopqrstuvwxyz"; done
printf '\004' >&3
expect 120 "$PROMPT"
ask 'md5sum /tmp/typed; seq 1 5000 | md5sum'
sum=$(for i in $(seq 1 200); do echo "line $i of what is typed: abcdefghijklmnopqrstuvwxyz"; done | md5sum | cut -d' ' -f1)
[[ $ANSWER == *"$sum"* ]] || fail "typed text arrived changed: $ANSWER, expected $sum"

# 24 KB of output, compared line by line.
from=$mark
ask 'seq 1 5000'
tail -c +$((from + 1)) "$WORK/out" | tr -d '\r' | grep -axE '[0-9]{1,4}' | cmp - <(seq 1 5000) ||
	fail "printed text arrived changed"
send poweroff
ends 60 0
