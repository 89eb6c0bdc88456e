/* SPDX-License-Identifier: BSD-2-Clause */
/* libFuzzer target of the virtio devices: machine.h. */
#include "machine.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	machine_run(bytes, size);
	return 0;
}
