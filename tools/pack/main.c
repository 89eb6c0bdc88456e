/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * skerry-pack: makes and reads archives and system images (abi/archive.h).
 *
 *   skerry-pack archive OUT NAME=PATH...   an archive of these files; @LIST: those in the lines of LIST
 *   skerry-pack image OUT LOADER ARCHIVE [NAME=PATH]   a bootable image; with this file in place of the archive's
 *   skerry-pack list ARCHIVE               what is in it
 */
#include <string.h>

#include "pack.h"

int main(int argc, char **argv)
{
	if (argc >= 3 && !strcmp(argv[1], "archive"))
		archive_make(argv[2], argv + 3, (size_t)argc - 3);
	else if ((argc == 5 || argc == 6) && !strcmp(argv[1], "image"))
		image_make(argv[2], argv[3], argv[4], argv[5]);
	else if (argc == 3 && !strcmp(argv[1], "list"))
		archive_list(argv[2]);
	else
		fail("usage: archive OUT NAME=PATH|@LIST... | image OUT LOADER ARCHIVE [NAME=PATH] | list ARCHIVE");
	return 0;
}
