/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who can influence whom: a graph made from the capabilities and mappings of
 * the spec that root loads, and its transitive closure. Nodes are
 * components, guests and devices; an edge A -> B is one way in which what A does
 * can change what B sees. Where a server takes capabilities, it counts as having all
 * that its callers have, and where it sends some, they as having all of its, so the graph
 * cannot grow at run time.
 *
 * Not seen: timing, caches, what a server keeps between two clients' calls (the
 * closure counts it as a flow, so it errs on the safe side), exhaustion of a
 * shared allocator (there is none at run time), and root, kernel and loader,
 * which everybody trusts.
 */
#ifndef AUTHORITY_FLOW_H
#define AUTHORITY_FLOW_H

#include "built.h"

#define FLOW_NODES 96
#define FLOW_EDGES 8192

enum node_kind { NODE_COMPONENT, NODE_GUEST, NODE_DEVICE };

struct node {
	enum node_kind kind;
	const char *name;
	uint32_t index;              /* component, or object of a guest or device */
	struct place at;
};

enum edge_kind {
	EDGE_CALL,       /* client -> server: arguments */
	EDGE_GIVE,       /* client -> server that takes capabilities: any that the client has */
	EDGE_LEND,       /* server that sends capabilities -> client: any that the server has */
	EDGE_REPLY,      /* server -> client: results, which the client relies on */
	EDGE_SIGNAL,     /* emitter -> consumer: one bit */
	EDGE_SHARED,     /* writer -> reader of raw shared memory */
	EDGE_RING,       /* through a ring, whose reader trusts nothing in it */
	EDGE_CONTROL,    /* full control of the other's memory or registers */
	EDGE_EXIT,       /* guest -> its VMM: exits, and all of its RAM */
	EDGE_LIFE,       /* holder of a slot -> its instances: makes, ends and restarts them */
	EDGE_DRIVE,      /* component -> device: registers */
	EDGE_INPUT,      /* device -> component: registers, interrupts */
	EDGE_DMA,        /* device without an IOMMU in front -> everybody, whose memory it can write */
	EDGE_DMA_READ,   /* everybody -> such a device, which can read what they have */
	EDGE_KINDS,
};

struct edge {
	unsigned from, to;
	enum edge_kind kind;
	uint32_t object;             /* by which */
};

struct flow {
	const struct built *built;
	struct node node[FLOW_NODES];
	struct edge edge[FLOW_EDGES];
	unsigned nodes, edges;
};

struct flow *flow_make(const struct built *b);

/* Index of the node called NAME, which AT mentions; an error if there is none. */
unsigned flow_find(const struct flow *f, const char *name, struct place at);

/* The edge in words: "arguments of calls, RPC greeter". */
const char *edge_words(const struct flow *f, const struct edge *e);
struct place edge_place(const struct flow *f, const struct edge *e);

/*
 * A shortest path FROM -> TO, as edges in order; returns their number, 0: there
 * is none. Direct edges between pairs that a rule `allow flow` names do not count.
 */
unsigned flow_path(const struct flow *f, unsigned from, unsigned to, const struct edge **path);

/* All pairs "A -> B" that are connected, one a line. */
void flow_print(const struct flow *f, FILE *out);

/* Ends with an error at the first rule that is violated, its path before it. */
void policy_enforce(const struct flow *f);

/* Code lines and bytes of images: lines "IMAGE LINES BYTES". PATH may be null. */
struct weights;
struct weights *weights_read(const char *path);

/* All verdicts, and what they do not cover. Returns the number of violations. */
unsigned policy_report(const struct flow *f, const struct weights *w, FILE *out);

#define TCB_INTEGRITY       1u
#define TCB_CONFIDENTIALITY 2u

struct trust {
	unsigned why;                /* TCB_* bits, 0: not trusted */
	const struct edge *integrity, *confidentiality; /* the edge that put it in */
};

/* Whom NODE must trust, besides kernel, loader and root: one entry a node. */
void tcb_of(const struct flow *f, unsigned node, struct trust *trust);

/* NODE = f->nodes: each component and guest. */
void tcb_report(const struct flow *f, unsigned node, const struct weights *w, FILE *out);

/* Sum of code lines that NODE must trust; false if a weight is missing. */
bool tcb_lines(const struct flow *f, unsigned node, const struct weights *w, uint64_t *lines);
bool weight_of(const struct weights *w, const char *image, uint64_t *lines, uint64_t *bytes);

/* The picture of the system: SVG alone, or a page of its own that answers clicks. */
void picture_svg(const struct flow *f, FILE *out);
void picture_html(const struct flow *f, const struct weights *w, FILE *out);

#endif
