# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# ./skerry boot: any guest kernel as the only guest of the system linux. The
# guest's images travel beside the system image, so nothing is rebuilt.

MEM_LEAST=16    # MiB of guest memory
MEM_MOST=16384

boot_usage() {
	cat <<-EOF
	Usage: ./skerry boot --kernel FILE [OPTIONS] [-- QEMU-ARGS]
	Boots a guest kernel under Skerry. Its console is stdin and stdout.

	  --kernel FILE    arm64 Image (flat or gzip), ELF, or a raw binary such as U-Boot
	  --initrd FILE    initial RAM disk of the guest
	  --append STR     kernel command line
	  --mem SIZE       guest memory, ${MEM_LEAST}M to $((MEM_MOST / 1024))G (512M); a number alone is MiB
	  --cpus N         virtual CPUs of the guest, 1 to 8 (1), spread over the machine's cores
	  --disk FILE[,ro] a raw disk image, which the guest writes (ro: only reads); up to four times, in the guest's order
	  --net user|none  a network with QEMU's gateway to this machine's, 10.0.2.2; or none (none)
	  --transport T    what the guest's virtio devices stand behind, mmio or pci (mmio)
	  --machine-transport T  what the machine's own virtio devices stand behind, mmio or pci (mmio)
	  --cpu MODEL      CPU of the machine: cortex-a53, cortex-a72, max,pauth-impdef=on, ... (cortex-a72)
	  --cores N        cores of the machine, 1 to 8 (2, or as many as virtual CPUs; with --icount 1)
	  --timeout SEC    end after so many seconds
	  --no-reboot      end when the guest resets itself
	  --debug          the debug kernel in place of the release kernel: when a component fails, at the end,
	                   and when it is asked for, what each core did last is printed: docs/debugging.md
	  --icount         one virtual nanosecond per instruction: exactly repeatable
	  --system NAME    the system image to boot (linux; with --disk or --net: disk or disk-pci)
	  --arch aarch64   architecture
	  -- QEMU-ARGS     passed to QEMU as they are

	Ctrl-A x leaves, Ctrl-A c is QEMU's monitor.

	$(exit_codes)
	EOF
}

# system_text NAME: the file that describes a system, if it is one of apps.
system_text() {
	find "$TOP/apps" -mindepth 3 -maxdepth 3 -name "$1.adl" | head -n 1
}

# boot_guests: "NAME FILE TIMES" of each guest of BOOT_SYSTEM that takes its parameters from here, in
# a file of the archive; TIMES: how often its RAM is there. A system without a description in apps has one.
boot_guests() {
	local adl
	adl=$(system_text "$BOOT_SYSTEM")
	awk '
		$1 == "vm" { name = $2; times = 1 }
		$1 == "slot" && $5 == "vm" { name = $6; times = $2 }
		$1 == "params" && $2 ~ /^"/ { split($2, word, "\""); print name, word[2], times }' "${adl:-/dev/null}" | grep . ||
		echo "guest params 1"
}

# guest_params NAME: the parameters of a guest of BOOT_*.
guest_params() {
	local append=$BOOT_APPEND
	[ -z "$BOOT_NAMED" ] || append="hostname=$1 $append"
	# The clock starts at now; under icount at the machine's own fixed date.
	local epoch=1767225600
	[ -n "$MACHINE_ICOUNT" ] || epoch=$(date +%s)
	printf 'guest.mem=%sM\nguest.cpus=%s\nguest.append=%s\nguest.reboot=%s\nguest.epoch=%s\n' \
		"$BOOT_MIB" "$BOOT_CPUS" "$append" "$BOOT_REBOOT" "$epoch"
	# Random numbers of the guest: the VMM has no source of its own, and under icount is to repeat itself.
	[ -n "$MACHINE_ICOUNT" ] || printf 'guest.entropy=%s\n' "$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')"
	[ "$BOOT_TRANSPORT" = mmio ] || echo "guest.transport=$BOOT_TRANSPORT"
}

