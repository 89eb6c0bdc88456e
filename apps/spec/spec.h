/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The system spec: what root builds. A binary file "spec" in the system archive,
 * made by the architecture language (idl/), or from lines by skerry-spec
 * (mkspec.c). Little endian, 8-byte aligned:
 *
 *   struct spec_header     magic, version, size, where each table lies
 *   the tables             components, objects, capabilities, mappings, params
 *   strings                NUL-terminated, one after the other; a string is
 *                          named by its offset here; offset 0 is the empty one
 *
 * A table entry names another one by its index, SPEC_NONE where there is none.
 * spec_check() refuses whatever is not exactly so; everybody else relies on it.
 */
#ifndef SPEC_H
#define SPEC_H

#include <stddef.h>
#include <stdint.h>

#define SPEC_MAGIC   0x3143455053594b53ul /* "SKYSPEC1" */
#define SPEC_VERSION 5
#define SPEC_NONE    (~0u)
#define SPEC_NAME    40      /* bytes of a name, its NUL included */
#define SPEC_COMPONENTS_MAX 30 /* each has 2 bits of the supervisor's notification */
#define SPEC_OBJECTS_MAX 512
#define SPEC_CAPS_MAX 4096
#define SPEC_MAPS_MAX 2048
#define SPEC_STACK_MAX (128u << 20)
#define SPEC_HEAP_MAX  (2047u << 20)
#define SPEC_PERIOD_MAX (24u * 3600)
#define SPEC_PRIORITY_ROOT 254 /* root's own threads have this and above */

enum spec_table_kind {
	SPEC_STRINGS = 0,    /* count = bytes */
	SPEC_COMPONENTS = 1,
	SPEC_OBJECTS = 2,
	SPEC_CAPS = 3,
	SPEC_MAPS = 4,
	SPEC_PARAMS = 5,
	SPEC_TABLES = 6,
};

struct spec_header {
	uint64_t magic;
	uint32_t version;
	uint32_t size;       /* bytes of all */
	struct { uint32_t offset, count; } table[SPEC_TABLES];
};

struct spec_component {
	uint32_t name;
	uint32_t image;      /* file of the system archive: an ELF */
	uint32_t thread;     /* object: its main thread, which starts at the entry point */
	uint32_t stack, heap; /* bytes, page multiples */
	uint32_t slots;      /* of its cnode; more than it is given capabilities */
	uint32_t slot;       /* object of kind SLOT: it is made at run time, there; NONE: at boot */
	uint32_t number;     /* which instance of the slot: 0, 1, ... in the order of the table */
	uint32_t restarts;   /* how often root starts it again within `period` when it has failed; 0: never */
	uint32_t period;     /* seconds */
};

enum spec_kind {
	SPEC_NOTIFICATION = 1,
	SPEC_ENDPOINT = 2,
	SPEC_THREAD = 3,     /* of its owner; only a component's main thread is started */
	SPEC_VCPU = 4,
	SPEC_GUEST = 5,      /* a space for a guest */
	SPEC_MEMORY = 6,
	SPEC_FILE = 7,       /* a file of an archive, for read-only mappings */
	SPEC_DEVICE = 8,     /* the registers of a device */
	SPEC_IRQ = 9,
	SPEC_SUPERVISOR = 10, /* root's notification: a badge is an enum spec_outcome */
	SPEC_SLOT = 11,      /* instances that are made at run time: below */
	SPEC_CONTROL = 12,   /* root's endpoint on core 0: to start and stop components (procedure Supervisor) */
	SPEC_CNODE = 13,     /* of its owner, which alone may have a capability of it */
	SPEC_KINDS = 14,
};

