# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# reboot resets the guest alone: it comes up again, and its memory is fresh.
linux
ask 'touch /tmp/before'
send reboot
expect 100 'Linux [0-9.]+.* on aarch64, [0-9]+ kB of memory'
expect 20 "$PROMPT"
ask 'ls /tmp | wc -l'
[[ $ANSWER =~ (^|[^0-9])0$ ]] || fail "/tmp survived: $ANSWER"
send poweroff
ends 60 0
