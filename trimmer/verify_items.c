/*
 * Files and services of a plan, proven again one by one. The plan names who of what stays
 * used them (trimmer/users.h); somebody else who does now is a reason to keep them.
 */
#include "trimmer/verify_internal.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "graph/demand.h"
#include "graph/startup.h"
#include "trimmer/file_trim.h"
#include "trimmer/users.h"

#include <string.h>

static void set_status(struct verify_item *item, enum verify_status status, char *reason)
{
	free(item->reason);
	item->status = status;
	item->reason = reason;
}

static struct verify_item *new_item(struct verifier *v, enum verify_kind kind,
				    const char *name)
{
	struct verify_item *item = array_extend(&v->report->items, 1);

	*item = (struct verify_item){
		.kind = kind,
		.name = mem_strdup(name),
		.status = VERIFY_VALID,
		.reason = mem_strdup(""),
	};
	return item;
}

/* A node that is there when the plan is done. */
static bool stays(const void *arg, uint32_t node)
{
	const struct verifier *v = arg;

	if (!graph_node_is_file(v->g, node))
		return !idset_has(&v->removed, graph_node_package(v->g, node));
	return !idset_has(&v->trimmed, node) && verify_file_stays(v, node);
}

static struct users_query query_of(const struct verifier *v)
{
	return (struct users_query){
		.g = v->g,
		.stays = stays,
		.arg = v,
		.without_possible = v->is_low_caution,
	};
}

static bool is_among(const plan_doc_texts *known, const char *name)
{
	array_each (known, i)
		if (strcmp(known->data[i], name) == 0)
			return true;
	return false;
}

/* The first user that the plan did not know makes the item unsafe. */
static void judge_users(const struct verifier *v, const struct users *users,
			const plan_doc_texts *known, struct verify_item *item)
{
	array_each (&users->edges, i) {
		const struct graph_edge *edge = &v->g->edges[users->edges.data[i]];
		_cleanup_(freep) char *name = users_name(v->g, users->edges.data[i]);
		struct strbuf text = { 0 };

		if (is_among(known, name))
			continue;
		strbuf_printf(&text, "%s stays and uses it (%s, %s: ", name,
			      edge_kind_name(edge->kind),
			      edge_strength_name(edge->strength));
		text_printable(&text, graph_text(v->g, edge->cite_text));
		strbuf_puts(&text, "), which the plan does not know");
		set_status(item, VERIFY_UNSAFE, strbuf_detach(&text));
		return;
	}
}

/* A package that stays and asks for the file by its path. */
static pkg_id path_requirer(const struct verifier *v, file_id file)
{
	const struct graph *g = v->g;
	struct demand_leaves leaves;
	pkg_id found = 0;

	if (!idset_has(&v->path_capabilities, file))
		return 0;
	demand_leaves_init(&leaves, g);
	for (uint32_t i = 0; i < g->requirement_count && !found; i++) {
		const struct graph_requirement *req = &g->requirements[i];

		if (req->state != REQ_CHECKED || req->node == 0 ||
		    idset_has(&v->removed, req->package))
			continue;
		demand_leaves_find(&leaves, g, req->node);
		array_each (&leaves.caps, k) {
			cap_id cap = leaves.caps.data[k];

			for (uint32_t p = g->provider_start[cap];
			     p < g->provider_start[cap + 1]; p++)
				if (g->providers[p].file == file)
					found = req->package;
		}
	}
	demand_leaves_release(&leaves);
	return found;
}

static bool has_children(const struct verifier *v, file_id folder)
{
	const struct graph *g = v->g;
	const char *path = graph_text(g, g->files[folder].path);
	size_t len = strlen(path);

	/* what begins with "path/" lies together behind the folder, among "path-x" */
	for (file_id f = folder + 1; f <= g->file_count; f++) {
		const char *other = graph_text(g, g->files[f].path);

		if (strncmp(other, path, len) != 0)
			return false;
		if (other[len] == '/' && stays(v, f))
			return true;
	}
	return false;
}

