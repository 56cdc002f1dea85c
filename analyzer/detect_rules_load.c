#include "analyzer/detect_rules.h"
#include "analyzer/detect_rules_internal.h"

#include "base/io.h"
#include "rules/rule_parse.h"

#include <errno.h>
#include <inttypes.h>
#include <locale.h>

static const char *const TARGET_NAMES[] = {
	[TARGET_COMMAND] = "command",	[TARGET_PATH] = "path",
	[TARGET_UNIT] = "unit",		[TARGET_SONAME] = "soname",
	[TARGET_MODULE] = "module",	[TARGET_CAPABILITY] = "capability",
	[TARGET_BUS_NAME] = "bus-name",
};

static const char *const STRENGTHS[] = { "hard", "likely", "possible" };

/* The value's index in a table of words, or an error at its place. */
static int word_index(const struct rule_node *value, const char *const *words,
		      size_t count, struct error *err)
{
	const char *text = rule_text(value), *near;

	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i], text) == 0)
			return (int)i;
	near = rule_did_you_mean(text, words, count);
	if (near)
		return rule_error(value, err, "unknown %s '%s' (did you mean '%s'?)",
				  value->key, text, near);
	return rule_error(value, err, "unknown %s '%s'", value->key ? value->key : "word",
			  text);
}

static void add_glob(struct rule_detector *rule, const char *text)
{
	struct path_glob glob = { mem_strdup(text), strcspn(text, "*?[\\") };

	array_push(&rule->globs, glob);
}

static int read_globs(struct rule_detector *rule, const struct rule_node *value,
		      struct error *err)
{
	for (const struct rule_node *t = rule_texts(value); t;
	     t = rule_texts_next(value, t)) {
		if (rule_text(t)[0] != '/')
			return rule_error(t, err,
					  "'%s' is no path glob: begin it with '/'",
					  rule_text(t));
		add_glob(rule, rule_text(t));
	}
	return 0;
}

/* read_by: a list of maps with one key each: "command: cron". */
static int read_readers(struct reader_list *list, const struct rule_node *value,
			struct error *err)
{
	for (const struct rule_node *map = value ? value->first : NULL; map;
	     map = map->next) {
		const struct rule_node *target = map->first;
		struct rule_reader reader = { 0 };
		size_t i;

		if (map->child_count != 1 || rule_check_type(target, RULE_TEXT, NULL) < 0)
			return rule_error(map, err,
					  "write one key and its name: command: cron");
		for (i = 0; i < TARGET_COUNT && strcmp(TARGET_NAMES[i], target->key) != 0;
		     i++)
			;
		if (i == TARGET_COUNT || i == TARGET_CAPABILITY)
			return rule_key_error(target, err, "a reader is no '%s'",
					      target->key);
		reader.target = (enum detect_target)i;
		reader.name = mem_strdup(rule_text(target));
		array_push(list, reader);
	}
	return 0;
}

static int read_templates(struct rule_line *line, const struct rule_node *value,
			  struct error *err)
{
	for (const struct rule_node *t = rule_texts(value); t;
	     t = rule_texts_next(value, t)) {
		if (!strstr(rule_text(t), "{}"))
			return rule_error(t, err, "'%s' has no {} for the captured text",
					  rule_text(t));
		array_push(&line->templates, mem_strdup(rule_text(t)));
	}
	return 0;
}

enum {
	LINE_MATCH,
	LINE_GROUP,
	LINE_RESOLVES,
	LINE_STRENGTH,
	LINE_WORDS,
	LINE_AS,
	LINE_MISSING,
	LINE_FIELD_COUNT
};

static const struct rule_field LINE_FIELDS[] = {
	[LINE_MATCH] = { "match", RULE_TEXT, RULE_REQUIRED },
	[LINE_GROUP] = { "group", RULE_NUMBER, 0 },
	[LINE_RESOLVES] = { "resolves", RULE_TEXT, RULE_REQUIRED },
	[LINE_STRENGTH] = { "strength", RULE_TEXT, 0 },
	[LINE_WORDS] = { "words", RULE_BOOL, 0 },
	[LINE_AS] = { "as", RULE_TEXTS, 0 },
	[LINE_MISSING] = { "missing", RULE_TEXT, 0 },
};

/* For bytes, as detectors run (detect.c): a pattern keeps the locale that it is made in. */
static int compile(regex_t *regex, const char *pattern)
{
	locale_t bytes = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	locale_t before = uselocale(bytes);
	int r = regcomp(regex, pattern, REG_EXTENDED);

	uselocale(before);
	if (bytes)
		freelocale(bytes);
	return r;
}

