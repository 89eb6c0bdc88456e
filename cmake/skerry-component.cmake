# SPDX-License-Identifier: BSD-2-Clause
#
# skerry_library(NAME x SOURCES ... [LIBS ...] [INCLUDES ...])
#   Code for components (against musl); on the host the same sources natively,
#   with sanitizers, for the unit tests.
# skerry_component(NAME x SOURCES ... [LIBS ...] [INCLUDES ...] [DEFINES ...])
#   A component: x.elf in build/.../components, linked against runtime (target
#   `runtime`) and musl at 0x10000000, static. Nothing on the host.
set(SKERRY_COMPONENTS ${CMAKE_BINARY_DIR}/components)
set(SKERRY_COMPONENT_BASE 0x10000000)

function(skerry_user_flags target)
	target_include_directories(${target} PUBLIC ${SKERRY_USER_INCLUDES})
	target_compile_definitions(${target} PRIVATE _POSIX_C_SOURCE=200809L)
	target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:C>:${SKERRY_WARNINGS}>)
	if(SKERRY_ARCH STREQUAL "host")
		target_compile_options(${target} PRIVATE ${SKERRY_HOST_FLAGS})
	else()
		target_compile_options(${target} PRIVATE ${SKERRY_TARGET_FLAGS} ${SKERRY_ARCH_FLAGS} ${SKERRY_MUSL_COMPILE})
		add_dependencies(${target} musl)
	endif()
endfunction()

function(skerry_library)
	cmake_parse_arguments(L "" "NAME" "SOURCES;LIBS;INCLUDES;DEFINES" ${ARGN})
	add_library(${L_NAME} STATIC EXCLUDE_FROM_ALL ${L_SOURCES})
	skerry_user_flags(${L_NAME})
	target_include_directories(${L_NAME} PUBLIC ${L_INCLUDES})
	target_compile_definitions(${L_NAME} PUBLIC ${L_DEFINES})
	target_link_libraries(${L_NAME} PUBLIC ${L_LIBS})
endfunction()

function(skerry_component)
	if(SKERRY_ARCH STREQUAL "host")
		return()
	endif()
	cmake_parse_arguments(C "" "NAME" "SOURCES;LIBS;INCLUDES;DEFINES" ${ARGN})
	add_executable(${C_NAME} ${C_SOURCES})
	skerry_user_flags(${C_NAME})
	set_target_properties(${C_NAME} PROPERTIES OUTPUT_NAME ${C_NAME}.elf RUNTIME_OUTPUT_DIRECTORY ${SKERRY_COMPONENTS})
	target_include_directories(${C_NAME} PRIVATE ${C_INCLUDES})
	target_compile_definitions(${C_NAME} PRIVATE ${C_DEFINES})
	target_link_options(${C_NAME} PRIVATE ${SKERRY_ARCH_LINK_FLAGS} -nostdlib -static -no-pie -Wl,-Ttext-segment=${SKERRY_COMPONENT_BASE}
		-Wl,--build-id=none -Wl,-z,noexecstack -Wl,-z,max-page-size=4096 -Wl,-z,separate-code
		-Wl,--gc-sections -Wl,--fatal-warnings -Wl,-e,_start -Wl,-u,_start
		-Wl,-Map,${SKERRY_COMPONENTS}/${C_NAME}.map)
	# musl calls the runtime (system calls) and the runtime calls musl.
	target_link_libraries(${C_NAME} PRIVATE ${C_LIBS} -Wl,--start-group runtime ${SKERRY_MUSL_LIBC} -lgcc -Wl,--end-group)
	set_property(TARGET ${C_NAME} APPEND PROPERTY LINK_DEPENDS ${SKERRY_MUSL_LIBC})
endfunction()
