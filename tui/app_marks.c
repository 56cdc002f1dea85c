#include "tui/app.h"

#include "base/io.h"
#include "base/macros.h"
#include "base/mem.h"
#include "trimmer/plan_json.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const char *package_name(const struct app *app, pkg_id p)
{
	return graph_text(app->s->g, app->s->g->packages[p].name);
}

/* Every package that a mark on the line means: of a file, all its owners. */
static void mark_node(struct app *app, uint32_t node, enum mark mark)
{
	const struct graph *g = app->s->g;

	if (!graph_node_is_file(g, node)) {
		marks_set(&app->s->marks, graph_node_package(g, node), mark);
		return;
	}
	for (uint32_t i = g->owner_start[node]; i < g->owner_start[node + 1]; i++)
		marks_set(&app->s->marks, g->owners[i].package, mark);
}

static const char *node_name(const struct app *app, uint32_t node)
{
	const struct graph *g = app->s->g;

	return graph_node_is_file(g, node)
		       ? graph_text(g, g->files[node].path)
		       : package_name(app, graph_node_package(g, node));
}

static bool commit(struct app *app)
{
	if (!marks_commit(&app->s->marks))
		return false;
	session_changed(app->s);
	return true;
}

static bool has_owner(const struct app *app, uint32_t node)
{
	const struct graph *g = app->s->g;

	return !graph_node_is_file(g, node) ||
	       g->owner_start[node] < g->owner_start[node + 1];
}

static void set_mark(struct app *app, enum mark mark, const char *word)
{
	uint32_t node = app_subject(app);

	if (node == 0 || !has_owner(app, node)) {
		app_complain(app, node ? "no package owns it: a plan of packages cannot "
					 "remove it"
				       : "there is no package or file here");
		return;
	}
	marks_begin(&app->s->marks, "%s %s", word, node_name(app, node));
	mark_node(app, node, mark);
	if (!commit(app))
		app_say(app, "it has that mark already");
	else if (graph_node_is_file(app->s->g, node))
		app_say(app, "%s: its package", word);
}

static enum mark mark_of(const struct app *app, uint32_t node)
{
	const struct graph *g = app->s->g;
	pkg_id p = graph_node_is_file(g, node) ? g->owners[g->owner_start[node]].package
					       : graph_node_package(g, node);

	return (enum mark)app->s->marks.mark[p];
}

static void tag(struct app *app)
{
	uint32_t node = app_subject(app);
	struct view *v = app_view(app);

	if (node && has_owner(app, node) && mark_of(app, node) != MARK_NONE)
		set_mark(app, MARK_NONE, "unmark");
	else
		set_mark(app, MARK_REMOVE, "mark");
	v->ops->request(v, DO_DOWN);
}

static void mark_with_dependants(struct app *app)
{
	const struct graph *g = app->s->g;
	uint32_t node = app_subject(app);
	dep_steps steps = { 0 };

	if (node == 0 || graph_node_is_file(g, node)) {
		app_complain(app, "this works on packages");
		return;
	}
	deps_all(app->s->models->deps, graph_node_package(g, node), true, &steps);
	marks_begin(&app->s->marks, "mark %s and all that needs it",
		    node_name(app, node));
	mark_node(app, node, MARK_REMOVE);
	array_each (&steps, i)
		marks_set(&app->s->marks, steps.data[i].package, MARK_REMOVE);
	app_say(app, "marked with %zu that need it", steps.len);
	array_release(&steps);
	commit(app);
}

static void unmark_all(struct app *app)
{
	marks_begin(&app->s->marks, "unmark all");
	for (pkg_id p = 1; p <= app->s->g->package_count; p++)
		marks_set(&app->s->marks, p, MARK_NONE);
	if (!commit(app))
		app_say(app, "nothing is marked");
}

static void undo_or_redo(struct app *app, bool redo)
{
	const char *text = redo ? marks_redo(&app->s->marks) : marks_undo(&app->s->marks);

	if (!text) {
		app_complain(app, redo ? "nothing was undone" : "nothing to undo");
		return;
	}
	app_say(app, "%s: %s", redo ? "done again" : "undone", text);
	session_changed(app->s);
}

static void propose(struct app *app)
{
	if (!app->s->prepared)
		app_complain(app, "still weighing: ask again in a moment");
	else if (app->s->intent->roots.len == 0)
		app_complain(app, "nobody said what must stay: use --profile or --keep");
	else if (session_ask(app->s, JOB_PROPOSE))
		app_say(app, "looking for the best plan ...");
}

