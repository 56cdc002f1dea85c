/* Choosing trim rules by name, and locales. */
#include "base/text.h"
#include "rules/trim_rule.h"

#include <errno.h>
#include <string.h>

static const char *const KINDS[] = { "trims", NULL };

static int by_id(const void *a, const void *b)
{
	const struct trim_rule *const *x = a, *const *y = b;

	return strcmp((*x)->id, (*y)->id);
}

static size_t find(const struct trim_rules *list, const char *id)
{
	array_each (&list->rules, i)
		if (strcmp(list->rules.data[i]->id, id) == 0)
			return i;
	return SIZE_MAX;
}

static void take(struct trim_rules *list, size_t at)
{
	trim_rule_free(list->rules.data[at]);
	list->rules.data[at] = array_pop(&list->rules);
}

static int add(struct trim_rules *list, const char *path, bool only_default,
	       struct error *err)
{
	struct trim_rule *rule = NULL;
	int r = trim_rule_read(path, &rule, err);

	if (r < 0)
		return r;
	if ((only_default && !rule->is_default) || find(list, rule->id) != SIZE_MAX)
		trim_rule_free(rule);
	else
		array_push(&list->rules, rule);
	return 0;
}

static int add_found(const struct lookup *lookup, struct trim_rules *list,
		     bool only_default, struct error *err)
{
	_cleanup_(lookup_list_release) struct lookup_list all = { 0 };
	int r = lookup_all(lookup, KINDS, &all, err);

	for (size_t i = 0; r == 0 && i < all.files.len; i++)
		if (!all.files.data[i].hidden)
			r = add(list, all.files.data[i].path, only_default, err);
	return r;
}

static int add_named(const struct lookup *lookup, struct trim_rules *list,
		     const char *name, struct error *err)
{
	_cleanup_(freep) char *path = NULL;
	int r = lookup_find(lookup, KINDS, name, &path, err);

	return r < 0 ? r : add(list, path, false, err);
}

static int choose(const struct lookup *lookup, struct trim_rules *list, const char *name,
		  struct error *err)
{
	size_t at;

	if (strcmp(name, "all") == 0 || strcmp(name, "safe") == 0)
		return add_found(lookup, list, name[0] == 's', err);
	if (strcmp(name, "none") == 0) {
		trim_rules_release(list);
		return 0;
	}
	if (name[0] != '-')
		return add_named(lookup, list, name, err);
	at = find(list, name + 1);
	if (at == SIZE_MAX)
		return error_set(err, -EINVAL,
				 "'%s' takes away a trim that was not chosen before it",
				 name);
	take(list, at);
	return 0;
}

int trim_rules_load(const struct lookup *lookup, const char *const *names, size_t count,
		    struct trim_rules *ret, struct error *err)
{
	struct trim_rules list = { 0 };
	int r = 0;

	for (size_t i = 0; r == 0 && i < count; i++)
		r = choose(lookup, &list, names[i], err);
	if (r < 0) {
		trim_rules_release(&list);
		return r;
	}
	array_sort(&list.rules, by_id);
	*ret = list;
	return 0;
}

void trim_rules_release(struct trim_rules *rules)
{
	array_each (&rules->rules, i)
		trim_rule_free(rules->rules.data[i]);
	array_release(&rules->rules);
}

/* "de_DE.UTF-8@euro": language and country stand before the code set and modifier. */
static size_t plain_len(const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (name[i] == '.' || name[i] == '@')
			return i;
	return len;
}

bool trim_locale_matches(const char *locale, const char *name, size_t len)
{
	size_t a = plain_len(locale, strlen(locale)), b = plain_len(name, len);
	size_t shorter = a < b ? a : b;

	if (shorter == 0 || strncmp(locale, name, shorter) != 0)
		return false;
	if (a == b)
		return true;
	return (a < b ? name : locale)[shorter] == '_';
}
