#include "trimmer/plan_json.h"

#include "base/io.h"
#include "base/macros.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "trimmer/plan_shape.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PLAN_BYTES_MAX (256u << 20)

static const char *text_of(const json_t *json, const char *name)
{
	return json_string_value(json_object_get(json, name));
}

static uint64_t count_of(const json_t *json, const char *name)
{
	return (uint64_t)json_integer_value(json_object_get(json, name));
}

static bool flag_of(const json_t *json, const char *name)
{
	return json_is_true(json_object_get(json, name));
}

static bool is_one_of(const char *text, const char *const *words, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (strcmp(text, words[i]) == 0)
			return true;
	return false;
}

static plan_doc_texts texts_of(const json_t *json, const char *name)
{
	const json_t *list = json_object_get(json, name);
	plan_doc_texts texts = { 0 };

	for (size_t i = 0; i < json_array_size(list); i++)
		array_push(&texts, json_string_value(json_array_get(list, i)));
	return texts;
}

static plan_doc_texts places_of(const json_t *json)
{
	const json_t *list = json_object_get(json, "citations");
	plan_doc_texts places = { 0 };

	for (size_t i = 0; i < json_array_size(list); i++)
		array_push(&places, text_of(json_array_get(list, i), "place"));
	return places;
}

#define RISK_WORDS "must be 'none', 'low', 'medium' or 'high'"
static const char *const RISKS[] = { "none", "low", "medium", "high" };
#define SOURCE_WORDS "must be 'estimate' or 'evidence'"
static const char *const SOURCES[] = { "estimate", "evidence" };

static int read_package(struct plan_doc *doc, const json_t *json, size_t at,
			struct error *err)
{
	static const char *const ACTIONS[] = { "remove", "keep" };

	if (!is_one_of(text_of(json, "action"), ACTIONS, ARRAY_LEN(ACTIONS)))
		return error_set(err, -EINVAL,
				 "packages[%zu].action: must be 'remove' or 'keep'", at);
	if (!is_one_of(text_of(json, "risk"), RISKS, ARRAY_LEN(RISKS)))
		return error_set(err, -EINVAL, "packages[%zu].risk: " RISK_WORDS, at);
	if (!is_one_of(text_of(json, "memory_source"), SOURCES, ARRAY_LEN(SOURCES)))
		return error_set(err, -EINVAL,
				 "packages[%zu].memory_source: " SOURCE_WORDS, at);
	array_push(&doc->packages,
		   (struct plan_doc_item){
			   .nevra = text_of(json, "nevra"),
			   .name = text_of(json, "name"),
			   .reason = text_of(json, "reason"),
			   .risk = text_of(json, "risk"),
			   .remove = strcmp(text_of(json, "action"), "remove") == 0,
			   .disk_bytes = count_of(json, "disk_bytes"),
			   .compressed_bytes = count_of(json, "compressed_bytes"),
			   .memory_bytes = count_of(json, "memory_bytes"),
		   });
	return 0;
}

static int read_trim(struct plan_doc *doc, const json_t *json, size_t at,
		     struct error *err)
{
	static const char *const MECHANISMS[] = { "excludedocs", "install-langs",
						  "remove" };
	const char *id = text_of(json, "id");

	if (at > 0 && strcmp(doc->trims.data[at - 1].id, id) >= 0)
		return error_set(err, -EINVAL, "trims[%zu].id: not in rising order", at);
	if (!is_one_of(text_of(json, "mechanism"), MECHANISMS, ARRAY_LEN(MECHANISMS)))
		return error_set(err, -EINVAL,
				 "trims[%zu].mechanism: must be 'excludedocs', "
				 "'install-langs' or 'remove'",
				 at);
	if (!is_one_of(text_of(json, "risk"), RISKS, ARRAY_LEN(RISKS)))
		return error_set(err, -EINVAL, "trims[%zu].risk: " RISK_WORDS, at);
	array_push(&doc->trims, (struct plan_doc_trim){
					.id = id,
					.title = text_of(json, "title"),
					.mechanism = text_of(json, "mechanism"),
					.risk = text_of(json, "risk"),
					.rpm_verify = text_of(json, "rpm_verify"),
					.restore = text_of(json, "restore"),
					.files = count_of(json, "files"),
					.disk_bytes = count_of(json, "disk_bytes"),
				});
	return 0;
}

