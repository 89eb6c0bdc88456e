# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# A bare guest drives a device of the machine that it was given, its interrupt included.
skerry_boot --system clock --kernel "$BUILD/tests/guest/guest-passed.elf"
expect 60 'done [0-9]+ passed [0-9]+ failed'
[[ $MATCH =~ done\ [1-9][0-9]*\ passed\ 0\ failed ]] || fail "$MATCH"
tr -d '\r' <"$WORK/out" | grep -q '^not ok ' && fail "a line says not ok"
ends 20 0
