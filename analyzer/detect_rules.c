#include "analyzer/detect_rules.h"

#include "analyzer/detect_list.h"
#include "analyzer/detect_rules_internal.h"
#include "base/text.h"

#define MAX_LINE     8192 /* longer lines are cut: a pattern is no place for more */
#define MAX_PER_LINE 256  /* hits of one pattern in one line */

static bool rules_want(const struct detect *d, const struct tree_entry *entry,
		       const char *path)
{
	struct rule_hits hits;

	rules_find(d->rules, entry, path, &hits);
	for (size_t i = 0; i < hits.len; i++)
		if (hits.rule[i]->lines.len)
			return true;
	return false;
}

/* One line of one file under one pattern. */
struct line_match {
	const struct detect *d;
	const struct detect_input *in;
	struct detect_sink *out;
	const struct rule_detector *rule;
	const struct rule_line *line;
	uint32_t number;
};

static size_t refer(const struct line_match *m, const char *text, size_t len,
		    const char *cited)
{
	return detect_reference(m->d, m->out, m->in, m->line->target, text, len,
				(struct edge_row){ .kind = m->rule->kind,
						   .strength = m->line->strength,
						   .cite_line = m->number,
						   .cite_text = cited });
}

static void report_missing(const struct line_match *m, const char *word)
{
	_cleanup_(freep) char *text = NULL;

	if (!m->line->missing)
		return;
	text = mem_printf("line %u names '%s', which is not in the root", m->number,
			  word);
	finding_list_add(&m->out->findings,
			 &(struct finding_row){ .rule = m->line->missing,
						.severity = SEVERITY_NOTE,
						.file = m->in->file,
						.subject = m->in->path,
						.text = text,
						.remedy = "" });
}

/* The name itself, or each template with the name in the place of "{}". */
static void resolve_word(const struct line_match *m, const char *word, size_t len)
{
	_cleanup_(freep) char *cited = mem_strndup(word, len);
	size_t found = 0;

	if (m->line->templates.len == 0)
		found = refer(m, word, len, cited);
	array_each (&m->line->templates, i) {
		const char *template = m->line->templates.data[i];
		const char *hole = strstr(template, "{}");
		_cleanup_(freep) char *full = mem_printf(
			"%.*s%s%s", (int)(hole - template), template, cited, hole + 2);

		found += refer(m, full, strlen(full), cited);
	}
	if (found == 0)
		report_missing(m, cited);
}

static bool is_separator(char c)
{
	return c == ' ' || c == '\t' || c == ',';
}

static void resolve_text(const struct line_match *m, const char *text, size_t len)
{
	size_t at = 0;

	if (!m->line->words) {
		resolve_word(m, text, len);
		return;
	}
	while (at < len) {
		size_t end;

		while (at < len && is_separator(text[at]))
			at++;
		for (end = at; end < len && !is_separator(text[end]); end++)
			;
		if (end > at)
			resolve_word(m, text + at, end - at);
		at = end;
	}
}

/* @p text is one line with a NUL behind it. */
static void match_line(const struct line_match *m, const char *text)
{
	regmatch_t hit[RULE_MAX_GROUPS + 1];
	const char *at = text;

	for (int n = 0; n < MAX_PER_LINE && *at; n++) {
		const regmatch_t *group = &hit[m->line->group];

		if (regexec(&m->line->regex, at, RULE_MAX_GROUPS + 1, hit,
			    at == text ? 0 : REG_NOTBOL) != 0)
			return;
		if (group->rm_so >= 0 && group->rm_eo > group->rm_so)
			resolve_text(m, at + group->rm_so,
				     (size_t)(group->rm_eo - group->rm_so));
		if (hit[0].rm_eo == 0)
			return;
		at += hit[0].rm_eo;
	}
}

static void run_rule(const struct detect *d, const struct detect_input *in,
		     struct detect_sink *out, const struct rule_detector *rule)
{
	struct line_match m = { .d = d, .in = in, .out = out, .rule = rule };
	char line[MAX_LINE];

	for (const char *at = in->data, *end = in->data + in->len; at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((stop ? stop : end) - at);
		size_t kept = MIN2(len, sizeof(line) - 1);

		m.number++;
		memcpy(line, at, kept);
		line[kept] = '\0';
		at += len + 1;
		if (rule->comment && line[strspn(line, " \t")] &&
		    strchr(rule->comment, line[strspn(line, " \t")]))
			continue;
		array_each (&rule->lines, i) {
			m.line = &rule->lines.data[i];
			match_line(&m, line);
		}
	}
}

static void rules_file(const struct detect *d, const struct detect_input *in,
		       struct detect_sink *out)
{
	struct rule_hits hits;

	rules_find(d->rules, in->entry, in->path, &hits);
	for (size_t i = 0; i < hits.len; i++)
		if (hits.rule[i]->lines.len)
			run_rule(d, in, out, hits.rule[i]);
}

/* Edges to a file from all that @p sources name and the root has. */
static void reached_from(const struct detect *d, struct detect_sink *out,
			 const struct rule_reader *source, const struct tree_entry *file,
			 struct edge_row how)
{
	const struct tree_entry *found[16];
	size_t n = detect_find(d, source->target, source->name, strlen(source->name),
			       found, ARRAY_LEN(found));

	for (size_t k = 0; k < n; k++)
		detect_edge(d, out, found[k], file, how);
}

static void reach_entry(const struct detect *d, struct detect_sink *out,
			const struct rule_detector *rule, const struct tree_entry *entry)
{
	for (size_t i = 0; i < rule->readers.len; i++)
		reached_from(d, out, &rule->readers.data[i], entry,
			     (struct edge_row){ .kind = EDGE_READS,
						.strength = rule->read_strength,
						.cite_text = rule->name });
	array_each (&rule->loaders, i)
		reached_from(d, out, &rule->loaders.data[i], entry,
			     (struct edge_row){ .kind = rule->kind,
						.strength = EDGE_POSSIBLE,
						.cite_text = rule->name });
}

static bool is_file_on_disk(const struct tree_entry *entry)
{
	return entry->on_disk && entry->type == FILE_REGULAR;
}

/* Readers read what is there, loaders load it. */
static void rules_whole(const struct detect *d, struct detect_sink *out)
{
	array_each (&d->tree->entries, i) {
		const struct tree_entry *entry = &d->tree->entries.data[i];
		struct rule_hits hits;

		if (!is_file_on_disk(entry))
			continue;
		rules_find(d->rules, entry, tree_text(d->tree, entry->path), &hits);
		for (size_t k = 0; k < hits.len; k++)
			reach_entry(d, out, hits.rule[k], entry);
	}
}

const struct detector DETECT_RULES = {
	.name = "rules",
	.wants = rules_want,
	.file = rules_file,
	.whole = rules_whole,
};
