/* The typed half of rule_parse.h: no YAML here, only trees. */
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "rules/rule_parse.h"

#include <errno.h>
#include <string.h>

#define WORD_MAX 64 /* longer ones are no typing mistakes of keys or names */

/* Edits (insert, delete, replace, swap neighbours) from @p a to @p b. */
static size_t edit_distance(const char *a, const char *b)
{
	size_t rows[3][WORD_MAX + 1];
	size_t *before = rows[0], *last = rows[1], *now = rows[2];
	size_t a_len = strlen(a), b_len = strlen(b);

	for (size_t j = 0; j <= b_len; j++)
		last[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *spare = before;

		now[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);

			best = MIN2(best, MIN2(last[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				best = MIN2(best, before[j - 2] + 1);
			now[j] = best;
		}
		before = last;
		last = now;
		now = spare;
	}
	return last[b_len];
}

const char *rule_did_you_mean(const char *wrong, const char *const *words, size_t count)
{
	const char *found = NULL;
	size_t best = strlen(wrong) / 3 + 1;

	if (strlen(wrong) > WORD_MAX)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t distance;

		if (strlen(words[i]) > WORD_MAX)
			continue;
		distance = edit_distance(wrong, words[i]);
		if (distance > best || distance >= strlen(words[i]))
			continue;
		if (!found || distance < best) {
			found = words[i];
			best = distance;
		}
	}
	return found;
}

static const char *const TYPE_NAMES[] = {
	[RULE_TEXT] = "a text",
	[RULE_TEXTS] = "a text or a list of texts",
	[RULE_BOOL] = "true or false",
	[RULE_NUMBER] = "a whole number",
	[RULE_ANY_MAP] = "a map of keys and values",
	[RULE_MAPS] = "a list of maps (each begins with '- ')",
	[RULE_ANY] = "a value",
};

static int type_error(const struct rule_node *value, enum rule_type type,
		      struct error *err)
{
	static const char *const KINDS[] = { "a single value", "a list", "a map" };
	_cleanup_(freep) char *key = text_printable_dup(value->key ? value->key : "");

	return rule_error(value, err, "%s%s%sthis must be %s, not %s", *key ? "'" : "",
			  key, *key ? "': " : "", TYPE_NAMES[type], KINDS[value->kind]);
}

static bool is_nothing(const struct rule_node *value)
{
	return value->kind == RULE_SCALAR &&
	       (value->text[strspn(value->text, " \t\n")] == '\0' ||
		(value->plain &&
		 (strcmp(value->text, "~") == 0 || strcmp(value->text, "null") == 0)));
}

static int check_text(const struct rule_node *value, enum rule_type type,
		      struct error *err)
{
	if (value->kind != RULE_SCALAR)
		return type_error(value, type, err);
	if (is_nothing(value))
		return rule_error(value, err, "this has no value (give %s)",
				  TYPE_NAMES[type]);
	return 0;
}

static int check_texts(const struct rule_node *value, enum rule_type type,
		       struct error *err)
{
	int r = 0;

	if (value->kind != RULE_LIST)
		return check_text(value, type, err);
	if (value->child_count == 0)
		return rule_error(value, err, "this list is empty (give %s)",
				  TYPE_NAMES[type]);
	for (const struct rule_node *n = value->first; n && r == 0; n = n->next)
		r = check_text(n, RULE_TEXT, err);
	return r;
}

static int check_bool(const struct rule_node *value, enum rule_type type,
		      struct error *err)
{
	_cleanup_(freep) char *shown = NULL;

	if (value->kind != RULE_SCALAR)
		return type_error(value, type, err);
	if (value->plain &&
	    (strcmp(value->text, "true") == 0 || strcmp(value->text, "false") == 0))
		return 0;
	shown = text_printable_dup(value->text);
	return rule_error(value, err, "this must be true or false, not '%s'%s", shown,
			  value->plain ? "" : " (in quotes it is a text)");
}

static int check_number(const struct rule_node *value, enum rule_type type,
			struct error *err)
{
	_cleanup_(freep) char *shown = NULL;
	size_t digits;

	if (value->kind != RULE_SCALAR)
		return type_error(value, type, err);
	digits = strspn(value->text, "0123456789");
	if (value->plain && digits > 0 && digits <= 18 && value->text[digits] == '\0')
		return 0;
	shown = text_printable_dup(value->text);
	return rule_error(value, err, "this must be a whole number, not '%s'%s", shown,
			  value->plain ? "" : " (in quotes it is a text)");
}

static int check_map(const struct rule_node *value, enum rule_type type,
		     struct error *err)
{
	if (is_nothing(value))
		return rule_error(value, err, "this has no value (give %s)",
				  TYPE_NAMES[type]);
	if (value->kind != RULE_MAP)
		return type_error(value, type, err);
	if (value->child_count == 0)
		return rule_error(value, err, "this map is empty");
	return 0;
}

static int check_maps(const struct rule_node *value, enum rule_type type,
		      struct error *err)
{
	int r = 0;

	if (is_nothing(value))
		return rule_error(value, err, "this has no value (give %s)",
				  TYPE_NAMES[type]);
	if (value->kind != RULE_LIST)
		return type_error(value, type, err);
	if (value->child_count == 0)
		return rule_error(value, err, "this list is empty (give %s)",
				  TYPE_NAMES[type]);
	for (const struct rule_node *n = value->first; n && r == 0; n = n->next)
		r = check_map(n, RULE_ANY_MAP, err);
	return r;
}

static int check_any(const struct rule_node *value, enum rule_type type,
		     struct error *err)
{
	(void)value;
	(void)type;
	(void)err;
	return 0;
}

static int (*const CHECKS[])(const struct rule_node *value, enum rule_type type,
			     struct error *err) = {
	[RULE_TEXT] = check_text,   [RULE_TEXTS] = check_texts,
	[RULE_BOOL] = check_bool,   [RULE_NUMBER] = check_number,
	[RULE_ANY_MAP] = check_map, [RULE_MAPS] = check_maps,
	[RULE_ANY] = check_any,
};

int rule_check_type(const struct rule_node *value, enum rule_type type, struct error *err)
{
	return CHECKS[type](value, type, err);
}

int rule_unknown_key(const struct rule_node *value, const char *const *names,
		     size_t count, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf known = { 0 };
	_cleanup_(freep) char *shown = text_printable_dup(value->key);
	const char *near = rule_did_you_mean(value->key, names, count);

	if (near)
		return rule_key_error(value, err, "unknown key '%s' (did you mean '%s'?)",
				      shown, near);
	for (size_t i = 0; i < count; i++)
		strbuf_printf(&known, "%s%s", i ? ", " : "", names[i]);
	return rule_key_error(value, err, "unknown key '%s' (known are: %s)", shown,
			      strbuf_text(&known));
}

static int unknown_key(const struct rule_node *value, const struct rule_field *fields,
		       size_t count, struct error *err)
{
	_cleanup_(freep) const char **names = mem_calloc(count + 1, sizeof(*names));

	for (size_t i = 0; i < count; i++)
		names[i] = fields[i].name;
	return rule_unknown_key(value, names, count, err);
}

static int read_field(const struct rule_node *value, const struct rule_field *fields,
		      size_t count, const struct rule_node **ret, struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(fields[i].name, value->key) != 0)
			continue;
		ret[i] = value;
		return rule_check_type(value, fields[i].type, err);
	}
	return unknown_key(value, fields, count, err);
}

