/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was read: one declaration a node, lists in the order of the text. Names
 * of types are resolved by resolve.c, once everything is read, so the order of
 * declarations does not matter.
 */
#ifndef IDL_AST_H
#define IDL_AST_H

#include "base.h"

enum base_type {
	TYPE_VOID, TYPE_U8, TYPE_U16, TYPE_U32, TYPE_U64, TYPE_I8, TYPE_I16, TYPE_I32, TYPE_I64, TYPE_BOOL,
	TYPE_CAP, TYPE_STRING, TYPE_STRUCT,
};

struct name {
	const char *text;
	struct place at;
};

struct type {
	enum base_type base;
	struct name of;              /* STRUCT: its name */
	struct decl *decl;           /* STRUCT, resolved */
	uint32_t bound;              /* STRING: bytes at most, without NUL */
	struct place at;
};

enum shape { SHAPE_ONE, SHAPE_FIXED, SHAPE_BOUNDED };
enum direction { DIR_IN = 1, DIR_OUT = 2, DIR_INOUT = 3 };

/* A member of a struct, a parameter of a method, or an attribute. */
struct field {
	struct field *next;
	struct name name;
	struct type type;
	enum shape shape;
	uint32_t count;              /* FIXED: elements; BOUNDED: at most */
	enum direction direction;    /* of a parameter */
	struct value *value;         /* of an attribute: its default, or null */
};

struct method {
	struct method *next;
	struct name name;
	struct type result;
	struct field *params;
	uint32_t number;
};

enum port_kind { PORT_PROVIDES, PORT_USES, PORT_EMITS, PORT_CONSUMES, PORT_DATAPORT, PORT_MEMORY };

struct port {
	struct port *next;
	enum port_kind kind;
	struct name name, of;        /* of: procedure, ring, event */
	struct decl *decl;           /* resolved; null for a dataport */
	const char *as;              /* what the component calls it at run time */
	bool maybe;
	uint64_t bytes;              /* DATAPORT, MEMORY */
	bool dma, keep;              /* told the physical address; MEMORY: not zeroed at boot */
	bool fixed_bit;              /* first_bit was written */
	uint32_t rights;             /* DATAPORT: SK_RIGHT_* */
	uint32_t most;               /* PROVIDES: connections at most */
	uint32_t number;             /* among the ports of its component */
	uint32_t first_bit, bits;    /* of the component's event word, 0 bits: none */
};

enum decl_kind { DECL_STRUCT, DECL_PROCEDURE, DECL_EVENT, DECL_RING, DECL_COMPONENT };

/* What the compiler knows by itself: events, and the procedure by which a slot is used. */
enum builtin { BUILTIN_NONE, BUILTIN_IRQ, BUILTIN_EXIT, BUILTIN_SLOT };

struct decl {
	struct decl *next;
	enum decl_kind kind;
	struct name name;
	struct source *source;
	struct field *members;       /* STRUCT */
	bool sized, sizing;          /* STRUCT: wire_bytes is known; is being computed */
	uint32_t wire_bytes;
	struct method *methods;      /* PROCEDURE */
	enum builtin builtin;        /* EVENT, PROCEDURE */
	uint64_t ring_bytes;         /* RING */
	uint64_t pool_bytes;         /* RING: data beside it; 0: none */
	bool ring_reply;             /* RING: the provider signals its user, too */
	struct name extends;         /* RING: stands in for this one */
	struct decl *base;
	/* COMPONENT */
	bool control, hardware, seed, vmm, per_core, has_body;
	const char *image;
	uint64_t stack, heap;
	uint32_t restarts, period;   /* 0: it is not started again; seconds */
	struct port *ports;
	struct field *attributes;
	struct body *body;
};

enum value_kind { VALUE_NUMBER, VALUE_STRING, VALUE_BOOL };

struct value {
	enum value_kind kind;
	struct place at;
	uint64_t number;
	bool negative;
	const char *text;
};

/* a.b.c */
struct path {
	const char *text;
	struct place at;
};

