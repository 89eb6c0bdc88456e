# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# The capabilities of every demo as the kernel has them are those of its spec; and a
# description that gives one connection less than the image does is found out.
for adl in "$TOP"/apps/demos/*/*.adl; do
	system=$(basename "$adl" .adl)
	[ ! -e "$BUILD/$system.img" ] || "$TOP/skerry" check --live "$system" || fail "$system differs from its spec"
done

mkdir "$WORK/less"
sed '/connection Ring log(/d' "$TOP/apps/demos/linux/linux.adl" >"$WORK/less/linux.adl"
out=$("$TOP/skerry" check --live "$WORK/less/linux.adl" 2>&1)
rc=$?
echo "$out"
[ $rc = 1 ] || fail "exit code $rc, expected 1"
grep -q '^> live cap vmm [0-9]* log.signal notification' <<<"$out" || fail "the capability that is too much is not shown"
