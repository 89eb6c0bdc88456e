/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SKERRY_LOG_SINK_H
#define SKERRY_LOG_SINK_H

#include <stddef.h>

/* The end of the log's way: one caller at a time. runtime and runtime-root each have one. */
void log_sink(const char *bytes, size_t length);

#endif
