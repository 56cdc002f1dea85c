#include "tui/texts.h"

#include "base/macros.h"
#include "tui/sources.h"
#include "tui/text_view.h"

#include <stdio.h>

#define BIGGEST 20

static void say(struct view *v, const char *what, const char *text)
{
	if (text[0])
		text_view_printf(v, PAINT_TEXT, 0, 0, "%-12s %s", what, text);
}

static void say_bytes(struct view *v, const char *what, uint64_t bytes,
		      enum units_style units)
{
	char text[UNITS_TEXT_MAX];

	text_view_printf(v, PAINT_TEXT, 0, 0, "%-12s %s (%llu bytes)", what,
			 units_format(text, bytes, units), (unsigned long long)bytes);
}

/* The biggest files by insertion: there are few of them. */
static size_t find_biggest(const struct graph *g, pkg_id p, file_id ret[BIGGEST])
{
	size_t len = 0;

	for (uint32_t i = g->owned_start[p]; i < g->owned_start[p + 1]; i++) {
		file_id f = g->owned[i];
		size_t at = len;

		while (at > 0 &&
		       g->files[ret[at - 1]].disk_bytes < g->files[f].disk_bytes)
			at--;
		if (at == BIGGEST)
			continue;
		len = MIN2(len + 1, (size_t)BIGGEST);
		for (size_t k = len - 1; k > at; k--)
			ret[k] = ret[k - 1];
		ret[at] = f;
	}
	return len;
}

static void add_files(struct view *v, const struct graph *g, pkg_id p,
		      enum units_style units)
{
	file_id biggest[BIGGEST];
	size_t len = find_biggest(g, p, biggest);

	text_view_printf(v, PAINT_STRONG, 0, 0, "%u files; the biggest:",
			 g->owned_start[p + 1] - g->owned_start[p]);
	for (size_t i = 0; i < len; i++) {
		const struct graph_file *file = &g->files[biggest[i]];
		char bytes[UNITS_TEXT_MAX];

		text_view_printf(v, PAINT_TEXT, biggest[i], 2, "%10s  %s",
				 units_format(bytes, file->disk_bytes, units),
				 graph_text(g, file->path));
	}
}

static void add_requirements(struct view *v, const struct graph *g, pkg_id p)
{
	text_view_printf(v, PAINT_STRONG, 0, 0, "%u requirements:",
			 g->requirement_start[p + 1] - g->requirement_start[p]);
	for (uint32_t i = g->requirement_start[p]; i < g->requirement_start[p + 1]; i++) {
		const struct graph_requirement *r = &g->requirements[i];

		text_view_printf(v, r->strength == REQ_REQUIRES ? PAINT_TEXT : PAINT_DIM,
				 0, 2, "%s %s%s%s", req_strength_name(r->strength),
				 graph_text(g, r->text), r->manual ? " (by hand)" : "",
				 phases_install_only(r->phases) ? " (only to install)"
								: "");
	}
}

static void package_details(struct view *v, const struct session *s, pkg_id p,
			    enum units_style units)
{
	const struct graph *g = s->g;
	const struct graph_package *pkg = &g->packages[p];

	text_view_add(v, PAINT_STRONG, 0, 0, graph_text(g, pkg->nevra));
	text_view_add(v, PAINT_TEXT, 0, 0, graph_text(g, pkg->summary));
	say(v, "Licence", graph_text(g, pkg->license));
	say(v, "Vendor", graph_text(g, pkg->vendor));
	say(v, "Source", graph_text(g, pkg->source_rpm));
	say(v, "Signed", pkg->is_signed ? "yes" : "no");
	say_bytes(v, "On disk", pkg->disk_bytes, units);
	say_bytes(v, "Declared", pkg->declared_bytes, units);
	if (s->prepared)
		say_bytes(v, "Retained", trim_retained(s->trim)[p], units);
	say(v, "Marks", fate_words(s, p));
	text_view_add(v, PAINT_TEXT, 0, 0, "");
	add_files(v, g, p, units);
	text_view_add(v, PAINT_TEXT, 0, 0, "");
	add_requirements(v, g, p);
}

static void file_details(struct view *v, const struct session *s, file_id f,
			 enum units_style units)
{
	const struct graph *g = s->g;
	const struct graph_file *file = &g->files[f];

	text_view_add(v, PAINT_STRONG, 0, 0, graph_text(g, file->path));
	say(v, "Type", file_type_name(file->type));
	say(v, "Category", file_category_name(file->category));
	say(v, "State", file_state_name(file->state));
	say(v, "Target", graph_text(g, file->target));
	text_view_printf(v, PAINT_TEXT, 0, 0, "%-12s %04o", "Mode", file->mode & 07777u);
	say_bytes(v, "On disk", file->disk_bytes, units);
	say_bytes(v, "Length", file->size_bytes, units);
	if (file->link_count > 1)
		text_view_printf(v, PAINT_TEXT, 0, 0, "%-12s %u", "Names",
				 file->link_count);
	say(v, "Made by", graph_text(g, file->owner_guess));
	for (uint32_t i = g->owner_start[f]; i < g->owner_start[f + 1]; i++) {
		pkg_id p = g->owners[i].package;

		text_view_printf(v, PAINT_TEXT, graph_package_node(g, p), 0, "%-12s %s",
				 "Owner", graph_text(g, g->packages[p].nevra));
	}
	text_view_add(v, PAINT_TEXT, 0, 0, "");
	text_view_add(v, PAINT_STRONG, 0, 0, "Edges from it:");
	for (uint32_t i = g->edge_start[f]; i < g->edge_start[f + 1]; i++) {
		const struct graph_edge *edge = &g->edges[i];
		uint32_t to = edge->to;

		text_view_printf(
			v, PAINT_TEXT, to, 2, "%s (%s) %s", edge_kind_name(edge->kind),
			edge_strength_name(edge->strength),
			graph_node_is_file(g, to)
				? graph_text(g, g->files[to].path)
				: graph_text(
					  g,
					  g->packages[graph_node_package(g, to)].nevra));
	}
}

struct view *details_text(const struct session *s, uint32_t node, enum units_style units)
{
	struct view *v = text_view_new("Details");

	if (graph_node_is_file(s->g, node))
		file_details(v, s, node, units);
	else
		package_details(v, s, graph_node_package(s->g, node), units);
	return v;
}
