/* SPDX-License-Identifier: BSD-2-Clause */
/* component.c: finding what was given, the server's loop, main(). */
#include "stub.h"
#include "model.h"

#define REFUSE "{ *reply_ = (struct sk_words){ .w = { [7] = SK_BAD_ARG } }; return; }"

static bool is_server(const struct port *p)
{
	return p->kind == PORT_PROVIDES && p->decl->kind == DECL_PROCEDURE;
}

static unsigned servers(const struct decl *c)
{
	unsigned n = 0;

	for (const struct port *p = c->ports; p; p = p->next)
		n += is_server(p);
	return n;
}

static bool waits(const struct decl *c)
{
	for (const struct port *p = c->ports; p; p = p->next) {
		if (port_hears(p))
			return true;
	}
	return false;
}

/* --- one method --------------------------------------------------------------------- */

/* What is no word is not on the stack: it may be large, and there is one call at a time. */
static void local(const struct field *f, const struct travel *s, FILE *out)
{
	const char *type = type_c(&f->type), *name = f->name.text;

	if (s->in_word) /* of a bool only the last bit: gcc would compare it with 0, one instruction more */
		fprintf(out, f->type.base == TYPE_BOOL ? "\t\t%s %s = (%s)(call_->w[%u] & 1);\n" : "\t\t%s %s = (%s)call_->w[%u];\n",
			type, name, type, s->in_word - 1);
	else if (s->capability && f->direction == DIR_IN)
		fprintf(out, "\t\tuint32_t %s = receive_got;\n", name);
	else if (stub_is_word(f))
		fprintf(out, "\t\t%s %s = 0;\n", type, name);
	else if (f->type.base == TYPE_STRING)
		fprintf(out, "\t\tstatic char %s[%u];\n", name, f->type.bound + 1);
	else if (f->shape == SHAPE_ONE)
		fprintf(out, "\t\tstatic %s %s;\n", type, name);
	else
		fprintf(out, "\t\tstatic %s %s[%u];\n", type, name, f->count);
	if (f->shape == SHAPE_BOUNDED)
		fprintf(out, "\t\tsize_t %s_count = 0;\n", name);
}

/*
 * One comparison for all, the widest first: what is too large for a type is, moved down by the
 * difference, too large for the next narrower one, and what is not is not.
 */
static void check_words(const struct method *m, const struct travel *slots, FILE *out)
{
	const char *all = "";
	unsigned last = 0;

	for (unsigned bits = 32; bits; bits /= 2) {
		const struct travel *s = slots;

		for (const struct field *f = m->params; f; f = f->next, s++) {
			if (!s->in_word || type_bits(f->type.base) != bits)
				continue;
			all = last > bits ? idl_text("(%s) >> %u | ", all, last - bits) : last ? idl_text("%s | ", all) : "";
			all = idl_text("%scall_->w[%u]", all, s->in_word - 1);
			last = bits;
		}
	}
	if (last)
		fprintf(out, "\t\tif ((%s) > 0x%llx)\n\t\t\t" REFUSE "\n", all, (1ull << last) - 1);
}

static const char *at(const struct travel *s)
{
	return idl_text("buffer_ + %u", s->offset);
}

static void arguments_in(const struct method *m, const struct travel *slots, FILE *out)
{
	const struct travel *s = slots;

	for (const struct field *f = m->params; f; f = f->next, s++)
		local(f, s, out);
	check_words(m, slots, out);
	s = slots;
	for (const struct field *f = m->params; f; f = f->next, s++) {
		if (s->capability && f->direction == DIR_IN)
			fprintf(out, "\t\tif (!%s)\n\t\t\t" REFUSE "\n", f->name.text);
		else if (s->in_buffer)
			stub_get(f, f->name.text, idl_text("%s_count", f->name.text), at(s), REFUSE, "\t\t", out);
		else if (!s->in_word && !stub_is_word(f)) /* nothing of another client's answer */
			fprintf(out, "\t\tmemset(%s%s, 0, sizeof(%s));\n", f->shape == SHAPE_ONE && f->type.base != TYPE_STRING ? "&" : "",
				f->name.text, f->name.text);
	}
}

static void call_it(const struct port *p, const struct method *m, FILE *out)
{
	const char *comma = "";

	fputs(method_capability(m, DIR_IN) ? "\t\treceive_got = 0; /* it is the component's now */\n\t\t" : "\t\t", out);
	if (m->result.base != TYPE_VOID)
		fprintf(out, "%s result = ", type_c(&m->result));
	fprintf(out, "%s_%s(", p->name.text, m->name.text);
	for (const struct field *f = m->params; f; f = f->next) {
		bool by_address = f->shape == SHAPE_ONE && f->type.base != TYPE_STRING &&
				  (f->type.base == TYPE_STRUCT || f->direction != DIR_IN);

		fprintf(out, "%s%s%s", comma, by_address ? "&" : "", f->name.text);
		if (f->shape == SHAPE_BOUNDED)
			fprintf(out, ", %s%s_count", f->direction == DIR_IN ? "" : "&", f->name.text);
		comma = ", ";
	}
	fputs(");\n", out);
}

