# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# ./skerry bench. Figures are lines "metric NAME VALUE", printed
#   by the root of every system build/.../bench-*.img, on the machine itself,
#   by the bare guest tests/guest/guest-cost under Skerry,
#   by the Linux guest's /etc/rc, under Skerry and on bare QEMU, whose quotient is a ratio,
# or counted by tools/trace. Each has a row in rows.txt: what it is, the peers' and what it must not exceed.
# Runs are under icount: one virtual nanosecond an instruction, exactly repeatable. (Not those on
# several cores: what each executes is counted, and the number that was seen most often is the figure.)

BENCH_SECONDS=1800 # of a run that hangs
BENCH_APPEND='quiet cryptomgr.notests nokaslr'
BENCH_CLOCK=(-icount "shift=0,sleep=off")
BENCH_PARTS='kernel cores longest exits size linux devices ramdisk network disk guests console'
ROWS=$TOP/tools/front/rows.txt

bench_usage() {
	cat <<-EOF
	Usage: ./skerry bench [--json FILE] [PART...]
	Measures in instructions (QEMU with -icount shift=0, one core) and prints each figure with what it
	must not exceed and the peers' beside it, and of the kernel's paths how many system registers they
	write (w), barriers, TLB and cache operations they execute (b), device registers they access (d). Counts
	say nothing of caches, TLBs and slow system registers.
	All of it takes half an hour. PARTs: $BENCH_PARTS.

	  --json FILE   also write the figures to FILE

	Exit codes: 0 done, 1 a wrong option, 2 set-up or build failed, 5 a measurement gave no figure.
	EOF
}

# The lines "metric NAME VALUE" of a log, as "NAME VALUE".
metrics_of() {
	tr -d '\r' <"$1" | sed -n 's/^metric \([a-z0-9_]*\) \([0-9.]*\)$/\1 \2/p'
}

# plugin NAME: builds a QEMU plugin of tools/trace.
plugin() {
	[ -e "$WORK/$1.so" ] ||
		cc -shared -fPIC -O2 -o "$WORK/$1.so" "$TOP/tools/trace/$1.c" ||
		die $EXIT_SETUP "bench: tools/trace/$1.c does not compile"
}

# kernel_at SYMBOL [OFFSET]: an address of the kernel, in hexadecimal.
kernel_at() {
	printf '%x' $((0x$(nm "$BUILD/kernel/kernel.elf" | awk -v s="$1" '$3 == s { print $1 }') + ${2:-0}))
}

# kernel_wakes N: N@ADDRESS of where a core goes on that slept, behind each wfi.
kernel_wakes() {
	aarch64-linux-gnu-objdump -d "$BUILD/kernel/kernel.elf" | sed -n 's/^ *\([0-9a-f]*\):.*\twfi$/\1/p' |
		while read -r at; do
			printf '%s@%x\n' "$1" $((0x$at + 4))
		done
}

# sections_arguments [N@ADDRESS...]: of the plugin that counts sections; some begin anew at an address.
sections_arguments() {
	local at places=
	for at in "$@"; do
		places+=,begin=$at
	done
	echo "$WORK/sections.so,out=$WORK/sections,from=8000000000$places"
}

# figures_of LOG: its metrics as "NAME VALUE", and "NAME VALUE WRITES BARRIERS DEVICE" of those of which
# the program said "section NAME N ROUNDS [OWN]" (apps/bench/measure.h).
figures_of() {
	{ tr -d '\r' <"$1" | grep -E '^(metric|section) '; sed 's/^section/counted/' "$WORK/sections"; } | awk '
		function number(x) { return sprintf(x == int(x) ? "%d" : "%.1f", x) }
		$1 == "metric" { if (!($2 in value)) order[++n] = $2; value[$2] = $3 }
		$1 == "section" {
			if (!($2 in value)) { order[++n] = $2; value[$2] = "" }
			sections[$2] = sections[$2] " " $3
			rounds[$2] = $4
			if (NF > 4) { own[$2] = $5; exact[$2] = 1 }
		}
		$1 == "counted" { for (i = 0; i < 4; i++) count[$2, i] = $(5 + i); counted[$2] = 1 }
		END {
			for (i = 1; i <= n; i++) {
				k = order[i]
				m = split(sections[k], list, " ")
				delete sum
				for (j = 1; j <= m; j++) {
					if (!(list[j] in counted)) { print "no section of " k " was counted" > "/dev/stderr"; m = 0; value[k] = "" }
					for (c = 0; c < 4; c++) sum[c] += count[list[j], c] / rounds[k]
				}
				if (m > 0 && exact[k]) value[k] = sprintf("%.0f", sum[0] / m - own[k])
				if (value[k] == "") continue
				printf "%s %s", k, value[k]
				if (m > 0) printf " %s %s %s", number(int(sum[1] / m * 10 + 0.5) / 10), number(int(sum[2] / m * 10 + 0.5) / 10), number(int(sum[3] / m * 10 + 0.5) / 10)
				printf "\n"
			}
		}' | grep .
}

