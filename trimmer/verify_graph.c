#include "trimmer/verify_internal.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "graph/demand.h"

static bool stays(const struct verifier *v, pkg_id p)
{
	return !idset_has(&v->removed, p);
}

static void blame(struct verifier *v, pkg_id p, const char *subject, const char *text)
{
	if (!stays(v, p) && !v->blamed[p])
		v->blamed[p] = mem_printf("%s %s", subject, text);
}

/* RPM looks at these when it erases; what only installing needs is none of them. */
static bool is_checked(const struct graph_requirement *req)
{
	if (req->state != REQ_CHECKED || req->node == 0 ||
	    (req->phases & PHASE_MISSINGOK))
		return false;
	return req->strength == REQ_CONFLICTS ||
	       (req->strength == REQ_REQUIRES && !phases_install_only(req->phases));
}

static void blame_providers(struct verifier *v, struct demand_leaves *leaves,
			    const struct graph_requirement *req, const char *subject,
			    const char *text)
{
	const struct graph *g = v->g;

	demand_leaves_find(leaves, g, req->node);
	array_each (&leaves->caps, k) {
		cap_id cap = leaves->caps.data[k];

		for (uint32_t i = g->provider_start[cap]; i < g->provider_start[cap + 1];
		     i++)
			blame(v, g->providers[i].package, subject, text);
	}
}

static void say_requirement(struct verifier *v, struct demand_leaves *leaves,
			    const struct graph_requirement *req)
{
	const struct graph *g = v->g;
	char *subject =
		text_printable_dup(graph_text(g, g->packages[req->package].nevra));
	struct strbuf text = { 0 };

	strbuf_puts(&text,
		    req->strength == REQ_CONFLICTS ? "conflicts with " : "requires ");
	text_printable(&text, graph_text(g, req->text));
	blame_providers(v, leaves, req, subject, strbuf_text(&text));
	verify_say(&v->report->graph, false, subject, strbuf_detach(&text));
}

static void check_requirements(struct verifier *v)
{
	const struct graph *g = v->g;
	struct idset present;
	_cleanup_(freep) bool *before = demand_evaluate(g, NULL), *after = NULL;
	struct demand_leaves leaves;

	idset_init(&present, g->package_count + 1u);
	for (pkg_id p = 1; p <= g->package_count; p++)
		if (stays(v, p))
			idset_add(&present, p);
	after = demand_evaluate(g, &present);
	demand_leaves_init(&leaves, g);
	for (uint32_t i = 0; i < g->requirement_count; i++) {
		const struct graph_requirement *req = &g->requirements[i];
		bool wanted = req->strength == REQ_REQUIRES;

		if (is_checked(req) && stays(v, req->package) &&
		    before[req->node] == wanted && after[req->node] != wanted)
			say_requirement(v, &leaves, req);
	}
	demand_leaves_release(&leaves);
	idset_release(&present);
}

bool verify_file_stays(const struct verifier *v, file_id file)
{
	const struct graph_file *f = &v->g->files[file];
	uint32_t at = 0;
	pkg_id owner;
	bool owned = false;

	if (!graph_file_on_disk(f))
		return false;
	while (demand_next_holder(v->g, file, &at, &owner)) {
		owned = true;
		if (stays(v, owner))
			return true;
	}
	return !owned;
}

static bool target_stays(const struct verifier *v, uint32_t node)
{
	if (graph_node_is_file(v->g, node))
		return verify_file_stays(v, node) ||
		       !graph_file_on_disk(&v->g->files[node]);
	return stays(v, graph_node_package(v->g, node));
}

static void say_edge(struct verifier *v, const struct graph_edge *edge)
{
	const struct graph *g = v->g;
	bool is_file = graph_node_is_file(g, edge->to), is_note = !demand_is_loader(edge);
	char *subject = text_printable_dup(graph_text(g, g->files[edge->from].path));
	struct strbuf text = { 0 };
	uint32_t at = 0;
	pkg_id owner;

	strbuf_puts(&text, "needs ");
	text_printable(
		&text,
		graph_text(g,
			   is_file ? g->files[edge->to].path
				   : g->packages[graph_node_package(g, edge->to)].nevra));
	strbuf_printf(&text, " (%s: ", edge_kind_name(edge->kind));
	text_printable(&text, graph_text(g, edge->cite_text));
	strbuf_putc(&text, ')');
	while (!is_note && is_file && demand_next_holder(g, edge->to, &at, &owner))
		blame(v, owner, subject, strbuf_text(&text));
	verify_say(&v->report->graph, is_note, subject, strbuf_detach(&text));
}

/*
 * What the loader needs of any file that stays must stay. Of other hard edges (a script's
 * interpreter, a link's target) it is not known here whether anything uses them: notes.
 */
static void check_edges(struct verifier *v)
{
	const struct graph *g = v->g;

	for (file_id f = 1; f <= g->file_count; f++) {
		if (g->edge_start[f] == g->edge_start[f + 1] || !verify_file_stays(v, f))
			continue;
		for (uint32_t i = g->edge_start[f]; i < g->edge_start[f + 1]; i++)
			if (g->edges[i].strength == EDGE_HARD &&
			    !target_stays(v, g->edges[i].to))
				say_edge(v, &g->edges[i]);
	}
}

void verify_graph(struct verifier *v)
{
	check_requirements(v);
	check_edges(v);
	v->report->graph.result =
		v->report->graph.problems.len > 0 ? VERIFY_FAILED : VERIFY_PASSED;
}
