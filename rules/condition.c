#include "rules/condition.h"

#include "base/array.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "rules/version_range.h"

#include <stdio.h>
#include <string.h>

#define KUBERNETES_MODULE "k8s.io/kubernetes"
#define KUBERNETES_OLDEST 28 /* minor versions that are still met on nodes */
#define KUBERNETES_NEWEST 36

enum condition_kind {
	WHEN_KUBERNETES,
	WHEN_FACT,
	WHEN_USED,
	WHEN_OS,
	WHEN_ARCH,
	WHEN_GO_MODULE,
	WHEN_ALL,
	WHEN_ANY,
	WHEN_NOT,
	WHEN_SELECTED, /* any selector's key */
};

static const char *const OWN_KEYS[] = {
	[WHEN_KUBERNETES] = "kubernetes",
	[WHEN_FACT] = "fact",
	[WHEN_USED] = "used",
	[WHEN_OS] = "os",
	[WHEN_ARCH] = "arch",
	[WHEN_GO_MODULE] = "go-module",
	[WHEN_ALL] = "all",
	[WHEN_ANY] = "any",
	[WHEN_NOT] = "not",
};

struct condition {
	enum condition_kind kind;
	const struct rule_node *value; /* one text or a list */
	struct selector *selector;     /* of WHEN_SELECTED */
	ARRAY_OF(struct condition *) children;
};

static struct condition *make(enum condition_kind kind, const struct rule_node *value)
{
	struct condition *cond = mem_calloc(1, sizeof(*cond));

	cond->kind = kind;
	cond->value = value;
	return cond;
}

static int check_ranges(const struct rule_node *value, struct error *err)
{
	for (const struct rule_node *t = rule_texts(value); t;
	     t = rule_texts_next(value, t))
		if (!version_range_valid(t->text))
			return rule_error(t, err,
					  "a range of versions looks like \">=1.28 "
					  "<1.32\"");
	return 0;
}

static int make_texts(enum condition_kind kind, const struct rule_node *value,
		      struct condition **ret, struct error *err)
{
	int r = rule_check_type(value, RULE_TEXTS, err);

	if (r == 0 && kind == WHEN_KUBERNETES)
		r = check_ranges(value, err);
	if (r == 0)
		*ret = make(kind, value);
	return r;
}

static int make_list(enum condition_kind kind, const struct rule_node *value,
		     struct condition **ret, struct error *err)
{
	_cleanup_(condition_freep) struct condition *cond = make(kind, value);
	int r = rule_check_type(value, RULE_MAPS, err);

	for (const struct rule_node *n = r < 0 ? NULL : value->first; n; n = n->next) {
		struct condition *child = NULL;

		r = condition_new(n, &child, err);
		if (r < 0)
			return r;
		array_push(&cond->children, child);
	}
	if (r == 0)
		*ret = steal_ptr(&cond);
	return r;
}

static int make_not(const struct rule_node *value, struct condition **ret,
		    struct error *err)
{
	struct condition *child = NULL;
	int r = condition_new(value, &child, err);

	if (r < 0)
		return r;
	*ret = make(WHEN_NOT, value);
	array_push(&(*ret)->children, child);
	return 0;
}

static bool is_selector_key(const char *key)
{
	for (size_t i = 0; i < SELECTOR_KEY_COUNT; i++)
		if (strcmp(SELECTOR_KEYS[i], key) == 0)
			return strcmp(key, "first") != 0;
	return false;
}

static int unknown_key(const struct rule_node *value, struct error *err)
{
	ARRAY_OF(const char *) names = { 0 };
	int r;

	for (size_t i = 0; i < SELECTOR_KEY_COUNT; i++)
		if (is_selector_key(SELECTOR_KEYS[i]))
			array_push(&names, SELECTOR_KEYS[i]);
	for (size_t i = 0; i < WHEN_ALL; i++)
		array_push(&names, OWN_KEYS[i]);
	r = rule_unknown_key(value, names.data, names.len, err);
	array_release(&names);
	return r;
}

static int make_one(const struct rule_node *value, struct condition **ret,
		    struct error *err)
{
	struct selector *selector = NULL;
	int r;