# bench_machine IMAGE CORES LOG QEMU-ARGS...: a system whose root ends it.
bench_machine() {
	timeout -k 2 $BENCH_SECONDS qemu-system-aarch64 \
		-M virt,virtualization=on,gic-version=3,dtb-randomness=off -cpu cortex-a72 -smp "$2" -m 512 \
		-nographic -nic none -no-reboot -rtc base=2026-01-01,clock=vm -kernel "$BUILD/$1.img" "${@:4}" </dev/null >"$3" 2>&1
}

# bench_system IMAGE CORES PLACES...: figures of a system whose root measures, sections beginning anew at PLACES.
bench_system() {
	local log=$WORK/$1.log cores=$2 clock=("${BENCH_CLOCK[@]}")
	# tools/trace/sections.c says why
	[ "$cores" = 1 ] || clock=(-accel "tcg,thread=multi")
	plugin sections
	bench_machine "$1" "$cores" "$log" "${clock[@]}" -plugin "$(sections_arguments "${@:3}")"
	figures_of "$log" || {
		tail -n 10 "$log" >&2
		die $EXIT_SKERRY "bench: $1 printed no figure"
	}
}

# Sections of apps/bench/interrupts.c are 20 to 22, those of tests/guest/cost.c 4 and 5.
bench_kernel() {
	local from_guest
	from_guest=$(kernel_at guest_vectors 0x480)
	bench_system bench-kernel 1 "20@$(kernel_at thread_vectors 0x480)" "21@$from_guest" "22@$from_guest" || return
	bench_system bench-exits 1 || return
	bench_system bench-rpc 1
}

# On one core QEMU counts as well: the image for several cores, and the paths of the others on a kernel that has more.
bench_cores() {
	local cores
	for cores in 1 2 4; do
		bench_system bench-cores $cores || return
	done >"$WORK/cores"
	cat "$WORK/cores"
	awk '/^signal_remote_/ { for (i = 2; i <= 5; i++) sum[i] += $i; n++ }
		END { if (n == 2) print "signal_remote", sum[2], sum[3], sum[4], sum[5] }' "$WORK/cores"
	bench_machine bench-kernel 2 "$WORK/two.log" "${BENCH_CLOCK[@]}"
	metrics_of "$WORK/two.log" | sed -n 's/^ipc_rt_0 /ipc_rt_0_smp /p' | grep .
}

# What exits cost, as a bare guest sees it.
bench_exits() {
	local log=$WORK/exits.log
	plugin sections
	boot_options --kernel "$BUILD/tests/guest/guest-cost.bin" --icount --timeout $BENCH_SECONDS \
		-- -plugin "$(sections_arguments "4@$(kernel_at guest_vectors 0x480)" $(kernel_wakes 5))"
	boot_go </dev/null >"$log" || {
		tail -n 10 "$log" >&2
		die $EXIT_SKERRY "bench: the guest that measures exits failed"
	}
	figures_of "$log" || die $EXIT_SKERRY "bench: the guest that measures exits printed no figure"
	"$TOP/tools/trace/ipi" >"$log" 2>"$log.err" || {
		cat "$log.err" >&2
		die $EXIT_SKERRY "bench: no figure for an SGI between two vCPUs"
	}
	sed -n 's/^metric \(.*\)/\1 null/p' "$log" # a log tells nothing of device registers
}