struct made {                        /* component T x; */
	struct made *next;
	struct name type, name;
	struct decl *decl;
	uint32_t most;               /* 0; in a slot: instances at most */
	uint64_t bound;              /* and their bytes */
};

struct device {
	struct device *next;
	struct name name;
	const char *where;           /* "console", or a path in the device tree */
	struct place where_at;
	bool dma;
	struct board_device *found;  /* on the board; null: it is looked up at boot only */
	uint32_t object;             /* in the model */
	uint32_t config;             /* likewise, of a function on PCI */
	const struct connection *irq, *mmio, *pci;
};

struct vm {
	struct vm *next;
	struct name name;
	struct made *vmm;
	uint32_t vcpus, vcpus_most;  /* unless its parameters say otherwise; at most */
	uint64_t ram, ram_at;
	uint64_t flash, flash_at;    /* 0: none */
	struct place ram_place;
	const char *archive, *kernel, *initrd, *params, *bootargs;
	struct link *links, **links_tail; /* virtio ... via */
	struct place kernel_place;
	bool initrd_optional;
	uint32_t object;             /* the guest space in the model */
	uint32_t ram_object;
};

struct end {
	struct end *next;
	struct path path;
	bool from;
};

struct link {                        /* connection C x(from ..., to ...); */
	struct link *next;
	struct name connector, name;
	struct end *ends;
	struct name over;            /* Ring: the guest whose RAM is the pool; a passed device: the guest that has it */
	uint64_t at;                 /* of a passed device: where its registers are for the guest */
	uint32_t intid;              /* and its interrupt, 0: none */
};

struct export {
	struct export *next;
	struct path path;
	struct name name;
};

struct setting {
	struct setting *next;
	struct path path;
	struct value *value;
	bool used;
};

enum rule_kind { RULE_DENY, RULE_ALLOW, RULE_ISOLATE, RULE_TCB, RULE_NO_WRITE };

#define RULE_NAMES 32

struct rule {
	struct rule *next;
	enum rule_kind kind;
	struct place at;
	struct path who[RULE_NAMES];
	const struct rule *of_slot;  /* of one instance; the text's rule names them all */
	unsigned count;
	uint64_t lines;
};

/* What an assembly, or a composite component, holds. */
struct body {
	struct name name;
	struct place at;
	struct made *made, **made_tail;
	struct device *devices, **devices_tail;
	struct vm *vms, **vms_tail;
	struct link *links, **links_tail;
	struct export *exports, **exports_tail;
	struct setting *settings, **settings_tail;
	struct rule *rules, **rules_tail;
};

struct unit {
	struct decl *decls, **tail;
	struct body *assembly;
	struct place end;            /* of the text */
};

/* Reads PATH and all that it imports; LIBRARY: folder of import <...>. */
struct unit *parse_files(struct source *source, const char *library);

/* Resolves every type name and checks every declaration by itself. */
void resolve(struct unit *unit);

/* VALUE fits the type of the attribute, or there is an error at the value. */
void check_value(const struct field *attribute, const struct value *value);

extern const char *const kind_words[]; /* by enum decl_kind: "a struct" */
struct decl *find_decl(const struct unit *unit, const char *name);
/* x_wait(), x_poll(), x_handle(): what consumes an event, or holds a slot. */
bool port_hears(const struct port *p);

/* The capability that goes with calls of METHOD (in), or with its replies (out); or null. */
const struct field *method_capability(const struct method *method, enum direction direction);
/* As a server; as a server or a client. */
bool component_takes(const struct decl *component);
bool component_gives(const struct decl *component);
bool component_receives(const struct decl *component);

struct port *find_port(const struct decl *component, const char *name);

/* Sizes and names of base types. */
const char *type_c(const struct type *type);
uint32_t type_bits(enum base_type base);
enum base_type type_called(const char *name); /* STRUCT: none of these */
bool type_signed(enum base_type base);

/* Bytes that one value of TYPE takes in a connection's buffer. */
uint32_t wire_bytes(const struct type *type);

#endif
