#include "rules/rule_entry.h"

#include "base/macros.h"
#include "base/strbuf.h"

#include <assert.h>
#include <string.h>

#define SELECTORS_MAX 16

/* The one selector among an entry's values. */
static int find_selector(const struct rule_node *map,
			 const struct rule_node *const *values,
			 const struct rule_node **ret, struct error *err)
{
	*ret = NULL;
	for (size_t i = 0; i < SELECTOR_KEY_COUNT; i++) {
		const struct rule_node *value = values[i];

		if (value && *ret)
			return rule_key_error(value, err,
					      "'%s' beside '%s': one entry has one "
					      "selector (join them with 'all' or 'any')",
					      value->key, (*ret)->key);
		if (value)
			*ret = value;
	}
	if (!*ret)
		return rule_error(map, err,
				  "a selector is missing here (such as 'command', "
				  "'package' or 'path')");
	if (strcmp((*ret)->key, "not") == 0)
		return rule_key_error(*ret, err,
				      "'not' stands only in the list of 'all', beside "
				      "what it takes away from");
	return 0;
}

int rule_entry_read(const struct rule_node *map, const struct rule_field *fields,
		    size_t count, const struct rule_node **value,
		    const struct rule_node **ret, struct error *err)
{
	struct rule_field all[RULE_ENTRY_FIELDS_MAX + SELECTORS_MAX];
	const struct rule_node *values[ARRAY_LEN(all)];
	int r;

	assert(count <= RULE_ENTRY_FIELDS_MAX && SELECTOR_KEY_COUNT <= SELECTORS_MAX);
	memcpy(all, fields, count * sizeof(*fields));
	for (size_t i = 0; i < SELECTOR_KEY_COUNT; i++)
		all[count + i] = (struct rule_field){ SELECTOR_KEYS[i], RULE_ANY, 0 };
	r = rule_map_read(map, all, count + SELECTOR_KEY_COUNT, values, err);
	if (r < 0)
		return r;
	memcpy(value, values, count * sizeof(*values));
	return find_selector(map, values + count, ret, err);
}

const char *rule_one_line(struct strpool *texts, const char *text)
{
	_cleanup_(strbuf_release) struct strbuf out = { 0 };

	for (text += strspn(text, " \t\r\n"); *text; text += strspn(text, " \t\r\n")) {
		size_t len = strcspn(text, " \t\r\n");

		strbuf_puts(&out, out.len ? " " : "");
		strbuf_add(&out, text, len);
		text += len;
	}
	return strpool_text(texts, strpool_add(texts, strbuf_text(&out)));
}

bool rule_name_is_valid(const char *name)
{
	return *name && strlen(name) <= 64 && *name != '-' && *name != '.' &&
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-")] == '\0';
}

bool rule_file_is_called(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	size_t len = strlen(name);

	return strncmp(base, name, len) == 0 &&
	       (strcmp(base + len, ".yaml") == 0 || strcmp(base + len, ".yml") == 0);
}