# Lines and text of the kernel, and its stack.
bench_size() {
	setup_cloc
	echo "kernel_sloc $(code_lines "$TOP"/kernel/{core,include,arch/aarch64})"
	echo "kernel_text $(aarch64-linux-gnu-size "$BUILD/kernel/kernel.elf" | awk 'NR == 2 { print $1 }')"
	"$TOP/tools/trace/stack" "$BUILD/kernel/kernel.elf" >"$WORK/stack" 2>"$WORK/stack.chain" || {
		cat "$WORK/stack.chain" >&2
		die $EXIT_SKERRY "bench: no bound of the kernel's stack"
	}
	metrics_of "$WORK/stack"
}

# bench_guest WORK-WORD LOG QEMU-ARGS...: the guest under Skerry does WORK-WORD.
bench_guest() {
	boot_options --kernel "$GUESTS/cloud.Image" --initrd "$BUILD/initramfs.cpio.gz" --icount \
		--timeout $BENCH_SECONDS --append "$BENCH_APPEND skerry.do=$1" -- "${@:3}"
	boot_go </dev/null >"$2" || {
		tail -n 10 "$2" >&2
		die $EXIT_SKERRY "bench: the guest's $1 under Skerry failed"
	}
}

# Of one boot, by the marks at the first instructions of root, the guest's kernel and its init, what was executed
# until root began, and from the guest's to init's by the kernel and by components.
bench_marks() {
	local root init at arguments
	plugin count
	root=$(nm "$BUILD/components/root.elf" | awk '$3 == "_start" { print $1 }')
	init=$(readelf -h "$GUESTS/busybox" | sed -n 's/^ *Entry point address: *0x//p')
	arguments=$WORK/count.so,out=$WORK/count,kernel=8000000000-80ffffffff,components=10000000-1fffffff
	# The loader is where the guest's kernel is in its own memory.
	for at in "root=$root" "guest=40200000" "init=$init"; do
		arguments+=,$at,mark=${at#*=}
	done
	bench_guest boot "$WORK/marks.log" -plugin "$arguments"
	awk '
		{ for (i = 3; i <= NF; i++) { split($i, pair, "="); n[pair[1]] = pair[2] } share = n["kernel"] + n["components"] }
		n["root"] == 1 && !first { first = $2 - 1 }
		n["guest"] == 2 && !begin { begin = share }
		n["init"] == 1 && !end { end = share }
		END { if (first && begin && end) { print "root_first_line", first; print "linux_init_share", end - begin } }
	' "$WORK/count" | grep . || die $EXIT_SKERRY "bench: the marks of a boot are not there"
}

bench_linux() {
	bench_marks
	guest_dtb
	bench_ratio linux_boot_ratio boot ticks_to_init
	bench_ratio sha_ratio sha256 ticks_sha256
}

# bench_bare WORK-WORD LOG DTB QEMU-ARGS: the same kernel with the same devices, on QEMU itself.
bench_bare() {
	local word=$1 log=$2 dtb=$3
	shift 3
	timeout -k 2 $BENCH_SECONDS qemu-system-aarch64 -M virt,gic-version=3 -cpu cortex-a72 -smp 1 -m 512 \
		-nographic -nic none -no-reboot "${BENCH_CLOCK[@]}" -rtc base=2026-01-01,clock=vm \
		-dtb "$dtb" -kernel "$GUESTS/cloud.Image" -initrd "$BUILD/initramfs.cpio.gz" \
		-append "$BENCH_APPEND skerry.do=$word" "$@" </dev/null >"$log" 2>"$log.err" || {
		tail -n 10 "$log" "$log.err" >&2
		die $EXIT_SKERRY "bench: the guest's $word on bare QEMU failed"
	}
}

# The device tree that the guest under Skerry was given, so that bare QEMU boots the
# kernel with exactly those devices. QEMU puts its own memory, initrd and command line in.
guest_dtb() {
	bench_guest fdt "$WORK/dtb.log"
	dtb_of "$WORK/dtb.log"
}

# dtb_of LOG: what the guest's work fdt printed, as guest.dtb.
dtb_of() {
	tr -d '\r' <"$1" | sed -n '/^fdt begins$/,/^fdt ends$/p' | sed '1d;$d' | base64 -d >"$WORK/guest.dtb" 2>/dev/null
	[ -s "$WORK/guest.dtb" ] || die $EXIT_SKERRY "bench: the guest did not hand out its device tree"
	# Linux removes the seed from its copy; a kernel without one is slower all through.
	fdtput -t x "$WORK/guest.dtb" /chosen rng-seed $(seq -f '0x%.0f' 10000001 10000016) ||
		die $EXIT_SKERRY "bench: cannot put a seed into the guest's device tree"
}

# ratio METRIC WORK-WORD COUNT-NAME: one line "METRIC VALUE".
bench_ratio() {
	local ours bare
	bench_guest "$2" "$WORK/$2.skerry"
	bench_bare "$2" "$WORK/$2.bare" "$WORK/guest.dtb"
	ours=$(metrics_of "$WORK/$2.skerry" | sed -n "s/^$3 //p")
	bare=$(metrics_of "$WORK/$2.bare" | sed -n "s/^$3 //p")
	[ -n "$ours" ] && [ -n "$bare" ] || die $EXIT_SKERRY "bench: $2 gave no figure $3"
	say "  $2: $ours ticks under Skerry, $bare bare"
	awk -v name="$1" -v a="$ours" -v b="$bare" 'BEGIN { printf "%s %.5f\n", name, a / b }'
}

# A disk in memory, bounced and mapped: guest, hypervisor and backend, no driver and nobody idle.
bench_ramdisk() {
	local disk suffix log
	for disk in vda vdb; do
		log=$WORK/$disk.log
		suffix=
		[ $disk = vdb ] || suffix=_bounced
		boot_options --system ramdisk --kernel "$GUESTS/cloud.Image" --initrd "$BUILD/initramfs.cpio.gz" --icount \
			--timeout $BENCH_SECONDS --append "$BENCH_APPEND skerry.do=blk-$disk"
		boot_go </dev/null >"$log" || {
			tail -n 10 "$log" >&2
			die $EXIT_SKERRY "bench: the guest that measures disks failed"
		}
		metrics_of "$log" | sed -n "s/^blk_\([a-z0-9_]*\) /blk_ram_\1$suffix /p" | grep . ||
			die $EXIT_SKERRY "bench: the guest that measures disks printed no figure"
	done
}

# The longest the kernel does not look at interrupts while a component makes every call there is.
bench_longest() {
	plugin longest
	bench_machine time-hostile-calls 1 "$WORK/longest.log" "${BENCH_CLOCK[@]}" \
		-plugin "$WORK/longest.so,out=$WORK/longest,from=8000000000"
	sed -n 's/^longest /longest_stretch /p' "$WORK/longest" | grep . ||
		die $EXIT_SKERRY "bench: no longest stretch was found"
}

# bench_traffic METRIC SYSTEM COUNT WORK-WORD: the guest's program `net` does what WORK-WORD says, COUNT times
# (if COUNT is empty: a stream, of which each 64 KiB count); instructions and exits for each, of all that
# the machine executes between the program's marks.
bench_traffic() {
	local log=$WORK/$1.log count=$3
	plugin count
	boot_options --system "$2" --kernel "$GUESTS/cloud.Image" --initrd "$BUILD/initramfs.cpio.gz" --icount --mem 256M \
		--net user --timeout $BENCH_SECONDS --append "$BENCH_APPEND skerry.do=$4" -- -plugin "$(count_arguments)"
	boot_go </dev/null >"$log" || {
		tail -n 10 "$log" >&2
		die $EXIT_SKERRY "bench: the guests of $1 failed"
	}
	grep -q '^net done' "$log" || die $EXIT_SKERRY "bench: the guest's $4 failed"
	[ -n "$count" ] || count=$(tr -d '\r' <"$log" | awk '/bytes in .* us$/ { print $1 / 65536 }')
	awk -v name="$1" -v count="$count" '
		$1 == "mark" { n++; all[n] = $2; split($3, e, "="); split($4, i, "="); exits[n] = e[2] + i[2] }
		END { printf "%s %.0f\n%s_exits %.2f\n", name, (all[2] - all[1]) / count, name, (exits[2] - exits[1]) / count }
	' "$WORK/count"
}

# devices_count LOG: what the machine executed from the guest kernel's first instruction to the word `mark`.
devices_count() {
	grep -q '^devices work' "$1" || {
		tail -n 10 "$1" >&2
		die $EXIT_SKERRY "bench: Linux with all devices does not come up"
	}
	awk '$1 == "mark" { all[++n] = $2 } END { print all[n - 1] - all[n - 2] }' "$WORK/count"
}

# Linux with a disk, a network and a virtio console, until all of them work: under Skerry and on
# bare QEMU with the same devices at the same places.
bench_devices() {
	local log=$WORK/devices.log plugin ours bare
	local virtio=(-global virtio-mmio.force-legacy=false -drive "if=none,id=disk0,format=raw,file=$WORK/disk"
		-device virtio-blk-device,drive=disk0,bus=virtio-mmio-bus.0
		-netdev user,id=net0 -device virtio-net-device,netdev=net0,mac=52:53:4b:00:00:01,bus=virtio-mmio-bus.1
		-device virtio-serial-device,bus=virtio-mmio-bus.2 -chardev "file,id=con,path=$WORK/hvc0" -device virtconsole,chardev=con
		-device virtio-rng-device,bus=virtio-mmio-bus.3)
	plugin count
	# The kernel's first instruction is at the same address in both.
	plugin=$WORK/count.so,out=$WORK/count,mark=40200000
	truncate -s 16M "$WORK/disk"
	boot_options --system devices --kernel "$GUESTS/cloud.Image" --initrd "$BUILD/initramfs.cpio.gz" --icount --net user \
		--disk "$WORK/disk" --timeout $BENCH_SECONDS --append "$BENCH_APPEND skerry.do=fdt"
	boot_go </dev/null >"$log"
	dtb_of "$log"
	BOOT_APPEND="$BENCH_APPEND skerry.do=devices" MACHINE_EXTRA=(-plugin "$plugin")
	boot_go </dev/null >"$log"
	ours=$(devices_count "$log") || exit
	bench_bare devices "$log" "$WORK/guest.dtb" "${virtio[@]}" -plugin "$plugin"
	bare=$(devices_count "$log") || exit
	say "  devices: $ours instructions under Skerry, $bare bare"
	awk -v a="$ours" -v b="$bare" 'BEGIN { printf "linux_devices_ratio %.5f\n", a / b }'
}

# How throughput grows with guests: of eight, two stream by TCP, then four, then all. The machine executes
# the same number of instructions in a second whoever runs, so that is what 64 KiB cost.
bench_pairs() {
	local log=$WORK/pairs.log
	boot_options --system eight --kernel "$GUESTS/cloud.Image" --initrd "$BUILD/initramfs.cpio.gz" --icount --cores 2 --mem 96M \
		--timeout $BENCH_SECONDS --append "$BENCH_APPEND skerry.do=pairs-12000-400"
	boot_go </dev/null >"$log" || {
		tail -n 10 "$log" >&2
		die $EXIT_SKERRY "bench: the eight guests failed"
	}
	tr -d '\r' <"$log" | sed -n 's/^pairs //p' | awk '
		{ bytes[$1] += $2; n[$1]++; if ($5 > us[$1]) us[$1] = $5 }
		END {
			for (p = 1; p <= 4; p *= 2) {
				if (n[p] != p)
					exit 1
				printf "net_tcp_64k_%d_guests %.0f\n", 2 * p, us[p] * 1000 * 65536 / bytes[p]
			}
		}' || die $EXIT_SKERRY "bench: of eight guests some did not stream"
}

# The gateway's port 67 takes a datagram that is no DHCP request and says nothing.
bench_network() {
	bench_traffic net_ping_uplink disk 1000 net-ping-10.0.2.2-1000
	bench_traffic net_ping_guest pair 1000 net-ping-10.0.2.16-1000
	bench_traffic net_udp_tx disk 3000 net-udp-10.0.2.2-67-1400-3000
	bench_traffic net_tcp_64k pair '' net-push-tcp-10.0.2.16-8-200
	bench_pairs
}

DISK_ROWS=r-4-1-300+w-4-1-300+r-64-1-100
DISK_DEEP_ROWS=r-4-2-320+r-4-4-320+r-4-8-320+r-4-16-320+r-4-32-960

# For requests one at a time the disk is made so slow that whoever asks sleeps, whatever the host's speed.
DISK_SLOW=(-set drive.disk0.throttling.iops-total=1000)

# The plugin's arguments, with a count of exits from the guest: its traps, and interrupts taken out of it.
count_arguments() {
	local vectors
	vectors=$(nm "$BUILD/kernel/kernel.elf" | awk '$3 == "guest_vectors" { print $1 }')
	printf '%s,out=%s,exits=%x,irqs=%x,spin=%s' "$WORK/count.so" "$WORK/count" $((0x$vectors + 0x400)) $((0x$vectors + 0x480)) \
		6f6f000000-6f6f000fff # tools/guest/spin.c
}

# bench_load NAME COMMAND...: of each row that the guest does which COMMAND boots on its disk "KIND INSTRUCTIONS EXITS INTERRUPTS", a request.
bench_load() {
	local log=$WORK/load-$1.log
	"${@:2}" </dev/null >"$log" 2>"$log.err"
	awk '
		FNR == 1 { file++ }
		file == 1 && $1 == "load" { n++; name[n] = $2; count[n] = $3; interrupts[n] = $4 / 100 }
		file == 2 && $1 == "mark" { m++; split($3, e, "="); split($4, i, "="); split($5, s, "="); all[m] = $2 - s[2]; exits[m] = e[2] + i[2] }
		END {
			for (k = 1; k <= n && m >= 2 * n; k++)
				printf "%s %.0f %.2f %.2f\n", name[k], (all[2 * k] - all[2 * k - 1]) / count[k],
					(exits[2 * k] - exits[2 * k - 1]) / count[k], interrupts[k]
		}' <(tr -d '\r' <"$log") "$WORK/count" | grep . || {
		tail -n 10 "$log" "$log.err" >&2
		die $EXIT_SKERRY "bench: the guest that measures a disk ($1) printed no figure"
	}
}