/* A package that stays and has the folder; NULL: none. */
static char *folder_owner(const struct verifier *v, file_id folder)
{
	const struct graph *g = v->g;
	uint32_t at = 0;
	pkg_id owner;

	while (demand_next_holder(g, folder, &at, &owner))
		if (!idset_has(&v->removed, owner))
			return mem_printf("%s stays and has this folder",
					  graph_text(g, g->packages[owner].nevra));
	return NULL;
}

/* Why the file must stay whoever uses it, or NULL; new memory. */
static char *forbidden(const struct verifier *v, const struct plan_doc_file *row,
		       file_id f)
{
	const struct graph *g = v->g;
	const struct graph_file *file = &g->files[f];
	pkg_id requirer = path_requirer(v, f);

	if (strcmp(file_type_name((enum file_type)file->type), row->type) != 0)
		return mem_printf("it is a %s now, not a %s",
				  file_type_name((enum file_type)file->type), row->type);
	if (file->category == CATEGORY_RPMDB || file->category == CATEGORY_CONTAINER)
		return mem_printf("it belongs to the %s now",
				  file_category_name((enum file_category)file->category));
	if (file->type == FILE_DIRECTORY)
		return folder_owner(v, f);
	if (graph_file_is_licence(g, f))
		return mem_strdup("it is a licence");
	if (file_trim_is_managed(g, f))
		return mem_strdup("a package has it as configuration or licence now");
	if (requirer)
		return mem_printf("%s stays and requires this path",
				  graph_text(g, g->packages[requirer].nevra));
	return NULL;
}

static void judge_file(struct verifier *v, const struct plan_doc_file *row,
		       struct verify_item *item)
{
	const struct graph *g = v->g;
	file_id f = graph_find_file(g, row->path);
	_cleanup_(users_release) struct users users = { 0 };
	struct users_query query = query_of(v);
	char *why;

	if (!f || !graph_file_on_disk(&g->files[f])) {
		set_status(item, VERIFY_NOOP, mem_strdup("it is not on the disk"));
		return;
	}
	why = forbidden(v, row, f);
	if (why) {
		set_status(item, VERIFY_UNSAFE, why);
	} else if (g->files[f].type == FILE_DIRECTORY && has_children(v, f)) {
		set_status(item, VERIFY_NOOP,
			   mem_strdup("something in it stays, so the folder does"));
	} else {
		users_of_file(&query, f, &users);
		judge_users(v, &users, &row->users, item);
	}
}

/* "/path:12" is in "/path": lines move when a file is edited. */
static bool is_place_in(const char *place, const char *path)
{
	size_t len = strlen(path);

	return strncmp(place, path, len) == 0 &&
	       (place[len] == '\0' ||
		(place[len] == ':' &&
		 place[len + 1 + strspn(place + len + 1, "0123456789")] == '\0'));
}

static bool is_cited(const struct plan_doc_service *row, const char *path)
{
	array_each (&row->places, i)
		if (is_place_in(row->places.data[i], path))
			return true;
	return false;
}

/* A started unit that stays and starts this one in a way that the plan does not know. */
static bool starts_anew(const struct verifier *v, const struct startup *startup,
			const struct plan_doc_service *row, uint32_t index)
{
	const struct graph *g = v->g;
	const struct graph_edge *edge = &g->edges[index];
	_cleanup_(freep) char *place = NULL;
	file_id at = edge->to;

	if (!startup_is_start(g, edge) || !graph_node_is_file(g, edge->from) ||
	    !idset_has(&startup->started, edge->from) || !stays(v, edge->from))
		return false;
	if (g->files[edge->to].type != FILE_SYMLINK)
		at = edge->cite_file ? edge->cite_file : edge->from;
	place = text_printable_dup(graph_text(g, g->files[at].path));
	return !is_cited(row, place);
}

static char *starter_text(const struct graph *g, uint32_t index)
{
	const struct graph_edge *edge = &g->edges[index];
	struct strbuf text = { 0 };

	text_printable(&text, graph_text(g, g->files[edge->from].path));
	strbuf_puts(&text, " starts it (");
	text_printable(&text, graph_text(g, edge->cite_text));
	strbuf_puts(&text, "), which the plan does not know");
	return strbuf_detach(&text);
}

