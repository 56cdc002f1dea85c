#include "trimmer/plan_json.h"

#include "trimmer/plan_users.h"
#include "trimmer/swap.h"
#include "trimmer/verify.h"

#include "base/json.h"
#include "base/macros.h"

#include <time.h>

static json_t *text_of(const struct graph *g, str_id id)
{
	return json_bytes(graph_text(g, id));
}

/* Sizes in an image layer are null where the graph has none. */
static void put_compressed(json_t *json, const struct graph *g, const char *name,
			   uint64_t bytes)
{
	json_put(json, name, g->image.has_compressed ? json_uint(bytes) : json_null());
}

static json_t *image_json(const struct graph *g)
{
	const struct graph_image *image = &g->image;
	json_t *json = json_object();

	json_put(json, "root", text_of(g, image->root));
	json_put(json, "os_id", text_of(g, image->os_id));
	json_put(json, "os_version", text_of(g, image->os_version));
	json_put(json, "os_variant", text_of(g, image->os_variant));
	json_put(json, "os_name", text_of(g, image->os_name));
	json_put(json, "architecture", text_of(g, image->architecture));
	json_put(json, "rpmdb_backend", text_of(g, image->rpmdb_backend));
	json_put(json, "rpmdb_path", text_of(g, image->rpmdb_path));
	json_put(json, "metadata_only", json_boolean(image->metadata_only));
	json_put(json, "complete", json_boolean(image->complete));
	return json;
}

static json_t *names_json(const char *const *names, size_t len)
{
	json_t *list = json_array();

	for (size_t i = 0; i < len; i++)
		json_push(list, json_bytes(names[i]));
	return list;
}

static json_t *options_json(const struct plan_options *options)
{
	json_t *json = json_object();

	json_put(json, "weigh", json_string(plan_weigh_name(options->weigh)));
	json_put(json, "memory_root", json_boolean(options->memory.root_in_memory));
	json_put(json, "weak", json_boolean(options->weak));
	json_put(json, "keep_install_time", json_boolean(options->keep_install_time));
	return json;
}

static json_t *citations_json(const struct plan_citation *items, size_t len)
{
	json_t *list = json_array();

	for (size_t i = 0; i < len; i++) {
		json_t *citation = json_object();

		json_put(citation, "place", json_bytes(items[i].place));
		json_put(citation, "text", json_bytes(items[i].text));
		json_push(list, citation);
	}
	return list;
}

static json_t *texts_json(const char *const *texts, size_t len)
{
	json_t *list = json_array();

	for (size_t i = 0; i < len; i++)
		json_push(list, json_bytes(texts[i]));
	return list;
}

static json_t *package_json(const struct graph *g, const struct plan_package *item)
{
	const struct graph_package *package = &g->packages[item->package];
	json_t *json = json_object();

	json_put(json, "nevra", text_of(g, package->nevra));
	json_put(json, "name", text_of(g, package->name));
	json_put(json, "action", json_string(plan_action_name(item->action)));
	json_put(json, "disk_bytes", json_uint(item->disk_bytes));
	put_compressed(json, g, "compressed_bytes", item->compressed_bytes);
	json_put(json, "memory_bytes", json_uint(item->memory_bytes));
	json_put(json, "memory_source",
		 json_string(memory_source_name(item->memory_source)));
	json_put(json, "retained_bytes", json_uint(item->retained_bytes));
	json_put(json, "held_bytes", json_uint(item->held_bytes));
	json_put(json, "reason", json_bytes(item->reason));
	json_put(json, "risk", json_string(plan_risk_name(item->risk)));
	json_put(json, "risk_reason", json_bytes(item->risk_reason));
	json_put(json, "scriptlets",
		 texts_json((const char *const *)item->scriptlets.data,
			    item->scriptlets.len));
	json_put(json, "features_lost",
		 texts_json(item->features_lost.data, item->features_lost.len));
	json_put(json, "citations",
		 citations_json(item->citations.data, item->citations.len));
	return json;
}

