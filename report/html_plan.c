#include "report/html_data.h"

#include <string.h>

#define FILES_SHOWN 300 /* of those that the plan trims */

static json_t *texts_json(const json_t *list)
{
	json_t *json = json_array();

	for (size_t i = 0; i < json_array_size(list); i++)
		json_push(json,
			  html_string(json_string_value(json_array_get(list, i)) ?: ""));
	return json;
}

/* "disk_bytes" as "Disk bytes": the members of the plan as headings. */
static json_t *title_json(const char *key)
{
	_cleanup_(strbuf_release) struct strbuf title = { 0 };

	for (const char *c = key; *c; c++)
		strbuf_putc(&title, *c == '_' ? ' ' : *c);
	if (title.len && title.data[0] >= 'a' && title.data[0] <= 'z')
		title.data[0] = (char)(title.data[0] - 'a' + 'A');
	return html_string(strbuf_text(&title));
}

static bool is_bytes(const char *key)
{
	size_t len = strlen(key);

	return len >= 6 && strcmp(key + len - 6, "_bytes") == 0;
}

static json_t *column_json(const char *key, const json_t *value)
{
	json_t *json = json_object();

	json_put(json, "key", html_string(key));
	json_put(json, "title", title_json(key));
	json_put(json, "kind",
		 json_string(json_is_integer(value)   ? is_bytes(key) ? "bytes" : "count"
			     : json_is_boolean(value) ? "bool"
						      : "text"));
	json_put(json, "hidden", json_boolean(false));
	return json;
}

/* Lists of texts become one text; whatever else there may be is left out. */
static json_t *value_json(const json_t *value)
{
	_cleanup_(strbuf_release) struct strbuf words = { 0 };

	if (json_is_integer(value))
		return json_integer(json_integer_value(value));
	if (json_is_boolean(value))
		return json_boolean(json_is_true(value));
	if (json_is_string(value))
		return html_string(json_string_value(value));
	for (size_t i = 0; i < json_array_size(value); i++) {
		const char *text = json_string_value(json_array_get(value, i));

		if (text)
			strbuf_printf(&words, "%s%s", words.len ? ", " : "", text);
	}
	return words.len ? html_string(strbuf_text(&words)) : json_null();
}

static json_t *row_json(const json_t *first, const json_t *object)
{
	json_t *json = json_array();
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)first, key, value)
		json_push(json, value_json(json_object_get(object, key)));
	return json;
}

struct ranked {
	size_t at;
	json_int_t bytes;
};

static int by_bytes(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes > y->bytes ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

json_t *html_objects(const json_t *list, size_t limit)
{
	const json_t *first = json_array_get(list, 0);
	json_t *json = json_object(), *columns = json_array(), *rows = json_array();
	ARRAY_OF(struct ranked) order = { 0 };
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)first, key, value)
		json_push(columns, column_json(key, value));
	for (size_t i = 0; i < json_array_size(list); i++)
		array_push(&order, (struct ranked){ i, json_integer_value(json_object_get(
							       json_array_get(list, i),
							       "disk_bytes")) });
	if (limit)
		array_sort(&order, by_bytes);
	for (size_t i = 0; i < order.len && (!limit || i < limit); i++)
		json_push(rows, row_json(first, json_array_get(list, order.data[i].at)));
	json_put(json, "columns", columns);
	json_put(json, "rows", rows);
	json_put(json, "total", json_uint(order.len));
	array_release(&order);
	return json;
}

static json_t *chain_json(const json_t *citations)
{
	json_t *json = json_array();

	for (size_t i = 0; i < json_array_size(citations); i++) {
		const json_t *step = json_array_get(citations, i);

		json_push(json, value_json(json_object_get(step, "place")));
		json_push(json, value_json(json_object_get(step, "text")));
	}
	return json;
}

static json_t *member(const json_t *item, const char *key)
{
	return value_json(json_object_get(item, key));
}

static json_t *item_json(const json_t *item)
{
	json_t *json = json_object();

	json_put(json, "action", member(item, "action"));
	json_put(json, "risk", member(item, "risk"));
	json_put(json, "riskReason", member(item, "risk_reason"));
	json_put(json, "reason", member(item, "reason"));
	json_put(json, "disk", member(item, "disk_bytes"));
	json_put(json, "memory", member(item, "memory_bytes"));
	json_put(json, "held", member(item, "held_bytes"));
	json_put(json, "features", texts_json(json_object_get(item, "features_lost")));
	json_put(json, "chain", chain_json(json_object_get(item, "citations")));
	return json;
}

/* By index of the page; null where the plan does not know the package. */
static json_t *items_json(const struct html_packages *p, const struct summary *s,
			  const json_t *doc)
{
	const json_t *list = json_object_get(doc, "packages");
	_cleanup_(freep) const json_t **items =
		mem_calloc(p->count + 1u, sizeof(const json_t *));
	json_t *json = json_array();

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		pkg_id package =
			summary_find(s, json_string_value(json_object_get(item, "nevra")))
				.package;

		if (package && p->index_of[package] != UINT32_MAX)
			items[p->index_of[package]] = item;
	}
	for (uint32_t i = 0; i < p->count; i++)
		json_push(json, items[i] ? item_json(items[i]) : json_null());
	return json;
}

static json_t *totals_json(const json_t *doc)
{
	json_t *json = json_object();
	const char *key;
	json_t *value;

	json_object_foreach(json_object_get(doc, "totals"), key, value)
		json_put(json, key, value_json(value));
	return json;
}

json_t *html_plan_json(const struct html_packages *p, const struct summary *s)
{
	static const char *const LISTS[] = { "trims",	     "services",    "conflicts",
					     "not_honoured", "unexplained", "hidden" };
	const json_t *doc = s->plan ? s->plan->json : NULL;
	json_t *json, *lists;

	if (!doc)
		return json_null();
	json = json_object();
	lists = json_object();
	json_put(json, "profiles", texts_json(json_object_get(doc, "profiles")));
	json_put(json, "caution", member(doc, "caution"));
	json_put(json, "optimal", json_boolean(s->plan->optimal));
	json_put(json, "rpmCheck", html_string(s->plan->rpm_check));
	json_put(json, "graphCheck", html_string(s->plan->graph_check));
	json_put(json, "totals", totals_json(doc));
	json_put(json, "packages", items_json(p, s, doc));
	for (size_t i = 0; i < ARRAY_LEN(LISTS); i++)
		json_put(lists, LISTS[i],
			 html_objects(json_object_get(doc, LISTS[i]), 0));
	json_put(lists, "files",
		 html_objects(json_object_get(doc, "files"), FILES_SHOWN));
	json_put(json, "lists", lists);
	return json;
}
