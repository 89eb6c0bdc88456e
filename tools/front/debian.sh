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

# What tests want besides (--full): fio, for its verification of what a disk gives back; iperf3.
DEBIAN_TEST_PACKAGES='fio iperf3'
DEBIAN_TEST=$GUESTS/debian-test

# debian_packages FOLDER PACKAGE...: downloads these, and what they depend on, to FOLDER, with the list that they were
# chosen by; what another folder has already is left out.
debian_packages() {
	local folder=$1 list names file
	shift
	list=$(printf '%s\n' "$@")
	apt_private_open
	mkdir -p "$GUESTS"
	rm -rf "$folder.new" "$APT/cache/archives"
	mkdir -p "$APT/cache/archives/partial"
	# What another folder has is not fetched again; apt looks at its sums.
	[ "$folder" = "$DEBIAN" ] || cp "$DEBIAN"/*.deb "$APT/cache/archives/"
	apt_private apt-get install --download-only -y --no-install-recommends "$@" >>"$APT/log" 2>&1 || {
		tail -n 5 "$APT/log" >&2
		die $EXIT_SETUP "cannot download the packages of the Debian guests; all of it is in $APT/log"
	}
	mkdir "$folder.new"
	for file in "$APT"/cache/archives/*.deb; do
		[ "$folder" != "$DEBIAN" ] && [ -e "$DEBIAN/${file##*/}" ] || mv "$file" "$folder.new/"
	done
	names=$(find "$folder.new" -name '*.deb' | wc -l)
	say "  $names packages"
	echo "$list" >"$folder.new/list"
	rm -rf "$folder"
	mv "$folder.new" "$folder"
}

# The packages lie in $DEBIAN.
setup_debian() {
	# shellcheck disable=SC2086 # a list of words
	set -- $DEBIAN_PACKAGES
	[ ! -e "$DEBIAN/list" ] || [ "$(<"$DEBIAN/list")" != "$(printf '%s\n' "$@")" ] || return 0
	say "Downloading Debian packages, arm64 (30 MB: the root file system of the Debian guests)"
	debian_packages "$DEBIAN" "$@"
}

# debian_test_disk FILE: a disk with the root file system of the Debian guests and DEBIAN_TEST_PACKAGES. Of what apt chose
# only these and their libraries are unpacked: no Python, no package tools.
debian_test_disk() {
	# shellcheck disable=SC2086
	set -- "$1" $DEBIAN_PACKAGES $DEBIAN_TEST_PACKAGES
	if [ ! -e "$DEBIAN_TEST/list" ] || [ "$(<"$DEBIAN_TEST/list")" != "$(printf '%s\n' "${@:2}")" ]; then
		say "Downloading Debian packages, arm64 (35 MB: fio, iperf3 and their libraries, for tests)"
		debian_packages "$DEBIAN_TEST" "${@:2}"
		apt_private_close
		find "$DEBIAN_TEST" -name '*.deb' ! -name 'fio_*' ! -name 'iperf3_*' ! -name 'lib*' -delete
		rm -f "$DEBIAN_TEST"/libpython*
	fi
	"$TOP/tools/guest/debian/make" "$1" "$GUESTS/modules.tar" "$GUESTS/busybox" "$DEBIAN" "$DEBIAN_TEST" ||
		die $EXIT_SETUP "$1: cannot be made"
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
