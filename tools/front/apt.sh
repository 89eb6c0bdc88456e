# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Packages of other suites and architectures, by apt's own tools and under its own
# signature checks, from the mirror that this machine uses already. A private
# apt root in the cache keeps the machine's package database out of it.

APT=$CACHE/apt

# Prints "URI SIGNED-BY" of the machine's own Debian archive: the entry whose
# suite is the release itself (not security or updates) with component main.
machine_source() {
	local file release
	# shellcheck source=/dev/null
	release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
	[ -n "$release" ] || return 1
	for file in /etc/apt/sources.list.d/*.sources; do
		[ -e "$file" ] || continue
		awk -v RS= -v release="$release" '
			{
				uri = key = ""; hit = 0
				n = split($0, line, "\n")
				for (i = 1; i <= n; i++) {
					if (line[i] ~ /^URIs:/) { split(line[i], w, /[ \t]+/); uri = w[2] }
					if (line[i] ~ /^Signed-By:/) { split(line[i], w, /[ \t]+/); key = w[2] }
					if (line[i] ~ /^Suites:/ && (line[i] " ") ~ ("[ \t]" release "[ \t]")) hit++
					if (line[i] ~ /^Components:/ && (line[i] " ") ~ /[ \t]main[ \t]/) hit++
				}
				if (hit == 2 && uri != "") { print uri, key; exit }
			}' "$file"
	done | head -n 1 | grep . && return
	# One-line format: deb [options] URI SUITE COMPONENTS
	{ cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true; } | awk -v release="$release" '
		$1 == "deb" {
			key = ""
			line = $0
			if (match(line, /\[[^]]*\]/)) {
				options = substr(line, RSTART + 1, RLENGTH - 2)
				line = substr(line, 1, RSTART - 1) substr(line, RSTART + RLENGTH)
				if (match(options, /signed-by=[^ ]*/)) key = substr(options, RSTART + 10, RLENGTH - 10)
			}
			n = split(line, w)
			if (w[3] == release && (line " ") ~ / main /) { print w[2], key; exit }
		}' | grep .
}

# Sets ARCHIVE_URI and ARCHIVE_KEY.
find_archive() {
	local found
	[ -z "${ARCHIVE_URI:-}" ] || return 0
	found=$(machine_source) ||
		die $EXIT_SETUP "no Debian archive in /etc/apt: the suites to fetch from are derived from the machine's own; add its Debian source"
	read -r ARCHIVE_URI ARCHIVE_KEY <<<"$found"
	[ -n "$ARCHIVE_KEY" ] || ARCHIVE_KEY=/usr/share/keyrings/debian-archive-keyring.gpg
	[ -r "$ARCHIVE_KEY" ] || die $EXIT_SETUP "$ARCHIVE_KEY: no such keyring; install debian-archive-keyring"
}

# source_line TYPE SUITE
source_line() {
	printf '%s [signed-by=%s] %s %s main\n' "$1" "$ARCHIVE_KEY" "$ARCHIVE_URI" "$2"
}

# apt_private TOOL ARGS...: apt-get or apt-cache for arm64 in the private root.
apt_private() {
	local tool=$1
	shift
	"$tool" -q -o Dir::State="$APT/state" -o Dir::State::status="$APT/status" -o Dir::Cache="$APT/cache" \
		-o Dir::Etc::sourcelist="$APT/sources.list" -o Dir::Etc::sourceparts="$APT/none" -o Dir::Etc::preferencesparts="$APT/none" \
		-o APT::Architecture=arm64 -o APT::Architectures=arm64 -o APT::Sandbox::User=root -o Acquire::Retries=3 \
		-o Acquire::Languages=none "$@"
}

# Makes the private root and reads the package lists, once per run of ./skerry.
apt_private_open() {
	[ -z "${APT_OPEN:-}" ] || return 0
	find_archive
	mkdir -p "$APT/none" "$APT/state/lists/partial" "$APT/cache/archives/partial"
	: >"$APT/status"
	{
		source_line deb trixie
		source_line deb-src trixie
		source_line deb-src bookworm
	} >"$APT/sources.list"
	say "  reading the package lists of trixie (arm64)"
	apt_private apt-get update >"$APT/log" 2>&1 || {
		tail -n 5 "$APT/log" >&2
		die $EXIT_SETUP "cannot read the package lists of trixie from $ARCHIVE_URI; all of it is in $APT/log"
	}
	APT_OPEN=1
}

# The lists are large and only needed while something is missing.
apt_private_close() {
	rm -rf "$APT/state" "$APT/cache"
	APT_OPEN=
}

# fetch_package DIR NAME...: downloads the first of the binary packages NAME that
# the mirror still has and unpacks it into DIR.
fetch_package() {
	local into=$1 name
	shift
	mkdir -p "$APT/deb"
	for name in "$@"; do
		rm -f "$APT"/deb/*.deb
		(cd "$APT/deb" && apt_private apt-get download "$name:arm64") >>"$APT/log" 2>&1 || continue
		mkdir -p "$into"
		dpkg-deb -x "$APT"/deb/*.deb "$into" || continue
		rm -f "$APT"/deb/*.deb
		return 0
	done
	tail -n 5 "$APT/log" >&2
	die $EXIT_SETUP "cannot download ${1:-the package}; all of it is in $APT/log"
}

# fetch_source PACKAGE[=VERSION|/SUITE]: downloads the upstream tarball of a source package into src/.
fetch_source() {
	mkdir -p "$CACHE/src.new" "$CACHE/src"
	(cd "$CACHE/src.new" && apt_private apt-get source --tar-only "$1") >>"$APT/log" 2>&1 || {
		tail -n 5 "$APT/log" >&2
		die $EXIT_SETUP "cannot download the source of $1; all of it is in $APT/log"
	}
	rm -f "$CACHE"/src.new/*.asc
	mv "$CACHE"/src.new/*.orig.tar.* "$CACHE/src/"
	rm -rf "$CACHE/src.new"
}
