# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# full
# seconds 7200
. "$TOP/tests/boot/restart.inc"
restarts 100 60
leave