struct spec_object {
	uint32_t name;
	uint32_t kind;       /* enum spec_kind */
	uint32_t owner;      /* component whose kernel memory it comes from; NONE: shared */
	uint32_t flags;      /* SPEC_OPTIONAL, SPEC_KEEP, SPEC_IF, SPEC_SPREAD, SPEC_TAKES, SPEC_GIVES, SPEC_PART, SPEC_MASTER, SPEC_LOG */
	uint32_t ref;        /* NOTIFICATION: thread it is bound to; VCPU: guest; IRQ: device; DEVICE: the function whose configuration space it is, or NONE; SLOT: notification of its holder, or NONE; MEMORY with SPEC_LOG: its reader's notification */
	uint32_t ref2;       /* VCPU: thread; IRQ: notification */
	uint32_t text;       /* FILE: archive; DEVICE: role ("console") or device tree path (/...); MEMORY: parameter of the owner that holds its bytes; SPEC_IF: parameter of the owner */
	uint32_t text2;      /* FILE: file */
	uint64_t bytes;      /* MEMORY: page multiple; with `text` if there is no such parameter. FILE: at most, 0: unknown. SPEC_IF: a number. SLOT: the bound. DEVICE, IRQ: registers, INTID */
	uint64_t badge;      /* IRQ, SLOT, MEMORY with SPEC_LOG: bits that it signals. DEVICE: physical address; with `bytes` what the machine must have, 0: unknown */
	uint32_t cache;      /* MEMORY: enum sk_cache */
	uint16_t core;       /* THREAD, ENDPOINT; SLOT: its holder's */
	uint8_t priority, max_priority; /* THREAD */
	uint32_t budget, period; /* THREAD: microseconds of each period that it may run; 0, 0: without limit */
};

#define SPEC_OPTIONAL 1u     /* FILE: may be missing; so is then its mapping */
#define SPEC_KEEP     2u     /* MEMORY: not zeroed at boot; apps/root/ram.h says when that is right */
#define SPEC_IF       4u     /* THREAD, VCPU, NOTIFICATION: is there only if the owner's parameter `text` is above `bytes` */
#define SPEC_SPREAD   8u     /* THREAD: `core` is meant modulo the machine's cores */

#define SPEC_TAKES    16u    /* ENDPOINT: its server takes capabilities that its callers send */
#define SPEC_GIVES    32u    /* ENDPOINT: its server sends capabilities with its replies */
#define SPEC_PART     64u    /* DEVICE: `bytes` at `badge`, out of what the node has: a function on PCI. Its IRQ is level-triggered, its INTID the spec's */
#define SPEC_MASTER   128u   /* DEVICE: it masters the bus, with no IOMMU in front. Root has no use for it, the closure has */
#define SPEC_LOG      256u   /* MEMORY: a console ring (rings/console.h) that root writes its reports into; at most one */

struct spec_cap {
	uint32_t component;
	uint32_t name;       /* skerry/start.h: sk_slot(name) */
	uint32_t object;
	uint32_t rights;     /* SK_RIGHT_* */
	uint64_t badge;
	uint32_t slot;       /* of the component's cnode */
	uint32_t reserved;
};

/*
 * A slot: at most N instances of a component, or of a guest with its VMM, made at
 * run time when the one component asks that holds it. Every instance stands in the
 * tables like a component that is there from the beginning (its objects with it as
 * `owner`, capabilities, mappings, parameters), so the closure counts it N times and
 * root has nothing to make up; spec_component.slot says that root does not make it
 * at boot. Of an instance:
 *
 *   what has it as `owner`     is made with it and revoked with it (endpoint, too: its clients'
 *                              calls then end with ABORTED or NO_CAP, until it is there again)
 *   what has no owner          (rings, buffers, shared memory) is made at boot and stays
 *   caps of others to its objects, bindings   are given when it is made, again to the same
 *                              slot of the other's cnode
 *   `bytes` of the slot        bound what all its instances take of the RAM at one time: image,
 *                              start page, stack, heap, memory, a guest's RAM. Root takes them at
 *                              boot, so that what is promised is there; kernel objects come from the pool.
 *
 * The holder has one capability of the slot, with the right CALL: an endpoint on the
 * holder's core (0, root's: a call does not leave its core), where root serves `procedure Slot` (idl/compiler: the language's own).
 * Words as in every stub (idl/compiler/stub.h): w0.. = arguments, w7 = method; reply
 * w0 = result, w7 = enum sk_status:
 *
 *   method 0  uint32_t make(uint32_t which)     makes and starts instance `which`, or with SPEC_NONE the
 *                                               first that is not there; result: which one it is.
 *                                               BAD_ARG: no such instance. STATE: it is there already, or
 *                                               all are. NO_MEMORY: the bound, or the pool of objects.
 *   method 1  void end(uint32_t which)          ends it and takes everything back. BAD_ARG. STATE: it is not there.
 *   method 2  uint32_t state(uint32_t which)    enum spec_slot_state. BAD_ARG.
 *   method 3  uint32_t count()                  N
 *
 * An instance that ends by itself, or fails, keeps what it has until end() is called
 * (restart: end, then make) and its slot's `badge` is signalled to `ref`; the system
 * does not end with it. Unknown methods: NO_CALL.
 */
