#include "analyzer/evidence_file.h"

#include "base/text.h"

#include <string.h>

static void put_string(struct strbuf *out, const char *text)
{
	strbuf_putc(out, '"');
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			strbuf_printf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			strbuf_printf(out, "\\u%04x", c);
		else
			strbuf_putc(out, (char)c);
	}
	strbuf_putc(out, '"');
}

/* ,"key":"text"; bytes that are no UTF-8 as ,"key_hex":"..." */
static void put_bytes(struct strbuf *out, const char *key, const char *bytes)
{
	size_t len = strlen(bytes);

	if (text_is_utf8(bytes, len)) {
		strbuf_printf(out, "\"%s\":", key);
		put_string(out, bytes);
		return;
	}
	strbuf_printf(out, "\"%s_hex\":\"", key);
	for (size_t i = 0; i < len; i++)
		strbuf_printf(out, "%02x", (unsigned char)bytes[i]);
	strbuf_putc(out, '"');
}

static void put_header(const struct evidence *ev, struct strbuf *out)
{
	strbuf_puts(out, "{\"schema\":\"" EVIDENCE_SCHEMA "\",");
	put_bytes(out, "source", ev->source);
	strbuf_putc(out, ',');
	put_bytes(out, "node", evidence_text(ev, ev->node));
	if (ev->kernel) {
		strbuf_putc(out, ',');
		put_bytes(out, "kernel", evidence_text(ev, ev->kernel));
	}
	if (ev->begin >= 0)
		strbuf_printf(out, ",\"begin\":%lld", (long long)ev->begin);
	if (ev->end >= 0)
		strbuf_printf(out, ",\"end\":%lld", (long long)ev->end);
	strbuf_printf(out, ",\"complete\":%s,\"coverage\":\"%s\",\"lost\":%llu}\n",
		      ev->complete ? "true" : "false", ev->whole_node ? "node" : "part",
		      (unsigned long long)ev->lost);
}

static void put_use(const struct evidence *ev, const struct evidence_use *use,
		    struct strbuf *out)
{
	strbuf_putc(out, '{');
	put_bytes(out, "path", evidence_text(ev, use->path));
	strbuf_printf(out, ",\"use\":\"%s\"",
		      file_use_kind_name((enum file_use_kind)use->use));
	if (use->scope != SCOPE_UNKNOWN)
		strbuf_printf(out, ",\"scope\":\"%s\"",
			      use_scope_name((enum use_scope)use->scope));
	if (use->by) {
		strbuf_putc(out, ',');
		put_bytes(out, "by", evidence_text(ev, use->by));
	}
	if (use->count != 1)
		strbuf_printf(out, ",\"count\":%llu", (unsigned long long)use->count);
	strbuf_puts(out, "}\n");
}

static void put_memory(const struct evidence *ev, const struct evidence_memory *row,
		       struct strbuf *out)
{
	strbuf_putc(out, '{');
	put_bytes(out, "executable", evidence_text(ev, row->executable));
	if (row->scope != SCOPE_UNKNOWN)
		strbuf_printf(out, ",\"scope\":\"%s\"",
			      use_scope_name((enum use_scope)row->scope));
	if (row->file) {
		strbuf_putc(out, ',');
		put_bytes(out, "file", evidence_text(ev, row->file));
	}
	strbuf_printf(out,
		      ",\"processes\":%llu,\"pss_bytes\":%llu,\"private_dirty_bytes\":"
		      "%llu}\n",
		      (unsigned long long)row->processes,
		      (unsigned long long)row->pss_bytes,
		      (unsigned long long)row->private_dirty_bytes);
}

void evidence_write(const struct evidence *ev, struct strbuf *out)
{
	put_header(ev, out);
	array_each (&ev->uses, i)
		put_use(ev, &ev->uses.data[i], out);
	array_each (&ev->memory, i)
		put_memory(ev, &ev->memory.data[i], out);
	array_each (&ev->modules, i) {
		strbuf_putc(out, '{');
		put_bytes(out, "module", evidence_text(ev, ev->modules.data[i]));
		strbuf_puts(out, "}\n");
	}
	strbuf_printf(out, "{\"records\":%zu}\n",
		      ev->uses.len + ev->memory.len + ev->modules.len);
}
