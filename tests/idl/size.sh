#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# size.sh SKERRY-IDL: the compiler has less than 5,000 code lines: all of idl/compiler, without
# blank lines and comments, as ./skerry size counts.
set -u
TOP=$(cd "$(dirname "$0")/../.." && pwd)
. "$TOP/tools/front/common.sh"
. "$TOP/tools/front/system.sh"
lines=$(ls "$TOP"/idl/compiler/*.[ch] | count_code)
echo "idl/compiler: $lines code lines"
[ "$lines" -gt 1000 ] && [ "$lines" -lt 5000 ]
