#include "report/html.h"

#include "base/text.h"
#include "report/html_assets.h"

#include <string.h>

#define SCRIPT(name)                                                                     \
	{                                                                                \
		html_##name##_js, &html_##name##_js_len, html_##name##_js_sha256         \
	}

const struct html_kind HTML_REPORT = {
	.body = html_report_html,
	.scripts = { SCRIPT(base), SCRIPT(table), SCRIPT(treemap), SCRIPT(charts),
		     SCRIPT(packages), SCRIPT(report) },
};

const struct html_kind HTML_DIFF = {
	.body = html_diff_html,
	.scripts = { SCRIPT(base), SCRIPT(table), SCRIPT(charts), SCRIPT(diff) },
};

void html_text(const char *bytes, struct strbuf *out)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	text_printable(&text, bytes);
	for (const char *c = strbuf_text(&text); *c; c++) {
		switch (*c) {
		case '&':
			strbuf_puts(out, "&amp;");
			break;
		case '<':
			strbuf_puts(out, "&lt;");
			break;
		case '>':
			strbuf_puts(out, "&gt;");
			break;
		case '"':
			strbuf_puts(out, "&quot;");
			break;
		case '\'':
			strbuf_puts(out, "&#39;");
			break;
		default:
			strbuf_putc(out, *c);
		}
	}
}

json_t *html_string(const char *bytes)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	text_printable(&text, bytes);
	return json_bytes(strbuf_text(&text));
}

static json_t *cell_json(const struct table *table, const struct table_cell *cell,
			 enum table_kind kind)
{
	if (!cell->is_set)
		return json_null();
	switch (kind) {
	case TABLE_TEXT:
		return html_string(strpool_text(&table->texts, cell->text));
	case TABLE_BOOL:
		return json_boolean(cell->number);
	case TABLE_CHANGE:
	case TABLE_COUNT_CHANGE:
		return json_integer((int64_t)cell->number);
	default:
		return json_uint(cell->number);
	}
}

static json_t *column_json(const struct table_column *column)
{
	static const char *const KINDS[] = {
		[TABLE_TEXT] = "text",		 [TABLE_BYTES] = "bytes",
		[TABLE_COUNT] = "count",	 [TABLE_BOOL] = "bool",
		[TABLE_CHANGE] = "bytes-change", [TABLE_COUNT_CHANGE] = "count-change",
	};
	json_t *json = json_object();

	json_put(json, "key", json_string(column->key));
	json_put(json, "title", json_string(column->title));
	json_put(json, "kind", json_string(KINDS[column->kind]));
	json_put(json, "hidden", json_boolean(column->flags & TABLE_HIDDEN));
	return json;
}

json_t *html_table(const struct table *table)
{
	json_t *json = json_object(), *columns = json_array(), *rows = json_array();

	for (size_t c = 0; c < table->column_count; c++)
		json_push(columns, column_json(&table->columns[c]));
	for (size_t r = 0; r < table_rows(table); r++) {
		json_t *row = json_array();

		for (size_t c = 0; c < table->column_count; c++)
			json_push(row, cell_json(table, table_cell(table, r, c),
						 table->columns[c].kind));
		json_push(rows, row);
	}
	json_put(json, "columns", columns);
	json_put(json, "rows", rows);
	return json;
}

static unsigned int hex_value(char c)
{
	return (unsigned int)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* A Content-Security-Policy wants base64 of what the build knows in hexadecimal. */
static void put_hash(const char *hex, struct strbuf *out)
{
	static const char DIGITS[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t bytes = strlen(hex) / 2;

	strbuf_puts(out, " 'sha256-");
	for (size_t i = 0; i < bytes; i += 3) {
		uint32_t group = 0;

		for (size_t k = 0; k < 3; k++)
			group = group << 8 |
				(i + k < bytes ? hex_value(hex[(i + k) * 2]) << 4 |
							 hex_value(hex[(i + k) * 2 + 1])
					       : 0);
		for (size_t k = 0; k < 4; k++)
			strbuf_putc(out, i + k <= bytes
						 ? DIGITS[group >> (18 - 6 * k) & 63]
						 : '=');
	}
	strbuf_putc(out, '\'');
}

static void put_policy(const struct html_kind *kind, struct strbuf *out)
{
	strbuf_puts(out,
		    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
		    "'none'; base-uri 'none'; form-action 'none'; style-src");
	put_hash(html_style_css_sha256, out);
	strbuf_puts(out, "; script-src");
	for (size_t i = 0; kind->scripts[i].text; i++)
		put_hash(kind->scripts[i].sha256, out);
	strbuf_puts(out, "\">\n");
}

/* JSON in a script element ends at the first "</": no '<' is left in it. */
static void put_data(const json_t *data, struct strbuf *out)
{
	_cleanup_(freep) char *text = json_line(data);

	strbuf_puts(out, "<script type=\"application/json\" id=\"data\">");
	for (const char *rest = text; *rest;) {
		size_t len = strcspn(rest, "<>&");

		strbuf_add(out, rest, len);
		rest += len;
		if (*rest)
			strbuf_printf(out, "\\u%04x", (unsigned char)*rest++);
	}
	strbuf_puts(out, "</script>\n");
}

void html_page(const struct html_kind *kind, const char *title, const json_t *data,
	       struct strbuf *out)
{
	strbuf_puts(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
			 "<meta charset=\"utf-8\">\n");
	put_policy(kind, out);
	strbuf_puts(out, "<meta name=\"viewport\" content=\"width=device-width, "
			 "initial-scale=1\">\n"
			 "<meta name=\"color-scheme\" content=\"light dark\">\n"
			 "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
	html_text(title, out);
	strbuf_puts(out, "</title>\n<style>");
	strbuf_puts(out, html_style_css);
	strbuf_puts(out, "</style>\n</head>\n<body>\n");
	strbuf_puts(out, kind->body);
	put_data(data, out);
	for (size_t i = 0; kind->scripts[i].text; i++) {
		strbuf_puts(out, "<script>");
		strbuf_add(out, kind->scripts[i].text, *kind->scripts[i].len);
		strbuf_puts(out, "</script>\n");
	}
	strbuf_puts(out, "</body>\n</html>\n");
}
