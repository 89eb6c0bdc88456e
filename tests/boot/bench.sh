# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# What paths of the kernel and exits must not exceed (tools/front/rows.txt) they do not, to the instruction.
"$TOP/skerry" bench kernel exits >"$WORK/table" 2>"$WORK/err"
rc=$?
cat "$WORK/err" "$WORK/table"
[ $rc = 0 ] || fail "exit code $rc"
! grep -q '^MISSED' "$WORK/table" || fail "$(grep '^MISSED' "$WORK/table")"
all=$(sed -n 's/^\([0-9]*\) of \1 musts hold$/\1/p' "$WORK/table")
[ "${all:-0}" -ge 25 ] || fail "only ${all:-no} musts were looked at"
