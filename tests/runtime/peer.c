/* SPDX-License-Identifier: BSD-2-Clause */
/* The other side: answers calls with the sum of the words and the badge; increments the shared counter when told. */
#include <skerry/calls.h>
#include <skerry/start.h>

static void wait_once(void)
{
	volatile uint32_t *shared = sk_need_region("shared", NULL);
	uint64_t bits;

	if (sk_wait(sk_need_slot("reply"), SK_NEVER, &bits) != SK_OK)
		sk_fail("wait failed");
	shared[0] += (uint32_t)bits;
	sk_signal(sk_need_slot("news"));
}

int main(void)
{
	struct sk_words m = { { 0 }, 0, 0 };
	uint32_t service = sk_need_slot("service");

	wait_once();
	for (;;) {
		uint64_t sum = 0;

		if (sk_reply_wait(service, &m) != SK_OK)
			sk_fail("reply_wait failed");
		for (int i = 0; i < SK_WORDS; i++)
			sum += m.w[i];
		m = (struct sk_words){ { sum, m.extra }, 0, 0 };
	}
}
