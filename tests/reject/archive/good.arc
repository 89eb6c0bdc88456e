# SPDX-License-Identifier: BSD-2-Clause
# What a proper one looks like. Fields: see tests/unit/loader/archive.c.
bytes 0x4000
files 3
size 0x4000
entry kernel 0x1000 0x1800
entry empty 0x3000 0
entry root 0x3000 0x1000
