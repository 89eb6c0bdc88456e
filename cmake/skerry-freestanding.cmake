# SPDX-License-Identifier: BSD-2-Clause
#
# skerry_freestanding(NAME x SCRIPT x.ld SOURCES ... [LIBS ...] [INCLUDES ...] [DEFINES ...] [OFFSETS target dir] [FLAT])
# The kernel and the loader: no C library, own linker script, output x.elf in
# the build folder of the caller. FLAT also makes x.bin, its memory image.
# Global properties SKERRY_ELF_x and SKERRY_BIN_x hold the paths.
function(skerry_freestanding)
	if(SKERRY_ARCH STREQUAL "host")
		return()
	endif()
	cmake_parse_arguments(K "FLAT" "NAME;SCRIPT;OFFSETS" "SOURCES;LIBS;INCLUDES;DEFINES" ${ARGN})
	get_filename_component(script ${K_SCRIPT} ABSOLUTE)
	add_executable(${K_NAME} ${K_SOURCES})
	set_target_properties(${K_NAME} PROPERTIES OUTPUT_NAME ${K_NAME}.elf LINK_DEPENDS ${script})
	target_include_directories(${K_NAME} PRIVATE ${K_INCLUDES} ${SKERRY_ABI_INCLUDES})
	target_compile_definitions(${K_NAME} PRIVATE ${K_DEFINES})
	target_compile_options(${K_NAME} PRIVATE ${SKERRY_TARGET_FLAGS} ${SKERRY_ARCH_FLAGS} -ffreestanding -nostdinc
		"SHELL:-isystem ${SKERRY_GCC_INCLUDE}" $<$<COMPILE_LANGUAGE:C>:${SKERRY_WARNINGS}>)
	target_link_libraries(${K_NAME} PRIVATE ${K_LIBS})
	target_link_options(${K_NAME} PRIVATE ${SKERRY_ARCH_LINK_FLAGS} -nostdlib -static -no-pie -Wl,-T,${script} -Wl,--build-id=none
		-Wl,-z,noexecstack -Wl,-z,max-page-size=4096 -Wl,--gc-sections -Wl,--fatal-warnings
		-Wl,-Map,${CMAKE_CURRENT_BINARY_DIR}/${K_NAME}.map)
	if(K_OFFSETS)
		add_dependencies(${K_NAME} ${K_OFFSETS})
		target_include_directories(${K_NAME} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
	endif()
	set_property(GLOBAL PROPERTY SKERRY_ELF_${K_NAME} ${CMAKE_CURRENT_BINARY_DIR}/${K_NAME}.elf)
	if(K_FLAT)
		set(bin ${CMAKE_CURRENT_BINARY_DIR}/${K_NAME}.bin)
		add_custom_command(OUTPUT ${bin} COMMAND ${CMAKE_OBJCOPY} -O binary $<TARGET_FILE:${K_NAME}> ${bin}
			DEPENDS ${K_NAME} VERBATIM)
		add_custom_target(${K_NAME}-bin ALL DEPENDS ${bin})
		set_property(GLOBAL PROPERTY SKERRY_BIN_${K_NAME} ${bin})
	endif()
endfunction()
