# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Linux with four vCPUs on two cores: all come up, do work where they are told to,
# and take their timer interrupts and each other's; then it reboots with all four.
linux --cpus 4 --cores 2
ask nproc
[ "$(tail -n 1 <<<"$ANSWER")" = 4 ] || fail "nproc: $ANSWER"

sum=$(head -c 200000 /dev/zero | sha256sum | cut -d ' ' -f 1)
# The field behind the 38 others is the CPU that it runs on.
for cpu in 0 1 2 3; do
	ask "taskset $((1 << cpu)) sh -c 'head -c 200000 /dev/zero | sha256sum; cut -d \" \" -f 39 /proc/self/stat'"
	grep -q "$sum" <<<"$ANSWER" || fail "CPU $cpu computes wrongly: $ANSWER"
	[ "$(tail -n 1 <<<"$ANSWER")" = $cpu ] || fail "work for CPU $cpu ran elsewhere: $ANSWER"
done

# counts ROW: the four numbers of this row of /proc/interrupts.
counts() {
	ask "grep '$1' /proc/interrupts"
	grep "$1" <<<"$ANSWER" | tail -n 1 | awk '{ print $2, $3, $4, $5 }'
}
before=$(counts arch_timer)
ask 'for i in 0 1 2 3; do taskset $((1 << i)) sh -c "i=0; while [ \$i -lt 3000 ]; do i=\$((i + 1)); done"; done'
after=$(counts arch_timer)
echo "timer interrupts: $before, then $after"
for i in 1 2 3 4; do
	[ "$(cut -d ' ' -f $i <<<"$after")" -gt "$(cut -d ' ' -f $i <<<"$before")" ] || fail "CPU $((i - 1)) takes no timer interrupts"
done
ipis=$(counts 'Function call')
for i in 1 2 3 4; do
	[ "$(cut -d ' ' -f $i <<<"$ipis")" -gt 0 ] || fail "CPU $((i - 1)) took no function calls: $ipis"
done

send reboot
expect 110 'Linux [0-9.]+.* on aarch64, [0-9]+ kB of memory'
expect 20 "$PROMPT"
ask nproc
[ "$(tail -n 1 <<<"$ANSWER")" = 4 ] || fail "nproc after the reboot: $ANSWER"
send poweroff
ends 60 0
