/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SKERRY_THREAD_H
#define SKERRY_THREAD_H

#include <stddef.h>
#include <stdint.h>
#include "abi/skerry.h"

#define SK_THREAD_TLS_BYTES 4096u

/*
 * Starts ENTRY(ARG) on a further thread of this component. THREAD is the slot of
 * a stopped thread that root made for it (cnode, space and priority are set).
 * STACK, STACK_BYTES: its stack, page multiple. TLS: SK_THREAD_TLS_BYTES zeroed
 * bytes, aligned to 16, in use as long as the thread lives; it holds errno and
 * the thread's copies of _Thread_local variables. When ENTRY returns the thread
 * stops. musl does not know of it: at most one thread at a time may use malloc
 * or stdio; sk_log() is for all. Errors: those of SK_THREAD_WRITE and _START.
 */
enum sk_status sk_thread_spawn(uint32_t thread, void (*entry)(void *), void *arg, void *stack, size_t stack_bytes,
			       void *tls);

#endif
