# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# full
# seconds 3600
#
# As disk-verify, the other way round and longer.
. "$TOP/tests/boot/disk-verify.inc"
verified mmio 4 1500
verified pci 1 1500