/* The words of the reply at once, zeroes between: nothing of the server's registers goes out with it. */
static void answer_out(const struct method *m, const struct travel *slots, FILE *out)
{
	const struct travel *s = slots;
	const struct field *given = method_capability(m, DIR_OUT);

	if (given)
		fprintf(out, "\t\tif (!%s)\n\t\t\t{ *reply_ = (struct sk_words){ .w = { [7] = SK_NO_CAP } }; return; }\n", given->name.text);
	fprintf(out, "\t\t*reply_ = (struct sk_words){ .w = {%s",
		m->result.base == TYPE_VOID ? "" : idl_text(" %s,", stub_widened(&m->result, "result")));
	for (const struct field *f = m->params; f; f = f->next, s++) {
		if (s->out_word)
			fprintf(out, " %s,", stub_widened(&f->type, f->name.text));
	}
	fprintf(out, " [7] = SK_OK }%s };\n", given ? idl_text(", .extra = (uint64_t)%s << SK_SECOND_SLOT", given->name.text) : "");
	s = slots;
	for (const struct field *f = m->params; f; f = f->next, s++) {
		const char *n = f->name.text;

		if (!s->out_buffer)
			continue;
		if (f->shape == SHAPE_BOUNDED)
			fprintf(out, "\t\tif (%s_count > %u)\n\t\t\t%s_count = %u;\n", n, f->count, n, f->count);
		stub_put(f, n, idl_text("%s_count", n), at(s), "\t\t", out);
	}
}

static void dispatch(const struct port *p, FILE *out)
{
	bool buffer = procedure_buffer(p->decl) != 0;

	fprintf(out, "\nuint16_t %s_client;\n", p->name.text);
	if (buffer)
		fprintf(out, "static uint8_t *%s_buffers[%u];\n", p->name.text, p->most);
	fprintf(out, "\nstatic void %s_dispatch(const struct sk_words *call_, struct sk_words *reply_)\n{\n", p->name.text);
	if (buffer)
		fprintf(out, "\tuint8_t *buffer_ = %s_client < %u ? %s_buffers[%s_client] : NULL;\n\n\tif (!buffer_)\n\t\t" REFUSE "\n",
			p->name.text, p->most, p->name.text, p->name.text);
	fputs("\tswitch (call_->w[7]) {\n", out);
	for (const struct method *m = p->decl->methods; m; m = m->next) {
		struct travel *slots = idl_alloc((stub_params(m) + 1) * sizeof(*slots));

		stub_layout(m, slots);
		fprintf(out, "\tcase %u: { /* %s */\n", m->number, m->name.text);
		arguments_in(m, slots, out);
		call_it(p, m, out);
		answer_out(m, slots, out);
		fputs("\t\treturn;\n\t}\n", out);
	}
	fputs("\tdefault:\n\t\t*reply_ = (struct sk_words){ .w = { [7] = SK_NO_CALL } };\n\t}\n}\n", out);
}

static void serve_loop(const struct decl *c, FILE *out)
{
	bool takes = component_takes(c), many = servers(c) > 1; /* one port: all badges are its own */
	const char *unsent = "\t\tif (status_ != SK_OK && status_ != SK_EVENT && reply_.extra) { /* its capability: the caller still waits */\n"
			     "\t\t\treply_ = (struct sk_words){ .w = { [7] = status_ } };\n\t\t\tcontinue;\n\t\t}\n";

	fputs("\nstatic void handle(uint64_t bits)\n{\n", out);
	for (const struct port *p = c->ports; p; p = p->next) {
		if (port_hears(p))
			fprintf(out, "\tif (bits & %s_event)\n\t\t%s_handle();\n", p->name.text, p->name.text);
	}
	fprintf(out, "\t(void)bits;\n}\n\n"
	      "/* The reply to one caller and the wait for the next are one system call. No word of a call is left in a reply. */\n"
	      "static _Noreturn void serve(uint32_t endpoint)\n{\n\tstruct sk_words call_, reply_ = { { 0 }, 0, 0 };\n"
	      "\tenum sk_status status_;\n\n\tfor (;;) {\n"
	      "\t\tcall_ = reply_;\n%s\t\tstatus_ = sk_reply_wait(endpoint, &call_);\n%s"
	      "\t\tif (status_ != SK_OK) {\n\t\t\tif (status_ != SK_EVENT)\n"
	      "\t\t\t\tsk_fail(\"waiting for a call: %%s\", sk_status_text(status_));\n"
	      "\t\t\thandle(call_.w[0]);\n\t\t\treply_ = (struct sk_words){ { 0 }, 0, 0 };\n\t\t\tcontinue;\n\t\t}\n"
	      "%s%s", takes ? "\t\tcall_.extra |= receive_slot();\n" : "", component_gives(c) ? unsent : "", takes ? "\t\treceive_note(call_.extra);\n" : "",
		many ? "\t\tswitch ((uint32_t)call_.extra >> 16) { /* badge: port << 16 | client */\n" : "");
	for (const struct port *p = c->ports; p; p = p->next) {
		if (is_server(p))
			fprintf(out, "%s%s\t\t%s_client = (uint16_t)call_.extra;\n%s\t\t%s_dispatch(&call_, &reply_);\n%s",
				many ? idl_text("\t\tcase %u:\n", p->number) : "", many ? "\t" : "", p->name.text,
				many ? "\t" : "", p->name.text, many ? "\t\t\tbreak;\n" : "");
	}
	fprintf(out, "%s%s\t}\n}\n", many ? "\t\tdefault:\n\t\t\treply_ = (struct sk_words){ .w = { [7] = SK_NO_CALL } };\n\t\t}\n" : "",
		takes ? "\t\treceive_end();\n" : "");
}