# bench_load_append ROWS: the kernel command line for it.
bench_load_append() {
	echo "$BENCH_APPEND skerry.do=load-vda-${1//+/+vda-}"
}

bench_load_skerry() { # SYSTEM ROWS QEMU-ARGS
	boot_options --system "$1" --kernel "$GUESTS/cloud.Image" --initrd "$BUILD/initramfs.cpio.gz" --icount \
		--timeout $BENCH_SECONDS --disk "$WORK/disk" --append "$(bench_load_append "$2")" -- -plugin "$(count_arguments)" "${@:3}"
	boot_go
}

# With QEMU's own device tree: it has the seeds that a kernel needs to be quick, and the disk.
bench_load_bare() { # ROWS QEMU-ARGS
	timeout -k 2 $BENCH_SECONDS qemu-system-aarch64 -M virt,gic-version=3 -cpu cortex-a72 -smp 1 -m 512 \
		-nographic -nic none -no-reboot "${BENCH_CLOCK[@]}" -rtc base=2026-01-01,clock=vm \
		-global virtio-mmio.force-legacy=false -drive "if=none,id=disk0,format=raw,file=$WORK/disk" \
		-device virtio-blk-device,drive=disk0 -kernel "$GUESTS/cloud.Image" -initrd "$BUILD/initramfs.cpio.gz" \
		-append "$(bench_load_append "$1")" -plugin "$(count_arguments)" "${@:2}"
}

