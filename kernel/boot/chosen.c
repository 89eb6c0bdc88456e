/* SPDX-License-Identifier: BSD-2-Clause */
/* /chosen: console, initrd, options. DTSpec 3.6. */
#include <libfdt.h>
#include <string.h>

#include "machine.h"

#define PL011 "arm,pl011"

/* A string property of a top-level node that libfdt looks up; null, also if it lacks its NUL. */
static const char *text(const struct dt *dt, int node, const char *name)
{
	int length;
	const char *value = node < 0 ? NULL : fdt_getprop(dt->blob, dt->node[node].offset, name, &length);

	return value && length > 0 && !value[length - 1] ? value : NULL;
}

/* The node that stdout-path means: a path or an alias, options behind a colon. -1: none. */
static int stdout_node(const struct dt *dt, const char *path)
{
	char alias[32];
	size_t n = 0;

	while (path[n] && path[n] != ':')
		n++;
	if (path[0] != '/') {
		if (n >= sizeof(alias))
			return -1;
		memcpy(alias, path, n);
		alias[n] = 0;
		path = text(dt, dt_child(dt, 0, "aliases"), alias);
		if (!path)
			return -1;
		n = strlen(path);
	}
	return dt_find(dt, path, n);
}

static int next_pl011(const struct dt *dt, int after)
{
	do {
		after = dt_compatible_next(dt, after, PL011);
	} while (after >= 0 && !dt_enabled(dt, after));
	return after;
}

enum reg_result machine_console(const struct dt *dt, int *node, struct range *uart, struct report *report)
{
	const char *path = text(dt, dt_child(dt, 0, "chosen"), "stdout-path");
	int other;

	*node = -1;
	uart->end = 0;
	if (!path)
		return REG_NONE;
	*node = stdout_node(dt, path);
	if (*node >= 0 && dt_compatible(dt, *node, PL011) && dt_enabled(dt, *node) &&
	    reg_need(dt, *node, 0, "the console", uart, report))
		return REG_OK;
	*node = -1;
	other = next_pl011(dt, -1);
	if (other < 0 || reg_read(dt, other, 0, uart, report) != REG_OK)
		uart->end = 0;
	refuse(report, "/chosen: stdout-path names no enabled %s with a usable reg", PL011);
	return REG_BAD;
}

static bool initrd_bound(const struct dt *dt, int chosen, const char *name, uint64_t *value,
			 struct report *report)
{
	int length;
	const void *cells = fdt_getprop(dt->blob, dt->node[chosen].offset, name, &length);

	if (!cells)
		return refuse(report, "/chosen: %s is missing, but its fellow is there", name);
	if (length != 4 && length != 8)
		return refuse(report, "/chosen: %s has %u bytes, not 4 or 8", name, (unsigned)length);
	*value = length == 4 ? dt_cell(cells, 0) : (uint64_t)dt_cell(cells, 0) << 32 | dt_cell(cells, 1);
	return true;
}

static bool initrd(struct machine *m, const struct dt *dt, int chosen, struct report *report)
{
	int offset = dt->node[chosen].offset;

	m->initrd = (struct range){0, 0};
	if (!fdt_getprop(dt->blob, offset, "linux,initrd-start", NULL) &&
	    !fdt_getprop(dt->blob, offset, "linux,initrd-end", NULL))
		return true;
	if (!initrd_bound(dt, chosen, "linux,initrd-start", &m->initrd.start, report) ||
	    !initrd_bound(dt, chosen, "linux,initrd-end", &m->initrd.end, report))
		return false;
	if (m->initrd.end <= m->initrd.start || !ranges_cover(&m->ram, m->initrd))
		return refuse(
			report,
			"/chosen: linux,initrd-start 0x%lx .. linux,initrd-end 0x%lx is no range of RAM",
			m->initrd.start, m->initrd.end);
	if (m->initrd.start % PAGE)
		return refuse(report, "/chosen: linux,initrd-start 0x%lx is not on a page", m->initrd.start);
	return true;
}

/* A decimal number with K, M or G behind; 0 if TEXT (to a space or the end) is none. */
static uint64_t size(const char *text)
{
	uint64_t value = 0;
	unsigned shift = 0;

	for (; *text >= '0' && *text <= '9'; text++) {
		if (value > 1ul << 40)
			return 0;
		value = value * 10 + (uint64_t)(*text - '0');
	}
	if (*text == 'K')
		shift = 10;
	else if (*text == 'M')
		shift = 20;
	else if (*text == 'G')
		shift = 30;
	if (shift)
		text++;
	if ((*text && *text != ' ') || value > 1ul << 44 >> shift)
		return 0;
	return value << shift;
}

/* Value of word NAME= in the command line, null if it isn't there. */
static const char *option(const char *line, const char *name)
{
	size_t n = strlen(name);

	for (; line && *line; line = strchr(line, ' ')) {
		while (*line == ' ')
			line++;
		if (!strncmp(line, name, n))
			return line + n;
	}
	return NULL;
}

static bool options(struct machine *m, const char *line, struct report *report)
{
	const char *pool = option(line, "skerry.pool="), *cores = option(line, "skerry.cores=");
	uint64_t n = cores ? size(cores) : BOOTINFO_CORES;

	m->pool = pool ? size(pool) : 0;
	if (pool && (m->pool < 1ul << 20 || m->pool > 1ul << 38))
		return refuse(report,
			      "/chosen: bootargs: skerry.pool= wants a size from 1M on, with K, M or G");
	if (n < 1 || n > BOOTINFO_CORES)
		return refuse(report, "/chosen: bootargs: skerry.cores= wants 1..%u", BOOTINFO_CORES);
	m->cores = (uint32_t)n;
	return true;
}

/* Firmware's random bytes (DTSpec leaves them to booting.rst): all that there are, folded. */
static void seed(struct machine *m, const struct dt *dt, int chosen)
{
	int length;
	const uint8_t *bytes = fdt_getprop(dt->blob, dt->node[chosen].offset, "rng-seed", &length);

	for (int i = 0; bytes && i < length; i++)
		m->seed[i % SK_ROOT_SEED] ^= bytes[i];
}

bool machine_chosen(struct machine *m, const struct dt *dt, struct report *report)
{
	int chosen = dt_child(dt, 0, "chosen"), length;
	struct range uart;
	const char *line;

	if (machine_console(dt, &m->console, &uart, report) == REG_BAD)
		return false;
	m->status = next_pl011(dt, -1);
	if (m->status == m->console && m->status >= 0)
		m->status = next_pl011(dt, m->status);
	m->initrd = (struct range){0, 0};
	m->pool = 0;
	m->cores = BOOTINFO_CORES;
	memset(m->seed, 0, sizeof(m->seed));
	if (chosen < 0)
		return true;
	seed(m, dt, chosen);
	line = fdt_getprop(dt->blob, dt->node[chosen].offset, "bootargs", &length);
	if (line && (length < 1 || line[length - 1]))
		return refuse(report, "/chosen: bootargs does not end in NUL");
	return options(m, line ? line : "", report) && initrd(m, dt, chosen, report);
}
