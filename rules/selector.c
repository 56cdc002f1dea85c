#include "rules/selector.h"

#include "base/array.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "rules/glob.h"
#include "rules/selector_tree.h"

#include <errno.h>
#include <string.h>

const char *const SELECTOR_KEYS[] = {
	[SELECT_COMMAND] = "command", [SELECT_PATH] = "path",
	[SELECT_UNIT] = "unit",	      [SELECT_SONAME] = "soname",
	[SELECT_MODULE] = "module",   [SELECT_CAPABILITY] = "capability",
	[SELECT_PACKAGE] = "package", [SELECT_CATEGORY] = "category",
	[SELECT_ANY] = "any",	      [SELECT_FIRST] = "first",
	[SELECT_ALL] = "all",	      [SELECT_NOT] = "not",
};
const size_t SELECTOR_KEY_COUNT = ARRAY_LEN(SELECTOR_KEYS);

typedef int value_check(const struct rule_node *value, struct error *err);

static int check_command(const struct rule_node *value, struct error *err)
{
	if (strchr(value->text, '/'))
		return rule_error(value, err,
				  "a command is a name without '/' (for one file use "
				  "'path')");
	return 0;
}

static int check_path(const struct rule_node *value, struct error *err)
{
	const char *path = value->text;
	size_t len = strlen(path);

	if (path[0] != '/')
		return rule_error(value, err, "a path begins with '/'");
	if (len > 1 && path[len - 1] == '/')
		return rule_error(value, err,
				  "a path does not end in '/' (for all below a folder "
				  "write '/**')");
	if (strstr(path, "//") || strstr(path, "/./") || strstr(path, "/../") ||
	    text_ends(path, "/.") || text_ends(path, "/.."))
		return rule_error(value, err, "a path has no '//', '/./' or '/../'");
	return 0;
}

static int check_unit(const struct rule_node *value, struct error *err)
{
	static const char *const SUFFIXES[] = {
		".service", ".socket", ".target", ".mount", ".automount", ".timer",
		".path",    ".swap",   ".device", ".slice", ".scope",
	};

	if (strchr(value->text, '/'))
		return rule_error(value, err, "a unit is a name without '/'");
	for (size_t i = 0; i < ARRAY_LEN(SUFFIXES); i++)
		if (text_ends(value->text, SUFFIXES[i]))
			return 0;
	return rule_error(value, err,
			  "a unit's name ends in its type, such as '.service' or "
			  "'.socket'");
}

static int check_soname(const struct rule_node *value, struct error *err)
{
	if (strchr(value->text, '/') || !strstr(value->text, ".so"))
		return rule_error(value, err,
				  "a soname is a name such as 'libseccomp.so.2', "
				  "without a folder");
	return 0;
}

static int check_module(const struct rule_node *value, struct error *err)
{
	if (strchr(value->text, '/') || strstr(value->text, ".ko"))
		return rule_error(value, err,
				  "a module is a name such as 'br_netfilter', without a "
				  "folder and '.ko'");
	return 0;
}

static int check_package(const struct rule_node *value, struct error *err)
{
	if (strchr(value->text, '/') || strchr(value->text, ' '))
		return rule_error(value, err,
				  "a package is a name or glob without '/' and spaces");
	return 0;
}

static int check_category(const struct rule_node *value, struct error *err)
{
	const char *names[CATEGORY_COUNT];
	_cleanup_(freep) char *shown = NULL;
	const char *near;

	if (file_category_parse(value->text) >= 0)
		return 0;
	for (int i = 0; i < CATEGORY_COUNT; i++)
		names[i] = file_category_name((enum file_category)i);
	shown = text_printable_dup(value->text);
	near = rule_did_you_mean(value->text, names, CATEGORY_COUNT);
	return rule_error(value, err, "there is no category '%s' (%s%s%s)", shown,
			  near ? "did you mean '" : "see tare-rules(5)", near ? near : "",
			  near ? "'?" : "");
}

static value_check *const CHECKS[] = {
	[SELECT_COMMAND] = check_command, [SELECT_PATH] = check_path,
	[SELECT_UNIT] = check_unit,	  [SELECT_SONAME] = check_soname,
	[SELECT_MODULE] = check_module,	  [SELECT_PACKAGE] = check_package,
	[SELECT_CAPABILITY] = NULL,	  [SELECT_CATEGORY] = check_category,
};

static struct selector *make(enum selector_kind kind, const struct rule_node *at)
{
	struct selector *sel = mem_calloc(1, sizeof(*sel));

	sel->kind = kind;
	sel->at = at;
	return sel;
}

static int make_leaf(enum selector_kind kind, const struct rule_node *value,
		     struct selector **ret, struct error *err)
{
	int r = CHECKS[kind] ? CHECKS[kind](value, err) : 0;

	if (r < 0)
		return r;
	*ret = make(kind, value);
	(*ret)->text = value->text;
	return 0;
}

static int make_leaves(enum selector_kind kind, const struct rule_node *value,
		       struct selector **ret, struct error *err)
{
	_cleanup_(selector_freep) struct selector *sel = NULL;
	int r = rule_check_type(value, RULE_TEXTS, err);

