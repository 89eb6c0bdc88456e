# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# seconds 3600
#
# The tutorial of idl/README.md, typed as it stands, in a copy of the tree: each block
# ```sh must succeed, each ```sh fails must end with 1, and what the block behind it
# shows must be printed ("..." stands for anything). The copy has no demos, benches and fewer tests to build. At a guest's prompt poweroff is typed.
mkdir "$WORK/tree" "$WORK/blocks"
tar -C "$TOP" --exclude=./build --exclude=./.git --exclude=./tests/guest --exclude=./tests/unit \
	--exclude=./tests/runtime --exclude=./tests/fuzz -cf - . | tar -C "$WORK/tree" -xf - || fail "cannot copy the tree"
cd "$WORK/tree" || exit
sed -i -e '/^skerry_system/d' -e '/^add_subdirectory/d' apps/demos/CMakeLists.txt
sed -i -e '/^add_subdirectory(/{/spec\|root\|demos/!d}' apps/CMakeLists.txt
sed -i -e '/^add_subdirectory(/{/uart/!d}' drivers/CMakeLists.txt

# The Skerry half of camkes.md is the file that the tests accept.
diff <(awk '/^Skerry, one file/ { on = 1 } on && /^```$/ { n++; next } on && n == 1' idl/camkes.md) \
	<(sed -e 1d -e 's| // stubs$||' tests/idl/accept/camkes.adl) || fail "idl/camkes.md and tests/idl/accept/camkes.adl differ"

awk -v dir="$WORK/blocks" '
	/^## Reference/ { exit }
	/^```sh/ { n++; name = sprintf("%s/%02d.%s", dir, n, $2 == "fails" ? "fails" : "sh"); in_block = 1; next }
	/^```$/ && !in_block { name = n ? sprintf("%s/%02d.shown", dir, n) : "/dev/null"; in_block = 1; next }
	/^```$/ { in_block = 0; close(name); next }
	in_block { print >name }
' idl/README.md
count=$(find "$WORK/blocks" -name '*.sh' -o -name '*.fails' | wc -l)
[ "$count" -ge 10 ] || fail "only $count steps found"

# shown FILE: every line of it was printed.
shown() {
	local line pattern
	while IFS= read -r line; do
		[ -n "${line// /}" ] || continue
		pattern=$(sed -e 's/[][\.*^$+?(){}|/]/\\&/g' -e 's/\\\.\\\.\\\./.*/g' -e 's/^[[:space:]]*//' <<<"$line")
		rest_of_all | grep -qaE -- "$pattern" || fail "not printed: $line"
	done <"$1"
}

rest_of_all() {
	tr -d '\r' <"$WORK/out"
}

# follow: until the step ends; its exit code.
follow() {
	local end=$((SECONDS + 280 * PATIENCE)) typed=
	while kill -0 "$GUEST" 2>/dev/null; do
		[ $SECONDS -lt $end ] || fail "still running"
		if [ -z "$typed" ] && grep -qaE "$PROMPT" "$WORK/out"; then
			send poweroff
			typed=1
		fi
		sleep 0.2
	done
	wait "$GUEST"
	CODE=$?
	GUEST=
	exec 3>&-
	sleep 0.2
}

for step in "$WORK"/blocks/*.sh "$WORK"/blocks/*.fails; do
	echo "$step"
done | sort >"$WORK/steps"
while read -r step <&4; do
	echo "--- $(basename "$step")"
	start bash -e "$step"
	follow
	case $step in
	*.fails) [ $CODE = 1 ] || fail "exit code $CODE, expected 1" ;;
	*) [ $CODE = 0 ] || fail "exit code $CODE" ;;
	esac
	[ ! -e "${step%.*}.shown" ] || shown "${step%.*}.shown"
done 4<"$WORK/steps"
