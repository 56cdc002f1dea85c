#include "workload/profile_text.h"

#include "base/text.h"
#include "rules/condition.h"
#include "rules/rule_parse.h"

#include <errno.h>
#include <string.h>

bool profile_text_name_ok(const char *name)
{
	return *name && strlen(name) <= 64 && *name != '-' && *name != '.' &&
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-")] == '\0';
}

/* In double quotes, ASCII only: nothing in it can be taken for YAML. */
static void put_quoted(struct strbuf *out, const char *text)
{
	size_t len = strlen(text);

	strbuf_putc(out, '"');
	for (size_t i = 0, n; i < len; i += n) {
		uint32_t c;

		n = text_decode(text + i, len - i, &c);
		if (n == 0) {
			n = 1;
			c = 0xfffd;
		}
		if (c == '"' || c == '\\')
			strbuf_printf(out, "\\%c", (char)c);
		else if (c >= 0x20 && c < 0x7f)
			strbuf_putc(out, (char)c);
		else if (c > 0xffff)
			strbuf_printf(out, "\\U%08X", c);
		else
			strbuf_printf(out, "\\u%04X", c);
	}
	strbuf_putc(out, '"');
}

void workload_say_kinds(const struct workload *w, bool read, struct strbuf *out)
{
	bool first = true;

	array_each (&w->kinds, i) {
		const struct workload_kind *kind = &w->kinds.data[i];

		if (kind->read != read)
			continue;
		strbuf_printf(out, "%s%zu ", first ? "" : ", ", kind->count);
		text_printable(out, kind->kind);
		strbuf_puts(out, kind->count == 1		  ? ""
				 : text_ends(kind->kind, "Class") ? "es"
								  : "s");
		if (kind->elsewhere)
			strbuf_printf(out, " (%zu cannot run there)", kind->elsewhere);
		first = false;
	}
	if (first)
		strbuf_puts(out, "none");
}

bool workload_has_pods(const struct workload *w)
{
	return needs_find(&w->needs, ROW_KUBERNETES);
}

void workload_say_reach(const struct workload *w, struct strbuf *out)
{
	if (w->partial)
		strbuf_printf(out,
			      "not all objects of a cluster: %s; what they do not "
			      "use stays where a profile promises it",
			      w->partial);
	else
		strbuf_puts(out, "all objects of a cluster: what they do not use need "
				 "not stay");
}

static void put_head(const struct workload *w, const char *name, struct strbuf *out)
{
	strbuf_puts(out, "# Written by tare workload. Where the objects change, make it "
			 "again rather than edit it.\n# Objects: ");
	workload_say_kinds(w, true, out);
	strbuf_puts(out, "\n# Passed over: ");
	workload_say_kinds(w, false, out);
	if (workload_has_pods(w)) {
		strbuf_puts(out, "\n# ");
		workload_say_reach(w, out);
	}
	strbuf_printf(out, "\nprofile: %s\n", name);
	strbuf_puts(out,
		    "summary: what the objects of a cluster or host need of its root\n");
}

/* The facts of the rows that are used, and those with values. */
static void put_facts(const struct workload *w, struct strbuf *out)
{
	bool first = true;

	array_each (&w->needs.list, i) {
		const struct need *need = &w->needs.list.data[i];
		bool itself = need->key[0] == '\0';

		if (!itself && strcmp(need->key, "fact") != 0)
			continue;
		strbuf_puts(out, first ? "facts:\n  - " : "  - ");
		if (itself)
			strbuf_puts(out, row_fact(need->row));
		else
			put_quoted(out, need->value);
		strbuf_puts(out, "  # ");
		need_cite(need, out);
		strbuf_putc(out, '\n');
		first = false;
	}
	if (!w->partial)
		strbuf_printf(out, "%s" FACT_ALL_OBJECTS "  # nodes, pods and volumes\n",
			      first ? "facts:\n  - " : "  - ");
}

/* Has a row before @p row the same profile? Then that one's reason stands. */
static bool is_included(const struct workload *w, enum workload_row row,
			const char *profile)
{
	for (int before = 0; before < (int)row; before++) {
		const struct row *info = row_info((enum workload_row)before);

		for (size_t i = 0; i < ROW_PROFILES && info->profiles[i]; i++)
			if (strcmp(info->profiles[i], profile) == 0 &&
			    needs_find(&w->needs, (enum workload_row)before))
				return true;
	}
	return false;
}

static void put_include(const struct need *need, const char *profile, struct strbuf *out)
{
	_cleanup_(strbuf_release) struct strbuf why = { 0 };

	strbuf_printf(&why, "%s: ", row_info(need->row)->feature);
	need_cite(need, &why);
	strbuf_printf(out, "  - profile: %s\n    why: ", profile);
	put_quoted(out, strbuf_text(&why));
	strbuf_puts(out, "\n    optional: true\n");
}

static void put_includes(const struct workload *w, struct strbuf *out)
{
	size_t start = out->len;

	array_each (&w->needs.list, i) {
		const struct need *need = &w->needs.list.data[i];
		const struct row *row = row_info(need->row);

		for (size_t k = 0; need->key[0] == '\0' && k < ROW_PROFILES; k++) {
			if (!row->profiles[k] ||
			    is_included(w, need->row, row->profiles[k]))
				continue;
			strbuf_puts(out, out->len == start ? "include:\n" : "");
			put_include(need, row->profiles[k], out);
		}
	}
}

/* One value or, with @p split, those between blanks. */
static void put_values(const char *values, bool split, struct strbuf *out)
{
	bool list = split && strchr(values, ' ');

	strbuf_puts(out, list ? "[" : "");
	for (bool first = true; *values; first = false) {
		size_t len = split ? strcspn(values, " ") : strlen(values);
		_cleanup_(freep) char *one = mem_strndup(values, len);

		strbuf_puts(out, first ? "" : ", ");
		put_quoted(out, one);
		values += len + strspn(values + len, " ");
	}
	strbuf_puts(out, list ? "]" : "");
}

