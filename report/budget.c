#include "report/budget.h"

#include "report/budget_fields.h"
#include "report/budget_kind.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int unknown_kind(const struct rule_node *what, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf known = { 0 };

	budget_kind_names(&known);
	rule_error(what, err, "'%s' cannot be measured; known are: %s", rule_text(what),
		   strbuf_text(&known));
	return -EINVAL;
}

static int read_what(const struct rule_node *what, struct budget_limit *limit,
		     struct error *err)
{
	const char *problem;

	limit->what = rule_text(what);
	limit->kind = budget_kind_find(limit->what, &limit->surface);
	if (!limit->kind)
		return unknown_kind(what, err);
	limit->pattern =
		limit->kind->prefix ? limit->what + strlen(limit->kind->prefix) : "";
	problem = budget_kind_check(limit->kind, limit->pattern);
	if (!problem)
		return 0;
	return rule_error(what, err, "'%s': %s", limit->what, problem);
}

enum {
	LIMIT_NAME,
	LIMIT_WHAT,
	LIMIT_MAX,
	LIMIT_GROWTH,
	LIMIT_WARN,
	LIMIT_EXCLUDE,
	LIMIT_WHY,
	LIMIT_OWNER,
	LIMIT_WAIVE,
	LIMIT_OPTIONAL,
	LIMIT_FIELDS
};

static const struct rule_field LIMIT_FIELD[LIMIT_FIELDS] = {
	[LIMIT_NAME] = { "name", RULE_TEXT, 0 },
	[LIMIT_WHAT] = { "what", RULE_TEXT, RULE_REQUIRED },
	[LIMIT_MAX] = { "max", RULE_TEXT, 0 },
	[LIMIT_GROWTH] = { "max-growth", RULE_TEXTS, 0 },
	[LIMIT_WARN] = { "warn-at", RULE_TEXT, 0 },
	[LIMIT_EXCLUDE] = { "exclude", RULE_TEXTS, 0 },
	[LIMIT_WHY] = { "why", RULE_TEXT, 0 },
	[LIMIT_OWNER] = { "owner", RULE_TEXT, 0 },
	[LIMIT_WAIVE] = { "waive", RULE_ANY_MAP, 0 },
	[LIMIT_OPTIONAL] = { "optional", RULE_BOOL, 0 },
};

static int check_exclude(const struct budget_limit *limit, struct error *err)
{
	if (!limit->exclude)
		return 0;
	if (!(limit->kind->flags & KIND_EXCLUDES) ||
	    (limit->surface >= 0 && SURFACE_KINDS[limit->surface].is_packages))
		return rule_key_error(limit->exclude, err,
				      "'%s' is not about files: nothing to exclude",
				      limit->what);
	for (const struct rule_node *glob = rule_texts(limit->exclude); glob;
	     glob = rule_texts_next(limit->exclude, glob))
		if (glob->text[0] != '/')
			return rule_error(glob, err, "a path glob begins with '/'");
	return 0;
}

/* Numbers are read with the unit of what is measured. */
static int read_figures(const struct rule_node *const *value, struct budget_limit *limit,
			struct error *err)
{
	int r = 0;

	if (!value[LIMIT_MAX] && !value[LIMIT_GROWTH])
		return rule_error(limit->at, err,
				  "'%s' has no limit: 'max' or "
				  "'max-growth' is missing",
				  limit->what);
	if (value[LIMIT_MAX])
		r = budget_field_max(value[LIMIT_MAX], limit, err);
	if (r == 0 && value[LIMIT_GROWTH])
		r = budget_field_growth(value[LIMIT_GROWTH], limit, err);
	if (r == 0 && value[LIMIT_WARN])
		r = budget_field_warn_at(value[LIMIT_WARN], limit, err);
	return r;
}

static int read_limit(struct budget *budget, const struct rule_node *map,
		      struct error *err)
{
	const struct rule_node *value[LIMIT_FIELDS];
	struct budget_limit limit = { .at = map };
	int r = rule_map_read(map, LIMIT_FIELD, LIMIT_FIELDS, value, err);

	if (r == 0)
		r = read_what(value[LIMIT_WHAT], &limit, err);
	if (r != 0)
		return r;
	limit.name = value[LIMIT_NAME] ? rule_text(value[LIMIT_NAME]) : limit.what;
	limit.why = rule_text(value[LIMIT_WHY]);
	limit.owner = rule_text(value[LIMIT_OWNER]);
	limit.optional = rule_bool(value[LIMIT_OPTIONAL], false);
	limit.exclude = value[LIMIT_EXCLUDE];
	r = check_exclude(&limit, err);
	if (r == 0)
		r = read_figures(value, &limit, err);
	if (r == 0 && value[LIMIT_WAIVE])
		r = budget_field_waive(value[LIMIT_WAIVE], &limit, err);
	if (r == 0)
		array_push(&budget->limits, limit);
	return r;
}

enum { UNWANTED_PACKAGE, UNWANTED_WHY, UNWANTED_OWNER, UNWANTED_WAIVE, UNWANTED_FIELDS };

