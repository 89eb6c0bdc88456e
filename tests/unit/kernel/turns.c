/* SPDX-License-Identifier: BSD-2-Clause */
#include "turns.h"

#include <pthread.h>

#include "arch.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static unsigned turn;
_Thread_local unsigned turns_me;

static void give(unsigned core)
{
	turn = core;
	pthread_cond_broadcast(&changed);
}

void turns_change_over(void)
{
	struct core *mine = host_here;

	pthread_mutex_lock(&mutex);
	give(!turns_me);
	while (turn != turns_me)
		pthread_cond_wait(&changed, &mutex);
	pthread_mutex_unlock(&mutex);
	host_here = mine;
}

void turns_wait(void)
{
	turns_me = 1;
	pthread_mutex_lock(&mutex);
	while (turn != 1)
		pthread_cond_wait(&changed, &mutex);
	pthread_mutex_unlock(&mutex);
}

void turns_end(void)
{
	pthread_mutex_lock(&mutex);
	give(0);
	pthread_mutex_unlock(&mutex);
}
