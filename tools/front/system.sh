# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# ./skerry graph, check, tcb, map: what the architecture language knows of a system.
# A system is apps/demos/*/NAME.adl, or any .adl file.

IDL_STD=$TOP/idl/std

adl_names() {
	local file
	for file in "$TOP"/apps/demos/*/*.adl; do
		basename "$file" .adl
	done | sort | paste -sd' '
}

# adl_file NAME-OR-FILE: sets ADL.
adl_file() {
	local found
	case $1 in
	*.adl)
		need_file "system" "$1"
		ADL=$1
		return
		;;
	esac
	found=$(find "$TOP/apps/demos" -mindepth 2 -maxdepth 2 -name "$1.adl" | head -n 1)
	[ -n "$found" ] || die $EXIT_USER "$1: no such system; there are: $(adl_names), or name a file that ends in .adl"
	ADL=$found
}

# The device tree of the board that the build is for.
board_tree() {
	echo "$BUILD/boards/$(sed -n 's/^SKERRY_BOARD:[A-Z]*=//p' "$BUILD/CMakeCache.txt").dtb"
}

# compile: of ADL the spec and its notes, in a folder of their own, COMPILED. From the top, so that
# messages have short paths.
compile() {
	COMPILED=$(mktemp -d) || die $EXIT_SETUP "no temporary folder"
	trap 'rm -rf "$COMPILED"' EXIT
	(cd "$TOP" && "$BUILD/tools/skerry-idl" -I idl/std -b "$(board_tree)" spec "$(adl_short)" "$COMPILED/system.spec") || exit $EXIT_USER
}

# authority [OPTIONS] COMMAND [NAME]: skerry-authority on what was compiled.
authority() {
	local options=()
	while [ "${1:0:1}" = - ]; do
		options+=("$1" "$2")
		shift 2
	done
	(cd "$TOP" && "$BUILD/tools/skerry-authority" "${options[@]}" "$1" "$COMPILED/system.spec" "${@:2}")
}

# The path as messages show it.
adl_short() {
	local path
	path=$(realpath "$ADL")
	echo "${path#"$TOP/"}"
}

# linked_objects MAP: "BYTES OBJECT" of each object file that the linker kept code or constants of.
linked_objects() {
	awk '
		/^Linker script and memory map/ { on = 1 }
		!on { next }
		/^ \.(text|rodata|init|head|vectors)[^ ]*$/ { held = 1; next }
		held { held = 0; if ($1 ~ /^0x/ && NF >= 3) { print $2, $3 } next }
		/^ \.(text|rodata|init|head|vectors)[^ ]* +0x/ { print $3, $4 }
	' "$1" | awk '
		function hex(s,   i, n) { n = 0; s = tolower(substr(s, 3)); for (i = 1; i <= length(s); i++) n = n * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1; return n }
		$1 ~ /^0x/ { bytes[$2] += hex($1) }
		END { for (o in bytes) if (bytes[o] > 0) print bytes[o], o }'
}

# The sources that stand behind the objects on stdin: ours, libfdt and musl; libgcc comes with the compiler.
object_sources() {
	local bytes object name folder
	while read -r bytes object; do
		name=${object##*[/(]}
		name=${name%)}
		name=${name%.obj}
		name=${name%.o}
		name=${name%.lo}
		case $object in
		*libc.a*) find "$BUILD/musl/source" \( -name "$name.c" -o -name "$name.s" -o -name "$name.S" \) -print | awk '
			/\/aarch64\// { best = $0 } !/\/(arch|x86_64|i386|arm|mips[^\/]*|powerpc[^\/]*|s390x|riscv64|or1k|sh|m68k|microblaze|x32|mipsn32)\// && best == "" { plain = $0 }
			END { print best != "" ? best : plain }' ;;
		*libfdt*.a*) find "$BUILD/dtc" -name "$name.c" -o -name "$name" -path '*libfdt*' | head -n 1 ;;
		*libgcc.a*) ;;
		*CMakeFiles/*.dir/*)
			folder=${object%%/CMakeFiles/*}
			object=${object#*CMakeFiles/*.dir/}
			object=${object%.obj}
			[ -e "$TOP/$folder/$object" ] && echo "$TOP/$folder/$object" && continue
			[ -e "$BUILD/$folder/$object" ] && echo "$BUILD/$folder/$object" && continue
			find "$TOP" -path "$TOP/build" -prune -o -path "*/${object#__/}" -print | head -n 1
			;;
		*.a*)
			folder=${object%%(*}
			folder=${folder%/*}
			# A library may hold sources of a neighbour (the runtime's log has the console ring).
			find "$TOP/$folder" "$TOP/idl/rings" "$TOP/vmm-server" -name "$name" | head -n 1
			;;
		esac
	done
}

# Code lines of the files named on stdin: without blank lines and comments.
count_code() {
	xargs -r cat | awk '
		{
			line = $0
			out = ""
			while (line != "") {
				if (inside) {
					i = index(line, "*/")
					if (!i) { line = ""; break }
					inside = 0
					line = substr(line, i + 2)
				} else {
					i = index(line, "/*")
					j = index(line, "//")
					if (j && (!i || j < i)) { out = out substr(line, 1, j - 1); break }
					if (!i) { out = out line; break }
					out = out substr(line, 1, i - 1)
					inside = 1
					line = substr(line, i + 2)
				}
			}
			if (out ~ /[^ \t\r]/) n++
		}
		END { print n + 0 }'
}

