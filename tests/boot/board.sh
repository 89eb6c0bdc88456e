# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# The board that is kept (idl/boards/virt.dts) says of the demos' devices what QEMU's own
# device tree says: with that the same specs are made. Each guest's device tree is one that
# dtc has nothing to say against, and lies in the archive.
qemu-system-aarch64 -M "virt,virtualization=on,gic-version=3,iommu=smmuv3,dumpdtb=$WORK/machine.dtb" -cpu cortex-a72 -smp 2 -m 512 \
	-nographic -nic none -serial null -serial null >"$WORK/qemu.log" 2>&1 || fail "$(cat "$WORK/qemu.log")"
for adl in "$TOP"/apps/demos/*/*.adl; do
	name=$(basename "$adl" .adl)
	[ -e "$BUILD/$name.img" ] || continue
	"$BUILD/tools/skerry-idl" -I "$TOP/idl/std" -b "$WORK/machine.dtb" spec "$adl" "$WORK/$name.spec" &&
		"$BUILD/tools/skerry-authority" -i "$BUILD/stripped" build "$WORK/$name.spec" || fail "$name cannot be built for QEMU's own board"
	cmp "$WORK/$name.spec" "$BUILD/$name.spec" || fail "$name: the kept board says otherwise than QEMU"
	for tree in "$WORK/$name".*.dtb; do
		[ -e "$tree" ] || continue
		guest=${tree#"$WORK/$name."}
		dtc -I dtb -O dts -o "$WORK/tree.dts" "$tree" 2>"$WORK/said" || fail "$name: $guest: $(cat "$WORK/said")"
		[ ! -s "$WORK/said" ] || fail "$name: $guest: $(cat "$WORK/said")"
		"$BUILD/tools/skerry-pack" list "$BUILD/$name.archive" | grep -q "^$guest " || fail "$name: the archive lacks $guest"
	done
done

# What each component finds where, to read and for programs.
"$TOP/skerry" map two >"$WORK/map" || fail "map two"
grep -q '^  0x0100000000  *262144K rw  guest.ram: memory guest1.ram, unless' "$WORK/map" || fail "no guest's RAM in $(cat "$WORK/map")"
grep -q '^  slot 1  *vcpu0: vcpu vmm1.vcpu0, read,write$' "$WORK/map" || fail "no slot of the vCPU in $(cat "$WORK/map")"
"$TOP/skerry" map --json two | tr -d ' \n' | grep -q '"slots":\[{"slot":1,"name":"event","is":"notification"' || fail "map --json two"
mkdir "$WORK/empty"
"$BUILD/tools/skerry-authority" -i "$WORK/empty" map "$WORK/linux.spec" >"$WORK/said" 2>&1 && fail "an image that is not there"
grep -q 'linux.adl:[0-9]*:[0-9]*: error: "uart": there is no image "uart" in' "$WORK/said" || fail "$(cat "$WORK/said")"
