# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# full
# seconds 14400
#
# The tests that try to break the kernel, by cores and CPUs; then their long forms.
# program IMAGE CPU CORES SECONDS
program() {
	local log=$WORK/program
	echo "$1 on $3 x $2"
	timeout -k 2 "$4" qemu-system-aarch64 -M virt,virtualization=on,gic-version=3 -cpu "$2" -smp "$3" -m 512 \
		-nographic -nic none -no-reboot -kernel "$BUILD/$1.img" </dev/null 2>&1 | tr -d '\r\0' >"$log"
	grep -aE '^(not ok|done|the watcher)|trapped' "$log"
	grep -aqE '^done [1-9][0-9]* passed 0 failed$' "$log" || fail "$1 on $3 x $2: $(tail -n 3 "$log")"
}

for cpu in cortex-a53 cortex-a72 neoverse-n1 max,pauth-impdef=on; do
	for cores in 1 2 4; do
		for name in destroy hostile-calls hostile-threads hostile-vcpu; do
			program "test-$name" $cpu $cores 600
		done
	done
done
program long-hostile-calls cortex-a72 2 3600
program long-destroy cortex-a72 2 3600
program long-hostile-threads cortex-a72 2 3600
program long-hostile-vcpu max,pauth-impdef=on 2 3600