enum spec_slot_method { SPEC_SLOT_MAKE = 0, SPEC_SLOT_END = 1, SPEC_SLOT_STATE = 2, SPEC_SLOT_COUNT = 3 };
enum spec_slot_state {
	SPEC_SLOT_EMPTY = 0, SPEC_SLOT_RUNS = 1,
	SPEC_SLOT_OFF = 2,   /* ended by itself, or its guest powered off */
	SPEC_SLOT_CRASH = 3, /* ended with an error, or its guest crashed */
	SPEC_SLOT_RESET = 4, /* its guest wants to begin again */
	SPEC_SLOT_FAULT = 5, /* faulted; root's log says where */
};

#define SPEC_MAP_DMA 1u      /* the component is told the physical address; the memory must be in one piece */

struct spec_map {
	uint32_t component;  /* NONE: into the guest space `guest` */
	uint32_t guest;      /* object; NONE: into the component */
	uint32_t object;     /* MEMORY, FILE, DEVICE */
	uint32_t name;       /* sk_region(name); a guest's has none */
	uint32_t rights;     /* READ, WRITE, EXEC */
	uint32_t flags;      /* SPEC_MAP_DMA */
	uint64_t address;    /* guest-physical: in the guest, or in the component (layout.h) */
};

struct spec_param {
	uint32_t component;
	uint32_t kind;       /* enum spec_param_kind */
	uint32_t key;        /* VALUE, SEED: the key. TEXT: archive */
	uint32_t value;      /* VALUE: the value. TEXT: file with lines key=value, which win over VALUEs; may be missing. SEED: none:
	                        it is the machine's seed, hexadecimal, and missing if the machine has none */
};

enum spec_param_kind { SPEC_PARAM_VALUE = 1, SPEC_PARAM_TEXT = 2, SPEC_PARAM_SEED = 3 };
enum spec_outcome { SPEC_OFF = 0, SPEC_CRASH = 1, SPEC_RESET = 2, SPEC_OUTCOMES = 3 };

_Static_assert(sizeof(struct spec_header) == 64, "spec_header layout");
_Static_assert(sizeof(struct spec_component) == 40, "spec_component layout");
_Static_assert(sizeof(struct spec_object) == 64, "spec_object layout");
_Static_assert(sizeof(struct spec_cap) == 32, "spec_cap layout");
_Static_assert(sizeof(struct spec_map) == 32, "spec_map layout");
_Static_assert(sizeof(struct spec_param) == 16, "spec_param layout");

/* Badge of root's endpoint that a capability of CONTROL has; that of a SLOT: its object + 1. */
#define SPEC_CONTROL_ALL (1ul << 16)

/* What a component signals to say how its guest ended: bits of the supervisor's notification. */
static inline uint64_t spec_outcome_bits(uint32_t component, uint64_t outcome)
{
	return (outcome + 1) << (2 * component);
}

/* A checked spec, opened. */
struct spec {
	const char *strings;
	const struct spec_component *component;
	const struct spec_object *object;
	const struct spec_cap *cap;
	const struct spec_map *map;
	const struct spec_param *param;
	uint32_t components, objects, caps, maps, params;
};

/*
 * Checks BYTES (8-byte aligned, SIZE of them) and fills *SPEC. On failure returns
 * -1 and writes what is wrong, where and what was expected, into ERROR.
 */
int spec_check(const void *bytes, size_t size, struct spec *spec, char *error, size_t error_size);

static inline const char *spec_string(const struct spec *s, uint32_t string)
{
	return s->strings + string;
}

/* The device of which the device OBJECT is a part; itself, mostly. */
static inline uint32_t spec_device(const struct spec *s, uint32_t object)
{
	const struct spec_object *o = &s->object[object];

	return o->kind == SPEC_DEVICE && o->ref != SPEC_NONE ? o->ref : object;
}

/* The object's kind as the text format has it, for messages. */
const char *spec_kind_name(uint32_t kind);

#endif