int rule_map_read(const struct rule_node *map, const struct rule_field *fields,
		  size_t count, const struct rule_node **ret, struct error *err)
{
	int r = rule_check_type(map, RULE_ANY_MAP, err);

	for (size_t i = 0; i < count; i++)
		ret[i] = NULL;
	if (r < 0)
		return r;
	for (const struct rule_node *n = map->first; n; n = n->next) {
		r = read_field(n, fields, count, ret, err);
		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < count; i++)
		if (!ret[i] && fields[i].flags & RULE_REQUIRED)
			return rule_error(map, err, "'%s' is missing here (give %s)",
					  fields[i].name, TYPE_NAMES[fields[i].type]);
	return 0;
}

const char *rule_text(const struct rule_node *value)
{
	return value ? value->text : "";
}

bool rule_bool(const struct rule_node *value, bool otherwise)
{
	return value ? strcmp(value->text, "true") == 0 : otherwise;
}

uint64_t rule_number(const struct rule_node *value, uint64_t otherwise)
{
	return value ? strtoull(value->text, NULL, 10) : otherwise;
}

const struct rule_node *rule_texts(const struct rule_node *value)
{
	if (!value)
		return NULL;
	return value->kind == RULE_LIST ? value->first : value;
}

const struct rule_node *rule_texts_next(const struct rule_node *value,
					const struct rule_node *text)
{
	return value->kind == RULE_LIST ? text->next : NULL;
}
