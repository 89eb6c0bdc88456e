# SPDX-License-Identifier: BSD-2-Clause
#
# skerry_host_tool(NAME x SOURCES a.c ... [INCLUDES dir ...] [FDT])
# FDT: with libfdt.
# A program that runs while building, on the machine that builds. The target is
# tool-NAME, the program's path is in the global property SKERRY_TOOL_NAME. In
# the cross build CMake's own compiler is of the wrong kind, so it is made with cc.
find_program(SKERRY_HOST_CC NAMES cc gcc REQUIRED)

function(skerry_host_tool)
	cmake_parse_arguments(T "FDT" "NAME" "SOURCES;INCLUDES" ${ARGN})
	set(program ${CMAKE_BINARY_DIR}/tools/${T_NAME})
	set(includes)
	set(headers)
	foreach(dir ${T_INCLUDES} ${SKERRY_ABI_INCLUDES})
		get_filename_component(dir ${dir} ABSOLUTE)
		list(APPEND includes -I${dir})
		file(GLOB found ${dir}/*.h ${dir}/*/*.h)
		list(APPEND headers ${found})
	endforeach()
	set(sources)
	foreach(source ${T_SOURCES})
		get_filename_component(source ${source} ABSOLUTE)
		list(APPEND sources ${source})
	endforeach()
	set(flags -O2 -g)
	if(SKERRY_ARCH STREQUAL "host")
		set(flags ${SKERRY_HOST_FLAGS})
	endif()
	set(objects)
	set(depends)
	if(T_FDT)
		set(objects ${SKERRY_HOST_FDT})
		set(depends host-libfdt ${SKERRY_HOST_FDT})
		list(APPEND includes -isystem ${SKERRY_FDT})
	endif()
	add_custom_command(OUTPUT ${program}
		COMMAND ${SKERRY_HOST_CC} -std=c11 -D_POSIX_C_SOURCE=200809L ${flags} ${SKERRY_WARNINGS}
			${includes} -o ${program} ${sources} ${objects}
		DEPENDS ${sources} ${headers} ${depends}
		COMMENT "Host tool ${T_NAME}" VERBATIM)
	add_custom_target(tool-${T_NAME} ALL DEPENDS ${program})
	set_property(GLOBAL PROPERTY SKERRY_TOOL_${T_NAME} ${program})
endfunction()
