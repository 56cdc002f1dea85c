#include "rules/trim_rule.h"

#include "base/io.h"
#include "base/macros.h"
#include "base/strbuf.h"
#include "rules/rule_entry.h"

#include <errno.h>
#include <string.h>

enum {
	TOP_TRIM,
	TOP_TITLE,
	TOP_WHY,
	TOP_MECHANISM,
	TOP_DEFAULT,
	TOP_RISK,
	TOP_RISK_REASON,
	TOP_RPM_VERIFY,
	TOP_RESTORE,
	TOP_FEATURES,
	TOP_WHEN,
	TOP_KEEPS_FOLDERS,
	TOP_BY_LOCALE,
	TOP_FOLLOW,
	TOP_ONLY_WITH,
	TOP_FILES,
	TOP_LINKS,
	TOP_UNLESS,
	TOP_KEEP,
	TOP_COUNT,
};

static const struct rule_field TOP_FIELDS[] = {
	[TOP_TRIM] = { "trim", RULE_TEXT, RULE_REQUIRED },
	[TOP_TITLE] = { "title", RULE_TEXT, RULE_REQUIRED },
	[TOP_WHY] = { "why", RULE_TEXT, RULE_REQUIRED },
	[TOP_MECHANISM] = { "mechanism", RULE_TEXT, RULE_REQUIRED },
	[TOP_DEFAULT] = { "default", RULE_BOOL, 0 },
	[TOP_RISK] = { "risk", RULE_TEXT, RULE_REQUIRED },
	[TOP_RISK_REASON] = { "risk-reason", RULE_TEXT, RULE_REQUIRED },
	[TOP_RPM_VERIFY] = { "rpm-verify", RULE_TEXT, RULE_REQUIRED },
	[TOP_RESTORE] = { "restore", RULE_TEXT, RULE_REQUIRED },
	[TOP_FEATURES] = { "features", RULE_TEXTS, 0 },
	[TOP_WHEN] = { "when", RULE_ANY_MAP, 0 },
	[TOP_KEEPS_FOLDERS] = { "keeps-folders", RULE_BOOL, 0 },
	[TOP_BY_LOCALE] = { "by-locale", RULE_BOOL, 0 },
	[TOP_FOLLOW] = { "follow", RULE_TEXTS, 0 },
	[TOP_ONLY_WITH] = { "only-with", RULE_TEXTS, 0 },
	[TOP_FILES] = { "files", RULE_MAPS, RULE_REQUIRED },
	[TOP_LINKS] = { "links", RULE_MAPS, 0 },
	[TOP_UNLESS] = { "unless-reached", RULE_MAPS, 0 },
	[TOP_KEEP] = { "keep", RULE_MAPS, 0 },
};

static const char *const MECHANISMS[] = {
	[TRIM_EXCLUDEDOCS] = "excludedocs",
	[TRIM_INSTALL_LANGS] = "install-langs",
	[TRIM_REMOVE] = "remove",
};

static const char *const RISKS[] = {
	[TRIM_RISK_NONE] = "none",
	[TRIM_RISK_LOW] = "low",
	[TRIM_RISK_MEDIUM] = "medium",
	[TRIM_RISK_HIGH] = "high",
};

const char *trim_mechanism_name(enum trim_mechanism mechanism)
{
	return MECHANISMS[mechanism];
}

static int read_word(const struct rule_node *value, const char *const *words,
		     size_t count, int *ret, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf known = { 0 };

	for (size_t i = 0; i < count; i++) {
		if (strcmp(value->text, words[i]) != 0)
			continue;
		*ret = (int)i;
		return 0;
	}
	for (size_t i = 0; i < count; i++)
		strbuf_printf(&known, "%s%s", i ? ", " : "", words[i]);
	return rule_error(value, err, "'%s' must be one of: %s", value->key,
			  strbuf_text(&known));
}

static int read_kinds(const struct rule_node *value, uint64_t *ret, struct error *err)
{
	_Static_assert(EDGE_KIND_COUNT <= 64, "kinds of edges are bits of one number");

	for (const struct rule_node *t = value ? rule_texts(value) : NULL; t;
	     t = rule_texts_next(value, t)) {
		int kind = edge_kind_parse(t->text);

		if (kind < 0)
			return rule_error(t, err,
					  "this is no kind of edge ('tare list "
					  "edges' shows them)");
		*ret |= UINT64_C(1) << kind;
	}
	return 0;
}

