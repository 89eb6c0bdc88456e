# SPDX-License-Identifier: BSD-2-Clause
#
# cmake -DIN=x.s -DOUT=x.h -P extract-offsets.cmake: see skerry-offsets.cmake.
file(STRINGS ${IN} lines REGEX "->[A-Z_0-9]+ ")
set(text "/* Generated from C; do not edit. */\n")
foreach(line IN LISTS lines)
	if(NOT line MATCHES "->([A-Z_0-9]+) [#$]?(-?[0-9]+)")
		message(FATAL_ERROR "${IN}: cannot read the marker: ${line}")
	endif()
	string(APPEND text "#define ${CMAKE_MATCH_1} ${CMAKE_MATCH_2}\n")
endforeach()
file(WRITE ${OUT} "${text}")
