/*
 * The report as text for people.
 */
#include "report/summary.h"

#include "base/text.h"
#include "report/section.h"

void summary_say_completeness(const struct graph *g, struct strbuf *out)
{
	const struct graph_image *image = &g->image;

	if (image->complete)
		strbuf_puts(out, "complete");
	else
		strbuf_puts(out, "INCOMPLETE: something could not be read, see the "
				 "findings");
	if (image->rpmdb_unreadable) {
		strbuf_puts(out, "; ");
		style_counted(out, image->rpmdb_unreadable, "RPM header");
		strbuf_puts(out, " unreadable");
	}
	if (image->metadata_only)
		strbuf_puts(out, "; from metadata alone: files and sizes are declared, "
				 "nobody looked at the disk");
}

static const char *text_or(const struct graph *g, str_id id, const char *otherwise)
{
	return id ? graph_text(g, id) : otherwise;
}

static void put_image(const struct summary *s, struct strbuf *out)
{
	const struct graph *g = s->graph;
	_cleanup_(strbuf_release) struct strbuf line = { 0 };

	section_field(out, "Root", graph_text(g, g->image.root));
	section_field(out, "System",
		      text_or(g, g->image.os_name, "not known (no os-release)"));
	section_field(out, "Architecture",
		      text_or(g, g->image.architecture, "not known"));
	strbuf_printf(&line, "%s (%s)", graph_text(g, g->image.rpmdb_path),
		      graph_text(g, g->image.rpmdb_backend));
	section_field(out, "RPM database", strbuf_text(&line));
	strbuf_clear(&line);
	summary_say_completeness(g, &line);
	section_field(out, "Analysis", strbuf_text(&line));
}

static void put_weight(struct strbuf *out, const struct style *style, const char *name,
		       const struct measure_sum *sum, const char *noun)
{
	_cleanup_(strbuf_release) struct strbuf size = { 0 };

	style_size(&size, style, sum->disk_bytes);
	strbuf_printf(out, "%-16s%10s in ", name, strbuf_text(&size));
	style_counted(out, sum->count, noun);
	strbuf_putc(out, '\n');
}

static void put_totals(const struct summary *s, const struct style *style,
		       struct strbuf *out)
{
	const struct graph_image *image = &s->graph->image;
	_cleanup_(strbuf_release) struct strbuf size = { 0 };

	section_heading(out, style, image->metadata_only ? "Declared sizes" : "On disk");
	put_weight(out, style, "Everything", &s->total, "file");
	put_weight(out, style, "Packages", &s->packages, "package");
	put_weight(out, style, "Unowned", &s->unowned, "file");
	if (image->has_compressed) {
		style_size(&size, style, image->compressed_bytes);
		strbuf_printf(out, "%-16s%10s as an image layer\n", "Compressed",
			      strbuf_text(&size));
		strbuf_clear(&size);
	}
	if (image->boundary_bytes == 0)
		return;
	style_size(&size, style, image->boundary_bytes);
	strbuf_printf(out,
		      "%-16s%10s not entered (container storage, other file systems)\n",
		      "Boundaries", strbuf_text(&size));
}

static void put_plan_totals(const struct plan_doc *plan, const struct style *style,
			    struct strbuf *out)
{
	section_heading(out, style, "Plan");
	strbuf_puts(out, "Profiles        ");
	array_each (&plan->profiles, i) {
		strbuf_puts(out, i ? ", " : "");
		text_printable(out, plan->profiles.data[i]);
	}
	strbuf_puts(out, "\nFrees           ");
	style_size(out, style, plan->disk_bytes_freed);
	strbuf_puts(out, " of ");
	style_size(out, style, plan->disk_bytes_before);
	strbuf_puts(out, " (");
	style_percent(out, plan->disk_bytes_freed, plan->disk_bytes_before);
	strbuf_puts(out, "), ");
	style_count(out, plan->packages_removed);
	strbuf_puts(out, " of ");
	style_counted(out, plan->packages_before, "package");
	if (plan->has_compressed) {
		strbuf_puts(out, "\nCompressed      ");
		style_size(out, style, plan->compressed_bytes_freed);
		strbuf_puts(out, " of ");
		style_size(out, style, plan->compressed_bytes_before);
		strbuf_puts(out, " as an image layer");
	}
	strbuf_puts(out, "\nSmallest        ");
	strbuf_puts(out, plan->optimal ? "proven: no smaller keep set exists"
				       : "not proven within the search limit");
	strbuf_putc(out, '\n');
	section_field(out, "RPM's check", plan->rpm_check);
	section_field(out, "Graph's check", plan->graph_check);
}

void summary_text(const struct summary *s, const struct style *style, uint64_t top,
		  struct strbuf *out)
{
	put_image(s, out);
	put_totals(s, style, out);
	if (s->plan) {
		put_plan_totals(s->plan, style, out);
		section_table(out, style, "Removed by the plan", &s->removal_rows, top);
	}
	section_table(out, style, "Packages by size", &s->package_rows, top);
	section_table(out, style,
		      "Packages that no other requires, by what would go with them",
		      &s->leaf_rows, top);
	section_table(out, style, "Files by category", &s->category_rows, 0);
	section_table(out, style, "Unowned files", &s->unowned_rows, top);
	section_table(out, style, "Supply chain and attack surface", &s->surface_rows, 0);
	section_table(out, style, "Findings", &s->rule_rows, 0);
}
