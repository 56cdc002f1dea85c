/*
 * Service switches: a daemon that starts by default, in a package that stays, of which the
 * plan knows no reason to run. In doubt it runs: see plan_find_services().
 */
#include "trimmer/plan_internal.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/text.h"

#include <string.h>

struct finder {
	struct plan_work *work;
	struct plan *plan;
	const struct graph *g;
};

static const char *const SWITCHES[] = {
	[PLAN_DISABLE] = "disable", [PLAN_MASK] = "mask"
};

const char *plan_switch_name(enum plan_switch action)
{
	return SWITCHES[action];
}

static bool is_candidate(const struct finder *f, size_t daemon)
{
	return f->plan->starts[daemon].kind == START_NOT;
}

/* The daemon that this unit starts is to be kept from starting. */
static bool is_switched(const struct finder *f, file_id unit)
{
	array_each (&f->plan->memory->daemons, i)
		if (is_candidate(f, i) &&
		    f->plan->memory->daemons.data[i].startup.unit == unit)
			return true;
	return false;
}

struct starters {
	uint32_t links;	  /* entries of .wants folders that no package owns */
	uint32_t others;  /* units that want it and go on starting */
	bool is_required; /* one of them fails without it */
	uint32_t edge;	  /* of that one */
};

static void count_starter(const struct finder *f, uint32_t index, struct starters *ret)
{
	const struct graph *g = f->g;
	const struct graph_edge *edge = &g->edges[index];
	uint32_t at = 0;
	pkg_id owner;

	if (!startup_is_start(g, edge) || !graph_node_is_file(g, edge->from) ||
	    !idset_has(&f->plan->memory->startup.started, edge->from) ||
	    !plan_file_stays(f->plan, edge->from) || is_switched(f, edge->from))
		return;
	if (g->files[edge->to].type == FILE_SYMLINK &&
	    !demand_next_holder(g, edge->to, &at, &owner))
		ret->links++;
	else
		ret->others++;
	if (edge->strength != EDGE_HARD || ret->is_required)
		return;
	ret->is_required = true;
	ret->edge = index;
}

/* Who starts the unit, directly or by a link to it. */
static struct starters find_starters(const struct finder *f, file_id unit)
{
	const struct graph *g = f->g;
	struct starters ret = { 0 };

	for (uint32_t i = g->edge_in_start[unit]; i < g->edge_in_start[unit + 1]; i++) {
		const struct graph_edge *edge = &g->edges[g->edge_in[i]];
		file_id link = edge->from;

		count_starter(f, g->edge_in[i], &ret);
		if (edge->kind != EDGE_SYMLINK || !graph_node_is_file(g, link))
			continue;
		for (uint32_t k = g->edge_in_start[link]; k < g->edge_in_start[link + 1];
		     k++)
			count_starter(f, g->edge_in[k], &ret);
	}
	return ret;
}

/* What a unit that goes on starting cannot do without stays, and so on. */
static void drop_required(struct finder *f)
{
	const struct memory *m = f->plan->memory;
	bool changed = true;

	while (changed) {
		changed = false;
		array_each (&m->daemons, i) {
			struct starters starters;

			if (!is_candidate(f, i))
				continue;
			starters = find_starters(f, m->daemons.data[i].startup.unit);
			if (!starters.is_required)
				continue;
			f->plan->starts[i] =
				(struct plan_start){ START_REQUIRED, 0, starters.edge };
			changed = true;
		}
	}
}

static void cite(const struct finder *f, struct plan_service *service, uint32_t index)
{
	const struct graph *g = f->g;
	const struct graph_edge *edge = &g->edges[index];
	struct strbuf place = { 0 }, text = { 0 };
	file_id at = edge->to;

	if (!startup_is_start(g, edge) || !graph_node_is_file(g, edge->from) ||
	    !idset_has(&f->plan->memory->startup.started, edge->from))
		return;
	if (g->files[edge->to].type == FILE_SYMLINK) {
		strbuf_puts(&text, "starts it with ");
		plan_put_text(f->work, &text, g->files[edge->from].path);
	} else {
		at = edge->cite_file ? edge->cite_file : edge->from;
		plan_put_text(f->work, &text, edge->cite_text);
	}
	plan_put_text(f->work, &place, g->files[at].path);
	if (edge->cite_line)
		strbuf_printf(&place, ":%u", edge->cite_line);
	array_push(&service->citations,
		   (struct plan_citation){ strbuf_detach(&place), strbuf_detach(&text) });
}

static void cite_starters(const struct finder *f, struct plan_service *service,
			  file_id unit)
{
	const struct graph *g = f->g;

	for (uint32_t i = g->edge_in_start[unit]; i < g->edge_in_start[unit + 1]; i++) {
		const struct graph_edge *edge = &g->edges[g->edge_in[i]];
		file_id link = edge->from;

		cite(f, service, g->edge_in[i]);
		if (edge->kind != EDGE_SYMLINK || !graph_node_is_file(g, link))
			continue;
		for (uint32_t k = g->edge_in_start[link]; k < g->edge_in_start[link + 1];
		     k++)
			cite(f, service, g->edge_in[k]);
	}
}