	for (size_t i = 0; i < ARRAY_LEN(OWN_KEYS); i++) {
		enum condition_kind kind = (enum condition_kind)i;

		if (strcmp(OWN_KEYS[i], value->key) != 0)
			continue;
		if (kind == WHEN_NOT)
			return make_not(value, ret, err);
		return kind < WHEN_ALL ? make_texts(kind, value, ret, err)
				       : make_list(kind, value, ret, err);
	}
	if (!is_selector_key(value->key))
		return unknown_key(value, err);
	r = selector_new(value, &selector, err);
	if (r < 0)
		return r;
	*ret = make(WHEN_SELECTED, value);
	(*ret)->selector = selector;
	return 0;
}

int condition_new(const struct rule_node *value, struct condition **ret,
		  struct error *err)
{
	_cleanup_(condition_freep) struct condition *cond = make(WHEN_ALL, value);
	int r = rule_check_type(value, RULE_ANY_MAP, err);

	for (const struct rule_node *n = r < 0 ? NULL : value->first; n; n = n->next) {
		struct condition *child = NULL;

		r = make_one(n, &child, err);
		if (r < 0)
			return r;
		array_push(&cond->children, child);
	}
	if (r == 0)
		*ret = steal_ptr(&cond);
	return r;
}

void condition_free(struct condition *cond)
{
	if (!cond)
		return;
	array_each (&cond->children, i)
		condition_free(cond->children.data[i]);
	array_release(&cond->children);
	selector_free(cond->selector);
	free(cond);
}

void condition_freep(struct condition **cond)
{
	condition_free(*cond);
}

static bool selected(const struct selector *selector, struct matcher *m)
{
	struct idset nodes;
	bool each = true;

	idset_init(&nodes, matcher_graph(m)->node_count + 1);
	for (size_t i = 0; i < selector_count(selector) && each; i++)
		each = selector_match(selector_at(selector, i), m, &nodes) > 0;
	idset_release(&nodes);
	return each;
}

/* What stands behind "name=" in a fact, "" when it is the name alone, else NULL. */
static const char *fact_value(const char *fact, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(fact, name, len) != 0 || (fact[len] != '=' && fact[len] != '\0'))
		return NULL;
	return fact[len] == '=' ? fact + len + 1 : "";
}

static bool fact_given(const struct facts *facts, const char *wanted)
{
	for (size_t i = 0; i < facts->len; i++)
		if (fact_value(facts->data[i], wanted) ||
		    strcmp(facts->data[i], wanted) == 0)
			return true;
	return false;
}

/* Who does not know all objects cannot say that none of them uses it. */
static bool may_be_used(const struct rule_node *names, const struct facts *facts)
{
	if (!fact_given(facts, FACT_ALL_OBJECTS))
		return true;
	for (const struct rule_node *t = rule_texts(names); t;
	     t = rule_texts_next(names, t))
		if (fact_given(facts, t->text))
			return true;
	return false;
}

static bool any_range(const struct rule_node *ranges, const char *version)
{
	for (const struct rule_node *t = rule_texts(ranges); t;
	     t = rule_texts_next(ranges, t))
		if (version_in_range(version, t->text))
			return true;
	return false;
}

/* Of a version that nobody knows: is one of those in the range that may be met? */
static bool may_be_in(const struct rule_node *ranges)
{
	char version[16];

	for (unsigned int minor = KUBERNETES_OLDEST; minor <= KUBERNETES_NEWEST;
	     minor++) {
		snprintf(version, sizeof(version), "1.%u", minor);
		if (any_range(ranges, version))
			return true;
	}
	return false;
}

/* The version of a program: its own word, else that in its name (kubelet-1.31.2). A made-up
 * one such as v0.0.0-2025... is none. NULL: nobody knows. */
static const char *version_of(const struct graph *g, const struct graph_elf_name *elf)
{
	const char *version = graph_text(g, elf->go_version);
	const char *path = graph_text(g, g->files[elf->file].path);
	const char *slash = strrchr(path, '/'), *dash = slash ? strchr(slash, '-') : NULL;

	if (version_valid(version) && !version_in_range(version, "<1"))
		return version;
	while (dash && !version_valid(dash + 1))
		dash = strchr(dash + 1, '-');
	return dash && strchr(dash, '.') && !version_in_range(dash + 1, "<1") ? dash + 1
									      : NULL;
}

/*
 * Facts pin the version. Without them each kubelet in the root counts; one that does not
 * say its version, or none at all, may be any that is still met.
 */
