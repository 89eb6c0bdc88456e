/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The system with its composites opened: instances with full names, connections
 * between their ends. Made by flatten.c from the assembly, checked by connect.c.
 */
#ifndef IDL_SYSTEM_H
#define IDL_SYSTEM_H

#include "ast.h"

enum connector { CON_RPC, CON_NOTIFY, CON_SHARED, CON_RING, CON_VIRTIO, CON_MMIO, CON_IRQ, CON_DMA, CON_PCI, CON_PASS, CONNECTORS };

/* Instances that are made at run time: at most MOST, within BOUND bytes. */
struct slot {
	struct slot *next;
	const char *name, *vmm;      /* vmm: the other name of a guest's */
	struct place at;
	uint32_t most;
	uint64_t bound;
	const struct connection *held;
	uint32_t object;             /* in the model */
};

/* Of one of its ends. */
struct at_port {
	uint32_t count;              /* connections */
	uint32_t clients;            /* of a procedure that it provides */
	uint32_t rights;             /* of a dataport */
	bool dma;                    /* told the physical address */
	uint64_t bytes;              /* of its own memory */
	const struct connection *first;
};

struct instance {
	struct instance *next;
	const char *name;
	struct place at;
	struct decl *decl;
	struct vm *vm;               /* this is its VMM, or null */
	struct slot *slot;           /* or null: it is made at boot */
	uint32_t number;             /* in the slot */
	const struct instance *first_of; /* this is the same on another core */
	bool settled;                /* its core is the one of a client */
	uint32_t core, priority, max_priority;
	uint32_t budget, period;     /* microseconds; 0: without limit */
	uint64_t stack, heap;
	struct at_port *end;         /* by port number */
	struct value **values;       /* by attribute */
	uint32_t component;          /* in the model, as the next two */
	uint32_t event, endpoint;
	unsigned mark;               /* of searches for cycles */
};

/* One end of a connection: an instance's port, a device, a slot, or the system itself. */
struct terminal {
	struct terminal *next;
	struct instance *instance;
	struct port *port;
	struct device *device;
	struct slot *slot;
	bool supervisor;             /* system.supervisor */
	bool log;                    /* system.log */
	struct place at;
	bool guest;                  /* called by the guest's name: a virtio device of it */
	bool from;
	uint32_t index;              /* which connection of that port it is */
};

struct connection {
	struct connection *next;
	enum connector connector;
	const char *name;
	const char *base;            /* what the text calls it, if it stands there for several */
	struct place at;
	struct terminal *ends;
	struct terminal *to;         /* RPC, Notify, Ring: the one end */
	struct vm *over;             /* Ring: the guest whose RAM is the pool; a passed device: its guest */
	uint64_t pool;               /* Ring: bytes, 0: its protocol's */
	uint64_t pass_at;            /* of a passed device, as in struct link */
	uint32_t intid;
	struct setting *settings;    /* Ring: parameters of both ends, NAME.KEY */
};

struct system {
	const char *name;
	struct place at;
	struct instance *instances, **instances_tail;
	struct connection *connections, **connections_tail;
	struct device *devices, **devices_tail;
	struct vm *vms, **vms_tail;
	struct slot *slots, **slots_tail;
	struct rule *rules, **rules_tail;
	uint64_t machine_ram;        /* 0: not said */
	uint32_t machine_cores;
	struct place ram_at;
};

struct system *flatten(struct unit *unit);

/* A new instance, as LIKE but for its connections. */
struct instance *add_instance(struct system *system, const struct instance *like, struct place at);

/* Instances of what is there once per core, where it is called from. */
void open_cores(struct system *system);

/* The rings that a guest sees as virtio devices: all but the UART's and the log. */
bool port_virtio(const struct port *port);

/* Every connection joins what fits; every end that must be connected is. */
void check_connections(struct system *system);

static inline bool is_ring(enum connector c)
{
	return c == CON_RING || c == CON_VIRTIO;
}

#define PASS_MOST 4         /* devices given to a guest: bits 59 to 62 of its VMM's events */
#define PASS_BIT  59u

extern const char *const connector_names[CONNECTORS];

#endif
