/*
 * export – a plan in the words of other tools: package managers, image builders, bills of
 * materials.
 *
 *	r = export_plan(format, &(struct export_input){ .plan = doc }, &out, err);
 *
 * One row of the table in export.c is one format; export_shell.c, export_image.c and
 * sbom.c write them from the same lists (export_lists.h), so that no format proposes what
 * another does not. What a format has no words for is said in a comment at its top.
 */
#pragma once

#include "base/strbuf.h"
#include "graph/snapshot.h"
#include "trimmer/plan_json.h"

struct export_input {
	const struct plan_doc *plan; /* NULL: nothing is removed (bills of materials) */
	const struct graph *graph;   /* NULL where export_needs_graph() is false */
};

/** The formats' names, in the order of the help text; ends with NULL. */
extern const char *const EXPORT_FORMATS[];

/** True when @p format (index into EXPORT_FORMATS) describes what stays and so asks for
 * the graph; the others ask for a plan. */
bool export_needs_graph(int format);

/**
 * Write @p input in @p format.
 * @return 0; -EINVAL when a package's name cannot be said in that format, or when the plan
 * names no package of the graph (it is another image's)
 */
int export_plan(int format, const struct export_input *input, struct strbuf *out,
		struct error *err);
