# SPDX-License-Identifier: BSD-2-Clause
#
# skerry_kernel_test(NAME x SOURCES ... [LIBS ...] [BENCH])
# A program that the kernel starts in root's place, in an image of its own:
# build/.../test-x.img with the debug kernel, or bench-x.img (BENCH) with the
# release kernel. ./skerry test and bench find them by name.
function(skerry_kernel_test)
	if(SKERRY_ARCH STREQUAL "host")
		return()
	endif()
	cmake_parse_arguments(T "BENCH" "NAME" "SOURCES;LIBS;INCLUDES" ${ARGN})
	set(name test-${T_NAME})
	set(kernel kernel-debug)
	if(T_BENCH)
		set(name bench-${T_NAME})
		set(kernel kernel)
	endif()
	skerry_component(NAME ${name} SOURCES ${T_SOURCES} LIBS ${T_LIBS} runtime-root INCLUDES ${T_INCLUDES})
	skerry_system(NAME ${name} ROOT ${name} KERNEL ${kernel})
endfunction()