/* Pattern and group; the line belongs to the rule already, so that an error frees it. */
static int read_pattern(struct rule_line *line, const struct rule_node *const *value,
			struct error *err)
{
	int r = compile(&line->regex, rule_text(value[LINE_MATCH]));
	char text[128];

	if (r != 0) {
		regerror(r, &line->regex, text, sizeof(text));
		compile(&line->regex, ""); /* something that can be freed */
		return rule_error(value[LINE_MATCH], err, "bad pattern: %s", text);
	}
	line->group =
		(unsigned int)rule_number(value[LINE_GROUP], line->regex.re_nsub ? 1 : 0);
	if (line->group > line->regex.re_nsub || line->group > RULE_MAX_GROUPS)
		return rule_error(value[LINE_GROUP], err, "the pattern has %zu groups",
				  line->regex.re_nsub);
	return 0;
}

static int read_line(struct rule_detector *rule, const struct rule_node *map,
		     struct error *err)
{
	const struct rule_node *value[LINE_FIELD_COUNT];
	struct rule_line *line;
	int target, strength = EDGE_LIKELY;

	if (rule_map_read(map, LINE_FIELDS, LINE_FIELD_COUNT, value, err) < 0)
		return -EINVAL;
	target = word_index(value[LINE_RESOLVES], TARGET_NAMES, TARGET_COUNT, err);
	if (target >= 0 && value[LINE_STRENGTH])
		strength = word_index(value[LINE_STRENGTH], STRENGTHS,
				      ARRAY_LEN(STRENGTHS), err);
	if (target < 0 || strength < 0)
		return -EINVAL;
	line = array_extend(&rule->lines, 1);
	line->target = (enum detect_target)target;
	line->strength = (enum edge_strength)strength;
	line->words = rule_bool(value[LINE_WORDS], false);
	if (value[LINE_MISSING])
		line->missing = mem_strdup(rule_text(value[LINE_MISSING]));
	if (read_pattern(line, value, err) < 0)
		return -EINVAL;
	return read_templates(line, value[LINE_AS], err);
}

enum {
	RULE_DETECTOR,
	RULE_SUMMARY,
	RULE_FILES,
	RULE_KIND,
	RULE_READ_BY,
	RULE_READ_STRENGTH,
	RULE_LOADED_BY,
	RULE_CATEGORY,
	RULE_COMMENT,
	RULE_LINES,
	RULE_FIELD_COUNT
};

static const struct rule_field RULE_FIELDS[] = {
	[RULE_DETECTOR] = { "detector", RULE_TEXT, RULE_REQUIRED },
	[RULE_SUMMARY] = { "summary", RULE_TEXT, RULE_REQUIRED },
	[RULE_FILES] = { "files", RULE_TEXTS, RULE_REQUIRED },
	[RULE_KIND] = { "kind", RULE_TEXT, RULE_REQUIRED },
	[RULE_READ_BY] = { "read_by", RULE_MAPS, 0 },
	[RULE_READ_STRENGTH] = { "read_strength", RULE_TEXT, 0 },
	[RULE_LOADED_BY] = { "loaded_by", RULE_MAPS, 0 },
	[RULE_CATEGORY] = { "category", RULE_TEXT, 0 },
	[RULE_COMMENT] = { "comment", RULE_TEXT, 0 },
	[RULE_LINES] = { "lines", RULE_MAPS, 0 },
};

static int read_detector(struct detect_rules *rules, const struct rule_node *map,
			 struct error *err)
{
	const struct rule_node *value[RULE_FIELD_COUNT];
	struct rule_detector *rule;
	int kind, r;

	if (rule_map_read(map, RULE_FIELDS, RULE_FIELD_COUNT, value, err) < 0)
		return -EINVAL;
	kind = edge_kind_parse(rule_text(value[RULE_KIND]));
	if (kind < 0)
		return rule_error(value[RULE_KIND], err, "unknown kind of edge '%s'",
				  rule_text(value[RULE_KIND]));
	rule = array_extend(&rules->detectors, 1);
	rule->category = -1;
	if (value[RULE_CATEGORY]) {
		rule->category = file_category_parse(rule_text(value[RULE_CATEGORY]));
		if (rule->category < 0)
			return rule_error(value[RULE_CATEGORY], err,
					  "unknown category '%s'",
					  rule_text(value[RULE_CATEGORY]));
	}
	rule->read_strength = EDGE_LIKELY;
	if (value[RULE_READ_STRENGTH]) {
		int strength = word_index(value[RULE_READ_STRENGTH], STRENGTHS,
					  ARRAY_LEN(STRENGTHS), err);

		if (strength < 0)
			return -EINVAL;
		rule->read_strength = (enum edge_strength)strength;
	}
	rule->name = mem_strdup(rule_text(value[RULE_DETECTOR]));
	rule->kind = (enum edge_kind)kind;
	if (value[RULE_COMMENT])
		rule->comment = mem_strdup(rule_text(value[RULE_COMMENT]));
	r = read_globs(rule, value[RULE_FILES], err);
	if (r == 0)
		r = read_readers(&rule->readers, value[RULE_READ_BY], err);
	if (r == 0)
		r = read_readers(&rule->loaders, value[RULE_LOADED_BY], err);
	for (const struct rule_node *m = value[RULE_LINES] ? value[RULE_LINES]->first
							   : NULL;
	     r == 0 && m; m = m->next)
		r = read_line(rule, m, err);
	return r;
}

