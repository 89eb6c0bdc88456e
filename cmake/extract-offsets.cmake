# SPDX-License-Identifier: BSD-2-Clause
#
# cmake -DIN=x.s -DOUT=x.h -P extract-offsets.cmake: see skerry-offsets.cmake.
file(STRINGS ${IN} lines REGEX "->[A-Za-z_0-9]+ ")
set(text "/* Generated from C; do not edit. */\n")
foreach(line IN LISTS lines)
	if(NOT line MATCHES "->([A-Za-z_0-9]+) [#$]?(-?[0-9]+)")
		message(FATAL_ERROR "${IN}: cannot read the marker: ${line}")
	endif()
	set(value ${CMAKE_MATCH_2})
	string(TOUPPER ${CMAKE_MATCH_1} name)
	string(APPEND text "#define ${name} ${value}\n")
endforeach()
file(WRITE ${OUT} "${text}")
