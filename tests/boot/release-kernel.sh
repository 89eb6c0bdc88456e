# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# The release kernel has no UART and no print: nothing of kernel/debug is in it, no text for anybody
# to read, it does not look at where the UART is; the debug kernel has all this. Calls of debug kernels
# are refused: the benchmarks' kernel is the release kernel.
release=$BUILD/kernel/kernel.elf
debug=$BUILD/kernel/kernel-debug.elf
for file in kernel/debug/*.c kernel/debug/aarch64/*.[cS]; do
	sed -n 's/^[a-z].*[ *]\(__wrap_\)\{0,1\}\([a-z_]*\)(.*)$/\1\2/p; s/^\t\.global \([a-z_]*\)$/\1/p' "$TOP/$file"
done | sort -u >"$WORK/functions"
[ "$(wc -l <"$WORK/functions")" -gt 20 ] || fail "too few functions found in kernel/debug: has its form changed?"
for kernel in release debug; do
	"${CROSS:-aarch64-linux-gnu-}nm" "${!kernel}" | awk '{ print $NF }' | sort -u >"$WORK/$kernel"
done
there=$(comm -12 "$WORK/functions" "$WORK/release" | grep -v '^main$')
[ -z "$there" ] || fail "of kernel/debug in the release kernel: $there"
for name in debug_put debug_print debug_check check_all __wrap_kernel_syscall debug_enter_hook; do
	grep -qx "$name" "$WORK/debug" || fail "the debug kernel has no $name"
	! grep -qx "$name" "$WORK/release" || fail "the release kernel has $name"
done
# the loader maps the UART for a kernel with a note (bootinfo.h)
noted() {
	"${CROSS:-aarch64-linux-gnu-}readelf" -lW "$BUILD/stripped/$1" | awk '$1 == "NOTE" && $5 !~ /^0x0+$/' | grep -q .
}
noted kernel-debug || fail "the debug kernel has no note: it gets no UART"
! noted kernel || fail "the release kernel has a note: it gets the UART mapped"
# texts: three words or more one behind the other
texts=$(strings -d -n 12 "$release" | grep -E '^[[:print:]]*[a-z]{3,} [a-z]{2,} [a-z]{2,}')
[ -z "$texts" ] || fail "the release kernel has texts: $texts"
strings -d -n 12 "$debug" | grep -q 'the kernel trapped' || fail "the debug kernel has no texts: are they looked for rightly?"
! grep -rn 'uart\|UART\|printf' "$TOP/kernel/core" "$TOP/kernel/arch/aarch64" || fail "a UART in the kernel's text"
