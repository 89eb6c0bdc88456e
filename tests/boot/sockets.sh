# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
. "$TOP/tests/boot/sockets.inc"
sockets
