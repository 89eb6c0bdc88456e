/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Included before each file of the simulated machine and its kernel: their variables
 * stand in sections of their own, so that each input finds them as they were at start.
 */
#pragma clang section bss = "life_bss" data = "life_data"
