/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A GICv2m frame: turns the writes of PCI devices (message-signalled interrupts)
 * into SPIs of the GICv3. Linux uses one where the GIC has no ITS.
 */
#ifndef VMM_V2M_H
#define VMM_V2M_H

#include "core/mmio.h"

struct vgic;

#define V2M_SIZE  0x1000u
#define V2M_FIRST 96u       /* INTIDs of its SPIs */
#define V2M_COUNT 32u

struct v2m {
	struct vgic *gic;
	uint64_t base;      /* of the frame, guest-physical */
};

/* State: struct v2m. */
extern const struct mmio_ops v2m_ops;

/* A device's write of DATA to ADDRESS (context: struct v2m); one that is no message is lost. */
void v2m_send(void *context, uint64_t address, uint32_t data);

#endif