static struct detect_rules *rules_new(void)
{
	struct detect_rules *rules = mem_calloc(1, sizeof(*rules));

	strpool_init(&rules->folder_names);
	return rules;
}

static int read_document(struct rule_doc *doc, struct detect_rules **rules,
			 struct error *err)
{
	const struct rule_node *root = rule_doc_root(doc, 0);

	if (!*rules)
		*rules = rules_new();
	if (!root)
		return error_set(err, -EINVAL, "%s: empty; write 'detector: NAME' ...",
				 rule_doc_name(doc));
	return read_detector(*rules, root, err);
}

/* FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ (64 bit); a NUL ends each file. */
static void add_hash(struct detect_rules *rules, const char *text, size_t len)
{
	uint64_t hash = rules->hash ? rules->hash : UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i <= len; i++)
		hash = (hash ^ (i < len ? (uint8_t)text[i] : 0)) *
		       UINT64_C(0x100000001b3);
	rules->hash = hash;
}

int detect_rules_parse(const char *name, const char *text, size_t len,
		       struct detect_rules **rules, struct error *err)
{
	_cleanup_(rule_doc_freep) struct rule_doc *doc = NULL;
	int r = rule_doc_parse(name, text, len, NULL, &doc, err);

	if (r == 0)
		r = read_document(doc, rules, err);
	if (r < 0)
		return r;
	rules_index(*rules);
	add_hash(*rules, text, len);
	return r;
}

char *detect_rules_version(const struct detect_rules *rules)
{
	return mem_printf("%zu rule files, %016" PRIx64, rules->detectors.len,
			  rules->hash);
}

int detect_rules_load(const struct lookup *lookup, struct detect_rules **ret,
		      struct error *err)
{
	static const char *const KINDS[] = { "detectors", NULL };
	_cleanup_(detect_rules_freep) struct detect_rules *rules = rules_new();
	struct lookup_list list = { 0 };
	int r = lookup_all(lookup, KINDS, &list, err);

	for (size_t i = 0; r == 0 && i < list.files.len; i++) {
		const char *path = list.files.data[i].path;
		_cleanup_(freep) char *text = NULL;
		size_t len = 0;

		if (list.files.data[i].hidden)
			continue;
		r = io_read_file(path, RULE_LIMITS_DEFAULT.max_bytes, &text, &len, err);
		if (r == 0)
			r = detect_rules_parse(path, text, len, &rules, err);
	}
	lookup_list_release(&list);
	if (r < 0)
		return r;
	*ret = steal_ptr(&rules);
	return 0;
}

static void rule_line_release(struct rule_line *line)
{
	regfree(&line->regex);
	array_each (&line->templates, i)
		free(line->templates.data[i]);
	array_release(&line->templates);
	free(line->missing);
}

static void rule_detector_release(struct rule_detector *rule)
{
	array_each (&rule->globs, i)
		free(rule->globs.data[i].text);
	array_each (&rule->readers, i)
		free(rule->readers.data[i].name);
	array_each (&rule->loaders, i)
		free(rule->loaders.data[i].name);
	array_each (&rule->lines, i)
		rule_line_release(&rule->lines.data[i]);
	array_release(&rule->globs);
	array_release(&rule->readers);
	array_release(&rule->loaders);
	array_release(&rule->lines);
	free(rule->name);
	free(rule->comment);
}

void detect_rules_free(struct detect_rules *rules)
{
	if (!rules)
		return;
	array_each (&rules->detectors, i)
		rule_detector_release(&rules->detectors.data[i]);
	array_release(&rules->detectors);
	array_each (&rules->folders, i)
		array_release(&rules->folders.data[i].globs);
	array_release(&rules->folders);
	strpool_release(&rules->folder_names);
	free(rules);
}

void detect_rules_freep(struct detect_rules **rules)
{
	detect_rules_free(*rules);
}