static void judge_starters(const struct verifier *v, const struct startup *startup,
			   const struct plan_doc_service *row, file_id unit,
			   struct verify_item *item)
{
	const struct graph *g = v->g;

	for (uint32_t i = g->edge_in_start[unit]; i < g->edge_in_start[unit + 1]; i++) {
		const struct graph_edge *edge = &g->edges[g->edge_in[i]];

		if (edge->kind == EDGE_SYMLINK && graph_node_is_file(g, edge->from) &&
		    item->status == VERIFY_VALID && edge->from != unit)
			for (uint32_t k = g->edge_in_start[edge->from];
			     k < g->edge_in_start[edge->from + 1]; k++)
				if (starts_anew(v, startup, row, g->edge_in[k]))
					set_status(item, VERIFY_UNSAFE,
						   starter_text(g, g->edge_in[k]));
		if (item->status == VERIFY_VALID &&
		    starts_anew(v, startup, row, g->edge_in[i]))
			set_status(item, VERIFY_UNSAFE, starter_text(g, g->edge_in[i]));
	}
}

/* The daemon that a unit of this name starts, or NULL. */
static const struct startup_daemon *find_daemon(const struct graph *g,
						const struct startup *startup,
						const char *name)
{
	array_each (&startup->daemons, i) {
		const struct startup_daemon *daemon = &startup->daemons.data[i];
		const char *path =
			daemon->unit ? graph_text(g, g->files[daemon->unit].path) : "";
		const char *slash = strrchr(path, '/');

		if (slash && strcmp(slash + 1, name) == 0)
			return daemon;
	}
	return NULL;
}

static bool has_unit(const struct graph *g, const char *name)
{
	for (file_id f = 1; f <= g->file_count; f++) {
		const char *slash = strrchr(graph_text(g, g->files[f].path), '/');

		if (g->files[f].category == CATEGORY_UNIT && slash &&
		    strcmp(slash + 1, name) == 0 && graph_file_on_disk(&g->files[f]))
			return true;
	}
	return false;
}

static void judge_service(struct verifier *v, const struct startup *startup,
			  const struct plan_doc_service *row, struct verify_item *item)
{
	const struct startup_daemon *daemon = find_daemon(v->g, startup, row->unit);
	_cleanup_(users_release) struct users users = { 0 };
	struct users_query query = query_of(v);

	if (!daemon) {
		set_status(item, VERIFY_NOOP,
			   mem_strdup(has_unit(v->g, row->unit)
					      ? "it does not start when the system boots"
					      : "there is no such unit"));
		return;
	}
	judge_starters(v, startup, row, daemon->unit, item);
	if (item->status != VERIFY_VALID)
		return;
	users_of_service(&query, daemon->unit, daemon->program, &users);
	judge_users(v, &users, &row->users, item);
}

/* Files that some requirement names by path. */
static void index_capabilities(struct verifier *v)
{
	const struct graph *g = v->g;

	for (uint32_t i = 0; i < g->provider_start[g->capability_count + 1]; i++)
		if (g->providers[i].file)
			idset_add(&v->path_capabilities, g->providers[i].file);
}

void verify_items(struct verifier *v, const struct plan_doc *doc)
{
	struct startup startup;

	v->is_low_caution = strcmp(doc->caution, "low") == 0;
	array_each (&doc->files, i) {
		file_id f = graph_find_file(v->g, doc->files.data[i].path);

		if (f)
			idset_add(&v->trimmed, f);
	}
	index_capabilities(v);
	array_each (&doc->files, i)
		judge_file(v, &doc->files.data[i],
			   new_item(v, VERIFY_FILE, doc->files.data[i].path));
	if (doc->services.len == 0)
		return;
	startup_find(v->g, &startup);
	array_each (&doc->services, i)
		judge_service(v, &startup, &doc->services.data[i],
			      new_item(v, VERIFY_SERVICE, doc->services.data[i].unit));
	startup_release(&startup);
}
