# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# full
# seconds 3600
#
# The hostile guests on the other cores.
. "$TOP/tests/boot/hostile-guest.inc"
for cpu in cortex-a53 neoverse-n1 max; do
	for name in regs mmio calls; do
		echo "hostile-$name on $cpu"
		hostile_guest hostile-$name --cpu $cpu
	done
done