static const struct rule_field UNWANTED_FIELD[UNWANTED_FIELDS] = {
	[UNWANTED_PACKAGE] = { "package", RULE_TEXTS, RULE_REQUIRED },
	[UNWANTED_WHY] = { "why", RULE_TEXT, 0 },
	[UNWANTED_OWNER] = { "owner", RULE_TEXT, 0 },
	[UNWANTED_WAIVE] = { "waive", RULE_ANY_MAP, 0 },
};

/* Each glob becomes a limit of its own: no such package may be there. */
static int read_unwanted(struct budget *budget, const struct rule_node *map,
			 struct error *err)
{
	const struct rule_node *value[UNWANTED_FIELDS];
	struct budget_limit limit = { .surface = -1, .has_max = true };
	int r = rule_map_read(map, UNWANTED_FIELD, UNWANTED_FIELDS, value, err);

	if (r < 0)
		return r;
	limit.kind = &BUDGET_KIND_UNWANTED;
	limit.why = rule_text(value[UNWANTED_WHY]);
	limit.owner = rule_text(value[UNWANTED_OWNER]);
	if (value[UNWANTED_WAIVE])
		r = budget_field_waive(value[UNWANTED_WAIVE], &limit, err);
	if (r < 0)
		return r;
	for (const struct rule_node *glob = rule_texts(value[UNWANTED_PACKAGE]); glob;
	     glob = rule_texts_next(value[UNWANTED_PACKAGE], glob)) {
		char *what = mem_printf("%s%s", limit.kind->prefix, glob->text);

		array_push(&budget->texts, what);
		limit.at = glob;
		limit.pattern = glob->text;
		limit.name = limit.what = what;
		array_push(&budget->limits, limit);
	}
	return 0;
}

typedef int reader_fn(struct budget *budget, const struct rule_node *map,
		      struct error *err);

static int read_each(struct budget *budget, const struct rule_node *list, reader_fn *fn,
		     struct error *err)
{
	int r = 0;

	for (const struct rule_node *at = list ? list->first : NULL; at && r == 0;
	     at = at->next)
		r = fn(budget, at, err);
	return r;
}

enum { FILE_LIMITS, FILE_UNWANTED, FILE_FIELDS };

static const struct rule_field FILE_FIELD[FILE_FIELDS] = {
	[FILE_LIMITS] = { "limits", RULE_MAPS, 0 },
	[FILE_UNWANTED] = { "unwanted", RULE_MAPS, 0 },
};

static int read_file(struct budget *budget, const char *path, struct error *err)
{
	const struct rule_node *root, *value[FILE_FIELDS];
	struct rule_doc *doc = NULL;
	int r = rule_doc_read(path, NULL, &doc, err);

	if (r < 0)
		return r;
	array_push(&budget->docs, doc);
	root = rule_doc_root(doc, 0);
	if (!root)
		return error_set(err, -EINVAL, "'%s' is empty: a budget has 'limits:'",
				 path);
	r = rule_map_read(root, FILE_FIELD, FILE_FIELDS, value, err);
	if (r == 0 && !value[FILE_LIMITS] && !value[FILE_UNWANTED])
		r = rule_error(root, err, "a budget has 'limits:' or 'unwanted:'");
	if (r == 0)
		r = read_each(budget, value[FILE_LIMITS], read_limit, err);
	if (r == 0)
		r = read_each(budget, value[FILE_UNWANTED], read_unwanted, err);
	return r;
}

/* Baselines and reports know limits by their names. */
static int check_names(const struct budget *budget, struct error *err)
{
	for (size_t i = 0; i < budget->limits.len; i++)
		for (size_t k = 0; k < i; k++) {
			const struct budget_limit *a = &budget->limits.data[k];
			const struct budget_limit *b = &budget->limits.data[i];

			if (strcmp(a->name, b->name) == 0)
				return rule_error(
					b->at, err,
					"there is a limit '%s' already (%s:%u): "
					"give one a 'name'",
					b->name, rule_doc_name(a->at->doc), a->at->line);
		}
	return 0;
}

int budget_read_files(const char *const *paths, size_t count, struct budget **ret,
		      struct error *err)
{
	_cleanup_(budget_freep) struct budget *budget = mem_calloc(1, sizeof(*budget));
	int r = 0;

	for (size_t i = 0; i < count && r == 0; i++)
		r = read_file(budget, paths[i], err);
	if (r == 0)
		r = check_names(budget, err);
	if (r == 0)
		*ret = steal_ptr(&budget);
	return r;
}

int budget_read(const char *path, struct budget **ret, struct error *err)
{
	return budget_read_files(&path, 1, ret, err);
}

void budget_free(struct budget *budget)
{
	if (!budget)
		return;
	array_each (&budget->docs, i)
		rule_doc_free(budget->docs.data[i]);
	array_each (&budget->texts, i)
		free(budget->texts.data[i]);
	array_release(&budget->docs);
	array_release(&budget->texts);
	array_release(&budget->limits);
	free(budget);
}

void budget_freep(struct budget **budget)
{
	budget_free(*budget);
}