static json_t *services_json(const struct plan *plan, const struct plan_users *users)
{
	json_t *list = json_array();

	array_each (&plan->services, i) {
		const struct plan_service *item = &plan->services.data[i];
		const struct memory_daemon *daemon =
			&plan->memory->daemons.data[item->daemon];
		json_t *json = json_object();

		json_put(json, "unit", json_bytes(item->unit));
		json_put(json, "action", json_string(plan_switch_name(item->action)));
		json_put(json, "memory_bytes", json_uint(daemon->bytes));
		json_put(json, "memory_source",
			 json_string(memory_source_name(daemon->source)));
		json_put(json, "reason", json_bytes(item->reason));
		json_put(json, "risk", json_string(plan_risk_name(item->risk)));
		json_put(json, "risk_reason", json_bytes(item->risk_reason));
		json_put(json, "features_lost",
			 texts_json(item->features_lost.data, item->features_lost.len));
		json_put(json, "citations",
			 citations_json(item->citations.data, item->citations.len));
		json_put(json, "users", plan_users_of_service(users, item));
		json_push(list, json);
	}
	return list;
}

static json_t *packages_json(const struct plan *plan)
{
	json_t *list = json_array();

	for (pkg_id p = 1; p <= plan->graph->package_count; p++)
		json_push(list, package_json(plan->graph, &plan->packages[p]));
	return list;
}

static json_t *requirement_row(const struct graph *g, uint32_t requirement,
			       pkg_id provider)
{
	const struct graph_requirement *req = &g->requirements[requirement];
	json_t *json = json_object();

	json_put(json, "package", text_of(g, g->packages[req->package].nevra));
	json_put(json, "requirement", text_of(g, req->text));
	json_put(json, "provider", text_of(g, g->packages[provider].nevra));
	return json;
}

static json_t *dropped_json(const struct plan *plan)
{
	json_t *list = json_array();

	array_each (&plan->dropped, i)
		json_push(list,
			  requirement_row(plan->graph, plan->dropped.data[i].requirement,
					  plan->dropped.data[i].provider));
	return list;
}

static json_t *unexplained_json(const struct plan *plan)
{
	json_t *list = json_array();

	array_each (&plan->unexplained, i) {
		const struct plan_unexplained *item = &plan->unexplained.data[i];
		json_t *json =
			requirement_row(plan->graph, item->requirement, item->provider);

		json_put(json, "held_bytes", json_uint(item->held_bytes));
		json_push(list, json);
	}
	return list;
}

static json_t *hidden_json(const struct plan *plan)
{
	const struct graph *g = plan->graph;
	json_t *list = json_array();

	array_each (&plan->hidden, i) {
		const struct hidden *hidden = &plan->hidden.data[i];
		const struct graph_edge *edge = &g->edges[hidden->edge];
		json_t *json = json_object();

		json_put(json, "package", text_of(g, g->packages[hidden->user].nevra));
		json_put(json, "provider",
			 text_of(g, g->packages[hidden->provider].nevra));
		json_put(json, "kind", json_string(edge_kind_name(edge->kind)));
		json_put(json, "from", text_of(g, g->files[edge->from].path));
		json_put(json, "to", text_of(g, g->files[edge->to].path));
		json_put(json, "line", json_uint(edge->cite_line));
		json_put(json, "text", text_of(g, edge->cite_text));
		json_put(json, "edges", json_uint(hidden->count));
		json_push(list, json);
	}
	return list;
}

static json_t *conflicts_json(const struct plan *plan)
{
	const struct graph *g = plan->graph;
	json_t *list = json_array();

	array_each (&plan->conflicts, i) {
		const struct plan_conflict *conflict = &plan->conflicts.data[i];
		const struct intent_root *rule =
			&plan->intent->unwanted.data[conflict->unwanted];
		json_t *json = json_object();

		json_put(json, "package",
			 text_of(g, g->packages[conflict->package].nevra));
		json_put(json, "rule", json_bytes(rule->place ? rule->place : ""));
		json_put(json, "why", json_bytes(rule->why ? rule->why : ""));
		json_put(json, "stays",
			 json_string(plan->packages[conflict->package].reason));
		json_push(list, json);
	}
	return list;
}

