# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# ./skerry run: a system with guests that Skerry brings along.

# NAME|what it is. Those that are not here but in apps/demos can be run as well.
run_systems() {
	cat <<-'EOF'
	default|two Debian guests, each with a disk of its own, on one network with this machine
	firewall|two Debian guests: one inside, and the firewall between it and this machine
	linux|one guest, Debian's kernel with busybox, which runs from memory
	sockets|two of these guests that reach each other, and a component, by sockets (net check vsock 2 7 1000)
	two|two of these guests with disks in memory; with --net user also a network
	eight|eight of them with 96 MiB each, on one network without a way out
	vlans|three of them with 96 MiB each in two VLANs of one switch, one with a rate; --net user: a network for the third
	disk|one of them with files as disks (--disk) and a network (--net user)
	disk-mapped|one of them with a disk (--disk) whose driver takes data from the guest's memory itself
	partitions|one of them with two partitions of one disk (--disk)
	ramdisk|one of them with two disks in memory, bounced and mapped
	consoles|one of them with a second console, a virtio one
	slots|a manager's console, from which two guests are started and stopped; type make
	hello|no guest: two components, one calls the other
	EOF
}

run_usage() {
	cat <<-EOF
	Usage: ./skerry run [SYSTEM] [OPTIONS]
	Sets up what is missing, builds, and boots SYSTEM (default) in QEMU with its consoles on
	the terminal. poweroff in a guest ends that guest; when all are off, the machine ends.
	Ctrl-] and a number shows another guest's console, Ctrl-] a all of them; Ctrl-A x leaves.

	$(run_systems | awk -F'|' '{ printf "  %-11s %s\n", $1, $2 }')

	Options are those of ./skerry boot; for each guest: --kernel, --initrd, --append, --mem, --cpus.

	  --fresh          default, firewall: the guests' disks are made anew; without it they are as
	                   they were left. They are files in \$SKERRY_DATA, now $DATA.

	$(exit_codes)
	EOF
}

# The files of the archive that the system's guests are started from.
run_guests() {
	[ -z "$BOOT_KERNEL" ] || return 0
	BOOT_KERNEL=$GUESTS/cloud.Image
	[ -n "$BOOT_INITRD" ] || BOOT_INITRD=$BUILD/initramfs.cpio.gz
}

# Whether the guests of SYSTEM have disks of their own, each with Debian on it.
run_is_debian() {
	case $1 in
	default | firewall) ;;
	*) return 1 ;;
	esac
}

# The disks of BOOT_SYSTEM's guests, which find their root file systems there.
run_debian() {
	local guest
	[ ${#MACHINE_DISKS[@]} = 0 ] ||
		die $EXIT_USER "--disk: the guests of $BOOT_SYSTEM have disks of their own; ./skerry boot takes disks of yours"
	while read -r guest _; do
		debian_disk "$BOOT_SYSTEM-$guest"
		MACHINE_DISKS+=("$DISK")
	done < <(boot_guests)
	BOOT_NAMED=1
	boot_append "root=/dev/vda rdinit=/etc/diskroot quiet $BOOT_APPEND"
	say "Booting $BOOT_SYSTEM: Debian guests $(boot_guests | cut -d' ' -f1 | paste -sd' '). The first one's console is here; Ctrl-] 2 shows the second's, Ctrl-] 1 the first's."
	say "poweroff ends a guest, and when all are off the machine; Ctrl-A x leaves at once."
}

command_run() {
	local system=default option options=() with=()
	BOOT_FRESH=
	case ${1:-} in
	'' | -*) ;;
	*)
		system=$1
		shift
		;;
	esac
	for option in "$@"; do
		[ "$option" = --fresh ] && BOOT_FRESH=1 || options+=("$option")
	done
	case $system in
	eight | vlans) with=(--mem 96M) ;;
	default | firewall) with=(--net user --mem 256M) ;;
	esac
	boot_options --system "$system" "${with[@]}" "${options[@]}"
	if [ -n "$BOOT_HELP" ]; then
		run_usage
		return
	fi
	[ -n "$(system_text "$BOOT_SYSTEM")" ] || [ -f "$BUILD/$BOOT_SYSTEM.img" ] || no_system "$BOOT_SYSTEM"
	[ -z "$BOOT_FRESH" ] || run_is_debian "$BOOT_SYSTEM" || die $EXIT_USER "--fresh: $BOOT_SYSTEM keeps no disks"
	setup
	build_preset "$ARCH"
	boot_check
	run_guests
	if run_is_debian "$BOOT_SYSTEM"; then
		run_debian
	else
		say "Booting $BOOT_SYSTEM. Type poweroff in the guest to end it; Ctrl-A x leaves at once."
	fi
	keep_terminal
	boot_go
}
