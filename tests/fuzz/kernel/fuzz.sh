# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# fuzz.sh PROGRAM [--keep]: fuzzes for SKERRY_FUZZ_SECONDS (120). A crash leaves its input in
# the folder of the program and prints it. --keep: tests/fuzz/kernel/corpus is made anew.
set -u
program=$(realpath "$1")
keep=${2:-}
here=tests/fuzz/kernel
found=$(dirname "$program")/found
mkdir -p "$found"
export ASAN_OPTIONS=detect_leaks=0
common="-max_len=2048 -len_control=0 -timeout=60 -rss_limit_mb=2048 -verbosity=0 -print_final_stats=1"

# shellcheck disable=SC2086
"$program" $common -max_total_time="${SKERRY_FUZZ_SECONDS:-120}" -artifact_prefix="$(dirname "$program")/" \
	"$found" $here/corpus || exit 1
if [ "$keep" = --keep ]; then
	small=$found.small
	rm -rf "$small"
	mkdir "$small"
	"$program" -merge=1 -use_counters=0 -max_len=2048 -verbosity=0 "$small" "$found" $here/corpus || exit 1
	rm -f $here/corpus/*
	cp "$small"/* $here/corpus/
fi