static json_t *trims_json(const struct plan *plan)
{
	json_t *list = json_array();

	array_each (&plan->trims, i) {
		const struct plan_trim *trim = &plan->trims.data[i];
		json_t *json = json_object(), *features = json_array();

		for (size_t k = 0; trim->features_lost && trim->features_lost[k]; k++)
			json_push(features, json_bytes(trim->features_lost[k]));
		json_put(json, "id", json_bytes(trim->id));
		json_put(json, "title", json_bytes(trim->title));
		json_put(json, "why", json_bytes(trim->why));
		json_put(json, "mechanism", json_bytes(trim->mechanism));
		json_put(json, "risk", json_string(plan_risk_name(trim->risk)));
		json_put(json, "risk_reason", json_bytes(trim->risk_reason));
		json_put(json, "rpm_verify", json_bytes(trim->rpm_verify));
		json_put(json, "restore", json_bytes(trim->restore));
		json_put(json, "features_lost", features);
		json_put(json, "files", json_uint(trim->files));
		json_put(json, "disk_bytes", json_uint(trim->disk_bytes));
		put_compressed(json, plan->graph, "compressed_bytes",
			       trim->compressed_bytes);
		json_push(list, json);
	}
	return list;
}

static json_t *files_json(const struct plan *plan, const struct plan_users *users)
{
	const struct graph *g = plan->graph;
	json_t *list = json_array();

	array_each (&plan->files, i) {
		const struct plan_file *item = &plan->files.data[i];
		const struct graph_file *file = &g->files[item->file];
		json_t *json = json_object();

		json_put(json, "path", text_of(g, file->path));
		json_put(json, "type",
			 json_string(file_type_name((enum file_type)file->type)));
		json_put(json, "action", json_string("remove"));
		json_put(json, "rule", json_bytes(plan->trims.data[item->trim].id));
		json_put(json, "package", text_of(g, g->packages[item->package].nevra));
		json_put(json, "disk_bytes", json_uint(item->disk_bytes));
		put_compressed(json, g, "compressed_bytes", item->compressed_bytes);
		json_put(json, "users", plan_users_of_file(users, item->file));
		json_push(list, json);
	}
	return list;
}

static json_t *splits_json(const struct plan *plan)
{
	const struct graph *g = plan->graph;
	json_t *list = json_array();

	array_each (&plan->splits, i) {
		const struct split *split = &plan->splits.data[i];
		json_t *json = json_object();

		json_put(json, "package", text_of(g, g->packages[split->package].nevra));
		json_put(json, "files", json_uint(split->files));
		json_put(json, "files_reached", json_uint(split->files_reached));
		json_put(json, "disk_bytes", json_uint(split->disk_bytes));
		json_put(json, "reached_bytes", json_uint(split->reached_bytes));
		json_push(list, json);
	}
	return list;
}

static json_t *waste_json(const struct plan *plan)
{
	json_t *list = json_array();

	array_each (&plan->waste, i) {
		const struct waste *waste = &plan->waste.data[i];
		json_t *json = json_object();

		json_put(json, "rule", json_string(waste->rule));
		json_put(json, "subject", json_bytes(waste_subject(plan->graph, waste)));
		json_put(json, "disk_bytes", json_uint(waste->bytes));
		json_put(json, "estimated", json_boolean(waste->estimated));
		json_put(json, "text", json_string(waste->text));
		json_put(json, "remedy", json_string(waste->remedy));
		json_push(list, json);
	}
	return list;
}

static json_t *swap_json(const struct graph *g, const struct plan_swap *swap)
{
	json_t *json = json_object(), *erased = json_array(), *installed = json_array();

	array_each (&swap->erased, i)
		json_push(erased, text_of(g, g->packages[swap->erased.data[i]].nevra));
	array_each (&swap->installed, i)
		json_push(installed, json_bytes(swap->installed.data[i]));
	json_put(json, "package", text_of(g, g->packages[swap->replaced].nevra));
	json_put(json, "erase", erased);
	json_put(json, "install", installed);
	json_put(json, "declared_bytes_freed", json_uint(swap_gain(swap)));
	return json;
}

static json_t *swaps_json(const struct plan *plan)
{
	json_t *list = json_array();

	array_each (&plan->swaps, i)
		json_push(list, swap_json(plan->graph, &plan->swaps.data[i]));
	return list;
}

