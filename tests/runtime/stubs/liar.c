/* SPDX-License-Identifier: BSD-2-Clause */
/* A server whose answers to lease() keep to no rule. It serves by hand; the stubs' methods are never called. */
#include "component.h"

#include <string.h>

#include "skerry/fail.h"
#include "skerry/start.h"

uint32_t keys_use(uint32_t key, uint32_t n)
{
	component_drop(key);
	return n;
}

void keys_keep(uint32_t n, uint32_t key)
{
	(void)n;
	component_drop(key);
}

uint32_t keys_drop_all(void)
{
	return 0;
}

uint32_t keys_lease(uint32_t what, uint32_t *key, char *name)
{
	*key = 0;
	*name = 0;
	return what;
}

int run(void)
{
	const uint64_t gift = (uint64_t)ping_slot << SK_SECOND_SLOT;
	uint8_t *buffer = sk_need_region("keys.buffer0", NULL);
	uint32_t endpoint = sk_need_slot("endpoint");
	struct sk_words m = { { 0 }, 0, 0 };

	for (;;) {
		sk_check(sk_reply_wait(endpoint, &m), "waiting for a call");
		memset(buffer, 0, 16);
		switch (m.w[0]) {
		case 0: /* says OK and sends nothing */
			m = (struct sk_words){ { [7] = SK_OK }, 0, 0 };
			break;
		case 1: /* a capability, and a result that is no uint32_t */
			m = (struct sk_words){ { 1ul << 32, [7] = SK_OK }, 0, gift };
			break;
		case 2: /* and a string without end */
			memset(buffer, 'x', 16);
			m = (struct sk_words){ { [7] = SK_OK }, 0, gift };
			break;
		case 3: /* with an error */
			m = (struct sk_words){ { [7] = SK_STATE }, 0, gift };
			break;
		default:
			m = (struct sk_words){ { [7] = SK_OK }, 0, gift };
		}
	}
}
