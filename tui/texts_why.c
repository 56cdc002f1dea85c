#include "tui/texts.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/text.h"
#include "tui/sources.h"
#include "tui/text_view.h"

#include <stdio.h>

static const char *name_of(const struct graph *g, uint32_t node)
{
	if (graph_node_is_file(g, node))
		return graph_text(g, g->files[node].path);
	return graph_text(g, g->packages[graph_node_package(g, node)].nevra);
}

static struct view *new_page(const struct graph *g, const char *what, uint32_t node)
{
	_cleanup_(freep) char *title = mem_printf("%s: %s", what, name_of(g, node));

	return text_view_new(title);
}

/* A chain from the node down to what must stay, each step with its citation. */
static void add_chain(struct view *v, const struct session *s, const struct closure *c,
		      const struct intent *intent, uint32_t node)
{
	closure_chain chain = { 0 };

	closure_explain(c, node, &chain);
	array_each (&chain, i) {
		const struct closure_step *step = &chain.data[i];
		_cleanup_(freep) char *text = NULL, *place = NULL;
		bool is_root = step->cause.kind == CAUSE_ROOT;

		text_view_add(v, is_root ? PAINT_KEEP : PAINT_STRONG, step->node, 2,
			      name_of(s->g, step->node));
		if (is_root && step->cause.index >= intent->roots.len) {
			text_view_add(v, PAINT_TEXT, 0, 4,
				      "stays: it is kept or not marked for removal");
			continue;
		}
		text = plan_step_text(s->g, intent, step);
		place = plan_step_place(s->g, intent, step);
		text_view_printf(v, PAINT_TEXT, 0, 4, "%s", text);
		if (place && place[0])
			text_view_printf(v, PAINT_DIM, 0, 4, "[%s]", place);
	}
	array_release(&chain);
}

static void add_plan_words(struct view *v, const struct session *s, pkg_id p)
{
	const struct plan *plan = trim_plan(s->trim);
	const struct plan_package *row;

	if (!plan)
		return;
	row = &plan->packages[p];
	text_view_printf(v, row->action == PLAN_KEEP ? PAINT_KEEP : PAINT_FREE, 0, 0,
			 "%s: %s",
			 row->action == PLAN_KEEP ? "The best plan keeps it"
						  : "The best plan removes it",
			 row->reason);
	if (row->action == PLAN_REMOVE && row->risk != RISK_NONE)
		text_view_printf(v, PAINT_WARNING, 0, 0, "Risk: %s (%s)",
				 plan_risk_name(row->risk), row->risk_reason);
	array_each (&row->features_lost, i)
		text_view_printf(v, PAINT_WARNING, 0, 0, "Lost without it: %s",
				 row->features_lost.data[i]);
}

/* Everybody who needs it directly; from each of them the question goes on. */
static void add_users(struct view *v, const struct session *s, const struct deps *deps,
		      pkg_id p)
{
	dep_list list = { 0 };

	deps_of(deps, p, true, &list);
	text_view_printf(v, PAINT_STRONG, 0, 0, "%s",
			 list.len ? "All that needs it (w asks on):"
				  : "No package needs it.");
	array_each (&list, i) {
		const struct dep *dep = &list.data[i];
		uint32_t node = graph_package_node(s->g, dep->package);
		_cleanup_(strbuf_release) struct strbuf text = { 0 };

		deps_text(s->g, dep, &text);
		text_view_printf(v, session_reached(s, node) ? PAINT_KEEP : PAINT_TEXT,
				 node, 2, "%s%s", name_of(s->g, node),
				 session_reached(s, node) ? "" : " (nothing needs that)");
		text_view_printf(v, PAINT_DIM, 0, 4, "%s%s%s", strbuf_text(&text),
				 dep->weak ? " - weak" : "",
				 dep->choice ? " - another one provides it, too" : "");
	}
	array_release(&list);
}

static void add_marks_words(struct view *v, const struct session *s, pkg_id p)
{
	if (session_fate(s, p) != FATE_STAYS)
		text_view_printf(v, (enum paint)fate_paint(s, p), 0, 0,
				 "Under the marks: %s.", fate_words(s, p));
	if (!session_conflict(s, p))
		return;
	if (s->cascade->refused == p) {
		text_view_printf(v, PAINT_BROKEN, 0, 0, "Conflict: no plan does that: %s",
				 s->cascade->refusal);
		return;
	}
	text_view_add(v, PAINT_BROKEN, 0, 0,
		      idset_has(&s->cascade->removed, p)
			      ? "Conflict: it goes, but something that stays uses it:"
			      : "Conflict: it stays, but what it needs goes.");
	if (idset_has(&s->cascade->removed, p))
		add_chain(v, s, s->cascade->used, s->intent, graph_package_node(s->g, p));
}

