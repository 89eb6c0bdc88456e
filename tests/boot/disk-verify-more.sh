# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# full
#
# As disk-verify, the other way round and longer.
. "$TOP/tests/boot/disk-verify.inc"
verified mmio 4 4000
verified pci 1 4000
