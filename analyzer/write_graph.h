/*
 * write_graph – the results of the passes as rows of the graph, each kind in its total
 * order.
 */
#pragma once

#include "analyzer/edges.h"
#include "analyzer/join.h"
#include "analyzer/marks.h"
#include "analyzer/rpm_image.h"
#include "analyzer/services.h"
#include "analyzer/tree.h"

/** Packages, capabilities, provides, requirements, providers, scriptlets. After
 * write_files(). */
int write_packages(struct store *st, const struct rpm_image *image,
		   const struct tree *tree, struct error *err);
/** Files and ownership; the tree is sorted. */
int write_files(struct store *st, const struct tree *tree, const struct rpm_image *image,
		const struct ownership_list *owners, struct error *err);
int write_edges(struct store *st, const struct edge_list *edges, struct error *err);
int write_services(struct store *st, const struct service_list *services,
		   struct error *err);
int write_marks(struct store *st, const struct mark_list *marks, struct error *err);
int write_findings(struct store *st, const struct finding_list *findings,
		   struct error *err);