/* Lists of selectors; those of "keep" say why. */
static int read_selectors(const struct rule_node *list, bool has_why, selector_list *ret,
			  struct error *err)
{
	static const struct rule_field WHY[] = { { "why", RULE_TEXT, RULE_REQUIRED } };

	for (const struct rule_node *n = list ? list->first : NULL; n; n = n->next) {
		const struct rule_node *value[1], *key = NULL;
		struct selector *selector = NULL;
		int r = rule_entry_read(n, WHY, has_why, value, &key, err);

		if (r == 0)
			r = selector_new(key, &selector, err);
		if (r < 0)
			return r;
		array_push(ret, selector);
		if (selector_is_packages(selector))
			return rule_key_error(key, err,
					      "a trim speaks of files (join '%s' with "
					      "'path' or 'category' in an 'all')",
					      key->key);
	}
	return 0;
}

static void read_features(struct trim_rule *rule, const struct rule_node *value)
{
	size_t count = 0;

	for (const struct rule_node *t = value ? rule_texts(value) : NULL; t;
	     t = rule_texts_next(value, t))
		count++;
	rule->features = mem_calloc(count + 1, sizeof(char *));
	count = 0;
	for (const struct rule_node *t = value ? rule_texts(value) : NULL; t;
	     t = rule_texts_next(value, t))
		rule->features[count++] = rule_one_line(&rule->texts, t->text);
}

static int read_words(struct trim_rule *rule,
		      const struct rule_node *const value[TOP_COUNT], struct error *err)
{
	int mechanism = 0, risk = 0;
	int r = read_word(value[TOP_MECHANISM], MECHANISMS, ARRAY_LEN(MECHANISMS),
			  &mechanism, err);

	if (r == 0)
		r = read_word(value[TOP_RISK], RISKS, ARRAY_LEN(RISKS), &risk, err);
	if (r < 0)
		return r;
	rule->mechanism = (enum trim_mechanism)mechanism;
	rule->risk = (enum trim_risk)risk;
	rule->is_default = rule_bool(value[TOP_DEFAULT], false);
	if (rule->is_default && rule->risk > TRIM_RISK_LOW)
		return rule_error(value[TOP_DEFAULT], err,
				  "only rules of no or low risk are chosen by default");
	return 0;
}

static void read_texts(struct trim_rule *rule,
		       const struct rule_node *const value[TOP_COUNT])
{
	struct strpool *texts = &rule->texts;

	rule->id = rule_text(value[TOP_TRIM]);
	rule->title = rule_one_line(texts, rule_text(value[TOP_TITLE]));
	rule->why = rule_one_line(texts, rule_text(value[TOP_WHY]));
	rule->risk_reason = rule_one_line(texts, rule_text(value[TOP_RISK_REASON]));
	rule->rpm_verify = rule_one_line(texts, rule_text(value[TOP_RPM_VERIFY]));
	rule->restore = rule_one_line(texts, rule_text(value[TOP_RESTORE]));
	rule->keeps_folders = rule_bool(value[TOP_KEEPS_FOLDERS], false);
	rule->by_locale = rule_bool(value[TOP_BY_LOCALE], false);
	read_features(rule, value[TOP_FEATURES]);
}

static int read_rule(struct trim_rule *rule, struct error *err)
{
	const struct rule_node *root = rule_doc_root(rule->doc, 0);
	const struct rule_node *value[TOP_COUNT];
	int r;

	if (!root)
		return error_set(
			err, -EINVAL,
			"%s:1:1: the file is empty (it needs 'trim' and 'files')",
			rule->path);
	r = rule_map_read(root, TOP_FIELDS, TOP_COUNT, value, err);
	if (r < 0)
		return r;
	if (!rule_name_is_valid(value[TOP_TRIM]->text))
		return rule_error(value[TOP_TRIM], err,
				  "a name has small letters, digits, '-' and '.' only");
	read_texts(rule, value);
	r = read_words(rule, value, err);
	if (r == 0)
		r = read_kinds(value[TOP_FOLLOW], &rule->follow, err);
	if (r == 0)
		r = read_kinds(value[TOP_ONLY_WITH], &rule->only_with, err);
	if (r == 0 && value[TOP_WHEN])
		r = condition_new(value[TOP_WHEN], &rule->when, err);
	if (r == 0)
		r = read_selectors(value[TOP_FILES], false, &rule->files, err);
	if (r == 0)
		r = read_selectors(value[TOP_LINKS], false, &rule->links, err);
	if (r == 0)
		r = read_selectors(value[TOP_UNLESS], false, &rule->unless, err);
	return r < 0 ? r : read_selectors(value[TOP_KEEP], true, &rule->keep, err);
}

