#include "rules/intent.h"

#include "base/text.h"

#include <time.h>

static void say_day(int64_t seconds, struct strbuf *out)
{
	time_t time = (time_t)seconds;
	struct tm parts;

	if (seconds < 0 || !gmtime_r(&time, &parts))
		strbuf_puts(out, "?");
	else
		strbuf_printf(out, "%04d-%02d-%02d", parts.tm_year + 1900,
			      parts.tm_mon + 1, parts.tm_mday);
}

/* "evidence of observe on node-7, 2026-01-01 to 2026-01-31" */
static void say_place(const struct usage *usage, const struct usage_use *use,
		      struct strbuf *out)
{
	const struct usage_evidence *evidence = &usage->evidence[use->example];

	strbuf_puts(out, "evidence of ");
	strbuf_puts(out, usage_text(usage, evidence->source));
	if (usage_text(usage, evidence->node)[0]) {
		strbuf_puts(out, " on ");
		strbuf_puts(out, usage_text(usage, evidence->node));
	}
	if (evidence->begin < 0 && evidence->end < 0)
		return;
	strbuf_puts(out, ", ");
	say_day(evidence->begin, out);
	strbuf_puts(out, " to ");
	say_day(evidence->end, out);
}

/* "it was executed by a container, says 3 pieces of evidence" */
static void say_why(const struct graph *g, const struct usage_use *use,
		    struct strbuf *out)
{
	strbuf_printf(out, "it was %s", file_use_kind_name((enum file_use_kind)use->use));
	if (use->by) {
		strbuf_puts(out, " by ");
		text_printable(out, graph_text(g, g->files[use->by].path));
	}
	if (use->scope == SCOPE_CONTAINER)
		strbuf_puts(out, " in a container");
	if (use->evidences > 1)
		strbuf_printf(out, " (%u pieces of evidence)", use->evidences);
}

/* The strongest use of a file: executed, then opened, then mapped; they are in rising
 * order, and the first of them with the most evidence. */
static const struct usage_use *best_use(const struct usage *usage, file_id f)
{
	const struct usage_use *best = &usage->uses[usage->use_start[f]];

	for (uint32_t i = usage->use_start[f]; i < usage->use_start[f + 1]; i++) {
		const struct usage_use *use = &usage->uses[i];

		if (use->use > best->use ||
		    (use->use == best->use && use->evidences > best->evidences))
			best = use;
	}
	return best;
}

static const char *keep_text(struct intent *intent, const struct strbuf *text)
{
	return strpool_text(&intent->texts,
			    strpool_add(&intent->texts, strbuf_text(text)));
}

static void add_file(struct intent *intent, const struct graph *g,
		     const struct usage *usage, file_id f)
{
	const struct usage_use *use = best_use(usage, f);
	_cleanup_(strbuf_release) struct strbuf why = { 0 }, place = { 0 };

	say_why(g, use, &why);
	say_place(usage, use, &place);
	array_push(&intent->roots, (struct intent_root){
					   .node = graph_file_node(g, f),
					   .source = INTENT_USAGE,
					   .profile = "",
					   .selector = "seen in use",
					   .why = keep_text(intent, &why),
					   .feature = "",
					   .place = keep_text(intent, &place),
				   });
}

void intent_add_usage(struct intent *intent, const struct graph *g,
		      const struct usage *usage)
{
	struct intent_usage *sum = &intent->usage;

	*sum = (struct intent_usage){
		.evidence = usage->evidence_count,
		.nodes = usage->node_count,
		.begin = usage->begin,
		.end = usage->end,
	};
	for (uint32_t i = 0; i < usage->evidence_count; i++)
		sum->incomplete += !usage->evidence[i].complete;
	for (file_id f = 1; f <= g->file_count; f++) {
		if (!usage_seen(usage, f) || !graph_file_on_disk(&g->files[f]) ||
		    g->files[f].type == FILE_DIRECTORY)
			continue;
		add_file(intent, g, usage, f);
		sum->files++;
	}
	intent_sort(intent);
}

void intent_add_unchanged(struct intent *intent, const struct graph *g,
			  const struct idset *packages)
{
	idset_each (packages, p)
		array_push(&intent->roots,
			   (struct intent_root){
				   .node = graph_package_node(g, (pkg_id)p),
				   .source = INTENT_USAGE,
				   .profile = "",
				   .selector = "stays without the evidence",
				   .why = "evidence never adds a removal",
				   .feature = "",
				   .place = "",
			   });
	intent_sort(intent);
}