# guest_archive OUT [NAME=FILE...]: packs the guests' files and parameters, and FILEs. Sets
# MACHINE_MIB to what the machine needs.
guest_archive() {
	local out=$1 work name file times count=0 files
	shift
	work=$(mktemp -d) || die $EXIT_SETUP "no temporary folder"
	files=("kernel=$BOOT_KERNEL")
	while read -r name file times; do
		guest_params "$name" >"$work/$file"
		files+=("$file=$work/$file")
		count=$((count + times))
	done < <(boot_guests)
	[ -z "$BOOT_INITRD" ] || files+=("initrd=$BOOT_INITRD")
	"$BUILD/tools/skerry-pack" archive "$out" "${files[@]}" "$@" || die $EXIT_USER "cannot pack the guest's files"
	rm -rf "$work"
	MACHINE_MIB=$(machine_mib "$BUILD/$BOOT_SYSTEM.img" "$out" $((count * BOOT_MIB)))
}

# Reads the options of boot and run into BOOT_* and MACHINE_*.
boot_options() {
	BOOT_SYSTEM='' BOOT_KERNEL='' BOOT_INITRD='' BOOT_APPEND='' BOOT_MIB=512 BOOT_CPUS=1 BOOT_REBOOT=1
	BOOT_HELP='' BOOT_TRANSPORT=mmio BOOT_NAMED=''
	machine_defaults
	local cores=
	while [ $# -gt 0 ]; do
		case $1 in
		-h | --help)
			BOOT_HELP=1
			return
			;;
		--no-reboot)
			BOOT_REBOOT=0
			shift
			continue
			;;
		--debug)
			MACHINE_DEBUG=1
			shift
			continue
			;;
		--icount)
			MACHINE_ICOUNT=1
			shift
			continue
			;;
		--)
			shift
			MACHINE_EXTRA=("$@")
			break
			;;
		--kernel | --initrd | --append | --mem | --cpus | --cpu | --cores | --timeout | --system | --arch | --disk | --net | --transport | --machine-transport) ;;
		*) die $EXIT_USER "$1: no such option; --help lists them" ;;
		esac
		need_value "$1" $#
		case $1 in
		--kernel) need_file "$1" "$2" && BOOT_KERNEL=$2 ;;
		--initrd) need_file "$1" "$2" && BOOT_INITRD=$2 ;;
		--append) boot_append "$2" ;;
		--mem) boot_mem "$2" ;;
		--cpus) need_number "$1" "$2" 1 8 && BOOT_CPUS=$2 ;;
		--cpu) boot_cpu "$2" ;;
		--cores) need_number "$1" "$2" 1 8 && cores=$2 ;;
		--timeout) need_number "$1" "$2" 1 999999 && MACHINE_TIMEOUT=$2 ;;
		--system) BOOT_SYSTEM=$2 ;;
		--disk) boot_disk "$2" ;;
		--net) boot_net "$2" ;;
		--transport) need_transport "$1" "$2" && BOOT_TRANSPORT=$2 ;;
		--machine-transport) need_transport "$1" "$2" && MACHINE_TRANSPORT=$2 ;;
		--arch) [ "$2" = aarch64 ] || die $EXIT_USER "--arch $2: this version knows aarch64" ;;
		esac
		shift 2
	done
	boot_system
	[ -z "$MACHINE_ICOUNT" ] || MACHINE_CORES=1
	[ "$BOOT_CPUS" -le "$MACHINE_CORES" ] || [ -n "$MACHINE_ICOUNT" ] || MACHINE_CORES=$BOOT_CPUS
	MACHINE_CORES=${cores:-$MACHINE_CORES}
}

# The system, if none is named: what has the devices that the options ask for. A system NAME-pci has the
# machine's devices on PCI.
boot_system() {
	local devices=disk
	[ "$MACHINE_TRANSPORT" = mmio ] || devices=disk-pci
	[ -n "${MACHINE_DISKS[*]}$MACHINE_NET" ] || devices=linux
	case $BOOT_SYSTEM in
	'') BOOT_SYSTEM=$devices ;;
	*-pci) MACHINE_TRANSPORT=pci ;;
	*) [ "$MACHINE_TRANSPORT" = mmio ] ||
		die $EXIT_USER "--machine-transport pci: the system $BOOT_SYSTEM drives nothing on PCI; disk-pci does" ;;
	esac
}

# system_disks NAME: how many of the machine's disks a system has drivers for; nothing if that is not known.
system_disks() {
	local adl
	adl=$(system_text "$1")
	[ -z "$adl" ] || awk '$1 == "component" && $2 == "VirtioDisk" { n += NF - 2 } END { print n + 0 }' "$adl"
}

