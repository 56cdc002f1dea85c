#include "trimmer/plan_shape.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "trimmer/plan_json.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What a field must be. */
enum shape {
	TEXT,
	COUNT,	  /* an integer, not negative */
	MEASURED, /* the same, or null where nobody measured it */
	FLAG,
	TEXTS, /* a list of texts */
	LIST,  /* of objects with the fields of "inner" */
	OBJECT,
};

struct field {
	const char *name;
	enum shape shape;
	const struct field *inner; /* ends with a row without name */
};

static const struct field IMAGE[] = {
	{ "root", TEXT, NULL },
	{ "os_id", TEXT, NULL },
	{ "os_version", TEXT, NULL },
	{ "os_variant", TEXT, NULL },
	{ "os_name", TEXT, NULL },
	{ "architecture", TEXT, NULL },
	{ "rpmdb_backend", TEXT, NULL },
	{ "rpmdb_path", TEXT, NULL },
	{ "metadata_only", FLAG, NULL },
	{ "complete", FLAG, NULL },
	{ 0 },
};

static const struct field OPTIONS[] = {
	{ "weigh", TEXT, NULL },
	{ "memory_root", FLAG, NULL },
	{ "weak", FLAG, NULL },
	{ "keep_install_time", FLAG, NULL },
	{ 0 },
};

static const struct field EVIDENCE[] = {
	{ "pieces", COUNT, NULL },
	{ "nodes", COUNT, NULL },
	{ "incomplete", COUNT, NULL },
	{ "files", COUNT, NULL },
	{ "begin", TEXT, NULL },
	{ "end", TEXT, NULL },
	{ 0 },
};

static const struct field CITATION[] = {
	{ "place", TEXT, NULL },
	{ "text", TEXT, NULL },
	{ 0 },
};

static const struct field PACKAGE[] = {
	{ "nevra", TEXT, NULL },
	{ "name", TEXT, NULL },
	{ "action", TEXT, NULL },
	{ "disk_bytes", COUNT, NULL },
	{ "compressed_bytes", MEASURED, NULL },
	{ "memory_bytes", COUNT, NULL },
	{ "memory_source", TEXT, NULL },
	{ "retained_bytes", COUNT, NULL },
	{ "held_bytes", COUNT, NULL },
	{ "reason", TEXT, NULL },
	{ "risk", TEXT, NULL },
	{ "risk_reason", TEXT, NULL },
	{ "scriptlets", TEXTS, NULL },
	{ "features_lost", TEXTS, NULL },
	{ "citations", LIST, CITATION },
	{ 0 },
};

static const struct field FILE_ITEM[] = {
	{ "path", TEXT, NULL },
	{ "type", TEXT, NULL },
	{ "action", TEXT, NULL },
	{ "rule", TEXT, NULL },
	{ "package", TEXT, NULL },
	{ "disk_bytes", COUNT, NULL },
	{ "compressed_bytes", MEASURED, NULL },
	{ "users", TEXTS, NULL },
	{ 0 },
};

static const struct field TRIM[] = {
	{ "id", TEXT, NULL },
	{ "title", TEXT, NULL },
	{ "why", TEXT, NULL },
	{ "mechanism", TEXT, NULL },
	{ "risk", TEXT, NULL },
	{ "risk_reason", TEXT, NULL },
	{ "rpm_verify", TEXT, NULL },
	{ "restore", TEXT, NULL },
	{ "features_lost", TEXTS, NULL },
	{ "files", COUNT, NULL },
	{ "disk_bytes", COUNT, NULL },
	{ "compressed_bytes", MEASURED, NULL },
	{ 0 },
};

static const struct field SERVICE_ITEM[] = {
	{ "unit", TEXT, NULL },
	{ "action", TEXT, NULL },
	{ "memory_bytes", COUNT, NULL },
	{ "memory_source", TEXT, NULL },
	{ "reason", TEXT, NULL },
	{ "risk", TEXT, NULL },
	{ "risk_reason", TEXT, NULL },
	{ "features_lost", TEXTS, NULL },
	{ "citations", LIST, CITATION },
	{ "users", TEXTS, NULL },
	{ 0 },
};

static const struct field DROPPED[] = {
	{ "package", TEXT, NULL },
	{ "requirement", TEXT, NULL },
	{ "provider", TEXT, NULL },
	{ 0 },
};