/* What the analyzer calls canonical: "/a/b", no empty part, no "." and "..". */
static bool is_canonical(const char *path)
{
	if (path[0] != '/' || path[1] == '\0')
		return false;
	while (*path) {
		size_t len = strcspn(path + 1, "/");

		if (len == 0 || (len == 1 && path[1] == '.') ||
		    (len == 2 && path[1] == '.' && path[2] == '.'))
			return false;
		path += 1 + len;
	}
	return true;
}

static int by_trim_id(const void *id, const void *trim)
{
	return strcmp(id, ((const struct plan_doc_trim *)trim)->id);
}

static struct plan_doc_trim *find_trim(struct plan_doc *doc, const char *id)
{
	if (doc->trims.len == 0)
		return NULL;
	return bsearch(id, doc->trims.data, doc->trims.len, sizeof(*doc->trims.data),
		       by_trim_id);
}

static int read_file(struct plan_doc *doc, const json_t *json, size_t at,
		     struct error *err)
{
	static const char *const TYPES[] = { "regular", "directory", "symlink" };
	const char *path = text_of(json, "path");
	struct plan_doc_trim *trim = find_trim(doc, text_of(json, "rule"));

	if (!is_canonical(path))
		return error_set(err, -EINVAL,
				 "files[%zu].path: must be a path below the root without "
				 "'.', '..' or '//'",
				 at);
	if (at > 0 && strcmp(doc->files.data[at - 1].path, path) >= 0)
		return error_set(err, -EINVAL, "files[%zu].path: not in rising order",
				 at);
	if (!is_one_of(text_of(json, "type"), TYPES, ARRAY_LEN(TYPES)))
		return error_set(err, -EINVAL,
				 "files[%zu].type: must be 'regular', 'directory' or "
				 "'symlink'",
				 at);
	if (strcmp(text_of(json, "action"), "remove") != 0)
		return error_set(err, -EINVAL, "files[%zu].action: must be 'remove'", at);
	if (!trim)
		return error_set(err, -EINVAL, "files[%zu].rule: is no id in trims", at);
	trim->listed_files++;
	trim->listed_bytes += count_of(json, "disk_bytes");
	array_push(&doc->files,
		   (struct plan_doc_file){
			   .path = path,
			   .type = text_of(json, "type"),
			   .rule = text_of(json, "rule"),
			   .package = text_of(json, "package"),
			   .disk_bytes = count_of(json, "disk_bytes"),
			   .compressed_bytes = count_of(json, "compressed_bytes"),
			   .users = texts_of(json, "users"),
		   });
	return 0;
}

/* Just a name: whoever applies the plan makes a path of it. */
static bool is_service_name(const char *unit)
{
	return unit[0] != '.' && !strchr(unit, '/') && text_ends(unit, ".service");
}

static int read_service(struct plan_doc *doc, const json_t *json, size_t at,
			struct error *err)
{
	static const char *const ACTIONS[] = { "disable", "mask" };
	const char *unit = text_of(json, "unit");

	if (!is_service_name(unit))
		return error_set(err, -EINVAL,
				 "services[%zu].unit: must be the name of a .service",
				 at);
	if (at > 0 && strcmp(doc->services.data[at - 1].unit, unit) >= 0)
		return error_set(err, -EINVAL, "services[%zu].unit: not in rising order",
				 at);
	if (!is_one_of(text_of(json, "action"), ACTIONS, ARRAY_LEN(ACTIONS)))
		return error_set(err, -EINVAL,
				 "services[%zu].action: must be 'disable' or 'mask'", at);
	if (!is_one_of(text_of(json, "memory_source"), SOURCES, ARRAY_LEN(SOURCES)))
		return error_set(err, -EINVAL,
				 "services[%zu].memory_source: " SOURCE_WORDS, at);
	if (!is_one_of(text_of(json, "risk"), RISKS, ARRAY_LEN(RISKS)))
		return error_set(err, -EINVAL, "services[%zu].risk: " RISK_WORDS, at);
	array_push(&doc->services,
		   (struct plan_doc_service){
			   .unit = unit,
			   .action = text_of(json, "action"),
			   .memory_source = text_of(json, "memory_source"),
			   .reason = text_of(json, "reason"),
			   .risk = text_of(json, "risk"),
			   .memory_bytes = count_of(json, "memory_bytes"),
			   .places = places_of(json),
			   .users = texts_of(json, "users"),
		   });
	return 0;
}

