# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# ./skerry build, setup, clean.

# build_preset PRESET [TARGET...]: configures if need be, builds, says nothing when there is nothing to do.
build_preset() {
	local preset=$1 tree=$TOP/build/$1 log
	shift
	mkdir -p "$tree" || die $EXIT_SETUP "$tree: cannot be made"
	log=$tree/configure.log
	if [ ! -e "$tree/build.ninja" ]; then
		say "Configuring $preset"
		(cd "$TOP" && cmake --preset "$preset" -DSKERRY_CACHE="$CACHE") >"$log" 2>&1 || {
			cat "$log" >&2
			rm -f "$tree/CMakeCache.txt" "$tree/build.ninja"
			die $EXIT_SETUP "cmake --preset $preset failed"
		}
	fi
	ninja -C "$tree" -n "$@" 2>/dev/null | grep -q 'no work to do' && return 0
	say "Building $preset"
	if [ -t 2 ]; then
		ninja -C "$tree" "$@" >&2
	else
		ninja -C "$tree" --quiet "$@" >&2
	fi || die $EXIT_SETUP "the build of $preset failed"
}

command_build() {
	case ${1:-} in
	-h | --help)
		cat <<-EOF
		Usage: ./skerry build
		Sets up what is missing and builds everything: kernel, loader, components and
		system images in build/$ARCH, unit tests in build/host.

		$(exit_codes)
		EOF
		return
		;;
	'') ;;
	*) die $EXIT_USER "build: $1: no such option; ./skerry build --help" ;;
	esac
	setup
	build_preset "$ARCH"
	build_preset host
	say "Built. System images: $(cd "$BUILD" && echo ./*.img | sed 's/\.\///g')"
}

command_setup() {
	case ${1:-} in
	-h | --help)
		cat <<-EOF
		Usage: ./skerry setup
		Installs the Debian packages that are missing (as root or through sudo) and
		downloads, with apt and under its signatures, the sources of musl and libfdt and
		the guests: Linux kernels, busybox, U-Boot. Suites are derived from this
		machine's own Debian source. Nothing is done twice. Downloads are kept in
		\$SKERRY_CACHE, now $CACHE.

		Packages:
		$(host_packages | awk -F'|' '{ printf "  %-24s %s\n", $1, $3 }')
		  qemu-system-arm          the machine, $QEMU_NEEDED or later; from backports if the release's own is older

		$(exit_codes)
		EOF
		return
		;;
	'') ;;
	*) die $EXIT_USER "setup: $1: no such option; ./skerry setup --help" ;;
	esac
	setup
	say "All is there. Downloads: $CACHE"
}

command_clean() {
	case ${1:-} in
	-h | --help)
		cat <<-EOF
		Usage: ./skerry clean [--downloads]
		Removes build/. With --downloads also what set-up fetched ($CACHE).
		The guests' disks ($DATA) stay.
		EOF
		return
		;;
	'' | --downloads) ;;
	*) die $EXIT_USER "clean: $1: no such option; ./skerry clean --help" ;;
	esac
	rm -rf "$TOP/build"
	if [ "${1:-}" = --downloads ]; then
		rm -rf "$CACHE/apt" "$CACHE/src" "$CACHE/guests" "$CACHE/unpack" "$CACHE/backports" "$CACHE/setup.log"
		rmdir "$CACHE" 2>/dev/null || true
	fi
}
