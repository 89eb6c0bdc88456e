# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# The Debian guests: the packages that their root file system is unpacked from, and
# the disks, which are the user's.

# What the root file system is made of; apt adds what these depend on. The init is sysvinit,
# which with one script for all has a shell in seconds, in QEMU's emulation too.
DEBIAN_PACKAGES='base-files base-passwd bash coreutils dash debianutils findutils grep gzip hostname less libc-bin
	mawk mount ncurses-base procps sed sysvinit-core sysvinit-utils tar util-linux e2fsprogs
	iproute2 iputils-ping kmod nano nftables'
DEBIAN=$GUESTS/debian

# The packages lie in $DEBIAN, with the list that they were chosen by.
setup_debian() {
	# shellcheck disable=SC2086 # a list of words
	local list names
	list=$(printf '%s\n' $DEBIAN_PACKAGES)
	[ ! -e "$DEBIAN/list" ] || [ "$(<"$DEBIAN/list")" != "$list" ] || return 0
	say "Downloading Debian packages, arm64 (30 MB: the root file system of the Debian guests)"
	apt_private_open
	mkdir -p "$GUESTS"
	rm -rf "$DEBIAN.new" "$APT/cache/archives"
	mkdir -p "$APT/cache/archives/partial"
	# shellcheck disable=SC2086
	apt_private apt-get install --download-only -y --no-install-recommends $DEBIAN_PACKAGES >>"$APT/log" 2>&1 || {
		tail -n 5 "$APT/log" >&2
		die $EXIT_SETUP "cannot download the packages of the Debian guests; all of it is in $APT/log"
	}
	names=$(find "$APT/cache/archives" -maxdepth 1 -name '*.deb' | wc -l)
	say "  $names packages"
	mkdir "$DEBIAN.new"
	mv "$APT"/cache/archives/*.deb "$DEBIAN.new/"
	echo "$list" >"$DEBIAN.new/list"
	rm -rf "$DEBIAN"
	mv "$DEBIAN.new" "$DEBIAN"
}

# debian_disk NAME: sets DISK to the user's disk of that name, which is made of the
# root file system that was built if it is not there, or if BOOT_FRESH is set.
debian_disk() {
	local made=$BUILD/debian.ext4
	DISK=$DATA/$1.img
	mkdir -p "$DATA" 2>/dev/null || die $EXIT_SETUP "$DATA: cannot be made; set SKERRY_DATA to a folder of yours"
	if [ -e "$DISK" ] && [ -z "$BOOT_FRESH" ]; then
		[ -f "$DISK" ] && [ -s "$DISK" ] || die $EXIT_USER "$DISK: this is no disk of a guest; --fresh makes one in its place"
		[ -w "$DISK" ] || die $EXIT_USER "$DISK: the guest's disk cannot be written"
		return
	fi
	[ ! -d "$DISK" ] || die $EXIT_USER "$DISK: the guest's disk is to be there, and there is a folder"
	say "Making a disk: $DISK"
	cp --sparse=always --reflink=auto "$made" "$DISK.new" && mv "$DISK.new" "$DISK" ||
		die $EXIT_SETUP "$DISK: cannot be made"
}
