# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# A guest's second console, a virtio one: what is printed there is seen when it has
# the terminal, what is typed there arrives there, much in one go and whole.
linux --system consoles --append quiet
ask 'stty cols 999'
ask '(read -r line </dev/hvc0; echo "got $line" >/tmp/got) & echo first words >/dev/hvc0'
printf '\0352' >&3
expect 10 'first words'
send 'typed there'
printf '\0351' >&3
expect 10 '\[guest1\]'
ask 'until [ -s /tmp/got ]; do usleep 100000; done; cat /tmp/got'
[[ $ANSWER == *"got typed there"* ]] || fail "the second console's input: $ANSWER"
send 'seq 1 3000 >/dev/hvc0 &'
printf '\0352' >&3
expect 30 '^3000'
[ "$(rest | wc -l)" -le 3 ] || fail "something came behind the last line"
tail -c 20000 "$WORK/out" | tr -d '\r' | grep -axE '[0-9]{1,4}' | tail -n 500 | cmp - <(seq 2501 3000) ||
	fail "printed text arrived changed"
printf '\0351' >&3
send ''
send 'poweroff -f'
ends 60 0
