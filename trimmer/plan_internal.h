/*
 * plan_internal – the steps behind plan_make(), one file each.
 */
#pragma once

#include "trimmer/plan.h"
#include "trimmer/plan_solve.h"
#include "trimmer/retained.h"

#include "base/strbuf.h"

struct plan_work {
	struct plan *plan;
	const struct graph *g;
	const struct intent *intent;
	struct demand_options options;
	struct weigh *weigh;		    /* disk bytes */
	struct weigh *weighed;		    /* what the keep set is smallest in */
	uint64_t weight_unit, weight_bytes; /* so many weights of it are so many bytes */
	struct keep_set keep;
	ARRAY_OF(uint32_t) roots; /* nodes: the intent's, then keys */
};

/** True for a file on the disk that the plan leaves there: a package that holds it stays, or
 * none does hold it. */
bool plan_file_stays(const struct plan *plan, file_id file);
/** plan_held.c: held_bytes of what is kept, and the list of unexplained requirements. */
void plan_find_held(struct plan_work *work);
/** plan_reason.c: reason and citations of every package. */
void plan_find_reasons(struct plan_work *work);
/** plan_memory.c: what things cost in memory, and the scale for the optimum. */
void plan_weigh_memory(struct plan_work *work);
/** plan_memory.c: totals and items, when removals and services are known. */
void plan_add_memory(struct plan_work *work);
/** plan_services.c: daemons that nothing needs. */
void plan_find_services(struct plan_work *work);
void plan_service_release(struct plan_service *service);
/** plan_start.c: what of the closure makes a daemon start; START_NOT for nothing. */
struct plan_start plan_find_start(const struct plan *plan,
				  const struct startup_daemon *daemon);
/** plan_risk.c: risk, lost features, conflicts. */
void plan_find_risks(struct plan_work *work);
/** plan_scripts.c: what RPM runs. */
void plan_find_scripts(struct plan_work *work);
/** plan_trim.c: trims, files and their bytes. */
void plan_find_trims(struct plan_work *work);
/** plan_trim.c, too, when all that goes is known: what could be saved of the rest. */
void plan_find_waste(struct plan *plan);

static inline bool plan_keeps(const struct plan *plan, pkg_id p)
{
	return idset_has(&plan->kept, p);
}

/** Append the printable form of a text of the graph. */
void plan_put_text(const struct plan_work *work, struct strbuf *out, str_id text);
/** The package's name (not NEVRA), printable. */
void plan_put_name(const struct plan_work *work, struct strbuf *out, pkg_id p);