/* The lists and the totals say the same thing. */
static int check_trim_sums(const struct plan_doc *doc, struct error *err)
{
	uint64_t bytes = 0;

	array_each (&doc->files, i)
		bytes += doc->files.data[i].disk_bytes;
	if (doc->files_removed != doc->files.len)
		return error_set(
			err, -EINVAL,
			"totals.files_removed: is %llu, but %zu files are listed",
			(unsigned long long)doc->files_removed, doc->files.len);
	if (doc->trim_bytes_freed != bytes)
		return error_set(err, -EINVAL,
				 "totals.trim_bytes_freed: is %llu, but the files have "
				 "%llu",
				 (unsigned long long)doc->trim_bytes_freed,
				 (unsigned long long)bytes);
	array_each (&doc->trims, t) {
		const struct plan_doc_trim *trim = &doc->trims.data[t];

		if (trim->listed_files != trim->files ||
		    trim->listed_bytes != trim->disk_bytes)
			return error_set(err, -EINVAL,
					 "trims[%zu]: its files are %llu with %llu "
					 "bytes, not what it says",
					 t, (unsigned long long)trim->listed_files,
					 (unsigned long long)trim->listed_bytes);
	}
	return 0;
}

static void read_head(struct plan_doc *doc, const json_t *json)
{
	const json_t *image = json_object_get(json, "image");
	const json_t *options = json_object_get(json, "options");
	const json_t *totals = json_object_get(json, "totals");
	const json_t *proof = json_object_get(json, "proof");
	const json_t *profiles = json_object_get(json, "profiles");

	doc->image_root = text_of(image, "root");
	doc->image_version = text_of(image, "os_version");
	doc->caution = text_of(json, "caution");
	doc->weak = flag_of(options, "weak");
	doc->keep_install_time = flag_of(options, "keep_install_time");
	for (size_t i = 0; i < json_array_size(profiles); i++)
		array_push(&doc->profiles,
			   json_string_value(json_array_get(profiles, i)));
	doc->packages_before = count_of(totals, "packages_before");
	doc->packages_removed = count_of(totals, "packages_removed");
	doc->disk_bytes_before = count_of(totals, "disk_bytes_before");
	doc->disk_bytes_freed = count_of(totals, "disk_bytes_freed");
	doc->files_removed = count_of(totals, "files_removed");
	doc->trim_bytes_freed = count_of(totals, "trim_bytes_freed");
	doc->has_compressed =
		!json_is_null(json_object_get(totals, "compressed_bytes_freed"));
	doc->compressed_bytes_before = count_of(totals, "compressed_bytes_before");
	doc->compressed_bytes_freed = count_of(totals, "compressed_bytes_freed");
	doc->database_bytes_freed = count_of(totals, "database_bytes_freed");
	doc->trim_compressed_bytes_freed =
		count_of(totals, "trim_compressed_bytes_freed");
	doc->memory_bytes_before = count_of(totals, "memory_bytes_before");
	doc->memory_bytes_freed = count_of(totals, "memory_bytes_freed");
	doc->memory_source = text_of(totals, "memory_source");
	doc->weigh = text_of(options, "weigh");
	doc->memory_root = flag_of(options, "memory_root");
	doc->optimal = flag_of(proof, "optimal");
	doc->bound = count_of(proof, "bound");
	doc->rpm_check = text_of(proof, "rpm_check");
	doc->graph_check = text_of(proof, "graph_check");
}

/* Totals that do not fit the list: the file was changed by hand. */
static int check_sums(const struct plan_doc *doc, struct error *err)
{
	uint64_t removed = 0;

	array_each (&doc->packages, i)
		removed += doc->packages.data[i].remove;
	if (doc->packages_removed != removed)
		return error_set(
			err, -EINVAL,
			"totals.packages_removed: is %llu, but %llu packages are "
			"marked 'remove'",
			(unsigned long long)doc->packages_removed,
			(unsigned long long)removed);
	if (doc->packages_before != doc->packages.len)
		return error_set(err, -EINVAL,
				 "totals.packages_before: is %llu, but %zu packages are "
				 "listed",
				 (unsigned long long)doc->packages_before,
				 doc->packages.len);
	if (doc->disk_bytes_freed > doc->disk_bytes_before)
		return error_set(
			err, -EINVAL,
			"totals.disk_bytes_freed: is more than there was before");
	if (doc->memory_bytes_freed > doc->memory_bytes_before)
		return error_set(
			err, -EINVAL,
			"totals.memory_bytes_freed: is more than there was before");
	return 0;
}