# bench_disk_of NAME COMMAND...: all rows of one way to a disk, to NAME.disk.
bench_disk_of() {
	local name=$1
	shift
	bench_load "$name" "$@" "$DISK_ROWS" "${DISK_SLOW[@]}" >"$WORK/$name.disk"
	bench_load "$name-deep" "$@" "$DISK_DEEP_ROWS" >>"$WORK/$name.disk"
}

# A disk of the machine, which is a file: guest, hypervisor and driver.
bench_disk() {
	truncate -s 64M "$WORK/disk"
	plugin count
	bench_disk_of bare bench_load_bare
	bench_disk_of bounced bench_load_skerry disk
	bench_disk_of mapped bench_load_skerry disk-mapped
	bench_disk_of pci bench_load_skerry disk-pci
	awk '
		FNR == 1 { kind++ }
		{ cost[kind, $1] = $2; exits[kind, $1] = $3; interrupts[kind, $1] = $4 }
		function row(name, value) { printf "blk_%s %s\n", name, value }
		function each(kind, suffix) {
			row("read_4k" suffix, cost[kind, "r4_1"])
			row("write_4k" suffix, cost[kind, "w4_1"])
			row("read_64k" suffix, cost[kind, "r64_1"])
			row("read_4k_qd32" suffix, cost[kind, "r4_32"])
			if (kind > 1) {
				row("read_4k_exits" suffix, exits[kind, "r4_1"])
				row("qd32_exits" suffix, exits[kind, "r4_32"])
			}
		}
		END {
			each(1, "_bare"); each(2, "_bounced"); each(3, ""); each(4, "_pci")
			for (depth = 2; depth < 32; depth *= 2) {
				row("read_4k_qd" depth, cost[3, "r4_" depth])
				row("qd" depth "_exits", exits[3, "r4_" depth])
			}
			row("qd32_overhead", sprintf("%.3f", (cost[3, "r4_32"] - cost[1, "r4_32"]) / (cost[3, "r4_1"] - cost[1, "r4_1"])))
			row("qd32_interrupts", interrupts[3, "r4_32"])
		}' "$WORK/bare.disk" "$WORK/bounced.disk" "$WORK/mapped.disk" "$WORK/pci.disk"
}

