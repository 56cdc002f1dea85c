#include "trimmer/plan_internal.h"

#include "base/macros.h"
#include "base/mem.h"

#define SECTOR ((uint64_t)512)
#define KIB    ((uint64_t)1024)
/* Sums of weights beyond this could overflow in the search. */
#define WEIGHT_MAX ((uint64_t)1 << 60)

static const char *const WEIGHS[] = {
	[PLAN_WEIGH_DISK] = "disk",
	[PLAN_WEIGH_MEMORY] = "memory",
	[PLAN_WEIGH_BOTH] = "both",
};

const char *plan_weigh_name(enum plan_weigh weigh)
{
	return WEIGHS[weigh];
}

/* Memory first, disk bytes between equals: one KiB of memory weighs more than all disk. */
static void weigh_memory_first(struct plan_work *work)
{
	const struct weigh *memory = work->plan->memory->weigh;
	uint64_t sectors = work->weigh->total_bytes / SECTOR +
			   work->weigh->package_count + work->weigh->units.len;
	uint64_t most;

	work->weight_bytes = KIB;
	work->weight_unit = sectors + 1;
	if (__builtin_mul_overflow(memory->total_bytes / KIB + memory->package_count +
					   memory->units.len,
				   work->weight_unit, &most) ||
	    most > WEIGHT_MAX)
		work->weight_unit = 1; /* absurd sizes: no order between equals */
	weigh_add_all(work->weighed, memory, KIB, work->weight_unit);
	if (work->weight_unit > 1)
		weigh_add_all(work->weighed, work->weigh, SECTOR, 1);
}

void plan_weigh_memory(struct plan_work *work)
{
	struct plan *plan = work->plan;

	memory_new(work->g, &plan->options.memory, &plan->memory);
	plan->options.memory.usage = NULL; /* borrowed until now */
	work->weight_unit = work->weight_bytes = 1;
	work->weighed = work->weigh;
	if (plan->options.weigh == PLAN_WEIGH_DISK)
		return;
	work->weighed = weigh_begin(work->g->package_count);
	if (plan->options.weigh == PLAN_WEIGH_MEMORY) {
		weigh_memory_first(work);
	} else {
		weigh_add_all(work->weighed, work->weigh, 1, 1);
		weigh_add_all(work->weighed, plan->memory->weigh, 1, 1);
	}
	weigh_finish(work->weighed);
}

void plan_add_memory(struct plan_work *work)
{
	struct plan *plan = work->plan;
	_cleanup_(freep) bool *stopped =
		mem_calloc(plan->memory->daemons.len + 1, sizeof(bool));

	for (pkg_id p = 1; p <= work->g->package_count; p++) {
		plan->packages[p].memory_bytes = plan->memory->package_bytes[p];
		plan->packages[p].memory_source = plan->memory->package_source[p];
	}
	array_each (&plan->services, i)
		stopped[plan->services.data[i].daemon] = true;
	plan->memory_bytes_before = plan->memory->total_bytes;
	plan->memory_bytes_freed = plan->memory_bytes_before -
				   memory_after(plan->memory, &plan->removed, stopped);
	if (plan->options.memory.root_in_memory)
		plan->memory_bytes_freed += plan->trim_bytes_freed;
}
