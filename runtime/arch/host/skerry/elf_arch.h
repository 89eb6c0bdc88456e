/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SKERRY_ELF_ARCH_H
#define SKERRY_ELF_ARCH_H

#define SK_ELF_MACHINE 183 /* the unit tests load AArch64 files: EM_AARCH64 */

#endif
