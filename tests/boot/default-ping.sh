# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# The default system, as a user tries it: both Debian guests have a shell, each reaches the
# other and this machine. One powers off, the other goes on; when both are off it ends.
debian_run default guest1
ask '. /etc/os-release; echo $ID $(hostname) $(cat /proc/1/comm)'
[[ $ANSWER == *"debian guest1 init"* ]] || fail "the first guest says: $ANSWER"
ask 'for i in $(seq 60); do ping -c 1 -W 1 guest2 >/dev/null && break; done; ping -c 3 -w 20 guest2'
[[ $ANSWER == *" 0% packet loss"* ]] || fail "the second guest does not answer: $ANSWER"
ask 'ping -c 2 -w 20 host'
[[ $ANSWER == *" 0% packet loss"* ]] || fail "this machine does not answer the first: $ANSWER"
send 'poweroff'
console 2 guest2
ask 'ping -c 2 -w 20 host; ping -c 1 -W 1 -w 30 guest1; hostname'
[[ $ANSWER == *" 0% packet loss"* ]] || fail "this machine does not answer the second: $ANSWER"
[[ $ANSWER == *guest2 ]] || fail "the second guest is called $ANSWER"
send 'poweroff'
ends 60 0
