#include "trimmer/plan_internal.h"

#include "base/macros.h"
#include "base/mem.h"

#include <string.h>

struct risk_finder {
	struct plan_work *work;
	struct plan *plan;
	const struct graph *g;
};

/* Raise the risk; the reason that is told belongs to the highest, the first of equals. */
static void raise_risk(struct plan_package *item, enum plan_risk risk, char *reason)
{
	if (risk <= item->risk) {
		free(reason);
		return;
	}
	item->risk = risk;
	free(item->risk_reason);
	item->risk_reason = reason;
}

/* What every file that stays points to and the plan does not honour. */
static void look_at_edge(struct risk_finder *f, const struct graph_edge *edge,
			 pkg_id goes)
{
	struct plan_package *item = &f->plan->packages[goes];
	bool reached = idset_has(&f->plan->closure->reached, edge->from);
	enum plan_risk risk = reached ? RISK_MEDIUM : RISK_LOW;
	struct strbuf out = { 0 };

	if (risk <= item->risk)
		return;
	plan_put_text(f->work, &out, f->g->files[edge->from].path);
	strbuf_printf(&out,
		      " stays and may use it (%s, %s): ", edge_kind_name(edge->kind),
		      edge_strength_name(edge->strength));
	plan_put_text(f->work, &out, edge->cite_text);
	raise_risk(item, risk, strbuf_detach(&out));
}

static void look_at_edges(struct risk_finder *f, file_id file)
{
	const struct graph *g = f->g;

	for (uint32_t i = g->edge_start[file]; i < g->edge_start[file + 1]; i++) {
		const struct graph_edge *edge = &g->edges[i];
		uint32_t at = 0;
		pkg_id owner;

		if (edge->kind == EDGE_READS)
			continue; /* reads what is there, and does without */

		if (!graph_node_is_file(g, edge->to)) {
			owner = graph_node_package(g, edge->to);
			if (!plan_keeps(f->plan, owner))
				look_at_edge(f, edge, owner);
			continue;
		}
		if (plan_file_stays(f->plan, edge->to))
			continue;
		while (demand_next_holder(g, edge->to, &at, &owner))
			look_at_edge(f, edge, owner);
	}
}

static void look_at_dropped(struct risk_finder *f)
{
	array_each (&f->plan->dropped, i) {
		const struct plan_dropped *dropped = &f->plan->dropped.data[i];
		struct strbuf out = { 0 };

		if (dropped->provider == 0)
			continue;
		strbuf_puts(&out, "installing ");
		plan_put_name(f->work, &out, dropped->package);
		strbuf_puts(&out, " again would bring it back");
		raise_risk(&f->plan->packages[dropped->provider], RISK_LOW,
			   strbuf_detach(&out));
	}
}

static void look_at_recommends(struct risk_finder *f)
{
	const struct graph *g = f->g;
	struct demand_leaves leaves;

	demand_leaves_init(&leaves, g);
	for (uint32_t i = 0; i < g->requirement_count; i++) {
		const struct graph_requirement *req = &g->requirements[i];

		if (req->strength != REQ_RECOMMENDS || req->state != REQ_CHECKED ||
		    !plan_keeps(f->plan, req->package))
			continue;
		demand_leaves_find(&leaves, g, req->node);
		array_each (&leaves.caps, c) {
			cap_id cap = leaves.caps.data[c];

			for (uint32_t k = g->provider_start[cap];
			     k < g->provider_start[cap + 1]; k++) {
				pkg_id p = g->providers[k].package;
				struct strbuf out = { 0 };

				if (plan_keeps(f->plan, p))
					continue;
				plan_put_name(f->work, &out, req->package);
				strbuf_puts(&out, " stays and recommends it");
				raise_risk(&f->plan->packages[p], RISK_LOW,
					   strbuf_detach(&out));
			}
		}
	}
	demand_leaves_release(&leaves);
}

static const bool IS_BOOT[CATEGORY_COUNT] = {
	[CATEGORY_KERNEL] = true,
	[CATEGORY_BOOT] = true,
	[CATEGORY_INITRAMFS] = true,
};

