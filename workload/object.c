#include "workload/object.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

#define DEPTH_MAX 24 /* of what tare looks at */

struct spot object_begin(struct object *object)
{
	struct spot root = { .object = object, .json = object->json };
	struct spot metadata;
	const char *kind, *space, *name;

	/* already here something may be wrong that is cited */
	object->kind = object->kind ? object->kind : "";
	object->space = object->name = "";
	kind = spot_get_text(&root, "kind");
	object->kind = kind ? kind : object->kind;
	metadata = spot_get(&root, "metadata");
	space = spot_get_text(&metadata, "namespace");
	name = spot_get_text(&metadata, "name");
	if (!name)
		name = spot_get_text(&metadata, "generateName");
	object->space = space ? space : "";
	object->name = name ? name : "";
	return root;
}

struct spot spot_get(const struct spot *map, const char *key)
{
	struct spot spot = { .object = map->object, .up = map, .key = key };

	if (map->json && spot_is_map(map))
		spot.json = json_object_get(map->json, key);
	if (json_is_null(spot.json))
		spot.json = NULL;
	return spot;
}

size_t spot_count(const struct spot *list)
{
	if (list->json && !json_is_array(list->json))
		spot_problem(list, "a list");
	return list->json ? json_array_size(list->json) : 0;
}

struct spot spot_at(const struct spot *list, size_t index)
{
	struct spot spot = { .object = list->object, .up = list, .index = index };

	spot.json = json_array_get(list->json, index);
	if (json_is_null(spot.json))
		spot.json = NULL;
	return spot;
}

struct spot spot_of_iter(const struct spot *map, void *iter)
{
	struct spot spot = { .object = map->object,
			     .up = map,
			     .key = json_object_iter_key(iter) };

	spot.json = json_object_iter_value(iter);
	if (json_is_null(spot.json))
		spot.json = NULL;
	return spot;
}

const char *spot_text(const struct spot *spot)
{
	if (spot->json && !json_is_string(spot->json))
		spot_problem(spot, "a text");
	return json_string_value(spot->json);
}

const char *spot_get_text(const struct spot *map, const char *key)
{
	struct spot spot = spot_get(map, key);

	return spot_text(&spot);
}

bool spot_true(const struct spot *spot)
{
	if (spot->json && !json_is_boolean(spot->json))
		spot_problem(spot, "true or false");
	return json_is_true(spot->json);
}

bool spot_is_map(const struct spot *spot)
{
	if (spot->json && !json_is_object(spot->json))
		spot_problem(spot, "a map");
	return json_is_object(spot->json);
}

void spot_problem(const struct spot *spot, const char *must_be)
{
	struct object *object = spot->object;
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	if (object->problem.code)
		return;
	if (strcmp(object->file, "-") == 0)
		strbuf_puts(&text, "standard input");
	else
		text_printable(&text, object->file);
	if (object->line)
		strbuf_printf(&text, ":%zu", object->line);
	strbuf_puts(&text, ": ");
	spot_cite(spot, &text);
	error_set(&object->problem, -EINVAL, "%s must be %s", strbuf_text(&text),
		  must_be);
}

void spot_path(const struct spot *spot, struct strbuf *out)
{
	const struct spot *chain[DEPTH_MAX];
	size_t count = 0, start = out->len;

	for (; spot->up && count < DEPTH_MAX; spot = spot->up)
		chain[count++] = spot;
	while (count-- > 0) {
		if (!chain[count]->key) {
			strbuf_printf(out, "[%zu]", chain[count]->index);
			continue;
		}
		if (out->len > start)
			strbuf_putc(out, '.');
		text_printable(out, chain[count]->key);
	}
}

void spot_cite(const struct spot *spot, struct strbuf *out)
{
	const struct object *object = spot->object;
	size_t start = out->len;

	text_printable(out, object->kind);
	if (*object->name)
		strbuf_puts(out, out->len > start ? " " : "");
	if (*object->name && *object->space) {
		text_printable(out, object->space);
		strbuf_putc(out, '/');
	}
	text_printable(out, object->name);
	if (spot->up && out->len > start)
		strbuf_putc(out, ' ');
	spot_path(spot, out);
}