static bool kubernetes_holds(const struct rule_node *ranges, const struct graph *g,
			     const struct facts *facts)
{
	bool known = false, found = false;

	for (size_t i = 0; i < facts->len; i++) {
		const char *version = fact_value(facts->data[i], "kubernetes");

		if (!version || !version_valid(version))
			continue;
		known = true;
		if (any_range(ranges, version))
			return true;
	}
	for (uint32_t i = 0; i < g->elf_name_count && !known; i++) {
		const char *module = graph_text(g, g->elf_names[i].go_module);
		const char *version = version_of(g, &g->elf_names[i]);

		if (!matcher_is_go_module(module, KUBERNETES_MODULE))
			continue;
		if (version ? any_range(ranges, version) : may_be_in(ranges))
			return true;
		found = true;
	}
	return !known && !found && may_be_in(ranges);
}

static bool go_module_holds(const struct rule_node *wanted, const struct graph *g)
{
	for (uint32_t i = 0; i < g->elf_name_count; i++)
		if (g->elf_names[i].go_module &&
		    graph_file_on_disk(&g->files[g->elf_names[i].file]) &&
		    matcher_is_go_module(graph_text(g, g->elf_names[i].go_module),
					 wanted->text))
			return true;
	return false;
}

static bool is_one_of(const struct rule_node *wanted, const char *text)
{
	for (const struct rule_node *t = rule_texts(wanted); t;
	     t = rule_texts_next(wanted, t))
		if (strcmp(t->text, text) == 0)
			return true;
	return false;
}

/* A list of facts or modules holds when each of them does. */
static bool each_text_holds(const struct condition *cond, const struct graph *g,
			    const struct facts *facts)
{
	for (const struct rule_node *t = rule_texts(cond->value); t;
	     t = rule_texts_next(cond->value, t)) {
		bool holds = cond->kind == WHEN_FACT ? fact_given(facts, t->text)
						     : go_module_holds(t, g);

		if (!holds)
			return false;
	}
	return true;
}

static bool joined_holds(const struct condition *cond, struct matcher *m,
			 const struct facts *facts)
{
	bool any = cond->kind == WHEN_ANY;

	array_each (&cond->children, i)
		if (condition_holds(cond->children.data[i], m, facts) == any)
			return any;
	return !any;
}

bool condition_holds(const struct condition *cond, struct matcher *m,
		     const struct facts *facts)
{
	const struct graph *g = matcher_graph(m);

	if (!cond)
		return true;
	switch (cond->kind) {
	case WHEN_KUBERNETES:
		return kubernetes_holds(cond->value, g, facts);
	case WHEN_USED:
		return may_be_used(cond->value, facts);
	case WHEN_OS:
		return is_one_of(cond->value, graph_text(g, g->image.os_id));
	case WHEN_ARCH:
		return is_one_of(cond->value, graph_text(g, g->image.architecture));
	case WHEN_FACT:
	case WHEN_GO_MODULE:
		return each_text_holds(cond, g, facts);
	case WHEN_SELECTED:
		return selected(cond->selector, m);
	case WHEN_NOT:
		return !condition_holds(cond->children.data[0], m, facts);
	default:
		return joined_holds(cond, m, facts);
	}
}

static void write_value(const struct rule_node *value, struct strbuf *out)
{
	for (const struct rule_node *t = rule_texts(value); t;
	     t = rule_texts_next(value, t)) {
		strbuf_puts(out, t == rule_texts(value) ? "" : ", ");
		text_printable(out, t->text);
	}
}

static void write_text(const struct condition *cond, struct strbuf *out)
{
	_cleanup_(freep) char *selector = NULL;

	if (cond->kind < WHEN_ALL) {
		strbuf_printf(out, "%s: ", OWN_KEYS[cond->kind]);
		write_value(cond->value, out);
		return;
	}
	if (cond->selector) {
		selector = selector_text(cond->selector);
		strbuf_puts(out, selector);
		return;
	}
	if (cond->kind == WHEN_ALL && cond->children.len == 1) {
		write_text(cond->children.data[0], out);
		return;
	}
	strbuf_printf(out, "%s: [", OWN_KEYS[cond->kind]);
	array_each (&cond->children, i) {
		strbuf_puts(out, i ? ", " : "");
		write_text(cond->children.data[i], out);
	}
	strbuf_putc(out, ']');
}

char *condition_text(const struct condition *cond)
{
	_cleanup_(strbuf_release) struct strbuf out = { 0 };

	if (cond)
		write_text(cond, &out);
	return strbuf_detach(&out);
}