# Of eight guests 1, 2, 4 and 8 read their disks at once (tools/guest/rc, share-START-SPAN): what the machine executes for
# a read of any of them, in the middle half of each span. Under icount a millisecond is a million instructions.
bench_guests() {
	local log=$WORK/guests.log start=12000 span=600 i
	boot_options --system eight --kernel "$GUESTS/cloud.Image" --initrd "$BUILD/initramfs.cpio.gz" --icount --cores 2 --mem 96M \
		--timeout $((4 * BENCH_SECONDS)) --append "$BENCH_APPEND skerry.do=share-$start-$span"
	: >"$log"
	# Ctrl-] a, all consoles with their names, when the multiplexer is there to hear it.
	for ((i = 0; i < 3000; i++)); do
		! grep -aq 'vmm[1-8]: arm64' "$log" || break
		sleep 0.1
	done | { cat; printf '\035a'; } | boot_go >>"$log" 2>"$log.err"
	tr -d '\r' <"$log" | sed -n 's/^guest[1-8]| share //p' | awk -v span=$span '
		{ all[$1] += $3; n[$1]++ }
		END {
			for (g = 1; g <= 8; g *= 2) {
				if (n[g] != g)
					exit 1
				printf "blk_guests_%d %.0f\n", g, span / 2 * 1000000 / all[g]
			}
		}' | grep . || {
		tail -n 10 "$log" "$log.err" >&2
		die $EXIT_SKERRY "bench: eight guests that read their disks printed no figure"
	}
}

