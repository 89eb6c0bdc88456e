# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# seconds 900
#
# VLANs and a rate on one switch, with Linux guests: 1 and 2 reach each other, 3 and the uplink, in
# another VLAN, each other; nobody reaches further. 2 may send 10 Mbit a second and does
# not send more; 1 sends as it likes. Under icount, so that the host's speed is not measured.
skerry_boot --system vlans --kernel "$GUESTS/cloud.Image" --initrd "$BUILD/initramfs.cpio.gz" --mem 96M --icount \
	--net user --timeout 800 --append "quiet cryptomgr.notests nokaslr skerry.do=vlan"
expect 100 'vmm[1-3]: arm64'
printf '\035a' >&3
ends 800 0
tr -d '\r' <"$WORK/out" >"$WORK/said"

reaches() { # reaches GUEST WHOM
	grep -q "^guest$1| reach: $2\$" "$WORK/said" || fail "guest $1 should reach $2: $(grep "^guest$1| reach" "$WORK/said")"
}
reaches 1 '15 16'
reaches 2 '15 16'
reaches 3 '2 17'

# rate GUEST LEAST MOST: bytes a second of what the guest sent, until all had come.
rate() {
	local bytes us
	read -r bytes us < <(sed -n "s/^guest$1| push: \([0-9]*\) bytes in \([0-9]*\) us\$/\1 \2/p" "$WORK/said")
	[ -n "${us:-}" ] || fail "guest $1 did not stream"
	echo "guest $1: $((bytes * 1000000 / us)) bytes a second"
	[ $((bytes * 1000000 / us)) -ge "$2" ] && [ $((bytes * 1000000 / us)) -le "$3" ] ||
		fail "guest $1: $bytes bytes in $us us; expected $2 to $3 a second"
}
rate 1 20000000 100000000000
# The most: what the rate allows and the 64 KiB that it may send at once.
rate 2 600000 1350000
