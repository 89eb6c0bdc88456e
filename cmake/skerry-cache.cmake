# SPDX-License-Identifier: BSD-2-Clause
#
# Where `./skerry setup` keeps what it downloads, and unpacking from there.
if(NOT SKERRY_CACHE)
	if(DEFINED ENV{SKERRY_CACHE})
		set(cache $ENV{SKERRY_CACHE})
	elseif(DEFINED ENV{XDG_CACHE_HOME})
		set(cache $ENV{XDG_CACHE_HOME}/skerry)
	else()
		set(cache $ENV{HOME}/.cache/skerry)
	endif()
	set(SKERRY_CACHE ${cache} CACHE PATH "downloaded sources and guests")
endif()

# skerry_unpack(PATTERN INTO OUT): unpacks the one tarball of SKERRY_CACHE/src
# that matches PATTERN once per build tree; OUT = the folder that it contains.
function(skerry_unpack pattern into out)
	file(GLOB tarball ${SKERRY_CACHE}/src/${pattern})
	list(LENGTH tarball n)
	if(NOT n EQUAL 1)
		message(FATAL_ERROR "${SKERRY_CACHE}/src/${pattern}: ${n} files match, one is needed. Run ./skerry setup")
	endif()
	get_filename_component(name ${tarball} NAME)
	if(NOT EXISTS ${into}-${name}.done)
		file(REMOVE_RECURSE ${into})
		file(ARCHIVE_EXTRACT INPUT ${tarball} DESTINATION ${into})
		file(TOUCH ${into}-${name}.done)
	endif()
	file(GLOB folder LIST_DIRECTORIES true ${into}/*)
	set(${out} ${folder} PARENT_SCOPE)
endfunction()