/* The window of the evidence that protects; times are texts, "" where not known. */
static json_t *evidence_json(const struct intent_usage *usage)
{
	json_t *json = json_object();
	const int64_t times[] = { usage->begin, usage->end };
	static const char *const KEYS[] = { "begin", "end" };

	json_put(json, "pieces", json_uint(usage->evidence));
	json_put(json, "nodes", json_uint(usage->nodes));
	json_put(json, "incomplete", json_uint(usage->incomplete));
	json_put(json, "files", json_uint(usage->files));
	for (size_t i = 0; i < ARRAY_LEN(KEYS); i++) {
		time_t time = (time_t)times[i];
		char text[32] = "";
		struct tm parts;

		if (usage->evidence && times[i] >= 0 && gmtime_r(&time, &parts))
			strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
		json_put(json, KEYS[i], json_string(text));
	}
	return json;
}

static json_t *totals_json(const struct plan *plan)
{
	json_t *json = json_object();

	json_put(json, "packages_before", json_uint(plan->packages_before));
	json_put(json, "packages_removed", json_uint(plan->packages_removed));
	json_put(json, "disk_bytes_before", json_uint(plan->disk_bytes_before));
	json_put(json, "disk_bytes_freed", json_uint(plan->disk_bytes_freed));
	json_put(json, "files_removed", json_uint(plan->files.len));
	json_put(json, "trim_bytes_freed", json_uint(plan->trim_bytes_freed));
	put_compressed(json, plan->graph, "compressed_bytes_before",
		       plan->compressed_bytes_before);
	put_compressed(json, plan->graph, "compressed_bytes_freed",
		       plan->compressed_bytes_freed);
	put_compressed(json, plan->graph, "trim_compressed_bytes_freed",
		       plan->trim_compressed_bytes_freed);
	json_put(json, "database_bytes_freed", json_uint(plan->database_bytes_freed));
	json_put(json, "memory_bytes_before", json_uint(plan->memory_bytes_before));
	json_put(json, "memory_bytes_freed", json_uint(plan->memory_bytes_freed));
	json_put(json, "memory_source",
		 json_string(memory_source_name(plan->memory->source)));
	return json;
}

static json_t *proof_json(const struct plan *plan, const struct verify_report *report)
{
	enum verify_result rpm = report ? report->rpm.result : VERIFY_NOT_RUN;
	enum verify_result graph = report ? report->graph.result : VERIFY_NOT_RUN;
	json_t *json = json_object();

	json_put(json, "optimal", json_boolean(plan->optimal));
	json_put(json, "bound", json_uint(plan->bound_bytes));
	json_put(json, "rpm_check", json_string(verify_result_name(rpm)));
	json_put(json, "graph_check", json_string(verify_result_name(graph)));
	return json;
}

char *plan_json_write(const struct plan *plan, const struct verify_report *report)
{
	struct plan_users *users = plan_users_new(plan);
	json_t *json = json_object();
	char *text;

	json_put(json, "schema", json_string(PLAN_SCHEMA));
	json_put(json, "image", image_json(plan->graph));
	json_put(json, "profiles",
		 names_json(plan->intent->profiles.data, plan->intent->profiles.len));
	json_put(json, "left_out",
		 names_json(plan->intent->left_out.data, plan->intent->left_out.len));
	json_put(json, "caution", json_string(caution_name(plan->options.caution)));
	json_put(json, "options", options_json(&plan->options));
	json_put(json, "evidence", evidence_json(&plan->intent->usage));
	json_put(json, "totals", totals_json(plan));
	json_put(json, "proof", proof_json(plan, report));
	json_put(json, "packages", packages_json(plan));
	json_put(json, "trims", trims_json(plan));
	json_put(json, "files", files_json(plan, users));
	json_put(json, "services", services_json(plan, users));
	json_put(json, "not_honoured", dropped_json(plan));
	json_put(json, "unexplained", unexplained_json(plan));
	json_put(json, "hidden", hidden_json(plan));
	json_put(json, "conflicts", conflicts_json(plan));
	json_put(json, "splits", splits_json(plan));
	json_put(json, "swaps", swaps_json(plan));
	json_put(json, "advice", waste_json(plan));
	plan_users_free(users);
	text = json_text(json);
	json_decref(json);
	return text;
}