/* --- what was given ----------------------------------------------------------------- */

static void define(const struct port *p, FILE *out)
{
	const char *n = p->name.text;

	if (p->kind == PORT_DATAPORT || p->kind == PORT_MEMORY)
		fprintf(out, "void *%s;\nsize_t %s_size;\n", n, n);
	else if (p->kind == PORT_USES && p->decl->kind == DECL_PROCEDURE)
		fprintf(out, procedure_buffer(p->decl) ? "uint32_t %s_slot;\nuint8_t *%s_buffer;\n" : "uint32_t %s_slot;\n", n, n);
	else if (p->kind == PORT_USES)
		fprintf(out, "void *%s_ring;\nuint32_t %s_slot;\n", n, n);
	else if (p->kind == PORT_PROVIDES && p->decl->kind == DECL_RING)
		fprintf(out, "uint32_t %s_count;\nvoid *%s_ring[%u];\nuint32_t %s_slot[%u];\n", n, n, p->most, n, p->most);
	else if (p->kind == PORT_EMITS && p->decl->builtin != BUILTIN_EXIT)
		fprintf(out, "uint32_t %s_slot;\n", n);
}

static void define_event(const struct port *p, FILE *out)
{
	const char *n = p->name.text;

	if (port_hears(p))
		fprintf(out, "\nvoid %s_wait(void)\n{\n\tcomponent_wait(%s_event);\n}\n\n"
			"bool %s_poll(void)\n{\n\treturn component_poll(%s_event);\n}\n", n, n, n, n);
	if (port_hears(p) && p->decl->builtin == BUILTIN_IRQ)
		fprintf(out, "\nenum sk_status %s_acknowledge(void)\n{\n\treturn sk_irq_ack(sk_slot(\"%s\"));\n}\n", n, p->as);
	if (p->kind == PORT_EMITS && p->decl->builtin == BUILTIN_EXIT) {
		static const char *const outcome[] = { "off", "crash", "reset" };

		for (unsigned i = 0; i < 3; i++)
			fprintf(out, "\nenum sk_status %s_%s(void)\n{\n\treturn sk_signal(sk_slot(\"%s.%s\"));\n}\n", n, outcome[i], p->as,
				outcome[i]);
	}
}

static void start_many(const struct port *p, const char *what, const char *suffix, FILE *out)
{
	fprintf(out, "\tfor (unsigned i = 0; i < %u; i++) {\n\t\tsnprintf(name, sizeof(name), \"%s%s%%u\", i);\n"
		"\t\t%s[i] = sk_region(name, NULL);\n", p->most, p->as, suffix, what);
	if (p->decl->kind == DECL_RING)
		fprintf(out, "\t\t%s_count += %s_ring[i] != NULL;\n\t\tsnprintf(name, sizeof(name), \"%s%%u.signal\", i);\n"
			"\t\t%s_slot[i] = sk_slot(name);\n", p->name.text, p->name.text, p->as, p->name.text);
	fputs("\t}\n", out);
}

