# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# The machine: QEMU, and what it says when it ends.
#
# Skerry reports on a second UART that no guest can reach. QEMU writes it to a
# file; its last line "exit CODE TEXT" is how the machine ended.

# Settings of the next machine_run; machine_defaults sets them all.
machine_defaults() {
	MACHINE_CPU=cortex-a72
	MACHINE_CORES=2
	MACHINE_MIB=512
	MACHINE_ICOUNT=
	MACHINE_DEBUG=
	MACHINE_TIMEOUT=
	MACHINE_QUIET=
	MACHINE_DISKS=()
	MACHINE_NET=
	MACHINE_TRANSPORT=mmio
	MACHINE_EXTRA=()
}

# Where the systems' texts (apps/demos) have the disks, in their order, and the network: mmio.N is virtio-mmio
# transport N (each of these has its page of registers alone), pci.N device N on PCI.
MACHINE_DISK_PLACES_mmio=(mmio.0 mmio.8 mmio.24 pci.1)
MACHINE_DISK_PLACES_pci=(pci.1 pci.2 pci.3 mmio.0)
MACHINE_NET_PLACE_mmio=mmio.16
MACHINE_NET_PLACE_pci=pci.4

# machine_virtio KIND PLACE: QEMU's name of the virtio device there, and where it is.
machine_virtio() {
	case $2 in
	mmio.*) echo "virtio-$1-device,bus=virtio-mmio-bus.${2#mmio.}" ;;
	pci.*) echo "virtio-$1-pci,bus=pcie.0,addr=${2#pci.},disable-legacy=on,romfile=" ;;
	esac
}

# Appends QEMU's arguments for MACHINE_DISKS and MACHINE_NET to the caller's args.
machine_devices() {
	local n=0 disk ro
	local -n disks=MACHINE_DISK_PLACES_$MACHINE_TRANSPORT net=MACHINE_NET_PLACE_$MACHINE_TRANSPORT
	[ -n "${MACHINE_DISKS[*]}$MACHINE_NET" ] || return 0
	args+=(-global virtio-mmio.force-legacy=false)
	[ -z "$MACHINE_NET" ] || args+=(-netdev user,id=net0 -device "$(machine_virtio net "$net"),netdev=net0")
	for disk in "${MACHINE_DISKS[@]}"; do
		ro=
		[ "$disk" = "${disk%,ro}" ] || ro=,readonly=on
		disk=${disk%,ro}
		args+=(-drive "if=none,id=disk$n,format=raw$ro,file=${disk//,/,,}"
			-device "$(machine_virtio blk "${disks[n]}"),drive=disk$n")
		n=$((n + 1))
	done
}

# machine_mib IMAGE ARCHIVE GUEST-MIB: how much RAM the machine needs. QEMU puts
# the archive 128 MiB into it; the guest's RAM should find one piece behind that.
machine_mib() {
	local archive=0 more=0
	[ -z "$2" ] || archive=$(($(stat -c %s "$2") / 1048576 + 1))
	[ ! -e "${1%.img}.mib" ] || more=$(<"${1%.img}.mib")
	echo $((more + 128 + $(stat -c %s "$1") / 1048576 + archive + $3 + 96))
}

