#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# authority.sh SKERRY-IDL: skerry-authority judges the spec that root loads, whatever the compiler
# meant it to be, and says what is wrong with files that are not as they should be.
set -u
idl=$1 authority=${1%/*}/skerry-authority
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
bad=0
fail() {
	echo "FAILED: $*"
	bad=1
}

# The same instances; in b the second also calls the third. The policy is a's.
system() {
	cat <<-END
		procedure P { void f(); }
		component A { control; uses P p; }
		component B { provides P p; maybe uses P q; }
		component C { provides P p; }
		assembly { composition {
			component A a; component B b; component C c;
			connection RPC one(from a.p, to b.p);
			$1
		} policy { deny flow a -> c; } }
	END
}
system '' >a.adl
system 'connection RPC two(from b.q, to c.p);' | sed 's/policy.*/}/' >b.adl
"$idl" spec a.adl a.spec && "$idl" spec b.adl b.spec || exit 1
"$authority" check a.spec >said || fail "the system as it is meant: $(cat said)"
# A compiler that makes something else than the text says: its spec, with the notes of what was meant.
cp b.spec wrong.spec
cp a.notes wrong.notes
"$authority" check wrong.spec >said && fail "a denied flow is in the spec, and nothing was said"
grep -q '^VIOLATED  deny flow a -> c$' said && grep -q '^ *a -> b: ' said && grep -q '^ *b -> c: ' said || fail "$(cat said)"
"$authority" build wrong.spec 2>said && fail "it can be built"
grep -q '^a.adl:9:12: error: the policy is violated: a can reach c$' said && [ ! -e wrong.spec ] || fail "$(cat said)"

# A spec that root refuses.
cp a.notes broken.notes
{ head -c 24 a.spec; printf '\377'; tail -c +26 a.spec; } >broken.spec
"$authority" check broken.spec 2>said && fail "a broken spec"
grep -q '^a.adl:5:[0-9]*: error: the system cannot be built: ' said || fail "$(cat said)"

# Notes with a line left out, cut off, said twice, or with other words: a message and no crash. Some are as good.
lines=$(wc -l <a.notes) refused=0
for ((n = 1; n <= lines; n++)); do
	for edit in "${n}d" "${n}s/.\$//" "${n}p" "${n}s/ .*//" "${n}s/[0-9][0-9]*/99999999999999999999/g" "${n}s/:/ /" "${n}s/^./x/" "${n}s/0:/7:/"; do
		cp a.spec odd.spec
		sed "$edit" a.notes >odd.notes
		"$authority" tcb odd.spec >said 2>&1
		rc=$?
		[ $rc = 0 ] && continue
		refused=$((refused + 1))
		[ $rc = 1 ] && grep -qE '^(skerry-authority: odd.notes:[0-9]+: |a.adl:[0-9]+:[0-9]+: error: )' said ||
			fail "notes with $edit: exit code $rc: $(head -n 3 said)"
	done
done
[ $refused -gt 30 ] || fail "only $refused of the odd notes were refused"

# A board on which a device has streams of its DMA at an IOMMU.
cat >board.dts <<'END'
/dts-v1/;
/ {
	#address-cells = <1>;
	#size-cells = <1>;
	iommu: iommu@1000 { compatible = "arm,smmu-v3"; reg = <0x1000 0x1000>; #iommu-cells = <1>; };
	disk@2000 { compatible = "any"; reg = <0x2000 0x1000>; iommus = <&iommu 7>, <&iommu 0x20>; };
};
END
cat >dma.adl <<'END'
component D { control; hardware; dataport Buf registers; }
assembly { composition { component D d; device disk "/disk@2000" dma; connection HwMMIO m(from d.registers, to disk); } }
END
dtc -q -O dtb -o board.dtb board.dts && "$idl" -b board.dtb spec dma.adl dma.spec && "$authority" tcb dma.spec d >said || fail "streams"
grep -q 'an IOMMU for it, stream 0x7, 0x20, which nothing drives yet' said || fail "$(cat said)"

# A text that has changed since is shown as far as it is there.
: >a.adl
cp b.spec wrong.spec
"$authority" build wrong.spec 2>said
grep -q 'error: the policy is violated' said || fail "without the text: $(cat said)"
rm a.notes
"$authority" check a.spec 2>said && fail "without notes"
grep -q 'a.notes: cannot be read' said || fail "$(cat said)"
[ $bad = 0 ] && echo "$refused odd notes refused"
exit $bad
