# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
command_size() { die $EXIT_USER "size: not yet"; }
