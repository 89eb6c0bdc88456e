# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Set-up: what is missing is installed or downloaded, what is there is left alone.

QEMU_NEEDED=9.2 # the first with a second UART on its virt machine that the guest can be denied
MUSL_VERSION=1.2.3-1

# package | a file or command that shows it is there | why
host_packages() {
	cat <<-'EOF'
	gcc|cc|host compiler: tools and unit tests
	libc6-dev|/usr/include/stdio.h|host C headers
	make|make|builds musl
	gcc-aarch64-linux-gnu|aarch64-linux-gnu-gcc|cross compiler: kernel, loader, components
	cmake|cmake|build system
	ninja-build|ninja|build system
	libcmocka-dev|/usr/include/cmocka.h|unit tests
	device-tree-compiler|dtc|device trees of the tests
	cpio|cpio|packs the guest's initramfs
	e2fsprogs|/sbin/mke2fs|makes the guests' disks
	kmod|/sbin/depmod|the guests' kernel modules
	fakeroot|fakeroot|keeps the owners of the guests' files, without root
	xz-utils|xz|unpacks source packages
	clang|clang|fuzzing: the kernel, virtio, the architecture language's compiler (libFuzzer)
	llvm|llvm-cov|how much of the kernel its unit tests run
	EOF
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die $EXIT_SETUP "packages are missing and there is no sudo: run ./skerry setup as root"
	fi
}

apt_root() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o Acquire::Retries=3 "$@"
}

# apt_step WHAT ARGS...: one apt-get run as root, its output kept in a log.
apt_step() {
	local what=$1
	shift
	mkdir -p "$CACHE"
	apt_root "$@" >"$CACHE/setup.log" 2>&1 || {
		tail -n 5 "$CACHE/setup.log" >&2
		die $EXIT_SETUP "$what failed; all of it is in $CACHE/setup.log"
	}
}

have() {
	case $1 in
	/*) [ -e "$1" ] ;;
	*) command -v "$1" >/dev/null ;;
	esac
}

need_debian() {
	command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
		die $EXIT_SETUP "set-up installs Debian packages and this machine has no apt; install by hand: $1"
}

setup_packages() {
	local package sign why missing=()
	while IFS='|' read -r package sign why; do
		have "$sign" && continue
		[ ${#missing[@]} -gt 0 ] || say "Installing with apt-get:"
		say "  $package ($why)"
		missing+=("$package")
	done < <(host_packages)
	[ ${#missing[@]} -gt 0 ] || return 0
	need_debian "${missing[*]}"
	apt_root update >"$CACHE/setup.log" 2>&1 || say "  apt-get update had errors (see $CACHE/setup.log); going on"
	apt_step "installing ${missing[*]}" install -y --no-install-recommends "${missing[@]}"
}

# qemu_good: a QEMU of the version that is needed is installed.
qemu_good() {
	local version
	command -v qemu-system-aarch64 >/dev/null || return 1
	version=$(qemu-system-aarch64 --version | sed -n 's/^QEMU emulator version \([0-9.]*\).*/\1/p')
	[ "$(printf '%s\n' "$QEMU_NEEDED" "$version" | sort -V | head -n 1)" = "$QEMU_NEEDED" ]
}

# Installs QEMU from the release's backports, whose lists are read into a folder of
# their own and forgotten, so that nothing else is ever taken from there.
qemu_from_backports() {
	local release dir with
	find_archive
	# shellcheck source=/dev/null
	release=$(. /etc/os-release && echo "$VERSION_CODENAME")-backports
	say "  from $release, which is read for this one installation only"
	dir=$(mktemp -d) || die $EXIT_SETUP "no temporary folder"
	mkdir -p "$dir/lists/partial" "$dir/parts"
	cp /etc/apt/sources.list.d/* "$dir/parts/" 2>/dev/null || true
	cat /etc/apt/sources.list >"$dir/sources.list" 2>/dev/null || true
	source_line deb "$release" >>"$dir/sources.list"
	with=(-o Dir::State::lists="$dir/lists" -o Dir::Etc::sourcelist="$dir/sources.list"
		-o Dir::Etc::sourceparts="$dir/parts" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
		-o APT::Sandbox::User=root)
	apt_root "${with[@]}" update >"$CACHE/setup.log" 2>&1 || true
	apt_step "installing qemu-system-arm from $release" "${with[@]}" install -y --no-install-recommends \
		-t "$release" qemu-system-arm
	as_root rm -rf "$dir"
}

# The release's own QEMU if it is new enough, else that of its backports.
setup_qemu() {
	local candidate
	qemu_good && return
	need_debian "qemu-system-aarch64 $QEMU_NEEDED or later"
	say "Installing with apt-get:"
	say "  qemu-system-arm (the machine; $QEMU_NEEDED or later)"
	apt_root update >"$CACHE/setup.log" 2>&1 || true
	candidate=$(LC_ALL=C apt-cache policy qemu-system-arm | sed -n 's/^ *Candidate: *//p')
	if dpkg --compare-versions "${candidate#*:}" ge "$QEMU_NEEDED" 2>/dev/null; then
		apt_step "installing qemu-system-arm" install -y --no-install-recommends qemu-system-arm
	else
		qemu_from_backports
	fi
	qemu_good || die $EXIT_SETUP "qemu-system-aarch64 is still missing or older than $QEMU_NEEDED"
}

