# SPDX-License-Identifier: BSD-2-Clause
#
# skerry_offsets(NAME x SOURCE offsets.c OUTPUT offsets.h [INCLUDES dir ...] [DEFINES D=1 ...])
# Numbers that assembly needs, taken from C. The source holds lines such as
#   __asm__ volatile(".ascii \"->THREAD_SP %c0\"" :: "i"(offsetof(struct thread, sp)));
# It is compiled to assembly only, and each marker becomes a #define of OUTPUT, in capitals
# (a path below the build folder). Target x; users say add_dependencies(... x)
# and include the folder of OUTPUT.
function(skerry_offsets)
	if(SKERRY_ARCH STREQUAL "host")
		return()
	endif()
	cmake_parse_arguments(O "" "NAME;SOURCE;OUTPUT" "INCLUDES;DEFINES" ${ARGN})
	get_filename_component(source ${O_SOURCE} ABSOLUTE)
	get_filename_component(output ${O_OUTPUT} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_BINARY_DIR})
	set(flags)
	foreach(dir ${O_INCLUDES} ${SKERRY_ABI_INCLUDES})
		get_filename_component(dir ${dir} ABSOLUTE)
		list(APPEND flags -I${dir})
	endforeach()
	list(TRANSFORM O_DEFINES PREPEND -D)
	add_custom_command(OUTPUT ${output}
		COMMAND ${CMAKE_C_COMPILER} -std=c11 ${SKERRY_ARCH_FLAGS} -ffreestanding -nostdinc -isystem ${SKERRY_GCC_INCLUDE}
			${flags} ${O_DEFINES} -MD -MF ${output}.d -MT ${output} -S -o ${output}.s ${source}
		COMMAND ${CMAKE_COMMAND} -DIN=${output}.s -DOUT=${output} -P ${CMAKE_SOURCE_DIR}/cmake/extract-offsets.cmake
		DEPENDS ${source} ${CMAKE_SOURCE_DIR}/cmake/extract-offsets.cmake
		DEPFILE ${output}.d COMMENT "Offsets ${O_NAME}" VERBATIM)
	add_custom_target(${O_NAME} DEPENDS ${output})
endfunction()
