# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
command_bench() { die $EXIT_USER "bench: not yet"; }
