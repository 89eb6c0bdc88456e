# SPDX-License-Identifier: BSD-2-Clause
#
# skerry_stubs(ADL file TYPE Type OUT var)
#   Generates component.h and component.c of component type Type; var = component.c,
#   its folder belongs on the include path.
# skerry_adl_component(NAME x ADL file TYPE Type SOURCES ... [LIBS ...] [INCLUDES ...])
#   skerry_component() with these stubs.
function(skerry_stubs)
	cmake_parse_arguments(S "" "ADL;TYPE;OUT" "" ${ARGN})
	get_filename_component(adl ${S_ADL} ABSOLUTE)
	get_property(idl GLOBAL PROPERTY SKERRY_TOOL_skerry-idl)
	set(folder ${CMAKE_CURRENT_BINARY_DIR}/stubs/${S_TYPE})
	file(MAKE_DIRECTORY ${folder})
	add_custom_command(OUTPUT ${folder}/component.c ${folder}/component.h
		COMMAND ${idl} -I ${CMAKE_SOURCE_DIR}/idl/std -d ${folder}/component.d stubs ${adl} ${S_TYPE} ${folder}
		DEPENDS ${adl} tool-skerry-idl ${idl} DEPFILE ${folder}/component.d COMMENT "Stubs of ${S_TYPE}" VERBATIM)
	set(${S_OUT} ${folder}/component.c PARENT_SCOPE)
endfunction()

function(skerry_adl_component)
	if(SKERRY_ARCH STREQUAL "host")
		return()
	endif()
	cmake_parse_arguments(A "" "NAME;ADL;TYPE" "SOURCES;LIBS;INCLUDES" ${ARGN})
	skerry_stubs(ADL ${A_ADL} TYPE ${A_TYPE} OUT stubs)
	get_filename_component(folder ${stubs} DIRECTORY)
	skerry_component(NAME ${A_NAME} SOURCES ${A_SOURCES} ${stubs} LIBS ${A_LIBS} INCLUDES ${A_INCLUDES} ${folder})
endfunction()