	if (r < 0)
		return r;
	if (value->kind == RULE_SCALAR)
		return make_leaf(kind, value, ret, err);
	sel = make(SELECT_EACH, value);
	for (const struct rule_node *n = value->first; n; n = n->next) {
		struct selector *child = NULL;

		r = make_leaf(kind, n, &child, err);
		if (r < 0)
			return r;
		array_push(&sel->children, child);
	}
	*ret = steal_ptr(&sel);
	return 0;
}

/* { command: mount }: a map with exactly one key. */
static int make_from_map(const struct rule_node *map, bool may_not, struct selector **ret,
			 struct error *err)
{
	int r = rule_check_type(map, RULE_ANY_MAP, err);

	if (r < 0)
		return r;
	if (map->child_count > 1)
		return rule_key_error(map->first->next, err,
				      "one selector has one key (to join selectors use "
				      "'all' or 'any')");
	if (strcmp(map->first->key, "not") == 0 && !may_not)
		return rule_key_error(map->first, err,
				      "'not' stands only in the list of 'all', beside "
				      "what it takes away from");
	return selector_new(map->first, ret, err);
}

static bool all_negative(const struct selector *sel)
{
	array_each (&sel->children, i)
		if (sel->children.data[i]->kind != SELECT_NOT)
			return false;
	return true;
}

static int make_joined(enum selector_kind kind, const struct rule_node *value,
		       struct selector **ret, struct error *err)
{
	_cleanup_(selector_freep) struct selector *sel = make(kind, value);
	int r = rule_check_type(value, RULE_MAPS, err);

	for (const struct rule_node *n = r < 0 ? NULL : value->first; n; n = n->next) {
		struct selector *child = NULL;

		r = make_from_map(n, kind == SELECT_ALL, &child, err);
		if (r < 0)
			return r;
		array_push(&sel->children, child);
	}
	if (r < 0)
		return r;
	if (kind == SELECT_ALL && all_negative(sel))
		return rule_error(value, err,
				  "'all' needs at least one selector that is no 'not'");
	*ret = steal_ptr(&sel);
	return 0;
}

static int make_not(const struct rule_node *value, struct selector **ret,
		    struct error *err)
{
	_cleanup_(selector_freep) struct selector *sel = make(SELECT_NOT, value);
	struct selector *child = NULL;
	int r = make_from_map(value, false, &child, err);

	if (r < 0)
		return r;
	array_push(&sel->children, child);
	*ret = steal_ptr(&sel);
	return 0;
}

int selector_new(const struct rule_node *value, struct selector **ret, struct error *err)
{
	for (size_t i = 0; i < SELECTOR_KEY_COUNT; i++) {
		enum selector_kind kind = (enum selector_kind)i;

		if (strcmp(value->key, SELECTOR_KEYS[i]) != 0)
			continue;
		if (kind == SELECT_NOT)
			return make_not(value, ret, err);
		if (kind >= SELECT_ANY)
			return make_joined(kind, value, ret, err);
		return make_leaves(kind, value, ret, err);
	}
	return rule_unknown_key(value, SELECTOR_KEYS, SELECTOR_KEY_COUNT, err);
}

struct selector *selector_plain(const char *key, const char *text)
{
	struct selector *sel =
		make(strcmp(key, "path") == 0 ? SELECT_PATH : SELECT_PACKAGE, NULL);

	sel->text = text;
	return sel;
}

void selector_free(struct selector *sel)
{
	if (!sel)
		return;
	array_each (&sel->children, i)
		selector_free(sel->children.data[i]);
	array_release(&sel->children);
	free(sel);
}

void selector_freep(struct selector **sel)
{
	selector_free(*sel);
}

static void write_text(const struct selector *sel, struct strbuf *out)
{
	if (sel->kind < SELECT_ANY) {
		strbuf_printf(out, "%s: ", SELECTOR_KEYS[sel->kind]);
		text_printable(out, sel->text);
		return;
	}
	if (sel->kind != SELECT_EACH)
		strbuf_printf(out, "%s: ", SELECTOR_KEYS[sel->kind]);
	strbuf_putc(out, sel->kind == SELECT_NOT ? '{' : '[');
	array_each (&sel->children, i) {
		strbuf_puts(out, i ? ", " : "");
		write_text(sel->children.data[i], out);
	}
	strbuf_putc(out, sel->kind == SELECT_NOT ? '}' : ']');
}

char *selector_text(const struct selector *sel)
{
	_cleanup_(strbuf_release) struct strbuf out = { 0 };

	write_text(sel, &out);
	return strbuf_detach(&out);
}

size_t selector_count(const struct selector *sel)
{
	return sel->kind == SELECT_EACH ? sel->children.len : 1;
}

const struct selector *selector_at(const struct selector *sel, size_t index)
{
	return sel->kind == SELECT_EACH ? sel->children.data[index] : sel;
}

bool selector_is_packages(const struct selector *sel)
{
	if (sel->kind < SELECT_ANY)
		return sel->kind == SELECT_PACKAGE || sel->kind == SELECT_CAPABILITY;
	array_each (&sel->children, i)
		if (!selector_is_packages(sel->children.data[i]))
			return false;
	return true;
}

const struct rule_node *selector_place(const struct selector *sel)
{
	return sel->at;
}
