# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# fuzz.sh PROGRAM [--keep]: fuzzes for SKERRY_FUZZ_SECONDS (20). A crash leaves its input in
# the folder of the program and prints it. --keep: tests/fuzz/idl/corpus is made anew.
set -u
program=$(realpath "$1")
keep=${2:-}
here=tests/fuzz/idl
found=$(dirname "$program")/found
mkdir -p "$found"
common="-dict=$here/dictionary -max_len=4096 -timeout=10 -rss_limit_mb=1024 -verbosity=0 -print_final_stats=1"

# shellcheck disable=SC2086
"$program" $common -max_total_time="${SKERRY_FUZZ_SECONDS:-20}" -artifact_prefix="$(dirname "$program")/" \
	"$found" $here/corpus tests/idl/accept tests/reject/idl || exit 1
# Beside what the tests have, only what reaches new code is worth keeping.
if [ "$keep" = --keep ]; then
	small=$found.small
	rm -rf "$small"
	mkdir "$small"
	cp tests/idl/accept/*.adl tests/reject/idl/*.adl "$small"
	"$program" -merge=1 -use_counters=0 -max_len=512 -verbosity=0 "$small" "$found" $here/corpus || exit 1
	rm -f "$small"/*.adl $here/corpus/*
	cp "$small"/* $here/corpus/
fi
