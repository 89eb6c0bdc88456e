# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# ./skerry test. The registry, and where each kind of test comes from:
#   unit/NAME        every test that ctest knows in the host build
#   kernel/NAME/1    every system build/.../test-NAME.img, on one core
#   kernel/NAME/2    the same on two; with --full also on 4 and 8 (more cores than a small host
#                    has run one after the other there, so deadlines mean little), `cores` always
#   kernel/NAME/N/CPU  the same on N cores of another CPU: with --full all on 1, 2 and 4,
#                    without it KERNEL_SMOKE on two
#   boot/NAME        every tests/boot/NAME.sh
#   reject/NAME      every tests/reject/NAME.sh
# The scripts are run by bash with tests/lib.sh sourced; 0 is a pass, 77 a skip with the
# reason as the last line. A script with a line "# full" runs with --full only; one with a
# line "# seconds N" may take so long, others SCRIPT_SECONDS.

# Limits for what hangs, not for what a busy machine makes slow.
KERNEL_TEST_SECONDS=300
KERNEL_CPUS='a53 n1 max' # besides the cortex-a72
KERNEL_SMOKE='space thread vcpu'
SCRIPT_SECONDS=1200

test_usage() {
	cat <<-EOF
	Usage: ./skerry test [--full] [--list] [NAME...]
	Sets up, builds and runs the tests: all, or those whose name is NAME or begins
	with NAME/. The last line is "N passed, N failed" and ", N skipped" if any were.

	  --full   also the long ones
	  --list   print the names only

	Exit codes: 0 all passed, 1 one failed or a name is unknown, 2 set-up or build failed.
	EOF
}

