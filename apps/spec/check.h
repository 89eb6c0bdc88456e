/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of spec_check(). Each returns false with a message in c->error. */
#ifndef SPEC_CHECK_H
#define SPEC_CHECK_H

#include <stdbool.h>
#include "spec.h"

struct check {
	struct spec *spec;
	char *error;
	size_t error_size;
	uint32_t string_bytes;
};

bool check_fail(struct check *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool check_string(struct check *c, const char *what, uint32_t index, uint32_t string);
bool check_name(struct check *c, const char *what, uint32_t index, uint32_t string);
bool check_pages(struct check *c, const char *what, const char *name, uint64_t bytes, uint64_t least);

/* In this order: each relies on those before it. */
bool check_object_strings(struct check *c);
bool check_components(struct check *c);
bool check_objects(struct check *c);
bool check_caps(struct check *c);
bool check_maps(struct check *c);
bool check_params(struct check *c);

#endif
