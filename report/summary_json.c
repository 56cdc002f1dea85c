/*
 * The report as JSON. report/report.schema.json describes it; a test compares the two.
 */
#include "report/summary.h"

static json_t *text_or_null(const struct graph *g, str_id id)
{
	return id ? json_bytes(graph_text(g, id)) : json_null();
}

static json_t *image_json(const struct graph *g)
{
	const struct graph_image *image = &g->image;
	json_t *json = json_object(), *os = json_object(), *rpmdb = json_object();

	json_put(os, "id", text_or_null(g, image->os_id));
	json_put(os, "version", text_or_null(g, image->os_version));
	json_put(os, "variant", text_or_null(g, image->os_variant));
	json_put(os, "name", text_or_null(g, image->os_name));
	json_put(rpmdb, "path", text_or_null(g, image->rpmdb_path));
	json_put(rpmdb, "backend", text_or_null(g, image->rpmdb_backend));
	json_put(rpmdb, "headers", json_uint(image->rpmdb_headers));
	json_put(rpmdb, "unreadable", json_uint(image->rpmdb_unreadable));
	json_put(json, "root", text_or_null(g, image->root));
	json_put(json, "os", os);
	json_put(json, "architecture", text_or_null(g, image->architecture));
	json_put(json, "rpmdb", rpmdb);
	json_put(json, "mode",
		 json_string(image->metadata_only ? "metadata-only" : "full"));
	json_put(json, "basis", json_string(measure_basis(g)));
	json_put(json, "complete", json_boolean(image->complete));
	json_put(json, "tool_version", text_or_null(g, image->tool_version));
	return json;
}

static json_t *totals_json(const struct summary *s)
{
	json_t *json = json_object();

	json_put(json, "disk_bytes", json_uint(s->total.disk_bytes));
	json_put(json, "files", json_uint(s->total.count));
	json_put(json, "packages", json_uint(s->packages.count));
	json_put(json, "package_bytes", json_uint(s->packages.disk_bytes));
	json_put(json, "unowned_files", json_uint(s->unowned.count));
	json_put(json, "unowned_bytes", json_uint(s->unowned.disk_bytes));
	json_put(json, "compressed_bytes",
		 s->graph->image.has_compressed
			 ? json_uint(s->graph->image.compressed_bytes)
			 : json_null());
	json_put(json, "boundary_bytes", json_uint(s->graph->image.boundary_bytes));
	return json;
}

static json_t *plan_json(const struct summary *s)
{
	const struct plan_doc *plan = s->plan;
	json_t *json, *profiles;

	if (!plan)
		return json_null();
	json = json_object();
	profiles = json_array();
	array_each (&plan->profiles, i)
		json_push(profiles, json_bytes(plan->profiles.data[i]));
	json_put(json, "profiles", profiles);
	json_put(json, "caution", json_bytes(plan->caution));
	json_put(json, "packages_before", json_uint(plan->packages_before));
	json_put(json, "packages_removed", json_uint(plan->packages_removed));
	json_put(json, "disk_bytes_before", json_uint(plan->disk_bytes_before));
	json_put(json, "disk_bytes_freed", json_uint(plan->disk_bytes_freed));
	json_put(json, "compressed_bytes_freed",
		 plan->has_compressed ? json_uint(plan->compressed_bytes_freed)
				      : json_null());
	json_put(json, "memory_bytes_freed", json_uint(plan->memory_bytes_freed));
	json_put(json, "optimal", json_boolean(plan->optimal));
	json_put(json, "bound", json_uint(plan->bound));
	json_put(json, "rpm_check", json_bytes(plan->rpm_check));
	json_put(json, "graph_check", json_bytes(plan->graph_check));
	json_put(json, "removals", table_json(&s->removal_rows));
	return json;
}

json_t *summary_json(const struct summary *s)
{
	json_t *json = json_object();

	json_put(json, "schema", json_string(SUMMARY_SCHEMA));
	json_put(json, "image", image_json(s->graph));
	json_put(json, "totals", totals_json(s));
	json_put(json, "plan", plan_json(s));
	json_put(json, "packages", table_json(&s->package_rows));
	json_put(json, "categories", table_json(&s->category_rows));
	json_put(json, "unowned", table_json(&s->unowned_rows));
	json_put(json, "surface", table_json(&s->surface_rows));
	json_put(json, "findings", table_json(&s->finding_rows));
	return json;
}
