/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ROOT_TEST_H
#define ROOT_TEST_H

/* image_test.c */
void image_is_described(void **state);
void image_faults_are_named(void **state);
void image_bytes_are_survived(void **state);

#endif