static void look_at_boot(struct risk_finder *f, pkg_id p)
{
	const struct graph *g = f->g;

	for (uint32_t i = g->owned_start[p]; i < g->owned_start[p + 1]; i++) {
		const struct graph_file *file = &g->files[g->owned[i]];
		struct strbuf out = { 0 };

		if (!IS_BOOT[file->category] || !graph_file_on_disk(file))
			continue;
		strbuf_puts(&out, "holds what a machine may boot with: ");
		plan_put_text(f->work, &out, file->path);
		raise_risk(&f->plan->packages[p], RISK_HIGH, strbuf_detach(&out));
		return;
	}
}

static void lose_feature(struct risk_finder *f, pkg_id p, const char *feature)
{
	struct plan_package *item = &f->plan->packages[p];

	if (plan_keeps(f->plan, p))
		return;
	array_each (&item->features_lost, i)
		if (strcmp(item->features_lost.data[i], feature) == 0)
			return;
	array_push(&item->features_lost, feature);
}

static void find_lost_features(struct risk_finder *f)
{
	array_each (&f->plan->intent->features, i) {
		const struct intent_root *root = &f->plan->intent->features.data[i];
		uint32_t at = 0;
		pkg_id owner;

		if (!root->feature || root->feature[0] == '\0' || root->node == 0 ||
		    root->node > f->g->node_count)
			continue;
		if (!graph_node_is_file(f->g, root->node)) {
			lose_feature(f, graph_node_package(f->g, root->node),
				     root->feature);
			continue;
		}
		if (plan_file_stays(f->plan, root->node))
			continue;
		while (demand_next_holder(f->g, root->node, &at, &owner))
			lose_feature(f, owner, root->feature);
	}
}

static bool is_same_wish(const struct plan *plan, uint32_t a, uint32_t b)
{
	const struct intent_root *x = &plan->intent->unwanted.data[a],
				 *y = &plan->intent->unwanted.data[b];

	return strcmp(x->place ? x->place : "", y->place ? y->place : "") == 0;
}

static void add_conflict(struct risk_finder *f, uint32_t unwanted, pkg_id p)
{
	struct plan *plan = f->plan;

	const struct plan_conflict *last =
		plan->conflicts.len ? &plan->conflicts.data[plan->conflicts.len - 1]
				    : NULL;

	if (!plan_keeps(plan, p))
		return;
	/* several files of a package that one line does not want */
	if (last && last->package == p && is_same_wish(plan, last->unwanted, unwanted))
		return;
	array_push(&plan->conflicts, (struct plan_conflict){ unwanted, p });
}

/* A file that is not wanted stays with its package. */
static void find_conflicts(struct risk_finder *f)
{
	array_each (&f->plan->intent->unwanted, i) {
		uint32_t node = f->plan->intent->unwanted.data[i].node, at = 0;
		pkg_id owner;

		if (node == 0 || node > f->g->node_count)
			continue;
		if (!graph_node_is_file(f->g, node)) {
			add_conflict(f, (uint32_t)i, graph_node_package(f->g, node));
			continue;
		}
		while (demand_next_holder(f->g, node, &at, &owner))
			add_conflict(f, (uint32_t)i, owner);
	}
}

void plan_find_risks(struct plan_work *work)
{
	struct risk_finder f = { work, work->plan, work->g };

	for (file_id file = 1; file <= f.g->file_count; file++)
		if (f.g->edge_start[file] < f.g->edge_start[file + 1] &&
		    plan_file_stays(f.plan, file))
			look_at_edges(&f, file);
	look_at_dropped(&f);
	look_at_recommends(&f);
	idset_each (&f.plan->removed, p)
		look_at_boot(&f, (pkg_id)p);
	find_lost_features(&f);
	find_conflicts(&f);
	for (pkg_id p = 1; p <= f.g->package_count; p++)
		if (!f.plan->packages[p].risk_reason)
			f.plan->packages[p].risk_reason = mem_strdup("");
}