static int fill(struct plan_doc *doc, const json_t *json, struct error *err)
{
	static const struct {
		const char *name;
		int (*read)(struct plan_doc *doc, const json_t *json, size_t at,
			    struct error *err);
	} LISTS[] = {
		{ "packages", read_package },
		{ "trims", read_trim },
		{ "files", read_file },
		{ "services", read_service },
	};
	static const char *const WEIGHS[] = { "disk", "memory", "both" };
	int r = 0;

	read_head(doc, json);
	if (caution_parse(doc->caution) < 0)
		return error_set(err, -EINVAL,
				 "caution: must be 'low', 'normal' or 'high'");
	if (!is_one_of(doc->weigh, WEIGHS, ARRAY_LEN(WEIGHS)))
		return error_set(err, -EINVAL,
				 "options.weigh: must be 'disk', 'memory' or 'both'");
	if (!is_one_of(doc->memory_source, SOURCES, ARRAY_LEN(SOURCES)))
		return error_set(err, -EINVAL, "totals.memory_source: " SOURCE_WORDS);
	for (size_t k = 0; r == 0 && k < ARRAY_LEN(LISTS); k++) {
		const json_t *list = json_object_get(json, LISTS[k].name);

		for (size_t i = 0; r == 0 && i < json_array_size(list); i++)
			r = LISTS[k].read(doc, json_array_get(list, i), i, err);
	}
	if (r == 0)
		r = check_sums(doc, err);
	return r < 0 ? r : check_trim_sums(doc, err);
}

int plan_json_read(const char *data, size_t len, struct plan_doc **ret, struct error *err)
{
	_cleanup_(plan_doc_freep) struct plan_doc *doc = mem_calloc(1, sizeof(*doc));
	json_t *json = NULL;
	int r = json_parse(data, len, &json, err);

	doc->json = json;
	if (r == 0)
		r = plan_shape_check(json, err);
	if (r == 0)
		r = fill(doc, json, err);
	if (r < 0)
		return r;
	*ret = steal_ptr(&doc);
	return 0;
}

static int read_standard_input(char **ret, size_t *ret_len, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	char buf[65536];
	ssize_t n;

	while ((n = read(STDIN_FILENO, buf, sizeof(buf))) > 0) {
		strbuf_add(&text, buf, (size_t)n);
		if (text.len > PLAN_BYTES_MAX)
			return error_set(err, -EFBIG, "is too long");
	}
	if (n < 0)
		return error_errno(err, "cannot read it");
	*ret_len = text.len;
	*ret = strbuf_detach(&text);
	return 0;
}

int plan_json_read_file(const char *path, struct plan_doc **ret, struct error *err)
{
	_cleanup_(freep) char *data = NULL;
	bool is_input = strcmp(path, "-") == 0;
	size_t len = 0;
	int r;

	if (!is_input)
		r = io_read_file(path, PLAN_BYTES_MAX, &data, &len, err);
	else
		r = read_standard_input(&data, &len, err);
	if (r < 0 && !is_input)
		return r; /* names the path already */
	if (r == 0)
		r = plan_json_read(data, len, ret, err);
	if (r < 0)
		return error_prefix(err, r, "'%s'", is_input ? "standard input" : path);
	return 0;
}

void plan_doc_free(struct plan_doc *doc)
{
	if (!doc)
		return;
	array_each (&doc->files, i)
		array_release(&doc->files.data[i].users);
	array_each (&doc->services, i) {
		array_release(&doc->services.data[i].places);
		array_release(&doc->services.data[i].users);
	}
	array_release(&doc->profiles);
	array_release(&doc->packages);
	array_release(&doc->trims);
	array_release(&doc->services);
	array_release(&doc->files);
	json_decref(doc->json);
	free(doc);
}

void plan_doc_freep(struct plan_doc **doc)
{
	plan_doc_free(*doc);
}
