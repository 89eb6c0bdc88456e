# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Machines and images that the loader must refuse, as a whole in QEMU: it says what
# is wrong, switches the machine off, and nothing of the system runs.
GOOD=$BUILD/test-calls.img
EL2=virt,virtualization=on,gic-version=3
LOADER=$BUILD/kernel/boot/loader.bin
END=$((($(stat -c %s "$LOADER") + 4095) / 4096 * 4096)) # where the archive begins

# machine TEXT QEMU-ARGS...
machine() {
	local text=$1 out rc
	shift
	out=$(timeout -k 1 80 qemu-system-aarch64 -cpu cortex-a72 -nographic -nic none -no-reboot "$@" </dev/null 2>&1)
	rc=$?
	echo "$out"
	[ $rc = 0 ] || fail "the machine did not switch itself off: $rc"
	grep -qF -- "$text" <<<"$out" || fail "the loader does not say \"$text\""
	! grep -q '^ok ' <<<"$out" || fail "the system ran all the same"
}

# broken TEXT OFFSET BYTES: the good image with BYTES (printf format) at OFFSET of its archive.
broken() {
	cp "$GOOD" "$WORK/broken.img"
	# shellcheck disable=SC2059 # the bytes are a format
	printf "$3" | dd of="$WORK/broken.img" bs=1 seek=$((END + $2)) conv=notrunc status=none
	machine "$1" -M $EL2 -m 512 -kernel "$WORK/broken.img"
}

# The image itself is good: without this the rest would show nothing.
timeout -k 1 80 qemu-system-aarch64 -M $EL2 -cpu cortex-a72 -m 512 -nographic -nic none -no-reboot -kernel "$GOOD" \
	</dev/null | grep -q '^done' || fail "the good image does not run"

machine 'entered at EL1' -M virt,gic-version=3 -m 512 -kernel "$GOOD"
machine 'a GICv3 is needed' -M virt,virtualization=on,gic-version=2 -m 512 -kernel "$GOOD"
machine '/memory' -M $EL2 -m 16 -kernel "$GOOD"

# A guest archive that is none.
head -c 65536 /dev/zero | tr '\0' 'Z' >"$WORK/junk"
machine 'initrd: archive: bad magic' -M $EL2 -m 512 -kernel "$GOOD" -initrd "$WORK/junk"

# A system archive that is none, of another version, that claims too much, or is not there.
broken 'system image: archive: bad magic' 0 'X'
broken 'system image: archive' 8 '\x09'
broken 'system image: archive' 12 '\xff\xff'
broken 'system image: archive' 16 '\x01'
broken 'system image: archive' 22 '\x7f'
machine 'system image: archive' -M $EL2 -m 512 -kernel "$LOADER"

# The first file's name, its offset, its size.
broken 'system image: archive' 32 '\x00'
broken 'system image: archive' 80 '\x01'
broken 'system image: archive' 95 '\x7f'

# Cut off behind the table: kernel and root are zeroes.
head -c $((END + 8192)) "$GOOD" >"$WORK/short.img"
machine 'ELF' -M $EL2 -m 512 -kernel "$WORK/short.img"
