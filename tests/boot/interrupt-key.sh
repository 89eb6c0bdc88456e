# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Ctrl-C ends a running command: a byte typed becomes a signal.
linux
send "sh -c 'echo be\"gin\"s; exec sleep 1000'"
expect 20 begins
printf '\003' >&3
expect 20 "$PROMPT"
ask 'echo code=$?'
[[ $ANSWER == *code=130* ]] || fail "the command was not interrupted: $ANSWER"
send poweroff
ends 60 0
