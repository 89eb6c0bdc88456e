/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef INTERRUPTS_H
#define INTERRUPTS_H

/* Its sections (section.h). */
#define FROM_THREAD 20
#define FROM_GUEST  21
#define VCPU_SWITCH 22

/* Measures from a device's interrupt to the thread that waits for it, out of a thread and out of a guest. */
void interrupts(void);

#endif