bool app_mark_request(struct app *app, enum request request)
{
	switch (request) {
	case DO_MARK:
		set_mark(app, MARK_REMOVE, "mark");
		return true;
	case DO_MARK_FORCE:
		set_mark(app, MARK_FORCE, "force");
		return true;
	case DO_KEEP:
		set_mark(app, MARK_KEEP, "keep");
		return true;
	case DO_UNMARK:
		set_mark(app, MARK_NONE, "unmark");
		return true;
	case DO_MARK_TAG:
		tag(app);
		return true;
	case DO_MARK_DEPENDANTS:
		mark_with_dependants(app);
		return true;
	case DO_UNMARK_ALL:
		unmark_all(app);
		return true;
	case DO_UNDO:
	case DO_REDO:
		undo_or_redo(app, request == DO_REDO);
		return true;
	case DO_PROPOSE:
		propose(app);
		return true;
	case DO_PREVIEW:
		app_open_tab(app, 5);
		return true;
	case DO_WRITE:
		app_ask(app, ASK_WRITE, "write the plan to", app->options.plan_path);
		return true;
	case DO_LOAD:
		app_ask(app, ASK_LOAD, "load the plan", app->options.plan_path);
		return true;
	default:
		return false;
	}
}

/* A proposal becomes marks; what a person marked and it keeps stays marked, and is then
 * shown as a conflict. */
static void take_proposal(struct app *app, const struct plan *plan)
{
	struct marks *m = &app->s->marks;
	uint32_t against = 0;

	marks_begin(m, "propose: %u of %u packages can go%s", plan->packages_removed,
		    plan->packages_before, plan->optimal ? "" : " (not proven best)");
	for (pkg_id p = 1; p <= app->s->g->package_count; p++) {
		if (idset_has(&plan->removed, p))
			marks_set(m, p,
				  m->mark[p] == MARK_FORCE ? MARK_FORCE : MARK_REMOVE);
		else
			against += m->mark[p] == MARK_REMOVE || m->mark[p] == MARK_FORCE;
	}
	commit(app);
	if (against)
		app_complain(app, "the best plan keeps %u that are marked for removal",
			     against);
	else
		app_say(app, "%u of %u packages can go; %s", plan->packages_removed,
			plan->packages_before,
			plan->optimal ? "no plan frees more"
				      : "not proven to be the best");
}

static void write_text(struct app *app, const char *text)
{
	struct error err = { 0 };

	if (io_write_file(app->write_path, text, strlen(text), &err) < 0) {
		app_complain(app, "%s", err.text);
		return;
	}
	marks_save(&app->s->marks);
	app_say(app, "the plan was written to '%s'", app->write_path);
}

void app_take_answer(struct app *app, struct session_answer *answer)
{
	if (answer->err.code && answer->job == JOB_PREPARE) {
		app->failure = answer->err;
		app->quit = true;
		return;
	}
	if (answer->err.code) {
		app_complain(app, "%s", answer->err.text);
		return;
	}
	if (answer->proposal)
		take_proposal(app, answer->proposal->plan);
	if (answer->text)
		write_text(app, answer->text);
}

static void load(struct app *app, const char *path)
{
	_cleanup_(plan_doc_freep) struct plan_doc *doc = NULL;
	struct error err = { 0 };
	size_t gone = 0;

	if (plan_json_read_file(path, &doc, &err) < 0) {
		app_complain(app, "%s", err.text);
		return;
	}
	marks_begin(&app->s->marks, "load %s", path);
	array_each (&doc->packages, i) {
		const struct plan_doc_item *item = &doc->packages.data[i];
		pkg_id p = item->remove ? graph_find_package(app->s->g, item->nevra, NULL)
					: 0;

		gone += item->remove && p == 0;
		if (p)
			marks_set(&app->s->marks, p, MARK_REMOVE);
	}
	commit(app);
	if (gone)
		app_complain(app, "%zu packages of the plan are not in this graph", gone);
	else
		app_say(app, "loaded '%s'", path);
}

static void ask_for_text(struct app *app)
{
	app_say(app, "proving the plan ...");
	session_ask(app->s, JOB_WRITE);
}

void app_answered(struct app *app, const char *text)
{
	enum asking asking = app->asking;

	app->asking = ASK_NOTHING;
	switch (asking) {
	case ASK_QUIT:
		app->quit = true;
		break;
	case ASK_LOAD:
		load(app, text);
		break;
	case ASK_WRITE:
		free(app->write_path);
		app->write_path = mem_strdup(text);
		if (access(text, F_OK) == 0)
			app->asking = ASK_OVERWRITE;
		else
			ask_for_text(app);
		break;
	case ASK_OVERWRITE:
		ask_for_text(app);
		break;
	default:
		break;
	}
}

void app_load_plan(struct app *app, const char *path)
{
	load(app, path);
	marks_save(&app->s->marks);
}

int app_failure(const struct app *app, struct error *err)
{
	if (app->failure.code == 0)
		return 0;
	return error_set(err, app->failure.code, "%s", app->failure.text);
}
