#include "trimmer/plan.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/text.h"

static void put(const struct graph *g, struct strbuf *out, str_id text)
{
	text_printable(out, graph_text(g, text));
}

/* Roots that are not the intent's: programs without a package, keys, protected ones. */
static const char *implicit_root(const struct graph *g, uint32_t node)
{
	if (graph_node_is_file(g, node))
		return "no package owns it, so no plan removes it";
	if (g->packages[graph_node_package(g, node)].is_key)
		return "a key: signatures are checked with it";
	return "a protected package";
}

static const struct intent_root *root_of(const struct intent *intent,
					 const struct closure_step *step)
{
	if (!intent || step->cause.index >= intent->roots.len)
		return NULL;
	return &intent->roots.data[step->cause.index];
}

static void put_root(const struct graph *g, const struct intent *intent,
		     const struct closure_step *step, struct strbuf *out)
{
	const struct intent_root *root = root_of(intent, step);

	if (!root) {
		strbuf_puts(out, implicit_root(g, step->node));
		return;
	}
	text_printable(out, root->selector && root->selector[0]
				    ? root->selector
				    : implicit_root(g, step->node));
	if (root->why && root->why[0]) {
		strbuf_puts(out, ": ");
		text_printable(out, root->why);
	}
}

static void put_edge(const struct graph *g, const struct graph_edge *edge,
		     struct strbuf *out)
{
	strbuf_puts(out, edge_kind_name(edge->kind));
	if (edge->strength != EDGE_HARD)
		strbuf_printf(out, " (%s)", edge_strength_name(edge->strength));
	strbuf_puts(out, ": ");
	put(g, out, edge->cite_text);
}

static void put_requirement(const struct graph *g, uint32_t index, struct strbuf *out)
{
	strbuf_printf(out, "%s ", req_strength_name(g->requirements[index].strength));
	put(g, out, g->requirements[index].text);
}

static void put_broad(const struct graph *g, uint32_t index, struct strbuf *out)
{
	if (index >= g->requirement_count) {
		strbuf_puts(out, "all that runs of a package that must stay");
		return;
	}
	strbuf_puts(out, "all that runs of it stays: ");
	put(g, out, g->packages[g->requirements[index].package].name);
	strbuf_putc(out, ' ');
	put_requirement(g, index, out);
	strbuf_puts(out, ", and no file says what for");
}

static void put_loader(const struct graph *g, const struct graph_edge *edge,
		       struct strbuf *out)
{
	strbuf_puts(out, "its file ");
	put(g, out, g->files[edge->from].path);
	strbuf_puts(out, " cannot be loaded without it, ");
	put_edge(g, edge, out);
}

char *plan_step_text(const struct graph *g, const struct intent *intent,
		     const struct closure_step *step)
{
	struct strbuf out = { 0 };

	switch ((enum cause_kind)step->cause.kind) {
	case CAUSE_NONE:
		strbuf_puts(&out, "nothing that must stay needs it");
		break;
	case CAUSE_ROOT:
		put_root(g, intent, step, &out);
		break;
	case CAUSE_EDGE:
		put_edge(g, &g->edges[step->cause.index], &out);
		break;
	case CAUSE_OWNER:
		strbuf_puts(&out, "a file of this package");
		break;
	case CAUSE_REQUIREMENT:
		put_requirement(g, step->cause.index, &out);
		break;
	case CAUSE_BROAD:
		put_broad(g, step->cause.index, &out);
		break;
	case CAUSE_LOADER:
		put_loader(g, &g->edges[step->cause.index], &out);
		break;
	}
	return strbuf_detach(&out);
}

/* Where an edge is written: the file that is cited, else the one it comes out of. */
static void put_edge_place(const struct graph *g, const struct graph_edge *edge,
			   struct strbuf *out)
{
	file_id file = edge->cite_file;

	if (file == 0 && graph_node_is_file(g, edge->from))
		file = edge->from;
	if (file == 0) {
		strbuf_puts(out, "rpmdb");
		return;
	}
	put(g, out, g->files[file].path);
	if (edge->cite_line)
		strbuf_printf(out, ":%u", edge->cite_line);
}

char *plan_step_place(const struct graph *g, const struct intent *intent,
		      const struct closure_step *step)
{
	struct strbuf out = { 0 };
	const struct intent_root *root;

	switch ((enum cause_kind)step->cause.kind) {
	case CAUSE_ROOT:
		root = root_of(intent, step);
		if (root && root->place && root->place[0])
			text_printable(&out, root->place);
		else
			strbuf_puts(&out, "built in");
		break;
	case CAUSE_EDGE:
	case CAUSE_LOADER:
		put_edge_place(g, &g->edges[step->cause.index], &out);
		break;
	default:
		strbuf_puts(&out, "rpmdb");
		break;
	}
	return strbuf_detach(&out);
}
