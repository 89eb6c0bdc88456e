# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
. "$TOP/tests/boot/restart.inc"
restarts 10 100