static const struct field UNEXPLAINED[] = {
	{ "package", TEXT, NULL },
	{ "requirement", TEXT, NULL },
	{ "provider", TEXT, NULL },
	{ "held_bytes", COUNT, NULL },
	{ 0 },
};

static const struct field HIDDEN[] = {
	{ "package", TEXT, NULL }, { "provider", TEXT, NULL }, { "kind", TEXT, NULL },
	{ "from", TEXT, NULL },	   { "to", TEXT, NULL },       { "line", COUNT, NULL },
	{ "text", TEXT, NULL },	   { "edges", COUNT, NULL },   { 0 },
};

static const struct field CONFLICT[] = {
	{ "package", TEXT, NULL },
	{ "rule", TEXT, NULL },
	{ "why", TEXT, NULL },
	{ "stays", TEXT, NULL },
	{ 0 },
};

static const struct field ADVICE[] = {
	{ "rule", TEXT, NULL },
	{ "subject", TEXT, NULL },
	{ "disk_bytes", COUNT, NULL },
	{ "estimated", FLAG, NULL },
	{ "text", TEXT, NULL },
	{ "remedy", TEXT, NULL },
	{ 0 },
};

static const struct field SPLIT[] = {
	{ "package", TEXT, NULL },	  { "files", COUNT, NULL },
	{ "files_reached", COUNT, NULL }, { "disk_bytes", COUNT, NULL },
	{ "reached_bytes", COUNT, NULL }, { 0 },
};

static const struct field SWAP[] = {
	{ "package", TEXT, NULL },
	{ "erase", TEXTS, NULL },
	{ "install", TEXTS, NULL },
	{ "declared_bytes_freed", COUNT, NULL },
	{ 0 },
};

static const struct field TOTALS[] = {
	{ "packages_before", COUNT, NULL },
	{ "packages_removed", COUNT, NULL },
	{ "disk_bytes_before", COUNT, NULL },
	{ "disk_bytes_freed", COUNT, NULL },
	{ "files_removed", COUNT, NULL },
	{ "trim_bytes_freed", COUNT, NULL },
	{ "memory_bytes_before", COUNT, NULL },
	{ "memory_bytes_freed", COUNT, NULL },
	{ "memory_source", TEXT, NULL },
	{ "compressed_bytes_before", MEASURED, NULL },
	{ "compressed_bytes_freed", MEASURED, NULL },
	{ "trim_compressed_bytes_freed", MEASURED, NULL },
	{ "database_bytes_freed", COUNT, NULL },
	{ 0 },
};

static const struct field PROOF[] = {
	{ "optimal", FLAG, NULL },
	{ "bound", COUNT, NULL },
	{ "rpm_check", TEXT, NULL },
	{ "graph_check", TEXT, NULL },
	{ 0 },
};

static const struct field PLAN[] = {
	{ "schema", TEXT, NULL },
	{ "image", OBJECT, IMAGE },
	{ "profiles", TEXTS, NULL },
	{ "left_out", TEXTS, NULL },
	{ "caution", TEXT, NULL },
	{ "options", OBJECT, OPTIONS },
	{ "evidence", OBJECT, EVIDENCE },
	{ "totals", OBJECT, TOTALS },
	{ "proof", OBJECT, PROOF },
	{ "packages", LIST, PACKAGE },
	{ "trims", LIST, TRIM },
	{ "files", LIST, FILE_ITEM },
	{ "services", LIST, SERVICE_ITEM },
	{ "not_honoured", LIST, DROPPED },
	{ "unexplained", LIST, UNEXPLAINED },
	{ "hidden", LIST, HIDDEN },
	{ "conflicts", LIST, CONFLICT },
	{ "splits", LIST, SPLIT },
	{ "swaps", LIST, SWAP },
	{ "advice", LIST, ADVICE },
	{ 0 },
};

static const char *const SHAPE_NAMES[] = {
	[TEXT] = "a text",
	[COUNT] = "a number, 0 or more",
	[MEASURED] = "a number, 0 or more, or null",
	[FLAG] = "true or false",
	[TEXTS] = "a list of texts",
	[LIST] = "a list",
	[OBJECT] = "an object",
};

static bool all_texts(const json_t *json)
{
	for (size_t i = 0; i < json_array_size(json); i++)
		if (!json_is_string(json_array_get(json, i)))
			return false;
	return json_is_array(json);
}

