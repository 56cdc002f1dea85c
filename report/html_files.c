#include "report/html_data.h"

#include "base/strpool.h"
#include "report/node.h"

#include <string.h>

#define FILES_NAMED 30 /* of one category of one package; the others are one sum */

/* A file where it stands: package, category, and what it weighs. */
struct place {
	uint32_t package; /* index */
	uint8_t category;
	file_id file;
	uint64_t bytes;
};
typedef ARRAY_OF(struct place) place_list;

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->package != y->package)
		return x->package < y->package ? -1 : 1;
	if (x->category != y->category)
		return x->category < y->category ? -1 : 1;
	if (x->bytes != y->bytes)
		return x->bytes > y->bytes ? -1 : 1;
	return x->file < y->file ? -1 : 1;
}

/* What several packages own counts for the first of them that is on the page. */
static uint32_t package_of(const struct html_packages *p, file_id f)
{
	const struct graph *g = p->g;

	for (uint32_t i = g->owner_start[f]; i < g->owner_start[f + 1]; i++)
		if (p->index_of[g->owners[i].package] != UINT32_MAX)
			return p->index_of[g->owners[i].package];
	return p->count;
}

static void collect(const struct html_packages *p, const struct measure *m,
		    place_list *ret)
{
	for (file_id f = 1; f <= p->g->file_count; f++) {
		if (!graph_file_on_disk(&p->g->files[f]))
			continue;
		array_push(ret, (struct place){ package_of(p, f), p->g->files[f].category,
						f, measure_file_bytes(m, f) });
	}
	array_sort(ret, by_place);
}

struct writer {
	const struct graph *g;
	struct strpool folders; /* ids from 1 */
	json_t *folder_list;
};

static uint32_t folder_id(struct writer *w, const char *path, size_t len)
{
	size_t before = w->folders.count;
	str_id id = strpool_add_len(&w->folders, path, len);

	if (w->folders.count > before) {
		_cleanup_(freep) char *copy = mem_printf("%.*s", (int)len, path);

		json_push(w->folder_list, html_string(copy));
	}
	return id - 1;
}

/* [folder, name, bytes, folder, name, bytes ...] of the biggest that weigh something. */
static json_t *names_json(struct writer *w, const struct place *places, size_t count)
{
	json_t *json = json_array();

	for (size_t i = 0; i < count && i < FILES_NAMED && places[i].bytes; i++) {
		const char *path = graph_text(w->g, w->g->files[places[i].file].path);
		const char *slash = strrchr(path, '/');
		size_t folder = slash && slash > path ? (size_t)(slash - path) : 1;

		json_push(json, json_uint(folder_id(w, path, folder)));
		json_push(json, html_string(slash && slash[1] ? slash + 1 : path));
		json_push(json, json_uint(places[i].bytes));
	}
	return json;
}

/* [category, bytes, files, names]. */
static json_t *part_json(struct writer *w, const struct place *places, size_t count)
{
	json_t *json = json_array();
	uint64_t bytes = 0;

	for (size_t i = 0; i < count; i++)
		bytes += places[i].bytes;
	json_push(json, json_uint(places[0].category));
	json_push(json, json_uint(bytes));
	json_push(json, json_uint(count));
	json_push(json, names_json(w, places, count));
	return json;
}

static json_t *parts_json(struct writer *w, const place_list *places, uint32_t packages)
{
	json_t *json = json_array(), *parts = NULL;
	size_t at = 0;

	for (uint32_t p = 0; p < packages; p++) {
		parts = json_array();
		while (at < places->len && places->data[at].package == p) {
			size_t end = at;

			while (end < places->len && places->data[end].package == p &&
			       places->data[end].category == places->data[at].category)
				end++;
			json_push(parts, part_json(w, &places->data[at], end - at));
			at = end;
		}
		json_push(json, parts);
	}
	return json;
}

json_t *html_files_json(const struct html_packages *p, const struct measure *m)
{
	struct writer w = { .g = p->g, .folder_list = json_array() };
	place_list places = { 0 };
	json_t *json = json_object(), *categories = json_array();

	strpool_init(&w.folders);
	collect(p, m, &places);
	for (int i = 0; i < CATEGORY_COUNT; i++)
		json_push(categories,
			  json_string(file_category_name((enum file_category)i)));
	json_put(json, "categories", categories);
	json_put(json, "parts", parts_json(&w, &places, p->count + 1));
	json_put(json, "folders", w.folder_list);
	strpool_release(&w.folders);
	array_release(&places);
	return json;
}
