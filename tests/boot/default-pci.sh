# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# full
# seconds 3600
#
# The default system with its devices on PCI buses and two vCPUs for each guest.
debian_run default guest1 --transport pci --cpus 2
ask 'nproc; ls /sys/bus/pci/devices | wc -l; ping -c 2 -w 20 host'
[[ $ANSWER == 2*3*" 0% packet loss"* ]] || fail "CPUs, PCI functions, ping: $ANSWER"
send poweroff
console 2 guest2
ask 'nproc; dd if=/dev/urandom of=/root/data bs=64k count=64 2>/dev/null; md5sum </root/data; sync; echo 3 >/proc/sys/vm/drop_caches; md5sum </root/data'
[[ $ANSWER =~ 2.*([0-9a-f]{32}).*([0-9a-f]{32}) ]] && [ "${BASH_REMATCH[1]}" = "${BASH_REMATCH[2]}" ] ||
	fail "CPUs, sums before and after: $ANSWER"
send poweroff
ends 100 0