static void start_port(const struct port *p, FILE *out)
{
	const char *n = p->name.text, *need = p->maybe ? "" : "need_";

	if (p->kind == PORT_DATAPORT || p->kind == PORT_MEMORY) {
		fprintf(out, "\t%s = sk_%sregion(\"%s\", &%s_size);\n", n, need, p->as, n);
	} else if (p->kind == PORT_USES && p->decl->kind == DECL_PROCEDURE) {
		fprintf(out, "\t%s_slot = sk_%sslot(\"%s\");\n", n, need, p->as);
		if (procedure_buffer(p->decl))
			fprintf(out, "\t%s_buffer = sk_%sregion(\"%s.buffer\", NULL);\n", n, need, p->as);
	} else if (p->kind == PORT_USES) {
		fprintf(out, "\t%s_ring = sk_%sregion(\"%s\", NULL);\n\t%s_slot = sk_slot(\"%s.signal\");\n", n, need, p->as, n, p->as);
	} else if (p->kind == PORT_PROVIDES && p->decl->kind == DECL_RING) {
		start_many(p, idl_text("%s_ring", n), "", out);
	} else if (is_server(p) && procedure_buffer(p->decl)) {
		start_many(p, idl_text("%s_buffers", n), ".buffer", out);
	} else if (p->kind == PORT_EMITS && p->decl->builtin != BUILTIN_EXIT) {
		fprintf(out, "\t%s_slot = sk_slot(\"%s\");\n", n, p->as);
	}
}

static void start_attribute(const struct field *f, FILE *out)
{
	const char *n = f->name.text;

	if (f->type.base == TYPE_STRING)
		fprintf(out, "\t%s = sk_param(\"%s\", \"\");\n", n, n);
	else if (type_signed(f->type.base))
		fprintf(out, "\t%s = (%s)strtoll(sk_param(\"%s\", \"0\"), NULL, 0);\n", n, type_c(&f->type), n);
	else
		fprintf(out, "\t%s = (%s)sk_param_number(\"%s\", 0);\n", n, type_c(&f->type), n);
}

static bool start_names(const struct decl *c)
{
	for (const struct port *p = c->ports; p; p = p->next) {
		if (p->kind == PORT_PROVIDES && (p->decl->kind == DECL_RING || procedure_buffer(p->decl)))
			return true;
	}
	return false;
}

static void start(const struct decl *c, FILE *out)
{
	fprintf(out, "\nvoid component_start(void)\n{\n%s", start_names(c) ? "\tchar name[40];\n\n" : "");
	if (component_receives(c))
		fputs("\treceive_start();\n", out);
	if (waits(c))
		fputs("\tevent = sk_slot(\"event\");\n", out);
	for (const struct field *f = c->attributes; f; f = f->next)
		start_attribute(f, out);
	for (const struct port *p = c->ports; p; p = p->next)
		start_port(p, out);
	fputs("}\n", out);
}

static void waiting(FILE *out)
{
	fputs("\nstatic uint32_t event;\nstatic uint64_t pending; /* bits that came while another one was waited for */\n\n"
	      "static bool component_poll(uint64_t bits)\n{\n\tuint64_t got = 0;\n\n\tsk_poll(event, &got);\n\tpending |= got;\n"
	      "\tgot = pending & bits;\n\tpending &= ~bits;\n\treturn got != 0;\n}\n\n"
	      "static void component_wait(uint64_t bits)\n{\n\tuint64_t got = 0;\n\n\twhile (!(pending & bits)) {\n"
	      "\t\tsk_check(sk_wait(event, SK_NEVER, &got), \"waiting for an event\");\n\t\tpending |= got;\n\t}\n"
	      "\tpending &= ~bits;\n}\n", out);
}

void stub_source(const struct decl *c, FILE *out)
{
	fprintf(out, "/* SPDX-License-Identifier: BSD-2-Clause */\n/* Made by skerry-idl: component %s. */\n#include \"component.h\"\n\n"
		"#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n\n#include \"skerry/fail.h\"\n#include \"skerry/start.h\"\n%s\n",
		c->name.text, !component_receives(c) ? "" : component_takes(c) ? "#include \"stubs/receive.h\"\n#include \"stubs/receive_server.h\"\n" :
		"#include \"stubs/receive.h\"\n");
	for (const struct field *f = c->attributes; f; f = f->next)
		fprintf(out, "%s %s;\n", f->type.base == TYPE_STRING ? "const char *" : type_c(&f->type), f->name.text);
	for (const struct port *p = c->ports; p; p = p->next)
		define(p, out);
	if (waits(c))
		waiting(out);
	for (const struct port *p = c->ports; p; p = p->next) {
		define_event(p, out);
		if (is_server(p))
			dispatch(p, out);
	}
	start(c, out);
	if (servers(c))
		serve_loop(c, out);
	if (!c->control && !servers(c))
		return;
	fprintf(out, "\nint main(void)\n{\n%s\tcomponent_start();\n", c->control && servers(c) ? "\tint code;\n\n" : "");
	if (c->control && servers(c))
		fputs("\tcode = run();\n\tif (code != 0)\n\t\treturn code;\n", out);
	else if (c->control)
		fputs("\treturn run();\n", out);
	if (servers(c))
		fputs("\tserve(sk_need_slot(\"endpoint\"));\n", out);
	fputs("}\n", out);
}
