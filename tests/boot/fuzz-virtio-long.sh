# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# full
# seconds 3600
#
# Ten million random operations on each virtio device, on the host (unit/virtio-fuzz does 200,000),
# and five minutes of libFuzzer where there is one.
SKERRY_FUZZ_OPERATIONS=10000000 "$TOP/build/host/tests/unit/virtio/test-virtio-fuzz" || fail "a device"
fuzzer=$TOP/build/host/tests/fuzz/virtio/fuzz-virtio
[ -x "$fuzzer" ] || exit 0
mkdir "$WORK/found"
"$fuzzer" -max_len=4096 -max_total_time="${SKERRY_FUZZ_SECONDS:-300}" -timeout=20 -verbosity=0 \
	-artifact_prefix="$TOP/build/host/" "$WORK/found" "$TOP/tests/fuzz/virtio/corpus" ||
	fail "libFuzzer found an input; it is in build/host"