# report_trace LINE...: a debug kernel's trace, as a text.
report_trace() {
	[ $# = 0 ] || printf '%s\n' "$@" | "$TOP/tools/trace/events" "$BOOT_SYSTEM"
}

# What the status port said, without how the machine ended; behind the image of a component that
# faulted the function and the line of its source; a debug kernel's trace as a text.
machine_report() {
	local line pc='' trace=()
	while IFS= read -r line; do
		line=${line%$'\r'}
		[[ $line != 'exit '* ]] || continue
		if [ "${line%% *}" = trace ]; then
			trace+=("$line")
			[ "$line" = 'trace end' ] || continue
			report_trace "${trace[@]}"
			trace=()
			continue
		fi
		printf '%s\n' "$line"
		[[ ! $line =~ faulted:.*\ pc\ (0x[0-9a-f]+) ]] || pc=${BASH_REMATCH[1]}
		[[ $line =~ ^\ \ image\ ([A-Za-z0-9_-]+)$ ]] && [ -n "$pc" ] && [ -e "$BUILD/components/${BASH_REMATCH[1]}.elf" ] || continue
		printf '  pc %s is in %s\n' "$pc" "$(aarch64-linux-gnu-addr2line -sfpe "$BUILD/components/${BASH_REMATCH[1]}.elf" "$pc")"
	done
	report_trace "${trace[@]}" # of a machine that ended meanwhile
}

# machine_follow: reads the status port in the background from now on, keeps it in $work/status and says what
# it said at once; until machine_last. Pipes: both sides know where the end is, and root can be asked for a
# trace, as it is before the time is over.
machine_follow() {
	mkfifo "$work/port.in" "$work/port.out" "$work/never" || die $EXIT_SETUP "$work/port.in: cannot be made"
	port=(-chardev "pipe,id=status,path=$work/port" -serial chardev:status)
	exec {held}<>"$work/port.out"
	{ tee "$work/status" <"$work/port.out" | machine_report >&2; } {held}>&- &
	follower=$!
	say "This is the debug kernel: it keeps a trace, and is slower. To have it printed: echo >$work/port.in"
	[ -n "$MACHINE_TIMEOUT" ] || return 0
	{
		read -r -t "$((MACHINE_TIMEOUT > 10 ? MACHINE_TIMEOUT - 5 : MACHINE_TIMEOUT / 2)).5"
		echo 1<>"$work/port.in" # (for a machine that is gone by then this does not wait)
	} {held}>&- <>"$work/never" >/dev/null 2>&1 &
	asker=$!
}

# machine_last: QEMU has ended; what is left to be said, is.
machine_last() {
	if [ -n "$follower" ]; then
		[ -z "$asker" ] || kill "$asker" 2>/dev/null
		exec {held}>&-
		wait "$follower"
	else
		machine_report <"$work/status" >&2
	fi
}

# machine_run IMAGE [ARCHIVE]: boots the system image, console on stdin and stdout.
# Returns one of the exit codes.
machine_run() {
	local image=$1 archive=${2:-} work rc line code text follower='' asker='' held
	local port=()
	local args=(-M "virt,virtualization=on,gic-version=3${MACHINE_ICOUNT:+,dtb-randomness=off}"
		-cpu "$MACHINE_CPU" -smp "$MACHINE_CORES" -m "$MACHINE_MIB" -nographic -nic none -no-reboot)
	work=$(mktemp -d) || die $EXIT_SETUP "no temporary folder"
	: >"$work/status"
	port=(-serial "file:$work/status")
	[ -z "$MACHINE_DEBUG" ] || machine_follow
	args+=(-serial mon:stdio "${port[@]}" -kernel "$image")
	[ -z "$archive" ] || args+=(-initrd "$archive")
	[ -z "$MACHINE_ICOUNT" ] || args+=(-icount shift=0,sleep=off -rtc base=2026-01-01,clock=vm)
	machine_devices
	args+=("${MACHINE_EXTRA[@]}")
	# -k: an idle QEMU with sleep=off may not hear SIGTERM.
	${MACHINE_TIMEOUT:+timeout --foreground -k 2 "$MACHINE_TIMEOUT"} qemu-system-aarch64 "${args[@]}"
	rc=$?
	machine_last
	line=$(tr -d '\r' <"$work/status" | grep '^exit ' | tail -n 1)
	rm -rf "$work"
	read -r _ code text <<<"$line"
	if [[ ${code:-} =~ ^[0-9]{1,3}$ ]]; then
		case $code in
		0) ;;
		"$EXIT_CRASH" | "$EXIT_RESET") say "skerry: the guest ended: ${text:-code $code}" ;;
		*) say "skerry: ${text:-code $code}" ;;
		esac
		return "$code"
	fi
	case $rc in
	124 | 137)
		say "skerry: the time of $MACHINE_TIMEOUT s is over"
		return $EXIT_TIMEOUT
		;;
	0)
		[ -n "$MACHINE_QUIET" ] || say "skerry: the machine ended without a report"
		return $EXIT_SKERRY
		;;
	*)
		say "skerry: QEMU ended with $rc"
		return $EXIT_SKERRY
		;;
	esac
}
