# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# full
. "$TOP/tests/boot/sockets.inc"
sockets --transport pci --cpus 2