# one_weight IMAGE MAP: "IMAGE LINES BYTES".
one_weight() {
	local objects lines
	objects=$(linked_objects "$2")
	lines=$(object_sources <<<"$objects" | sort -u | count_code)
	echo "$1 $lines $(aarch64-linux-gnu-size "${2%.map}.elf" | awk 'NR == 2 { print $1 }')"
}

# All images that a system can name. Kept until something is linked anew.
image_weights() {
	local out=$BUILD/weights map name
	if [ -s "$out" ] && [ -z "$(find "$BUILD/components" "$BUILD/kernel" -name '*.map' -newer "$out" -print -quit)" ]; then
		return
	fi
	say "Counting what is linked into each image"
	{
		one_weight kernel "$BUILD/kernel/kernel.map"
		one_weight loader "$BUILD/kernel/boot/loader.map"
		for map in "$BUILD"/components/*.map; do
			name=$(basename "$map" .map)
			case $name in
			test-* | bench-* | runtime-*) ;;
			*) one_weight "$name" "$map" ;;
			esac
		done
	} >"$out.new" && mv "$out.new" "$out"
}

# What is wrong with the text itself is said before everything that it names is built.
adl_sound() {
	local said
	build_preset "$ARCH" tool-skerry-idl tool-skerry-authority board
	compile
	said=$(authority check) || {
		[ -z "$said" ] || echo "$said"
		exit $EXIT_USER
	}
}

graph_usage() {
	cat <<-EOF
	Usage: ./skerry graph [SYSTEM] [--out FILE]
	Draws SYSTEM (default): components, guests, devices and how they are connected. FILE ends in
	.html (a page that answers clicks with capabilities and trusted sets; the default,
	build/SYSTEM.html) or in .svg.
	Systems: $(adl_names), or a file that ends in .adl.
	EOF
}

command_graph() {
	local system=default out=
	while [ $# -gt 0 ]; do
		case $1 in
		-h | --help)
			graph_usage
			return
			;;
		--out)
			need_value "$1" $#
			out=$2
			shift
			;;
		-*) die $EXIT_USER "graph: $1: no such option; ./skerry graph --help" ;;
		*) system=$1 ;;
		esac
		shift
	done
	adl_file "$system"
	out=${out:-$TOP/build/$(basename "$ADL" .adl).html}
	setup
	adl_sound
	build_preset "$ARCH"
	image_weights
	case $out in
	*.svg) authority svg >"$out" || exit $EXIT_USER ;;
	*.html) authority -w "$BUILD/weights" html >"$out" || exit $EXIT_USER ;;
	*) die $EXIT_USER "graph: --out $out: expected a name that ends in .html or .svg" ;;
	esac
	say "Drawn: $out"
}

# check_live: boots the system with a file "inspect" beside the guest's, at which root writes
# out what it gave to whom and ends; that must be what the spec says.
check_live() {
	local name work rc pool
	name=$(basename "$ADL" .adl)
	[ -e "$BUILD/$name.img" ] || die $EXIT_USER "check --live: $name is no system that is built; there are: $(adl_names)"
	work=$(mktemp -d) || die $EXIT_SETUP "no temporary folder"
	boot_options --system "$name" --kernel "$GUESTS/cloud.Image" --initrd "$BUILD/initramfs.cpio.gz" --mem 64M --timeout 60
	echo 1 >"$work/inspect"
	guest_archive "$work/archive" "inspect=$work/inspect"
	machine_run "$BUILD/$name.img" "$work/archive" >"$work/console" 2>"$work/status" </dev/null
	rc=$?
	[ $rc = 0 ] && grep -q '^live ' "$work/status" || {
		tail -n 5 "$work/console" "$work/status" >&2
		die $EXIT_SKERRY "check --live: the system did not come up to be inspected"
	}
	authority -i "$BUILD/stripped" live >"$work/said" || exit $EXIT_USER
	grep -v '^live pool' "$work/said" | sort >"$work/spec"
	grep '^live ' "$work/status" | grep -v '^live pool' | sort >"$work/found"
	# Kernel memory is counted for the most that files and parameters can ask for.
	grep -h '^live pool' "$work/said" "$work/status" | awk '
		!($3 in counted) { counted[$3] = $4; next }
		{ taken[$3] = $4 }
		END { for (name in counted) if (!(name in taken) || taken[name] > counted[name]) print "kernel memory of " name ": counted " counted[name] ", taken " taken[name] }
	' >"$work/pool"
	pool=$(grep -h '^live pool all' "$work/said" "$work/status" | awk '{ printf "%s%dK %s", (NR > 1 ? ", " : ""), $4 / 1024, (NR > 1 ? "taken" : "counted") }')
	[ ! -s "$work/pool" ] || { cat "$work/pool"; return 1; }
	if diff "$work/spec" "$work/found" >"$work/diff"; then
		echo "$(grep -c '^live cap' "$work/found") capabilities and $(grep -cE '^live (.*map|own)' "$work/found") mappings of $name, as the kernel has them, are those of the spec; kernel memory: $pool"
		rc=0
	else
		echo "they differ (< the spec, > the kernel):"
		cat "$work/diff"
		rc=1
	fi
	rm -rf "$work"
	return $rc
}

command_map() {
	local form=map
	[ "${1:-}" != --json ] || { form=mapjson; shift; }
	case ${1:-} in
	-h | --help)
		cat <<-EOF
		Usage: ./skerry map [--json] [SYSTEM]
		Prints what each component of SYSTEM (linux) finds where: its memory, the numbers of its
		capability slots, and the kernel memory that is set aside for it. ./skerry check --live compares it
		with what the kernel has. The same is in build/$ARCH/SYSTEM.map.txt and .map.json.
		Systems: $(adl_names), or a file that ends in .adl.
		EOF
		return
		;;
	-*) die $EXIT_USER "map: $1: no such option; ./skerry map --help" ;;
	esac
	adl_file "${1:-linux}"
	setup
	adl_sound
	build_preset "$ARCH"
	authority -i "$BUILD/stripped" $form
}

command_check() {
	local live=
	[ "${1:-}" != --live ] || { live=1; shift; }
	case ${1:-} in
	-h | --help)
		cat <<-EOF
		Usage: ./skerry check [--live] [SYSTEM]
		Prints the verdict on each rule of SYSTEM's policy (default), with the path of a violation,
		and what the verdicts do not cover. Exit codes: 0 all hold, 1 one is violated or SYSTEM is wrong.
		With --live: boots SYSTEM so far that root can ask the kernel what each component was really
		given, and compares it with the spec; 0 if there is no difference.
		Systems: $(adl_names), or a file that ends in .adl.
		EOF
		return
		;;
	-*) die $EXIT_USER "check: $1: no such option; ./skerry check --help" ;;
	esac
	adl_file "${1:-default}"
	setup
	adl_sound
	build_preset "$ARCH"
	if [ -n "$live" ]; then
		check_live
		return
	fi
	image_weights
	authority -w "$BUILD/weights" check
}

command_tcb() {
	case ${1:-} in
	-h | --help)
		cat <<-EOF
		Usage: ./skerry tcb [SYSTEM [NAME]]
		Prints whom each component and guest of SYSTEM (default), or NAME alone, must trust for its
		integrity and its confidentiality, why, and how much code that is: the code lines of every
		source file of which the linker kept something (ours, musl's and libfdt's; headers are not
		counted, nor is libgcc), and the bytes of code and constants of the image.
		Systems: $(adl_names), or a file that ends in .adl.
		EOF
		return
		;;
	-*) die $EXIT_USER "tcb: $1: no such option; ./skerry tcb --help" ;;
	esac
	adl_file "${1:-default}"
	setup
	adl_sound
	build_preset "$ARCH"
	image_weights
	authority -w "$BUILD/weights" tcb ${2:+"$2"}
}