# A virtio console that has the terminal: guest, hypervisor, multiplexer and UART driver.
bench_console() {
	local log=$WORK/vcon.log
	plugin count
	boot_options --system consoles --kernel "$GUESTS/cloud.Image" --initrd "$BUILD/initramfs.cpio.gz" --icount \
		--timeout $BENCH_SECONDS --append "$BENCH_APPEND skerry.do=lines-hvc0" -- -plugin "$(count_arguments)"
	printf '\0352' | boot_go >"$log" && grep -q '^lines done' "$log" || {
		tail -n 10 "$log" >&2
		die $EXIT_SKERRY "bench: the guest that measures a virtio console did not end"
	}
	# What 400 lines more cost, the least of three each.
	awk '
		function least(a, b) { return a && a < b ? a : b }
		$1 == "mark" { all[++n] = $2 }
		END {
			for (i = 1; i + 3 <= 12; i += 4) {
				once = least(once, all[i + 1] - all[i])
				twice = least(twice, all[i + 3] - all[i + 2])
			}
			if (n >= 12) # and one at the end of the machine
				printf "vcon_char %.0f\n", (twice - once) / 400 / 80
		}' "$WORK/count" | grep . || die $EXIT_SKERRY "bench: the virtio console's marks are fewer than twelve"
}

# bench_all PART...: all figures as "NAME VALUE [WRITES BARRIERS DEVICE]". A part that fails costs its own figures only.
bench_all() {
	local part rc=0
	for part in "$@"; do
		say "Measuring: $part"
		("bench_$part") || {
			say "bench: $part failed"
			rc=$EXIT_SKERRY
		}
	done
	return $rc
}

# What every table has of rows.txt and the figures, for awk with -F'|' and -v figures=FILE.
BENCH_READ='
	BEGIN {
		while ((getline line < figures) > 0) {
			k = split(line, w, " ")
			if (!(w[1] in value)) order[++n] = w[1]
			value[w[1]] = w[2]
			if (k == 5) slow[w[1]] = w[3] " " w[4] " " w[5]
		}
	}
	/^#/ || NF < 5 { next }
	{ row[++rows] = $1; what[$1] = $2; unit[$1] = $3; peers[$1] = $4; must[$1] = $5 }
	function missed(name) { return must[name] != "" && value[name] + 0 > must[name] + 0 }
