# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# What root must refuse at start: nothing of the system runs, the console and the
# status port name the cause, the machine is switched off.

# root_says MESSAGE QEMU-ARGS...
root_says() {
	local text=$1 out rc
	shift
	: >"$WORK/status"
	out=$(timeout -k 1 80 qemu-system-aarch64 -M virt,virtualization=on,gic-version=3 -cpu cortex-a72 -nographic \
		-nic none -no-reboot -serial mon:stdio -serial "file:$WORK/status" "$@" </dev/null 2>&1)
	rc=$?
	[ $rc = 0 ] || fail "\"$text\": the machine was not switched off"
	echo "$out"
	grep -qF -- "root: $text" <<<"$out" || fail "the console does not say \"$text\""
	grep -qF -- "exit 1 $text" "$WORK/status" || fail "the status port says \"$(cat "$WORK/status")\"; expected \"exit 1 $text\""
}

# params TEXT FILE...: packs them as the guest's archive.
params() {
	printf '%b' "$1" >"$WORK/params"
	shift
	"$BUILD/tools/skerry-pack" archive "$WORK/archive" "params=$WORK/params" "$@" || fail "cannot pack the archive"
}

LINUX=(-m 512 -kernel "$BUILD/linux.img")
GUEST=("${LINUX[@]}" -initrd "$WORK/archive")
echo kernel >"$WORK/kernel"

root_says '"guest.kernel" is in archive "initrd", but the machine was given no such archive' "${LINUX[@]}"
params 'guest.mem=64M\n'
root_says 'archive "initrd" has no file "kernel", or an empty one' "${GUEST[@]}"
params 'guest.mem=64M\nguest.cpus 1\n' "kernel=$WORK/kernel"
root_says 'archive "initrd", file "params": line 2: expected key=value' "${GUEST[@]}"
params 'guest.mem=lots\n' "kernel=$WORK/kernel"
root_says 'parameter guest.mem=lots: expected the bytes of "guest.ram"' "${GUEST[@]}"
params 'guest.mem=64001\n' "kernel=$WORK/kernel"
root_says 'parameter guest.mem=64001: expected the bytes of "guest.ram", whole pages' "${GUEST[@]}"
params 'guest.mem=2G\n' "kernel=$WORK/kernel"
root_says 'not enough RAM for guest.ram: 2097152 KiB needed' "${GUEST[@]}"
params "guest.append=$(printf '%05000d' 0)\n" "kernel=$WORK/kernel"
root_says 'archive "initrd", file "params": line 1: the line is too long' "${GUEST[@]}"
root_says '"victim.main" is to be on core 1; this machine has 1' -m 256 -kernel "$BUILD/victim-core1.img"

# The spec itself: its magic, at the start of the file, which begins on a page.
spec=$(grep -abo SKYSPEC1 "$BUILD/victim-core0.img" | while IFS=: read -r at _; do
	[ $((at % 4096)) != 0 ] || echo "$at"
done)
[ -n "$spec" ] || fail "no spec in the image"
cp "$BUILD/victim-core0.img" "$WORK/image"
printf 'X' | dd of="$WORK/image" bs=1 seek="$spec" conv=notrunc status=none
root_says 'system spec: magic 0x' -m 256 -kernel "$WORK/image"
cp "$BUILD/victim-core0.img" "$WORK/image"
printf '\377' | dd of="$WORK/image" bs=1 seek=$((spec + 12)) conv=notrunc status=none
root_says 'system spec: it says ' -m 256 -kernel "$WORK/image"

# The board that a system was built for: its devices stand where it said.
dtc -q -I dtb -O dts "$BUILD/boards/virt.dtb" >"$WORK/board.dts"
other_board() { # SED MESSAGE
	sed "$1" "$WORK/board.dts" | dtc -q -I dts -O dtb -o "$WORK/other.dtb" - || fail "cannot make the other board"
	"$BUILD/tools/skerry-idl" -I "$TOP/idl/std" -b "$WORK/other.dtb" spec "$TOP/apps/demos/disk/disk.adl" \
		"$WORK/other.spec" || fail "cannot build for the other board"
	local contents=("spec=$WORK/other.spec" "@$WORK/other.files") file
	for file in kernel root uart vmm pci-host virtio-blk virtio-net switch; do
		contents+=("$file=$BUILD/stripped/$file")
	done
	"$BUILD/tools/skerry-pack" archive "$WORK/system" "${contents[@]}" &&
		"$BUILD/tools/skerry-pack" image "$WORK/image" "$BUILD/kernel/boot/loader.bin" "$WORK/system" || fail "cannot pack"
	params 'guest.mem=64M\n' "kernel=$WORK/kernel"
	root_says "$2" -m 512 -kernel "$WORK/image" -initrd "$WORK/archive"
}
other_board 's/reg = <0x00 0xa001000 /reg = <0x00 0xa005000 /' \
	'device "virtio8": /virtio_mmio@a001000 is at 0xa001000 on this machine, the system was built for 0xa005000'
other_board '/virtio_mmio@a002000/,/}/s/interrupts = <0x00 0x20 /interrupts = <0x00 0x2f /' \
	'irq "uplink_irq": device "virtio16" has interrupt 64 on this machine, the system was built for 79'
other_board 's/reg = <0x40 0x10000000 /reg = <0x41 0x10000000 /' \
	'device "function1.config": /pcie@10000000 of this machine does not have 0x4110008000, for which the system was built'