boot_append() {
	[ "${#1}" -lt 2048 ] || die $EXIT_USER "--append: ${#1} characters; Linux takes 2047"
	case $1 in
	*$'\n'*) die $EXIT_USER "--append: a command line is one line" ;;
	esac
	BOOT_APPEND=$1
}

boot_mem() {
	BOOT_MIB=$(mebibytes --mem "$1") || exit
	[ "$BOOT_MIB" -ge $MEM_LEAST ] && [ "$BOOT_MIB" -le $MEM_MOST ] ||
		die $EXIT_USER "--mem $1: a guest has ${MEM_LEAST}M to $((MEM_MOST / 1024))G"
}

# boot_disk FILE[,ro]
boot_disk() {
	local file=${1%,ro}
	need_file --disk "$file"
	[ "$file" != "$1" ] || [ -w "$file" ] || die $EXIT_USER "--disk $file: cannot be written; for reading alone: $file,ro"
	[ $(($(stat -c %s "$file") % 512)) = 0 ] || die $EXIT_USER "--disk $file: its size is no multiple of 512 bytes"
	[ ${#MACHINE_DISKS[@]} -lt ${#MACHINE_DISK_PLACES_mmio[@]} ] ||
		die $EXIT_USER "--disk $file: too many; a guest has up to ${#MACHINE_DISK_PLACES_mmio[@]} disks, and these come before: ${MACHINE_DISKS[*]}"
	MACHINE_DISKS+=("$1")
}

# need_transport OPTION VALUE
need_transport() {
	case $2 in
	mmio | pci) ;;
	*) die $EXIT_USER "$1 $2: expected mmio or pci" ;;
	esac
}

boot_net() {
	case $1 in
	user) MACHINE_NET=user ;;
	none) MACHINE_NET= ;;
	*) die $EXIT_USER "--net $1: expected user or none" ;;
	esac
}

boot_cpu() {
	[[ $1 =~ ^[a-z0-9.-]+(,[a-z0-9.-]+=[a-z0-9]+)*$ ]] ||
		die $EXIT_USER "--cpu $1: no CPU model has such a name; expected MODEL[,PROPERTY=VALUE]..."
	MACHINE_CPU=$1
}

no_system() {
	die $EXIT_USER "$1: no such system; there are: $(adl_names)"
}

# boot_check: what can only be known once everything is built.
boot_check() {
	local disks
	[ -f "$BUILD/$BOOT_SYSTEM.img" ] || no_system "$BOOT_SYSTEM"
	disks=$(system_disks "$BOOT_SYSTEM")
	[ ${#MACHINE_DISKS[@]} -le "${disks:-4}" ] ||
		die $EXIT_USER "--disk ${MACHINE_DISKS[disks]}: too many; the system $BOOT_SYSTEM has drivers for $disks of the machine's disks"
	qemu-system-aarch64 -M none -cpu help 2>/dev/null | grep -qw -- "${MACHINE_CPU%%,*}" ||
		die $EXIT_USER "--cpu ${MACHINE_CPU%%,*}: QEMU has no such CPU; qemu-system-aarch64 -cpu help lists them"
}

# boot_go: packs the guest of BOOT_* and runs it. Returns its exit code.
boot_go() {
	local work image=$BUILD/$BOOT_SYSTEM.img rc
	work=$(mktemp -d) || die $EXIT_SETUP "no temporary folder"
	guest_archive "$work/archive"
	if [ -n "$MACHINE_DEBUG" ]; then
		"$BUILD/tools/skerry-pack" image "$work/image" "$BUILD/kernel/boot/loader.bin" "$BUILD/$BOOT_SYSTEM.archive" \
			"kernel=$BUILD/stripped/kernel-debug" || die $EXIT_SETUP "--debug: cannot put the debug kernel into $BOOT_SYSTEM"
		image=$work/image
	fi
	machine_run "$image" "$work/archive"
	rc=$?
	rm -rf "$work"
	return $rc
}

command_boot() {
	boot_options "$@"
	if [ -n "$BOOT_HELP" ]; then
		boot_usage
		return
	fi
	[ -n "$BOOT_KERNEL" ] || die $EXIT_USER "boot: --kernel FILE is missing; ./skerry boot --help"
	setup
	build_preset "$ARCH"
	boot_check
	keep_terminal
	boot_go
}