int trim_rule_parse(const char *name, const char *text, size_t len,
		    struct trim_rule **ret, struct error *err)
{
	_cleanup_(trim_rule_freep) struct trim_rule *rule = mem_calloc(1, sizeof(*rule));
	int r;

	strpool_init(&rule->texts);
	rule->path = mem_strdup(name);
	r = rule_doc_parse(name, text, len, NULL, &rule->doc, err);
	if (r == 0)
		r = read_rule(rule, err);
	if (r == 0)
		*ret = steal_ptr(&rule);
	return r;
}

int trim_rule_read(const char *path, struct trim_rule **ret, struct error *err)
{
	_cleanup_(trim_rule_freep) struct trim_rule *rule = NULL;
	_cleanup_(freep) char *text = NULL;
	size_t len;
	int r = io_read_file(path, RULE_LIMITS_DEFAULT.max_bytes, &text, &len, err);

	if (r == 0)
		r = trim_rule_parse(path, text, len, &rule, err);
	if (r < 0)
		return r;
	if (!rule_file_is_called(path, rule->id))
		return error_set(err, -EINVAL,
				 "%s:1:1: the file of '%s' must be called %s.yaml", path,
				 rule->id, rule->id);
	*ret = steal_ptr(&rule);
	return 0;
}

static void release_selectors(selector_list *list)
{
	array_each (list, i)
		selector_free(list->data[i]);
	array_release(list);
}

void trim_rule_free(struct trim_rule *rule)
{
	if (!rule)
		return;
	release_selectors(&rule->files);
	release_selectors(&rule->links);
	release_selectors(&rule->unless);
	release_selectors(&rule->keep);
	condition_free(rule->when);
	free(rule->features);
	rule_doc_free(rule->doc);
	strpool_release(&rule->texts);
	free(rule->path);
	free(rule);
}

void trim_rule_freep(struct trim_rule **rule)
{
	trim_rule_free(*rule);
}

static void show_selectors(const selector_list *list, const char *title,
			   struct strbuf *out)
{
	if (list->len > 0)
		strbuf_printf(out, "  %s:\n", title);
	array_each (list, i) {
		_cleanup_(freep) char *text = selector_text(list->data[i]);

		strbuf_printf(out, "    %s\n", text);
	}
}

void trim_rule_show(const struct trim_rule *rule, struct strbuf *out)
{
	_cleanup_(freep) char *when = condition_text(rule->when);

	strbuf_printf(out, "%s: %s\n  %s\n  %s\n", rule->id, rule->title, rule->path,
		      rule->why);
	strbuf_printf(out, "  mechanism: %s\n  risk: %s: %s\n",
		      MECHANISMS[rule->mechanism], RISKS[rule->risk], rule->risk_reason);
	strbuf_printf(out, "  rpm -V: %s\n  restore: %s\n", rule->rpm_verify,
		      rule->restore);
	strbuf_printf(out, "  chosen by default: %s\n", rule->is_default ? "yes" : "no");
	for (size_t i = 0; rule->features[i]; i++)
		strbuf_printf(out, "  loses: %s\n", rule->features[i]);
	if (*when)
		strbuf_printf(out, "  when %s\n", when);
	if (rule->by_locale)
		strbuf_puts(out, "  but for the locales that are kept\n");
	show_selectors(&rule->files, "files", out);
	show_selectors(&rule->links, "links", out);
	show_selectors(&rule->unless, "not when one of these is reached", out);
	show_selectors(&rule->keep, "keep", out);
}