/* What stays, unreached, and names the unit or its program. */
static void judge(const struct finder *f, struct plan_service *service, file_id file)
{
	const struct graph *g = f->g;

	for (uint32_t i = g->edge_in_start[file]; i < g->edge_in_start[file + 1]; i++) {
		const struct graph_edge *edge = &g->edges[g->edge_in[i]];
		struct strbuf out = { 0 };

		if (service->risk >= RISK_MEDIUM || !graph_node_is_file(g, edge->from) ||
		    edge->kind == EDGE_SYMLINK || edge->kind == EDGE_UNIT_EXEC ||
		    startup_is_start(g, edge) || !plan_file_stays(f->plan, edge->from))
			continue;
		service->risk = RISK_MEDIUM;
		free(service->risk_reason);
		plan_put_text(f->work, &out, g->files[edge->from].path);
		strbuf_printf(&out, " stays and may use it (%s, %s): ",
			      edge_kind_name(edge->kind),
			      edge_strength_name(edge->strength));
		plan_put_text(f->work, &out, edge->cite_text);
		service->risk_reason = strbuf_detach(&out);
	}
}

static void find_features(const struct finder *f, struct plan_service *service,
			  const struct startup_daemon *daemon)
{
	array_each (&f->plan->intent->features, i) {
		const struct intent_root *root = &f->plan->intent->features.data[i];
		bool known = false;

		if (!root->feature || root->feature[0] == '\0' || root->node == 0 ||
		    (root->node != daemon->unit && root->node != daemon->program))
			continue;
		array_each (&service->features_lost, k)
			known |= strcmp(service->features_lost.data[k], root->feature) ==
				 0;
		if (!known)
			array_push(&service->features_lost, root->feature);
	}
}

static char *unit_name(const struct finder *f, file_id unit)
{
	const char *path = graph_text(f->g, f->g->files[unit].path);
	const char *slash = strrchr(path, '/');

	return mem_strdup(slash ? slash + 1 : path);
}

/* A unit of that name is in the list: one name, one switch. */
static bool is_listed(const struct finder *f, file_id unit)
{
	_cleanup_(freep) char *name = unit_name(f, unit);

	array_each (&f->plan->services, i)
		if (strcmp(f->plan->services.data[i].unit, name) == 0)
			return true;
	return false;
}

static void add_service(struct finder *f, uint32_t index)
{
	const struct startup_daemon *daemon =
		&f->plan->memory->daemons.data[index].startup;
	struct starters starters = find_starters(f, daemon->unit);
	struct plan_service *service = array_extend(&f->plan->services, 1);

	*service = (struct plan_service){
		.daemon = index,
		.action = starters.links && !starters.others ? PLAN_DISABLE : PLAN_MASK,
		.unit = unit_name(f, daemon->unit),
		.risk = RISK_LOW,
		.reason = mem_strdup("started by default, and nothing that must stay "
				     "needs it"),
		.risk_reason = mem_strdup("what it does for others through sockets or "
					  "files is not seen"),
	};
	cite_starters(f, service, daemon->unit);
	judge(f, service, daemon->unit);
	judge(f, service, daemon->program);
	find_features(f, service, daemon);
}

static int by_unit_name(const void *a, const void *b)
{
	return strcmp(((const struct plan_service *)a)->unit,
		      ((const struct plan_service *)b)->unit);
}

static struct plan_start find_start(const struct finder *f,
				    const struct startup_daemon *daemon)
{
	const struct memory *m = f->plan->memory;
	struct plan_start start = plan_find_start(f->plan, daemon);

	if (start.kind == START_NOT && f->plan->options.keep_services)
		start.kind = START_ASKED;
	if (start.kind == START_NOT &&
	    (m->startup.first == 0 ||
	     !idset_has(&f->plan->closure->reached, m->startup.first)))
		start.kind = START_NO_BOOT;
	return start;
}

/*
 * A daemon can be switched off when
 *
 * - the default target is reached: who says nothing of booting says nothing of daemons;
 * - its unit is not reached: no profile, no keep file, no hard or likely edge of what is
 *   reached names it (vendors' .wants links are likely, so what they start stays);
 * - nothing that is reached points to the unit, to a link to it, or to its program, however
 *   weakly, but for links with which somebody enabled it;
 * - no unit that goes on starting requires it, and it is no template;
 * - its package stays: of a package that goes nothing starts anyway.
 *
 * At high caution everything that is enabled is reached, so nothing is switched off.
 * plan.starts says of every daemon which of these keeps it.
 */
void plan_find_services(struct plan_work *work)
{
	struct finder f = { .work = work, .plan = work->plan, .g = work->g };
	const struct memory *m = work->plan->memory;

	work->plan->starts = mem_calloc(m->daemons.len + 1, sizeof(struct plan_start));
	array_each (&m->daemons, i)
		work->plan->starts[i] = find_start(&f, &m->daemons.data[i].startup);
	drop_required(&f);
	array_each (&m->daemons, i)
		if (is_candidate(&f, i) &&
		    !is_listed(&f, m->daemons.data[i].startup.unit))
			add_service(&f, (uint32_t)i);
	array_sort(&work->plan->services, by_unit_name);
}

void plan_service_release(struct plan_service *service)
{
	free(service->unit);
	free(service->reason);
	free(service->risk_reason);
	array_each (&service->citations, i) {
		free(service->citations.data[i].place);
		free(service->citations.data[i].text);
	}
	array_release(&service->citations);
	array_release(&service->features_lost);
}
