# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# ./skerry size: code lines (blank lines and comments left out) and bytes of text.

# part | folders and files, headers with them | the ELF in build/.../
size_parts() {
	cat <<-'EOF'
	kernel: core|kernel/core|
	kernel: headers, ABI|kernel/include|
	kernel: aarch64|kernel/arch/aarch64|
	kernel, in all|kernel/core kernel/include kernel/arch/aarch64|kernel/kernel.elf
	loader|kernel/boot|kernel/boot/loader.elf
	runtime|runtime|
	root|apps/root|components/root.elf
	VMM: core|vmm-server/core|
	VMM: devices|vmm-server/devices|
	VMM: aarch64 (vGIC)|vmm-server/arch/aarch64|
	VMM, in all|vmm-server|components/vmm.elf
	UART driver|drivers/uart|components/uart.elf
	language: compiler|idl/compiler|
	language: verdicts|idl/authority|
	EOF
}

# code_lines FOLDER...: sum over C, headers and assembly.
code_lines() {
	cloc --quiet --csv --include-lang='C,C/C++ Header,Assembly' "$@" 2>/dev/null |
		awk -F, '$2 == "SUM" { n = $5 } END { print n + 0 }'
}

setup_cloc() {
	command -v cloc >/dev/null && return
	need_debian cloc
	say "Installing with apt-get:"
	say "  cloc (counts lines of code)"
	apt_root update >/dev/null 2>&1 || true
	apt_step "installing cloc" install -y --no-install-recommends cloc
}

command_size() {
	local part folders elf folder there text
	case ${1:-} in
	-h | --help)
		cat <<-EOF
		Usage: ./skerry size
		Prints for each part its code lines (C, headers and assembly of this architecture,
		without blank lines and comments) and the bytes of text of its release binary. A
		component's text includes what it uses of the runtime, musl and libfdt.
		EOF
		return
		;;
	'') ;;
	*) die $EXIT_USER "size: $1: no such option; ./skerry size --help" ;;
	esac
	setup
	setup_cloc
	build_preset "$ARCH"
	printf '%-24s %10s %12s\n' part "code lines" "text bytes"
	while IFS='|' read -r part folders elf; do
		there=()
		for folder in $folders; do
			[ ! -e "$TOP/$folder" ] || there+=("$TOP/$folder")
		done
		[ ${#there[@]} -gt 0 ] || continue
		text=
		if [ -n "$elf" ] && [ -e "$BUILD/$elf" ]; then
			text=$(aarch64-linux-gnu-size "$BUILD/$elf" | awk 'NR == 2 { print $1 }')
		fi
		printf '%-24s %10s %12s\n' "$part" "$(code_lines "${there[@]}")" "$text"
	done < <(size_parts)
}
