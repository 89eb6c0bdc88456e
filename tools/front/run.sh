# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# ./skerry run: a system with the default guest, Debian's Linux and busybox.

command_run() {
	local system=linux
	case ${1:-} in
	'' | -*) ;;
	*)
		system=$1
		shift
		;;
	esac
	boot_options --system "$system" "$@"
	if [ -n "$BOOT_HELP" ]; then
		cat <<-EOF
		Usage: ./skerry run [SYSTEM] [OPTIONS]
		Sets up what is missing, builds, and boots SYSTEM (linux) in QEMU with the guest's
		console on the terminal: Debian's unmodified Linux with a busybox shell.
		Type poweroff to end it, Ctrl-A x to leave at once.

		Options are those of ./skerry boot.

		$(exit_codes)
		EOF
		return
	fi
	setup
	build_preset "$ARCH"
	[ -n "$BOOT_KERNEL" ] || {
		BOOT_KERNEL=$GUESTS/cloud.Image
		[ -n "$BOOT_INITRD" ] || BOOT_INITRD=$BUILD/initramfs.cpio.gz
	}
	boot_check
	say "Booting $BOOT_SYSTEM. Type poweroff in the guest to end it; Ctrl-A x leaves at once."
	keep_terminal
	boot_go
}
