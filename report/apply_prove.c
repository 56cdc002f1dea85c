#include "base/text.h"
#include "report/apply_check.h"

#include <string.h>

static const struct {
	const char *name, *text;
	enum style_mark mark;
} OUTCOMES[] = {
	[PROVE_NOT_RUN] = { "not run", "", MARK_DIM },
	[PROVE_PASSED] = { "passed", "passes on the result", MARK_GOOD },
	[PROVE_FAILS_BEFORE] = { "fails before",
				 "fails on the untrimmed root, too: it proves nothing",
				 MARK_BAD },
	[PROVE_FOUND] = { "found", "misses something that went", MARK_BAD },
	[PROVE_NO_REMOVAL] = { "no removal",
			       "fails, but not for a file that went (a cache that apply "
			       "made again?)",
			       MARK_BAD },
	[PROVE_UNFOUND] = { "not found", "fails, and not always for the same removal",
			    MARK_BAD },
};

static void print_list(const char *head, const char *const *texts, size_t count,
		       struct strbuf *out)
{
	for (size_t i = 0; i < count; i++)
		strbuf_printf(out, "  %s%s\n", head, texts[i]);
}

/* A scalar of YAML in single quotes: a quote in it is written twice. */
static void put_quoted(struct strbuf *out, const char *bytes, const char *behind)
{
	_cleanup_(freep) char *text = text_printable_dup(bytes);

	strbuf_putc(out, '\'');
	for (const char *c = text; *c; c++) {
		if (*c == '\'')
			strbuf_putc(out, '\'');
		strbuf_putc(out, *c);
	}
	strbuf_puts(out, behind);
	strbuf_puts(out, "'\n");
}

static void print_keep_file(const struct prove_result *prove, struct strbuf *out)
{
	bool has_user = prove->user && prove->user[0];

	strbuf_puts(out, "  To keep it, give this to 'tare plan --keep keep.yaml':\n"
			 "    keep:\n");
	for (size_t i = 0; i < (prove->file ? 1 : prove->culprits.len); i++) {
		strbuf_puts(out, prove->file ? "      - path: " : "      - package: ");
		put_quoted(out, prove->file ? prove->file : prove->culprits.data[i], "");
		strbuf_puts(out, "        why: ");
		put_quoted(out, has_user ? prove->user : "the test fails without it",
			   has_user ? " opens it in the test" : "");
	}
}

static void print_found(const struct prove_result *prove, struct strbuf *out)
{
	print_list("missed: ", (const char *const *)prove->culprits.data,
		   prove->culprits.len, out);
	if (prove->file) {
		strbuf_puts(out, "  the file: ");
		text_printable(out, prove->file);
		strbuf_putc(out, '\n');
	}
	if (prove->user && prove->user[0]) {
		strbuf_puts(out, "  used by: ");
		text_printable(out, prove->user);
		strbuf_puts(out, " (a dependency that the graph does not have)\n");
	}
	print_list("must stay: ", (const char *const *)prove->back.data, prove->back.len,
		   out);
	print_keep_file(prove, out);
}

static void print_output(const struct prove_result *prove, struct strbuf *out)
{
	_cleanup_(freep) char *copy = mem_strdup(prove->output ? prove->output : "");
	char *rest = copy, *line;

	while ((line = strsep(&rest, "\n"))) {
		if (!*line)
			continue;
		strbuf_puts(out, "  | ");
		text_printable(out, line);
		strbuf_putc(out, '\n');
	}
}

void apply_print_prove(const struct prove_result *prove, const struct style *style,
		       struct strbuf *out)
{
	if (prove->outcome == PROVE_NOT_RUN)
		return;
	strbuf_printf(out, "%-13s", "Test");
	style_puts(out, style, OUTCOMES[prove->outcome].mark,
		   OUTCOMES[prove->outcome].text);
	strbuf_puts(out, " (");
	style_counted(out, prove->runs, "run");
	strbuf_puts(out, ")\n");
	print_output(prove, out);
	if (prove->outcome == PROVE_FOUND)
		print_found(prove, out);
}

static json_t *texts_json(char *const *texts, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_push(list, json_bytes(texts[i]));
	return list;
}

json_t *apply_prove_json(const struct prove_result *prove)
{
	json_t *json = json_object();

	json_put(json, "outcome", json_string(OUTCOMES[prove->outcome].name));
	json_put(json, "runs", json_uint(prove->runs));
	json_put(json, "search_runs", json_uint(prove->search_runs));
	json_put(json, "removals", json_uint(prove->removals));
	json_put(json, "missed", texts_json(prove->culprits.data, prove->culprits.len));
	json_put(json, "must_stay", texts_json(prove->back.data, prove->back.len));
	json_put(json, "file", json_bytes(prove->file ? prove->file : ""));
	json_put(json, "used_by", json_bytes(prove->user ? prove->user : ""));
	json_put(json, "output", json_bytes(prove->output ? prove->output : ""));
	return json;
}
