/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Included before each file of the kernel in builds that want to see every access to
 * what cores share: another core may go on there.
 */
#pragma once

#include <stdatomic.h>

/* Runs host.on_shared, if there is one. */
void host_shared(void);

#undef atomic_load_explicit
#undef atomic_store_explicit
#undef atomic_exchange_explicit
#undef atomic_fetch_add_explicit
#undef atomic_fetch_or_explicit
#undef atomic_fetch_and_explicit
#undef atomic_compare_exchange_weak_explicit
#undef atomic_compare_exchange_strong_explicit

#ifdef __clang__
#define SHARED(name) __c11_atomic_##name
#define SHARED_N(name) __c11_atomic_##name
#define SHARED_EXCHANGE(p, e, d, s, f) __c11_atomic_compare_exchange_strong(p, e, d, s, f)
#else
#define SHARED(name) __atomic_##name
#define SHARED_N(name) __atomic_##name##_n
#define SHARED_EXCHANGE(p, e, d, s, f) __atomic_compare_exchange_n(p, e, d, 0, s, f)
#endif
#define atomic_load_explicit(p, o) (host_shared(), SHARED_N(load)(p, o))
#define atomic_store_explicit(p, v, o) (host_shared(), SHARED_N(store)(p, v, o))
#define atomic_exchange_explicit(p, v, o) (host_shared(), SHARED_N(exchange)(p, v, o))
#define atomic_fetch_add_explicit(p, v, o) (host_shared(), SHARED(fetch_add)(p, v, o))
#define atomic_fetch_or_explicit(p, v, o) (host_shared(), SHARED(fetch_or)(p, v, o))
#define atomic_fetch_and_explicit(p, v, o) (host_shared(), SHARED(fetch_and)(p, v, o))
#define atomic_compare_exchange_weak_explicit(p, e, d, s, f) (host_shared(), SHARED_EXCHANGE(p, e, d, s, f))
#define atomic_compare_exchange_strong_explicit(p, e, d, s, f) (host_shared(), SHARED_EXCHANGE(p, e, d, s, f))