setup_sources() {
	compgen -G "$CACHE/src/musl_*.orig.tar.*" >/dev/null || {
		say "Downloading the source of musl (C library of the components)"
		apt_private_open
		fetch_source "musl=$MUSL_VERSION"
	}
	compgen -G "$CACHE/src/device-tree-compiler_*.orig.tar.*" >/dev/null || {
		say "Downloading the source of device-tree-compiler (libfdt, for the loader and the VMM)"
		apt_private_open
		fetch_source device-tree-compiler/trixie
	}
}

# kernel_packages FLAVOUR: names of 6.12 kernel packages, newest first (the mirror may lag behind its lists).
kernel_packages() {
	apt_private apt-cache search --names-only "^linux-image-6\.12\.[0-9]+\+deb13-$1\$" | cut -d' ' -f1 | sort -rV
}

# get_guest FILE WHAT PATH-PATTERN PACKAGE...: FILE below guests/ comes out of the first package to be had.
get_guest() {
	local file=$GUESTS/$1 pattern=$2 found
	shift 2
	rm -rf "$CACHE/unpack"
	fetch_package "$CACHE/unpack" "$@"
	found=$(find "$CACHE/unpack" -path "$CACHE/unpack/$pattern" -type f | head -n 1)
	[ -n "$found" ] || die $EXIT_SETUP "package $1 has no file $pattern"
	mkdir -p "$GUESTS"
	cp "$found" "$file.new"
	mv "$file.new" "$file"
	rm -rf "$CACHE/unpack"
}

# The drivers of the virtio devices, which Debian's kernels have as modules; each behind those that it needs.
GUEST_MODULES='virtio_mmio virtio_blk failover net_failover virtio_net virtio-rng'
# ... and what is loaded only if there is such a device.
GUEST_MODULES_VSOCK='vsock vmw_vsock_virtio_transport_common vmw_vsock_virtio_transport'

# make_modules: those modules that a guest begins with as files, out of modules.tar.
make_modules() {
	local module found
	rm -rf "$CACHE/unpack" "$GUESTS/modules.new"
	mkdir -p "$CACHE/unpack" "$GUESTS/modules.new"
	tar -C "$CACHE/unpack" -xf "$GUESTS/modules.tar"
	for module in $GUEST_MODULES $GUEST_MODULES_VSOCK; do
		found=$(find "$CACHE/unpack" -name "$module.ko*" -type f | head -n 1)
		case $found in
		*.xz) xz -dc "$found" >"$GUESTS/modules.new/$module.ko" ;;
		*.ko) cp "$found" "$GUESTS/modules.new/$module.ko" ;;
		*) die $EXIT_SETUP "the guests' kernel has no module $module" ;;
		esac
	done
	# shellcheck disable=SC2086 # lists of words
	printf '%s\n' $GUEST_MODULES >"$GUESTS/modules.new/order"
	# shellcheck disable=SC2086
	printf '%s\n' $GUEST_MODULES_VSOCK >"$GUESTS/modules.new/vsock"
	rm -rf "$GUESTS/modules" "$CACHE/unpack"
	mv "$GUESTS/modules.new" "$GUESTS/modules"
}

# get_cloud PACKAGE...: the default guest's kernel and, of the same package, its modules as modules.tar.
get_cloud() {
	local kernel
	rm -rf "$CACHE/unpack" "$GUESTS/modules"
	fetch_package "$CACHE/unpack" "$@"
	kernel=$(find "$CACHE/unpack" -path "$CACHE/unpack/boot/vmlinuz-*" -type f | head -n 1)
	[ -n "$kernel" ] || die $EXIT_SETUP "package $1 has no file boot/vmlinuz-*"
	tar -C "$CACHE/unpack" -cf "$GUESTS/modules.tar.new" usr/lib/modules || die $EXIT_SETUP "cannot keep the modules of $1"
	mv "$GUESTS/modules.tar.new" "$GUESTS/modules.tar"
	cp "$kernel" "$GUESTS/cloud.Image.new"
	mv "$GUESTS/cloud.Image.new" "$GUESTS/cloud.Image"
	rm -rf "$CACHE/unpack"
}

setup_guests() {
	local names
	if [ ! -e "$GUESTS/cloud.Image" ] || [ ! -e "$GUESTS/modules.tar" ]; then
		say "Downloading the Linux kernel, cloud flavour, arm64 (28 MB: the default guests)"
		apt_private_open
		names=$(kernel_packages cloud-arm64)
		# shellcheck disable=SC2086 # a list of words
		get_cloud $names
	fi
	[ -e "$GUESTS/modules/vsock" ] || make_modules
	if [ ! -e "$GUESTS/plain.Image" ]; then
		say "Downloading the Linux kernel, plain, arm64 (100 MB: a guest of the tests)"
		apt_private_open
		names=$(kernel_packages arm64)
		# shellcheck disable=SC2086
		get_guest plain.Image 'boot/vmlinuz-*' $names
	fi
	if [ ! -e "$GUESTS/busybox" ]; then
		say "Downloading busybox-static, arm64 (1 MB: user land of the guests that run from memory)"
		apt_private_open
		get_guest busybox '*bin/busybox' busybox-static
	fi
	if [ ! -e "$GUESTS/u-boot.bin" ]; then
		say "Downloading u-boot-qemu (a guest of the tests)"
		apt_private_open
		mkdir -p "$APT/deb"
		get_guest u-boot.bin 'usr/lib/u-boot/qemu_arm64/u-boot.bin' u-boot-qemu
	fi
}

setup() {
	mkdir -p "$CACHE" 2>/dev/null || die $EXIT_SETUP "$CACHE: cannot be made; set SKERRY_CACHE to a folder of yours"
	setup_packages
	setup_qemu
	setup_sources
	setup_guests
	setup_debian
	[ -z "${APT_OPEN:-}" ] || apt_private_close
}
