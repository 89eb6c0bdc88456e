# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Ctrl-C ends a running command: a byte typed becomes a signal.
linux
send 'sleep 1000'
sleep 1
printf '\003' >&3
expect 20 "$PROMPT"
ask 'echo code=$?'
[[ $ANSWER == *code=130* ]] || fail "the command was not interrupted: $ANSWER"
send poweroff
ends 60 0
