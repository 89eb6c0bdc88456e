# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# A call through generated stubs with six words of arguments and a result takes at most
# 60 instructions more than the kernel's round trip between the same two components,
# also where each is narrower than a word and its range is looked at.
LIMIT=60
start timeout -k 2 240 qemu-system-aarch64 -M virt,virtualization=on,gic-version=3,dtb-randomness=off -cpu cortex-a72 \
	-smp 1 -m 512 -nographic -nic none -no-reboot -icount shift=0,sleep=off -rtc base=2026-01-01,clock=vm \
	-kernel "$BUILD/bench-rpc.img"
expect 60 '^metric rpc_overhead_6 [0-9]+'
cost=${MATCH##* }
cost=${cost//[!0-9]/}
[ "$cost" -gt 0 ] && [ "$cost" -le $LIMIT ] || fail "rpc_overhead_6 is $cost; at most $LIMIT are allowed"
expect 60 '^metric rpc_overhead_6_narrow [0-9]+'
cost=${MATCH##* }
cost=${cost//[!0-9]/}
[ "$cost" -gt 0 ] && [ "$cost" -le $LIMIT ] || fail "rpc_overhead_6_narrow is $cost; at most $LIMIT are allowed"
ends 60 0
