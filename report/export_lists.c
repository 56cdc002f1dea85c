#include "report/export_lists.h"

#include "base/json.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WORD                                                                             \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"                           \
	"0123456789-._+~^:"

/* Every NEVRA that RPM itself makes is of these; others would need quoting rules. */
static bool is_plain(const char *word)
{
	return word[0] && word[0] != '-' && word[strspn(word, WORD)] == '\0';
}

/* Escaped instances of templates have backslashes; these alone need no mask by name. */
static bool is_unit(const char *word)
{
	return word[0] && word[0] != '-' && word[strspn(word, WORD "@")] == '\0';
}

/* Paths that mean the same in a shell's quotes, YAML, TOML, XML, INI lists and globs. */
static bool is_sayable(const char *path)
{
	return path[0] == '/' && path[1] && path[strspn(path, WORD "/@=")] == '\0' &&
	       !strstr(path, "/../") && !text_ends(path, "/..");
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *text_of(const json_t *json, const char *name)
{
	const char *text = json_string_value(json_object_get(json, name));

	return text ? text : "";
}

static bool is_among(const char *text, const char *const *sorted, size_t len)
{
	return len > 0 && bsearch(&text, sorted, len, sizeof(*sorted), by_text);
}

static int add_package(struct export_lists *lists, const struct plan_doc_item *item,
		       size_t at, struct error *err)
{
	if (!item->remove) {
		if (is_plain(item->name)) /* no other has a twin among those that go */
			array_push(&lists->kept, item->name);
		return 0;
	}
	if (!is_plain(item->nevra) || !is_plain(item->name))
		return error_set(err, -EINVAL,
				 "packages[%zu]: '%s' has characters that no package "
				 "name may have",
				 at, item->nevra);
	if (strcmp(item->name, "gpg-pubkey") == 0)
		array_push(&lists->keys, item->nevra);
	else
		array_push(&lists->nevras, item->nevra);
	return 0;
}

/* After "kept" is sorted: a name goes when no package of it stays. */
static void split_names(struct export_lists *lists)
{
	const struct plan_doc *plan = lists->plan;
	size_t len = 0;

	array_each (&plan->packages, i) {
		const struct plan_doc_item *item = &plan->packages.data[i];

		if (!item->remove || strcmp(item->name, "gpg-pubkey") == 0)
			continue;
		if (is_among(item->name, lists->kept.data, lists->kept.len))
			array_push(&lists->partial, item->nevra);
		else
			array_push(&lists->names, item->name);
	}
	array_sort(&lists->names, by_text);
	array_each (&lists->names, i)
		if (i == 0 || strcmp(lists->names.data[i], lists->names.data[i - 1]) != 0)
			lists->names.data[len++] = lists->names.data[i];
	lists->names.len = len;
}

static int by_nevra(const void *a, const void *b)
{
	const struct plan_doc_item *const *x = a, *const *y = b;

	return strcmp((*x)->nevra, (*y)->nevra);
}

typedef ARRAY_OF(const struct plan_doc_item *) item_list;

static const char *name_of(const item_list *sorted, const char *nevra)
{
	struct plan_doc_item wanted = { .nevra = nevra };
	const struct plan_doc_item *key = &wanted;
	const struct plan_doc_item **found;

	found = sorted->len == 0 ? NULL
				 : bsearch(&key, sorted->data, sorted->len,
					   sizeof(*sorted->data), by_nevra);
	return found && is_plain((*found)->name) ? (*found)->name : "";
}

static void add_files(struct export_lists *lists)
{
	const struct plan_doc *plan = lists->plan;
	item_list sorted = { 0 };

	array_each (&plan->packages, i)
		array_push(&sorted, &plan->packages.data[i]);
	array_sort(&sorted, by_nevra);
	array_each (&plan->files, i) {
		const struct plan_doc_file *file = &plan->files.data[i];

		if (!is_sayable(file->path))
			lists->unsaid_files++;
		else if (strcmp(file->type, "directory") == 0)
			array_push(&lists->folders, file->path);
		else
			array_push(&lists->files,
				   (struct export_file){
					   .path = file->path,
					   .name = name_of(&sorted, file->package) });
	}
	array_release(&sorted);
}

static int add_units(struct export_lists *lists, struct error *err)
{
	const json_t *list = json_object_get(lists->plan->json, "services");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *unit = text_of(json_array_get(list, i), "unit");

		if (!is_unit(unit))
			return error_set(err, -EINVAL,
					 "services[%zu]: '%s' has characters that no "
					 "unit name may have",
					 i, unit);
		array_push(&lists->units, unit);
	}
	array_sort(&lists->units, by_text);
	return 0;
}

int export_lists_init(struct export_lists *lists, const struct plan_doc *plan,
		      struct error *err)
{
	int r = 0;

	*lists = (struct export_lists){ .plan = plan };
	for (size_t i = 0; r == 0 && i < plan->packages.len; i++)
		r = add_package(lists, &plan->packages.data[i], i, err);
	if (r == 0)
		r = add_units(lists, err);
	if (r < 0) {
		export_lists_release(lists);
		return r;
	}
	array_sort(&lists->kept, by_text);
	array_sort(&lists->nevras, by_text);
	split_names(lists);
	array_sort(&lists->partial, by_text);
	add_files(lists);
	return 0;
}

void export_lists_release(struct export_lists *lists)
{
	array_release(&lists->nevras);
	array_release(&lists->names);
	array_release(&lists->partial);
	array_release(&lists->keys);
	array_release(&lists->kept);
	array_release(&lists->files);
	array_release(&lists->folders);
	array_release(&lists->units);
}

static void put_left_out(const char *prefix, const char *const *texts, size_t len,
			 const char *why, struct strbuf *out)
{
	for (size_t i = 0; i < len; i++)
		strbuf_printf(out, "%sleft out: %s (%s)\n", prefix, texts[i], why);
}

void export_head(const struct export_lists *lists, const char *prefix, bool by_name,
		 struct strbuf *out)
{
	const struct plan_doc *plan = lists->plan;

	strbuf_printf(out,
		      "%sWhat a tare plan removes: %llu of %llu packages, %zu files.\n",
		      prefix, (unsigned long long)plan->packages_removed,
		      (unsigned long long)plan->packages_before, lists->files.len);
	if (by_name) {
		put_left_out(prefix, lists->partial.data, lists->partial.len,
			     "another package of that name stays", out);
		put_left_out(prefix, lists->keys.data, lists->keys.len,
			     "a signing key: rpm -e alone can erase it", out);
	}
	if (lists->unsaid_files)
		strbuf_printf(out, "%sleft out: %u files whose names need quoting\n",
			      prefix, lists->unsaid_files);
}