static void add_owners(struct view *v, const struct graph *g, file_id file)
{
	for (uint32_t i = g->owner_start[file]; i < g->owner_start[file + 1]; i++) {
		uint32_t node = graph_package_node(g, g->owners[i].package);

		text_view_printf(v, PAINT_TEXT, node, 0, "Owned by %s", name_of(g, node));
	}
	if (g->owner_start[file] == g->owner_start[file + 1])
		text_view_printf(v, PAINT_WARNING, 0, 0,
				 "No package owns it. Made by: %s",
				 g->files[file].owner_guess
					 ? graph_text(g, g->files[file].owner_guess)
					 : "not known");
}

static void add_file_users(struct view *v, const struct graph *g, uint32_t node)
{
	for (uint32_t i = g->edge_in_start[node]; i < g->edge_in_start[node + 1]; i++) {
		const struct graph_edge *edge = &g->edges[g->edge_in[i]];

		text_view_add(v, PAINT_TEXT, edge->from, 2, name_of(g, edge->from));
		text_view_printf(v, PAINT_DIM, 0, 4, "%s: %s (%s)",
				 edge_kind_name(edge->kind),
				 graph_text(g, edge->cite_text),
				 edge_strength_name(edge->strength));
	}
}

static void add_reason(struct view *v, const struct session *s, uint32_t node)
{
	const struct closure *c = session_closure(s);

	if (!session_reached(s, node)) {
		text_view_add(v, PAINT_FREE, 0, 0,
			      s->intent->roots.len ? "Nothing that must stay reaches it."
						   : "Nobody said what must stay: use "
						     "--profile or --keep.");
		return;
	}
	text_view_add(v, PAINT_KEEP, 0, 0, "What must stay needs it:");
	add_chain(v, s, c, s->intent, node);
}

struct view *why_text(const struct session *s, const struct deps *deps, uint32_t node)
{
	struct view *v = new_page(s->g, "Why", node);
	bool is_file = graph_node_is_file(s->g, node);
	pkg_id p = is_file ? 0 : graph_node_package(s->g, node);

	if (!s->prepared) {
		text_view_add(v, PAINT_DIM, 0, 0,
			      "Still weighing: ask again in a moment.");
		return v;
	}
	if (is_file) {
		add_owners(v, s->g, node);
	} else {
		add_marks_words(v, s, p);
		add_plan_words(v, s, p);
	}
	text_view_add(v, PAINT_TEXT, 0, 0, "");
	add_reason(v, s, node);
	text_view_add(v, PAINT_TEXT, 0, 0, "");
	if (is_file) {
		text_view_add(v, PAINT_STRONG, 0, 0, "Edges into it:");
		add_file_users(v, s->g, node);
	} else {
		add_users(v, s, deps, p);
	}
	return v;
}

struct view *reach_text(const struct session *s, const struct deps *deps, pkg_id package,
			bool reverse)
{
	uint32_t node = graph_package_node(s->g, package);
	struct view *v =
		new_page(s->g, reverse ? "All that needs" : "All needed by", node);
	dep_steps steps = { 0 };

	deps_all(deps, package, reverse, &steps);
	if (steps.len == 0)
		text_view_add(v, PAINT_DIM, 0, 0, "None.");
	array_each (&steps, i) {
		pkg_id p = steps.data[i].package;
		char bytes[UNITS_TEXT_MAX] = "-";
		uint64_t size;

		if (session_package_bytes(s, p, &size))
			units_format(bytes, size, UNITS_IEC);
		node = graph_package_node(s->g, p);
		text_view_printf(v, (enum paint)fate_paint(s, p), node, 0,
				 "%3u  %10s  %s%s", steps.data[i].depth, bytes,
				 name_of(s->g, node),
				 session_reached(s, node) ? " *" : "");
	}
	array_release(&steps);
	return v;
}

struct view *links_text(const struct session *s, const struct deps *deps, pkg_id from,
			pkg_id to)
{
	const struct graph *g = s->g;
	struct view *v = new_page(g, "Links to", graph_package_node(g, to));
	dep_list list = { 0 };

	deps_links(deps, from, to, &list);
	text_view_printf(v, PAINT_STRONG, graph_package_node(g, from), 0,
			 "%s needs it by:", graph_text(g, g->packages[from].nevra));
	array_each (&list, i) {
		const struct dep *dep = &list.data[i];
		const struct graph_provider *provider = NULL;
		uint32_t count =
			dep->is_edge ? 0 : deps_providers(g, dep->cap, &provider);
		_cleanup_(strbuf_release) struct strbuf text = { 0 };

		deps_text(g, dep, &text);
		text_view_add(v, dep->weak ? PAINT_DIM : PAINT_TEXT, 0, 2,
			      strbuf_text(&text));
		for (uint32_t k = 0; count > 1 && k < count; k++)
			if (provider[k].package != to)
				text_view_printf(
					v, PAINT_FREE,
					graph_package_node(g, provider[k].package), 4,
					"also provided by %s",
					graph_text(
						g,
						g->packages[provider[k].package].nevra));
	}
	array_release(&list);
	return v;
}