static bool has_shape(const json_t *json, enum shape shape)
{
	switch (shape) {
	case TEXT:
		return json_is_string(json);
	case COUNT:
		return json_is_integer(json) && json_integer_value(json) >= 0;
	case MEASURED:
		return json_is_null(json) || has_shape(json, COUNT);
	case FLAG:
		return json_is_boolean(json);
	case TEXTS:
		return all_texts(json);
	case LIST:
		return json_is_array(json);
	case OBJECT:
		return json_is_object(json);
	}
	return false;
}

/* Where in the document: "packages[3].action". The shape is at most three levels deep. */
struct place {
	const struct place *outer;
	const char *name;
	size_t index; /* SIZE_MAX: no list */
};

static void put_place(const struct place *place, struct strbuf *out)
{
	const struct place *levels[8];
	size_t n = 0;

	for (; place && n < ARRAY_LEN(levels); place = place->outer)
		levels[n++] = place;
	while (n-- > 0) {
		strbuf_printf(out, "%s%s", out->len ? "." : "", levels[n]->name);
		if (levels[n]->index != SIZE_MAX)
			strbuf_printf(out, "[%zu]", levels[n]->index);
	}
}

static int wrong(const struct place *place, struct error *err, const char *what)
{
	_cleanup_(strbuf_release) struct strbuf where = { 0 };

	put_place(place, &where);
	return error_set(err, -EINVAL, "%s: %s", where.len ? strbuf_text(&where) : "plan",
			 what);
}

static int check_names(const json_t *json, const struct field *fields,
		       const struct place *place, struct error *err)
{
	json_t *object = (json_t *)json;

	for (void *it = json_object_iter(object); it;
	     it = json_object_iter_next(object, it)) {
		const char *name = json_object_iter_key(it);
		const struct field *f = fields;

		while (f->name && strcmp(f->name, name) != 0)
			f++;
		if (!f->name) {
			_cleanup_(freep) char *what =
				mem_printf("unknown field '%s'", name);

			return wrong(place, err, what);
		}
	}
	return 0;
}

/* One object without what is in its lists and objects. */
static int check_flat(const json_t *json, const struct field *fields,
		      const struct place *place, struct error *err)
{
	int r;

	if (!json_is_object(json))
		return wrong(place, err, "must be an object");
	r = check_names(json, fields, place, err);
	for (const struct field *f = fields; r == 0 && f->name; f++) {
		const json_t *value = json_object_get(json, f->name);
		struct place here = { place, f->name, SIZE_MAX };
		_cleanup_(freep) char *what = NULL;

		if (!value)
			return wrong(&here, err, "is missing");
		if (has_shape(value, f->shape))
			continue;
		what = mem_printf("must be %s", SHAPE_NAMES[f->shape]);
		return wrong(&here, err, what);
	}
	return r;
}

/* Items of a list, and the citations in them: the only second level there is. */
static int check_items(const json_t *list, const struct field *field,
		       const struct place *outer, struct error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		struct place here = { outer, field->name, i };

		r = check_flat(item, field->inner, &here, err);
		if (r == 0 && (field->inner == PACKAGE || field->inner == SERVICE_ITEM)) {
			const json_t *citations = json_object_get(item, "citations");

			for (size_t k = 0; r == 0 && k < json_array_size(citations);
			     k++) {
				struct place inner = { &here, "citations", k };

				r = check_flat(json_array_get(citations, k), CITATION,
					       &inner, err);
			}
		}
	}
	return r;
}

static int check_document(const json_t *json, struct error *err)
{
	int r = check_flat(json, PLAN, NULL, err);

	for (const struct field *f = PLAN; r == 0 && f->name; f++) {
		const json_t *value = json_object_get(json, f->name);
		struct place here = { NULL, f->name, SIZE_MAX };

		if (f->shape == OBJECT)
			r = check_flat(value, f->inner, &here, err);
		else if (f->shape == LIST)
			r = check_items(value, f, NULL, err);
	}
	return r;
}

static int check_schema(const json_t *json, struct error *err)
{
	const char *schema = json_string_value(json_object_get(json, "schema"));

	if (!schema)
		return error_set(err, -EINVAL,
				 "schema: is missing: this is no plan of tare");
	if (strcmp(schema, PLAN_SCHEMA) != 0)
		return error_set(err, -EINVAL,
				 "schema: is '%s', this tare reads '" PLAN_SCHEMA "'",
				 schema);
	return 0;
}

int plan_shape_check(const json_t *json, struct error *err)
{
	int r = check_schema(json, err);

	return r < 0 ? r : check_document(json, err);
}
