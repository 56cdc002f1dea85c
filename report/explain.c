#include "report/explain.h"

#include "base/text.h"
#include "report/why.h"

#include <string.h>

struct view {
	const struct planning *planning;
	const struct plan *plan;
	const struct graph *g;
	const struct style *style;
	struct strbuf *out;
};

static void put_size(const struct view *v, const char *name, uint64_t bytes,
		     const char *words)
{
	strbuf_printf(v->out, "%-12s", name);
	style_size(v->out, v->style, bytes);
	strbuf_printf(v->out, "%s\n", words);
}

static void put_words(const struct view *v, const char *name, const char *words)
{
	strbuf_printf(v->out, "%-12s", name);
	text_printable(v->out, words);
	strbuf_putc(v->out, '\n');
}

static void put_removed(const struct view *v, const struct plan_package *item)
{
	strbuf_printf(v->out, "%-12s%s%s", "Risk", plan_risk_name(item->risk),
		      item->risk_reason[0] ? ": " : "");
	text_printable(v->out, item->risk_reason);
	strbuf_putc(v->out, '\n');
	array_each (&item->features_lost, i)
		put_words(v, "Loses", item->features_lost.data[i]);
	array_each (&item->scriptlets, i)
		put_words(v, "Runs", item->scriptlets.data[i]);
}

/* Requirements that were not honoured, from either side. */
static void put_dropped(const struct view *v, pkg_id p)
{
	array_each (&v->plan->dropped, i) {
		const struct plan_dropped *dropped = &v->plan->dropped.data[i];
		const struct graph_requirement *req =
			&v->g->requirements[dropped->requirement];
		const char *user =
			graph_text(v->g, v->g->packages[dropped->package].name);

		if (dropped->provider != p && dropped->package != p)
			continue;
		strbuf_printf(v->out, "%-12s", "Drops");
		text_printable(v->out, user);
		strbuf_puts(v->out, " requires ");
		text_printable(v->out, graph_text(v->g, req->text));
		strbuf_puts(v->out, " while it is installed\n");
	}
}

/* What trims take of a package: one line for each rule. */
static void put_trims_of(const struct view *v, pkg_id p)
{
	array_each (&v->plan->trims, t) {
		uint64_t files = 0, bytes = 0;

		array_each (&v->plan->files, i) {
			const struct plan_file *file = &v->plan->files.data[i];

			if (file->trim != t || file->package != p)
				continue;
			files++;
			bytes += file->disk_bytes;
		}
		if (files == 0)
			continue;
		strbuf_printf(v->out, "%-12s%s: ", "Trim", v->plan->trims.data[t].id);
		style_counted(v->out, files, "file");
		strbuf_puts(v->out, ", ");
		style_size(v->out, v->style, bytes);
		strbuf_putc(v->out, '\n');
	}
}

static void explain_package(const struct view *v, pkg_id p)
{
	const struct plan_package *item = &v->plan->packages[p];

	put_size(v, "Disk", item->disk_bytes, " that it holds alone");
	if (v->g->image.has_compressed)
		put_size(v, "Compressed", item->compressed_bytes,
			 " of that as an image layer");
	put_size(v, "Retains", item->retained_bytes,
		 " with all that needs it, and what only those need");
	if (item->action == PLAN_KEEP)
		put_size(v, "Holds", item->held_bytes, " that stay for its sake alone");
	else
		put_removed(v, item);
	put_dropped(v, p);
	put_trims_of(v, p);
}

static void explain_trim(const struct view *v, const struct plan_file *file)
{
	const struct plan_trim *trim = &v->plan->trims.data[file->trim];

	put_words(v, "Goes by", trim->id);
	put_words(v, "Because", trim->why);
	put_size(v, "Disk", file->disk_bytes, "");
	if (v->g->image.has_compressed)
		put_size(v, "Compressed", file->compressed_bytes, " as an image layer");
	strbuf_printf(v->out, "%-12s%s: ", "Risk", plan_risk_name(trim->risk));
	text_printable(v->out, trim->risk_reason);
	strbuf_putc(v->out, '\n');
	for (size_t i = 0; trim->features_lost[i]; i++)
		put_words(v, "Loses", trim->features_lost[i]);
	put_words(v, "rpm -V", trim->rpm_verify);
	put_words(v, "Restore", trim->restore);
}

static const struct plan_file *find_trimmed(const struct plan *plan, uint32_t node)
{
	array_each (&plan->files, i)
		if (graph_file_node(plan->graph, plan->files.data[i].file) == node)
			return &plan->files.data[i];
	return NULL;
}

void explain_print(const struct planning *planning, uint32_t node,
		   const struct style *style, struct strbuf *out)
{
	struct view v = { planning, planning->plan, planning->plan->graph, style, out };
	const struct plan_file *file = find_trimmed(v.plan, node);
	_cleanup_(why_release) struct why why = { 0 };

	if (file) {
		style_bytes(out, style, MARK_HEAD,
			    graph_text(v.g, v.g->files[file->file].path));
		strbuf_putc(out, '\n');
		explain_trim(&v, file);
		return;
	}
	why_make(planning, node, &why);
	why_print(&why, style, true, out);
	if (!graph_node_is_file(v.g, node))
		explain_package(&v, graph_node_package(v.g, node));
}
