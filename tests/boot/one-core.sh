# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
#
# A machine with a single core.
linux --cores 1
send poweroff
ends 60 0
