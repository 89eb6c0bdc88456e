# SPDX-License-Identifier: BSD-2-Clause
#
# Target musl: the C library of the components, built from the unchanged source
# package. The one thing replaced is the header with the system-call macros: a
# folder holding our syscall_arch.h is searched before musl's own.
if(SKERRY_ARCH STREQUAL "host")
	return()
endif()

skerry_unpack("musl_*.orig.tar.*" ${CMAKE_BINARY_DIR}/musl/source SKERRY_MUSL_SOURCE)
set(SKERRY_MUSL_OVERLAY ${CMAKE_SOURCE_DIR}/runtime/posix/musl)
set(SKERRY_MUSL ${CMAKE_BINARY_DIR}/musl/sysroot)
set(SKERRY_MUSL_LIBC ${SKERRY_MUSL}/lib/libc.a)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/musl/build)

# Variadic functions save all FP argument registers on entry even when nobody
# passes one. The printf family is used on every log line, so it is built without
# FP; only the formatter behind it, which knows %f, keeps them.
set(no_fp printf fprintf dprintf snprintf sprintf asprintf vprintf vdprintf vsnprintf vsprintf vasprintf
	sscanf scanf fscanf)
list(TRANSFORM no_fp PREPEND obj/src/stdio/)
list(TRANSFORM no_fp APPEND .o)
list(JOIN no_fp " " no_fp)

add_custom_command(OUTPUT ${SKERRY_MUSL_LIBC}
	COMMAND ${CMAKE_COMMAND} -E echo "musl: configure and build (about 30 s)"
	COMMAND ${CMAKE_COMMAND} -E env "CC=${CMAKE_C_COMPILER} -I${SKERRY_MUSL_OVERLAY} -I${CMAKE_SOURCE_DIR}/kernel/include"
		"CROSS_COMPILE=${SKERRY_ARCH}-linux-gnu-" "CFLAGS=-w -O2 -g -fno-pic -fno-pie -mno-outline-atomics -ffunction-sections"
		${SKERRY_MUSL_SOURCE}/configure --target=${SKERRY_ARCH}-linux-gnu --prefix=${SKERRY_MUSL} --disable-shared
		--enable-wrapper=no > configure.out
	COMMAND ${CMAKE_COMMAND} -E echo "${no_fp}: CFLAGS_ALL += -mgeneral-regs-only" >> config.mak
	COMMAND ${CMAKE_COMMAND} -E rm -rf obj lib # its objects do not know of the overlay
	COMMAND make -s -j2 install-headers install-libs > make.out
	DEPENDS ${SKERRY_MUSL_OVERLAY}/syscall_arch.h ${CMAKE_CURRENT_LIST_FILE}
	WORKING_DIRECTORY ${CMAKE_BINARY_DIR}/musl/build
	COMMENT "C library" VERBATIM)
add_custom_target(musl DEPENDS ${SKERRY_MUSL_LIBC})

set(SKERRY_MUSL_COMPILE -nostdinc "SHELL:-isystem ${SKERRY_MUSL}/include" "SHELL:-isystem ${SKERRY_GCC_INCLUDE}")
