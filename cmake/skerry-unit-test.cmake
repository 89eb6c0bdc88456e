# SPDX-License-Identifier: BSD-2-Clause
#
# skerry_unit_test(NAME x SOURCES ... [LIBS ...] [INCLUDES ...] [DEFINES ...])
# A cmocka program of the host build, run by ctest as x. Nothing elsewhere.
function(skerry_unit_test)
	if(NOT SKERRY_ARCH STREQUAL "host")
		return()
	endif()
	cmake_parse_arguments(U "" "NAME" "SOURCES;LIBS;INCLUDES;DEFINES" ${ARGN})
	add_executable(test-${U_NAME} ${U_SOURCES})
	target_include_directories(test-${U_NAME} PRIVATE ${U_INCLUDES} ${SKERRY_USER_INCLUDES})
	target_compile_definitions(test-${U_NAME} PRIVATE _POSIX_C_SOURCE=200809L ${U_DEFINES})
	target_compile_options(test-${U_NAME} PRIVATE ${SKERRY_HOST_FLAGS} ${SKERRY_WARNINGS})
	target_link_options(test-${U_NAME} PRIVATE ${SKERRY_HOST_FLAGS})
	target_link_libraries(test-${U_NAME} PRIVATE ${U_LIBS} cmocka)
	add_test(NAME ${U_NAME} COMMAND test-${U_NAME})
	set_tests_properties(${U_NAME} PROPERTIES TIMEOUT 600)
endfunction()
