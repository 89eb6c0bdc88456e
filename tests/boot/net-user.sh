# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# The guest's network to the outside: the gateway answers, and a file served on
# the loopback of this machine arrives whole.
serve 3000000

linux --net user --append quiet
ask 'stty cols 999'
ask 'ping -c 3 -w 10 10.0.2.2'
[[ $ANSWER == *" 0% packet loss"* ]] || fail "the gateway does not answer: $ANSWER"
ask "wget -q -O - http://10.0.2.2:$port/file | md5sum"
[[ $ANSWER == *"$sum"* ]] || fail "the file arrived changed: $ANSWER, expected $sum"
send 'poweroff -f'
ends 60 0
