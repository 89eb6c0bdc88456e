/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the ELF entry to main: musl wants the stack image that Linux gives a
 * process (argc, argv, environment, auxiliary vector), so we make one.
 * (System V ABI AMD64 supplement 3.4.1 draws it; Linux has it on all its machines.)
 */
#include "crt.h"

#include <elf.h>
#include <stddef.h>
#include <stdint.h>
#include "skerry/calls.h"
#include "skerry/start.h"

/* musl's; it has no header for it. */
int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
		      void (*fini)(void), void (*ldso)(void));
int main(int argc, char **argv, char **environment);

/* The linker's: where the ELF header was loaded. */
extern const Elf64_Ehdr __ehdr_start __attribute__((visibility("hidden")));

struct stack_image {
	char *argv[2];
	char *environment[1];
	Elf64_auxv_t aux[7];
};

void crt_start(void)
{
	static char name[sizeof(((struct sk_start *)0)->component)];
	static uint64_t seed[2];
	static struct stack_image image;
	const Elf64_Ehdr *elf = &__ehdr_start;

	crt_prepare();
	for (size_t i = 0; i < sizeof(name) - 1; i++)
		name[i] = sk_start()->component[i];
	/* Seeds hash functions and canaries; what needs secrets asks an entropy service. */
	seed[0] = sk_counter() * 0x9e3779b97f4a7c15ul;
	seed[1] = seed[0] ^ (uint64_t)(uintptr_t)&image;
	image = (struct stack_image){
		.argv = { name, NULL },
		.environment = { NULL },
		.aux = {
			{ AT_PAGESZ, { SK_PAGE } },
			{ AT_PHDR, { (uintptr_t)elf + elf->e_phoff } },
			{ AT_PHENT, { elf->e_phentsize } },
			{ AT_PHNUM, { elf->e_phnum } },
			{ AT_RANDOM, { (uintptr_t)seed } },
			{ AT_EXECFN, { (uintptr_t)name } },
			{ AT_NULL, { 0 } },
		},
	};
	__libc_start_main(main, 1, image.argv, NULL, NULL, NULL);
	__builtin_unreachable();
}