# Prints the names of all tests. Needs both builds.
test_registry() {
	local full=$1 path cpu
	ctest --test-dir "$TOP/build/host" -N | sed -n 's/^ *Test *#[0-9]*: \(.*\)$/unit\/\1/p'
	for path in "$BUILD"/test-*.img; do
		[ -e "$path" ] || continue
		path=${path##*/test-}
		printf "kernel/${path%.img}/%s\n" 1 2
		[ -z "$full" ] && [ "${path%.img}" != cores ] || printf "kernel/${path%.img}/%s\n" 4 8
		for cpu in $KERNEL_CPUS; do
			if [ -n "$full" ]; then
				printf "kernel/${path%.img}/%s/$cpu\n" 1 2 4
			elif [[ " $KERNEL_SMOKE " == *" ${path%.img} "* ]]; then
				echo "kernel/${path%.img}/2/$cpu"
			fi
		done
	done
	for path in "$TOP"/tests/boot/*.sh "$TOP"/tests/reject/*.sh; do
		[ -e "$path" ] || continue
		[ -n "$full" ] || ! grep -qx '# full' "$path" || continue
		path=${path#"$TOP/tests/"}
		echo "${path%.sh}"
	done
}

# test_unit NAME LOG
test_unit() {
	ctest --test-dir "$TOP/build/host" -R "^$1\$" --output-on-failure --no-tests=error >"$2" 2>&1
}

# test_kernel NAME CORES CPU LOG: the program's own count must agree with its lines,
# nothing may have failed, and it must have switched the machine off itself.
test_kernel() {
	local rc passed failed
	machine_defaults
	case $3 in
	a53) MACHINE_CPU=cortex-a53 ;;
	n1) MACHINE_CPU=neoverse-n1 ;;
	max) MACHINE_CPU=max,pauth-impdef=on ;;
	esac
	timeout -k 2 $KERNEL_TEST_SECONDS qemu-system-aarch64 -M virt,virtualization=on,gic-version=3 \
		-cpu "$MACHINE_CPU" -smp "$2" -m 512 -nographic -nic none -no-reboot \
		-kernel "$BUILD/test-$1.img" </dev/null >"$4" 2>&1
	rc=$?
	sed -i 's/\r//g' "$4"
	grep -aq "^skerry: loader, .* $2 core" "$4" || {
		echo "the loader did not find $2 cores" >>"$4"
		return 1
	}
	case $rc in
	0) ;;
	124 | 137)
		echo "still running after $KERNEL_TEST_SECONDS s" >>"$4"
		return 1
		;;
	*)
		echo "QEMU ended with $rc" >>"$4"
		return 1
		;;
	esac
	read -r passed failed < <(sed -n 's/^done \([0-9]*\) passed \([0-9]*\) failed$/\1 \2/p' "$4" | tail -n 1)
	[ -n "${failed:-}" ] || {
		echo "the program printed no line \"done P passed F failed\"" >>"$4"
		return 1
	}
	[ "$failed" = 0 ] && [ "$passed" -gt 0 ] && ! grep -q '^not ok ' "$4" &&
		[ "$(grep -c '^ok ' "$4")" = "$passed" ] || {
		echo "$passed passed, $failed failed; lines: $(grep -c '^ok ' "$4") ok, $(grep -c '^not ok ' "$4") not ok" >>"$4"
		return 1
	}
}

# test_script NAME LOG
test_script() {
	local seconds
	seconds=$(sed -n 's/^# seconds \([0-9]*\)$/\1/p' "$TOP/tests/$1.sh")
	seconds=${seconds:-$SCRIPT_SECONDS}
	TOP=$TOP BUILD=$BUILD GUESTS=$GUESTS timeout --foreground -k 5 "$seconds" bash -u -c '
		. "$TOP/tests/lib.sh"
		. "$TOP/tests/$1.sh"' test "$1" </dev/null >"$2" 2>&1
	local rc=$?
	[ $rc != 124 ] || echo "still running after $seconds s" >>"$2"
	return $rc
}

# test_one NAME LOG
test_one() {
	local name cores cpu
	case $1 in
	unit/*) test_unit "${1#unit/}" "$2" ;;
	kernel/*)
		IFS=/ read -r _ name cores cpu <<<"$1"
		test_kernel "$name" "$cores" "$cpu" "$2"
		;;
	*) test_script "$1" "$2" ;;
	esac
}

# test_run NAME...: runs them, prints a line each and the summary.
test_run() {
	local name log start passed=0 failed=0 skipped=0 rc took
	mkdir -p "$TOP/build/test-logs"
	for name in "$@"; do
		log=$TOP/build/test-logs/${name//\//-}.log
		start=$EPOCHREALTIME
		test_one "$name" "$log"
		rc=$?
		took=$(awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }')
		case $rc in
		0)
			passed=$((passed + 1))
			echo "ok    $name (${took} s)"
			;;
		77)
			skipped=$((skipped + 1))
			echo "skip  $name: $(tail -n 1 "$log")"
			;;
		*)
			failed=$((failed + 1))
			echo "FAIL  $name (${took} s); the whole output: ${log#"$TOP/"}"
			tail -n 25 "$log" | sed 's/^/      | /'
			;;
		esac
	done
	[ $skipped = 0 ] && echo "$passed passed, $failed failed" || echo "$passed passed, $failed failed, $skipped skipped"
	[ $failed = 0 ] && [ $((passed + skipped)) -gt 0 ]
}

# test_select NAMES-OF-ALL WANTED...: those wanted, in the registry's order.
test_select() {
	local all=$1 want
	shift
	for want in "$@"; do
		grep -qE "^$(sed 's/[.+*]/\\&/g' <<<"${want%/}")(/|\$)" <<<"$all" ||
			die $EXIT_USER "test: $want: no such test; ./skerry test --list names them"
	done
	while read -r name; do
		for want in "$@"; do
			case $name in
			"${want%/}" | "${want%/}"/*)
				echo "$name"
				break
				;;
			esac
		done
	done <<<"$all"
}

command_test() {
	local full='' list='' want=() all names
	while [ $# -gt 0 ]; do
		case $1 in
		-h | --help)
			test_usage
			return
			;;
		--full)
			full=1
			export SKERRY_FUZZ_SECONDS=${SKERRY_FUZZ_SECONDS:-300}
			;;
		--list) list=1 ;;
		-*) die $EXIT_USER "test: $1: no such option; ./skerry test --help" ;;
		*) want+=("$1") ;;
		esac
		shift
	done
	setup
	build_preset "$ARCH"
	build_preset host
	[ ${#want[@]} = 0 ] || full=1
	all=$(test_registry "$full")
	[ -n "$all" ] || die $EXIT_SETUP "test: no test found"
	if [ ${#want[@]} -gt 0 ]; then
		all=$(test_select "$all" "${want[@]}") || exit
	fi
	if [ -n "$list" ]; then
		echo "$all"
		return
	fi
	mapfile -t names <<<"$all"
	test_run "${names[@]}"
}
