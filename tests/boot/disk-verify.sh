# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# Nothing is lost, old or another's on a disk: by MMIO with one vCPU, by PCI with four.
. "$TOP/tests/boot/disk-verify.inc"
verified mmio 1 300
verified pci 4 200
