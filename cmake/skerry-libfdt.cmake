# SPDX-License-Identifier: BSD-2-Clause
#
# libfdt from the device-tree-compiler source package:
#   fdt_loader   freestanding, for the loader (which brings string functions; aarch64 only)
#   fdt          for components (against musl), and on the host for unit tests
# SKERRY_HOST_FDT is an object file of it for host tools.
skerry_unpack("device-tree-compiler_*.orig.tar.*" ${CMAKE_BINARY_DIR}/dtc/source SKERRY_DTC_SOURCE)
set(SKERRY_FDT ${SKERRY_DTC_SOURCE}/libfdt)
set(fdt_sources)
foreach(part fdt fdt_ro fdt_rw fdt_sw fdt_wip fdt_empty_tree fdt_addresses fdt_strerror fdt_check)
	list(APPEND fdt_sources ${SKERRY_FDT}/${part}.c)
endforeach()

if(NOT SKERRY_ARCH STREQUAL "host")
	# The loader's own <string.h>, <stdlib.h>, <limits.h> stand in kernel/boot/libc.
	add_library(fdt_loader STATIC EXCLUDE_FROM_ALL ${fdt_sources})
	target_compile_options(fdt_loader PRIVATE ${SKERRY_TARGET_FLAGS} ${SKERRY_ARCH_FLAGS} -ffreestanding -nostdinc
		-I${CMAKE_SOURCE_DIR}/kernel/boot/libc "SHELL:-isystem ${SKERRY_GCC_INCLUDE}")
	target_include_directories(fdt_loader SYSTEM PUBLIC ${SKERRY_FDT})
endif()

add_library(fdt STATIC EXCLUDE_FROM_ALL ${fdt_sources})
target_compile_definitions(fdt PRIVATE _POSIX_C_SOURCE=200809L) # strnlen
target_include_directories(fdt SYSTEM PUBLIC ${SKERRY_FDT})
if(SKERRY_ARCH STREQUAL "host")
	target_compile_options(fdt PRIVATE ${SKERRY_HOST_FLAGS})
else()
	target_compile_options(fdt PRIVATE ${SKERRY_TARGET_FLAGS} ${SKERRY_ARCH_FLAGS} ${SKERRY_MUSL_COMPILE})
	add_dependencies(fdt musl)
endif()

file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/tools)
set(SKERRY_HOST_FDT ${CMAKE_BINARY_DIR}/tools/libfdt.o)
find_program(SKERRY_HOST_CC NAMES cc gcc REQUIRED)
add_custom_command(OUTPUT ${SKERRY_HOST_FDT}
	COMMAND ${SKERRY_HOST_CC} -std=c11 -D_POSIX_C_SOURCE=200809L -O2 -g -I${SKERRY_FDT} -r -nostdlib -o ${SKERRY_HOST_FDT} ${fdt_sources}
	COMMENT "libfdt for host tools" VERBATIM)
add_custom_target(host-libfdt DEPENDS ${SKERRY_HOST_FDT})
