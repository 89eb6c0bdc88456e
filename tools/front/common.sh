# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# What every part of ./skerry shares: places, messages, exit codes.

CACHE=${SKERRY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/skerry}
export SKERRY_CACHE=$CACHE
DATA=${SKERRY_DATA:-${XDG_DATA_HOME:-$HOME/.local/share}/skerry}
ARCH=aarch64
BUILD=$TOP/build/$ARCH
GUESTS=$CACHE/guests/$ARCH

# Exit codes of every command; --help prints them.
EXIT_USER=1    # an option, a file or a value that cannot be right
EXIT_SETUP=2   # set-up or build failed
EXIT_CRASH=3   # the guest crashed
EXIT_RESET=4   # the guest reset itself and --no-reboot was given
EXIT_SKERRY=5  # the machine ended without a word from Skerry
EXIT_TIMEOUT=124

exit_codes() {
	cat <<-EOF
	Exit codes:
	  0    done; the guest powered itself off
	  1    an option, a file or a value cannot be right
	  2    set-up or build failed
	  3    the guest crashed
	  4    the guest reset itself (with --no-reboot)
	  5    the machine ended without a report: left with Ctrl-A x, or Skerry itself failed
	  124  the time given with --timeout was over
	EOF
}

# All of our own words go to stderr: stdout belongs to the guest's console and to results.
say() { printf '%s\n' "$*" >&2; }

# die CODE MESSAGE...
die() {
	local code=$1
	shift
	printf 'skerry: %s\n' "$*" >&2
	exit "$code"
}

# need_value OPTION COUNT: the option at $1 has a value behind it.
need_value() {
	[ "$2" -ge 2 ] || die $EXIT_USER "$1 needs a value"
}

# need_file OPTION PATH: a file that can be read.
need_file() {
	[ -e "$2" ] || die $EXIT_USER "$1 $2: no such file"
	[ -f "$2" ] || die $EXIT_USER "$1 $2: not a file"
	[ -r "$2" ] || die $EXIT_USER "$1 $2: cannot be read"
	[ -s "$2" ] || die $EXIT_USER "$1 $2: is empty"
}

# need_number OPTION VALUE LOW HIGH
need_number() {
	[[ $2 =~ ^[0-9]{1,9}$ ]] && [ "$((10#$2))" -ge "$3" ] && [ "$((10#$2))" -le "$4" ] ||
		die $EXIT_USER "$1 $2: expected a number from $3 to $4"
}

# mebibytes OPTION SIZE: prints SIZE (64M, 2G, 512 = MiB) in MiB.
mebibytes() {
	[[ $2 =~ ^([0-9]{1,6})([MmGg]?)$ ]] || die $EXIT_USER "$1 $2: expected a size such as 64M or 2G"
	local n=$((10#${BASH_REMATCH[1]}))
	case ${BASH_REMATCH[2]} in
	G | g) n=$((n * 1024)) ;;
	esac
	echo "$n"
}

# The terminal is given back as it was found, however we end.
keep_terminal() {
	local saved
	[ -t 0 ] || return 0
	saved=$(stty -g) || return 0
	# shellcheck disable=SC2064 # the value of now is meant
	trap "stty '$saved' 2>/dev/null" EXIT
}