struct entry {
	enum workload_row row;
	const char *key, *why;
	struct strbuf values;	 /* as YAML, in the list's brackets where it is one */
	const struct need *need; /* who asks; NULL: nobody */
};

static void put_entry(const struct entry *entry, struct strbuf *out)
{
	_cleanup_(strbuf_release) struct strbuf why = { 0 };

	strbuf_puts(&why, entry->why);
	if (entry->need) {
		strbuf_puts(&why, ": ");
		need_cite(entry->need, &why);
	}
	strbuf_printf(out, "  - %s: %s\n    why: ", entry->key,
		      strbuf_text(&entry->values));
	put_quoted(out, strbuf_text(&why));
	strbuf_printf(out, "\n    feature: \"%s\"\n    optional: true\n",
		      row_info(entry->row)->feature);
}

/* What the row itself keeps. */
static void put_row_keep(enum workload_row row, const struct row_keep *keep,
			 const struct need *need, struct strbuf *out)
{
	struct entry entry = { row, keep->key, keep->why, { 0 }, need };

	put_values(keep->values, true, &entry.values);
	put_entry(&entry, out);
	strbuf_release(&entry.values);
}

void row_keep_text(enum workload_row row, struct strbuf *out)
{
	const struct row *info = row_info(row);

	for (size_t i = 0; i < ROW_KEEPS && info->keep[i].key; i++) {
		strbuf_puts(out, i == 0 ? "keep:\n" : "");
		put_row_keep(row, &info->keep[i], NULL, out);
	}
}

static bool is_selector(const struct need *need)
{
	return need->key[0] && strcmp(need->key, "fact") != 0 &&
	       strcmp(need->key, "warning") != 0;
}

/* Asked for by the same ones, for the same reason: one entry with a list. */
static bool is_same_entry(const struct need *a, const struct need *b)
{
	for (size_t i = 0; i < CITATIONS_MAX; i++)
		if (a->cited[i] != b->cited[i]) /* texts of one pool */
			return false;
	return a->row == b->row && a->count == b->count && strcmp(a->key, b->key) == 0 &&
	       strcmp(a->why, b->why) == 0;
}

/* @return the place behind the needs that are in the entry */
static size_t put_needs(const struct workload *w, size_t at, struct strbuf *out)
{
	const struct need *need = &w->needs.list.data[at];
	struct entry entry = { need->row, need->key, need->why, { 0 }, need };
	size_t end = at + 1;

	while (end < w->needs.list.len && is_same_entry(need, &w->needs.list.data[end]))
		end++;
	strbuf_puts(&entry.values, end > at + 1 ? "[" : "");
	for (size_t i = at; i < end; i++) {
		strbuf_puts(&entry.values, i > at ? ", " : "");
		put_values(w->needs.list.data[i].value, false, &entry.values);
	}
	strbuf_puts(&entry.values, end > at + 1 ? "]" : "");
	put_entry(&entry, out);
	strbuf_release(&entry.values);
	return end;
}

static void put_keeps(const struct workload *w, struct strbuf *out)
{
	size_t start, i = 0;

	strbuf_puts(out, "keep:\n");
	start = out->len;
	while (i < w->needs.list.len) {
		const struct need *need = &w->needs.list.data[i];
		const struct row *row = row_info(need->row);

		for (size_t k = 0; need->key[0] == '\0' && k < ROW_KEEPS; k++)
			if (row->keep[k].key)
				put_row_keep(need->row, &row->keep[k], need, out);
		i = is_selector(need) ? put_needs(w, i, out) : i + 1;
	}
	if (out->len == start)
		strbuf_truncate(out, start - strlen("keep:\n"));
}

static bool is_runtime(enum workload_row row)
{
	return row == ROW_RUNTIME_CONTAINERD || row == ROW_RUNTIME_CRIO ||
	       row == ROW_RUNTIME_DOCKER || row == ROW_RUNTIME_PODMAN;
}

bool row_is_unused(const struct workload *w, enum workload_row row)
{
	bool told = false;

	for (int r = 0; r < ROW_COUNT; r++)
		told = told || (is_runtime((enum workload_row)r) &&
				needs_find(&w->needs, (enum workload_row)r));
	/* pods do not say which runtime they have; and every one needs runc or crun */
	if (is_runtime(row) && !told)
		return false;
	if (row == ROW_HANDLER_RUNC || row == ROW_HANDLER_CRUN)
		return false;
	return row_info(row)->feature && !needs_find(&w->needs, row);
}

/* What nobody asks for, for people who read the profile. */
static void put_unused(const struct workload *w, struct strbuf *out)
{
	strbuf_puts(out,
		    "# No object uses these: they can go, and then they stop working.\n");
	for (int row = 0; row < ROW_COUNT; row++) {
		if (row_is_unused(w, (enum workload_row)row))
			strbuf_printf(out, "#   %s (%s)\n",
				      row_info((enum workload_row)row)->feature,
				      row_fact((enum workload_row)row));
	}
}

int profile_text(const struct workload *w, const char *name, struct strbuf *out,
		 struct error *err)
{
	put_head(w, name, out);
	put_facts(w, out);
	put_includes(w, out);
	put_keeps(w, out);
	put_unused(w, out);
	if (out->len <= RULE_LIMITS_DEFAULT.max_bytes)
		return 0;
	return error_set(err, -EFBIG,
			 "the profile would be larger than a rule file may be (%zu "
			 "bytes): narrow the objects with --node, or give fewer",
			 RULE_LIMITS_DEFAULT.max_bytes);
}
