#include "report/budget.h"

#include "report/budget_kind.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct budget_kind *find_kind(const char *what)
{
	for (size_t i = 0; i < BUDGET_KIND_COUNT; i++) {
		const char *prefix = BUDGET_KINDS[i].prefix;

		if (prefix ? strncmp(what, prefix, strlen(prefix)) == 0
			   : strcmp(what, BUDGET_KINDS[i].name) == 0)
			return &BUDGET_KINDS[i];
	}
	return NULL;
}

static int unknown_kind(const struct rule_node *what, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf known = { 0 };

	for (size_t i = 0; i < BUDGET_KIND_COUNT; i++)
		strbuf_printf(&known, "%s%s", i ? ", " : "", BUDGET_KINDS[i].name);
	return rule_error(what, err, "'%s' cannot be measured; known are: %s",
			  rule_text(what), strbuf_text(&known));
}

static int check_pattern(const struct budget_limit *limit, const struct rule_node *what,
			 struct error *err)
{
	const char *problem = budget_kind_check(limit->kind, limit->pattern);

	if (!problem)
		return 0;
	return rule_error(what, err, "'%s': %s", limit->what, problem);
}

static int read_max(const struct rule_node *value, struct budget_limit *limit,
		    struct error *err)
{
	struct error why = { 0 };
	char *end = NULL;

	if (!budget_kind_counts(limit->kind)) {
		if (units_parse(rule_text(value), &limit->max, &why) < 0)
			return rule_error(value, err, "%s", why.text);
		return 0;
	}
	errno = 0;
	limit->max = strtoull(rule_text(value), &end, 10);
	if (rule_text(value)[0] < '0' || rule_text(value)[0] > '9' || *end || errno)
		return rule_error(value, err, "'%s' is no whole number: '%s' counts %ss",
				  rule_text(value), limit->what, limit->kind->noun);
	return 0;
}

enum { LIMIT_NAME, LIMIT_WHAT, LIMIT_MAX, LIMIT_WHY, LIMIT_OPTIONAL, LIMIT_FIELDS };

static const struct rule_field LIMIT_FIELD[LIMIT_FIELDS] = {
	[LIMIT_NAME] = { "name", RULE_TEXT, 0 },
	[LIMIT_WHAT] = { "what", RULE_TEXT, RULE_REQUIRED },
	[LIMIT_MAX] = { "max", RULE_TEXT, RULE_REQUIRED },
	[LIMIT_WHY] = { "why", RULE_TEXT, 0 },
	[LIMIT_OPTIONAL] = { "optional", RULE_BOOL, 0 },
};

static int read_limit(struct budget *budget, const struct rule_node *map,
		      struct error *err)
{
	const struct rule_node *value[LIMIT_FIELDS];
	struct budget_limit limit = { .at = map };
	int r = rule_map_read(map, LIMIT_FIELD, LIMIT_FIELDS, value, err);

	if (r < 0)
		return r;
	limit.what = rule_text(value[LIMIT_WHAT]);
	limit.name = value[LIMIT_NAME] ? rule_text(value[LIMIT_NAME]) : limit.what;
	limit.why = rule_text(value[LIMIT_WHY]);
	limit.optional = rule_bool(value[LIMIT_OPTIONAL], false);
	limit.kind = find_kind(limit.what);
	if (!limit.kind)
		return unknown_kind(value[LIMIT_WHAT], err);
	limit.pattern = limit.kind->prefix ? limit.what + strlen(limit.kind->prefix) : "";
	r = check_pattern(&limit, value[LIMIT_WHAT], err);
	if (r == 0)
		r = read_max(value[LIMIT_MAX], &limit, err);
	if (r == 0)
		array_push(&budget->limits, limit);
	return r;
}

static const struct rule_field FILE_FIELD[] = {
	{ "limits", RULE_MAPS, RULE_REQUIRED },
};

int budget_read(const char *path, struct budget **ret, struct error *err)
{
	_cleanup_(budget_freep) struct budget *budget = mem_calloc(1, sizeof(*budget));
	const struct rule_node *root, *limits;
	int r = rule_doc_read(path, NULL, &budget->doc, err);

	if (r < 0)
		return r;
	root = rule_doc_root(budget->doc, 0);
	if (!root)
		return error_set(err, -EINVAL, "'%s' is empty: a budget has 'limits:'",
				 path);
	r = rule_map_read(root, FILE_FIELD, ARRAY_LEN(FILE_FIELD), &limits, err);
	if (r < 0)
		return r;
	for (const struct rule_node *at = limits->first; at; at = at->next) {
		r = read_limit(budget, at, err);
		if (r < 0)
			return r;
	}
	*ret = steal_ptr(&budget);
	return 0;
}

void budget_free(struct budget *budget)
{
	if (!budget)
		return;
	rule_doc_free(budget->doc);
	array_release(&budget->limits);
	free(budget);
}

void budget_freep(struct budget **budget)
{
	budget_free(*budget);
}
