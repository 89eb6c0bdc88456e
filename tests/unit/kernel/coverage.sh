# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# coverage.sh CLANG [FOLDER]: how much of kernel/core the unit tests and the fuzzer's corpus run:
# prints lines and branches by file; fails where they are fewer than LINES and BRANCHES per cent.
# FOLDER gets the sources with what was not run (lines.txt). By source (clang -fcoverage-mapping).
set -u -o pipefail
LINES=90 BRANCHES=80
clang=$1
folder=${2:-}
llvm=$(dirname "$(realpath "$(command -v "$clang")")")
kernel=kernel
kit=tests/unit/kernel
fuzz=tests/fuzz/kernel
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
for tool in llvm-profdata llvm-cov; do
	command -v "$llvm/$tool" >/dev/null || {
		echo "$llvm/$tool is not there: install llvm"
		exit 77
	}
done

flags=(-std=c11 -O1 -w -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -Dsched_yield=kernel_sched_yield
	-I$kernel/arch/host -I$kernel/core -I$kernel/include -I$kernel/debug -I$kit)
measured=(-fprofile-instr-generate -fcoverage-mapping)
resettable=(-include $kernel/arch/host/shared.h -include $fuzz/reset.h)
mkdir "$work/o"
for file in $kernel/core/*.c $kernel/arch/host/*.c $kernel/debug/check*.c $kernel/debug/host/*.c \
	$kit/{kit,invariants,turns,life}.c $kit/*_{life,model}.c; do
	[ "$file" != $kernel/core/memset.c ] || continue
	name=${file//\//-}
	# the architecture: for what it runs of the core's headers
	case $file in
	$kernel/core/* | $kernel/arch/host/*) measure=("${measured[@]}") ;;
	*) measure=() ;;
	esac
	"$clang" "${flags[@]}" "${measure[@]}" "${resettable[@]}" -c "$file" -o "$work/o/${name%.c}.o" || exit 1
done

export LLVM_PROFILE_FILE=$work/%8m.profraw
objects=()
for test in $(sed -n 's/^foreach(subject \(.*\))$/\1/p' $kit/CMakeLists.txt); do
	"$clang" "${flags[@]}" -c $kit/"$test".c -o "$work/main.o" || exit 1
	"$clang" -fprofile-instr-generate "$work"/o/*.o "$work/main.o" -o "$work/$test" -lcmocka -lpthread || exit 1
	# unit/kernel-$test judges it; by another compiler a seed is another life, in which not all of it need come
	"$work/$test" >"$work/log" 2>&1 || echo "$test fails here: $(grep -a 'never\|LINE\|invariant' "$work/log" | head -n 1)"
	objects+=(-object "$work/$test")
done
"$clang" "${flags[@]}" -fsanitize=fuzzer -c $fuzz/fuzz.c -o "$work/main.o" || exit 1
"$clang" -fprofile-instr-generate -fsanitize=fuzzer "$work"/o/*.o "$work/main.o" -o "$work/fuzz" -lcmocka -lpthread || exit 1
"$work/fuzz" -runs=0 -max_len=2048 -verbosity=0 $fuzz/corpus >"$work/log" 2>&1 || {
	tail -n 20 "$work/log"
	exit 1
}
"$llvm/llvm-profdata" merge -o "$work/all" "$work"/*.profraw || exit 1
show=("${objects[@]:1}" -object "$work/fuzz" "-instr-profile=$work/all")
if [ -n "$folder" ]; then
	"$llvm/llvm-cov" show "${show[@]}" -show-branches=count $kernel/core >"$folder/lines.txt" || exit 1
fi
"$llvm/llvm-cov" export "${show[@]}" -summary-only $kernel/core >"$work/json" || exit 1
python3 - "$work/json" $LINES $BRANCHES <<'END'
import json, os, sys
data = json.load(open(sys.argv[1]))["data"][0]
def row(name, s):
	print("%-16s %5d lines %6.2f %%   %5d branches %6.2f %%" % (name, s["lines"]["count"], s["lines"]["percent"],
		s["branches"]["count"], s["branches"]["percent"]))
for f in sorted(data["files"], key=lambda f: f["filename"]):
	if f["summary"]["lines"]["count"]:
		row(os.path.basename(f["filename"]), f["summary"])
total = data["totals"]
row("kernel/core", total)
if total["lines"]["count"] < 2000:
	sys.exit("too few lines: is all of kernel/core here?")
if total["lines"]["percent"] < float(sys.argv[2]) or total["branches"]["percent"] < float(sys.argv[3]):
	sys.exit("less than %s %% of the lines or %s %% of the branches" % (sys.argv[2], sys.argv[3]))
END
