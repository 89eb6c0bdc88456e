# SPDX-License-Identifier: BSD-2-Clause
#
# Compiler flags, by kind of code.
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_BUILD_TYPE "" CACHE STRING "unused: the optimisation level is fixed below" FORCE)

set(SKERRY_WARNINGS -Wall -Wextra -Werror -Wmissing-prototypes -Wstrict-prototypes -Wshadow
	-Wpointer-arith -Wundef -Wvla -Wwrite-strings -Wcast-align -Wold-style-definition)

# Everything that runs on the machine. FP registers are left alone so that
# switching them lazily never costs an exit; outline atomics would call into a
# library that probes at run time.
set(SKERRY_TARGET_FLAGS -O2 -g -fno-pic -fno-pie -fno-common -fno-stack-protector
	-ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
set(SKERRY_ARCH_FLAGS)
if(SKERRY_ARCH STREQUAL "aarch64")
	set(SKERRY_ARCH_FLAGS -march=armv8-a -mgeneral-regs-only -mno-outline-atomics -mstrict-align)
	# Cortex-A53's (proofs-notes/errata.md): by the linker, so that libraries are mended too.
	set(SKERRY_ARCH_LINK_FLAGS -Wl,--fix-cortex-a53-835769 -Wl,--fix-cortex-a53-843419)
endif()

set(SKERRY_HOST_FLAGS -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)

# Headers that both sides of the system call see.
set(SKERRY_ABI_INCLUDES ${CMAKE_SOURCE_DIR}/kernel/include ${CMAKE_SOURCE_DIR}/kernel/boot/include)

# Roots for everything above the kernel.
set(SKERRY_USER_INCLUDES ${SKERRY_ABI_INCLUDES} ${CMAKE_SOURCE_DIR}/runtime/include
	${CMAKE_SOURCE_DIR}/runtime/arch/${SKERRY_ARCH} ${CMAKE_SOURCE_DIR}/idl ${CMAKE_SOURCE_DIR}/vmm-server)

if(NOT SKERRY_ARCH STREQUAL "host")
	execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=include
		OUTPUT_VARIABLE SKERRY_GCC_INCLUDE OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
endif()