'

# bench_table FIGURES: for a person; at the end the musts that are missed.
bench_table() {
	awk -F'|' -v figures="$1" "$BENCH_READ"'
		function show(name,   s, text) {
			if (name in slow) { split(slow[name], s, " "); text = s[1] "w " s[2] "b" (s[3] == "null" ? "" : " " s[3] "d") }
			printf "%-72s %11s %9s %-2s %-16s %-13s %s\n", what[name] == "" ? name : what[name], value[name], must[name],
				missed(name) ? "!!" : "", text, unit[name], peers[name]
		}
		END {
			printf "%-72s %11s %9s %-2s %-16s %-13s %s\n", "what", "Skerry", "must", "", "slow ones", "unit", "peers"
			for (i = 1; i <= rows; i++) if (row[i] in value) show(row[i])
			for (i = 1; i <= n; i++) if (!(order[i] in what)) show(order[i])
			print "w: writes of system registers, b: barriers, TLB and cache operations, d: device registers. Bao has one guest pinned to a core and nothing to switch."
			for (i = 1; i <= rows; i++)
				if (must[row[i]] != "" && row[i] in value) {
					all++
					if (missed(row[i])) { bad++; printf "MISSED: %s is %s, must be %s at most (%s)\n", row[i], value[row[i]], must[row[i]], what[row[i]] }
				}
			printf "%d of %d musts hold\n", all - bad, all
		}' "$ROWS"
}

# bench_json FIGURES: for a program.
bench_json() {
	awk -F'|' -v figures="$1" "$BENCH_READ"'
		function peers_of(name,   m, i, k, pair, text) {
			gsub(/\([^)]*\)/, "", peers[name])
			m = split(peers[name], pair, " ")
			for (i = 1; i <= m; i++) {
				split(pair[i], k, "=")
				text = text ((i > 1) ? ", " : "") "\"" k[1] "\": " k[2]
			}
			return text
		}
		function slow_of(name,   s) {
			if (!(name in slow)) return ""
			split(slow[name], s, " ")
			return sprintf(", \"system_register_writes\": %s, \"barriers\": %s, \"device_accesses\": %s", s[1], s[2], s[3])
		}
		END {
			printf "{\n  \"metrics\": ["
			for (i = 1; i <= n; i++) {
				k = order[i]
				printf "%s\n    {\"name\": \"%s\", \"value\": %s, \"what\": \"%s\", \"unit\": \"%s\"%s%s, \"peers\": {%s}}",
					((i > 1) ? "," : ""), k, value[k], what[k], unit[k],
					must[k] == "" ? "" : ", \"must\": " must[k] ", \"held\": " (missed(k) ? "false" : "true"), slow_of(k), peers_of(k)
			}
			printf "\n  ]\n}\n"
		}' "$ROWS"
}

# bench_missing FIGURES: the rows that have no figure.
bench_missing() {
	awk -F'|' -v figures="$1" "$BENCH_READ"'END { for (i = 1; i <= rows; i++) if (!(row[i] in value)) print row[i] }' "$ROWS"
}

command_bench() {
	local json= parts=() missing rc=0
	while [ $# -gt 0 ]; do
		case $1 in
		-h | --help)
			bench_usage
			return
			;;
		--json)
			need_value "$1" $#
			json=$2
			: >>"$json" || die $EXIT_USER "--json $json: cannot be written"
			shift
			;;
		*)
			[[ " $BENCH_PARTS " == *" $1 "* ]] || die $EXIT_USER "bench: $1: no such option or part; ./skerry bench --help"
			parts+=("$1")
			;;
		esac
		shift
	done
	setup
	build_preset "$ARCH"
	WORK=$(mktemp -d) || die $EXIT_SETUP "no temporary folder"
	# shellcheck disable=SC2086
	bench_all ${parts[*]:-$BENCH_PARTS} >"$WORK/figures" || rc=$?
	bench_table "$WORK/figures"
	[ -z "$json" ] || bench_json "$WORK/figures" >"$json"
	missing=
	[ ${#parts[@]} -gt 0 ] || missing=$(bench_missing "$WORK/figures")
	rm -rf "$WORK"
	[ -z "$missing" ] || die $EXIT_SKERRY "bench: no figure for ${missing//$'\n'/, }"
	return $rc
}
