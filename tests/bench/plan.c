/*
 * bench_plan GRAPH [PROFILE]...: processor time (all threads) of reading a graph, of a plan,
 * and of the retained sizes of all packages. Without a profile the first package by NEVRA is
 * all that must stay, as in the graphs of gen_graph -c.
 *
 *	load      652 packages, 47,023 files: 95 ms
 *	plan      652 packages, 3 choices, proven, 12 search nodes: 60 ms
 *	retained  652 packages: 8 ms
 */
#include "base/macros.h"
#include "graph/demand.h"
#include "report/planning.h"
#include "trimmer/retained.h"
#include "trimmer/weigh.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

static double cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Requirements of what stays that more than one package could satisfy. */
static uint32_t count_choices(const struct plan *plan)
{
	const struct graph *g = plan->graph;
	uint32_t choices = 0;

	for (uint32_t i = 0; i < g->requirement_count; i++) {
		const struct graph_requirement *req = &g->requirements[i];
		const struct graph_req_node *node = &g->req_nodes[req->node];

		if (req->state == REQ_CHECKED && req->strength == REQ_REQUIRES &&
		    idset_has(&plan->kept, req->package) && node->op == NODE_CAPABILITY &&
		    g->provider_start[node->capability + 1] -
				    g->provider_start[node->capability] >
			    1)
			choices++;
	}
	return choices;
}

static int plan_profiles(const struct graph *g, char **profiles, size_t count,
			 struct planning **ret, struct error *err)
{
	static const char *const TRIMS[] = { "safe" }; /* as tare plan has it */
	struct planning_request ask = {
		.trims = TRIMS,
		.trim_count = ARRAY_LEN(TRIMS),
		.profiles = (const char *const *)profiles,
		.profile_count = count,
		.plan = { .caution = CAUTION_NORMAL },
	};

	return planning_make(g, &ask, ret, err);
}

static int plan_first(const struct graph *g, struct intent *intent, struct plan **ret,
		      struct error *err)
{
	struct plan_options options = { .caution = CAUTION_NORMAL };

	array_push(&intent->roots, (struct intent_root){
					   .node = graph_package_node(g, 1),
					   .selector = "the first package",
					   .why = "",
					   .feature = "",
					   .profile = "bench",
					   .place = "bench",
				   });
	return plan_make(g, intent, &options, ret, err);
}

static void say_plan(const struct plan *plan, double ms)
{
	printf("plan      %u packages, %u stay, %u choices, %s, %llu search nodes: %.0f "
	       "ms\n",
	       plan->packages_before, plan->packages_before - plan->packages_removed,
	       count_choices(plan), plan->optimal ? "proven" : "not proven",
	       (unsigned long long)plan->search_nodes, ms);
}

static void measure_retained(const struct graph *g)
{
	struct demand_options options = { .caution = CAUTION_NORMAL };
	_cleanup_(weigh_freep) struct weigh *weigh = NULL;
	_cleanup_(retained_freep) struct retained *retained = NULL;
	_cleanup_(freep) uint64_t *bytes =
		mem_calloc(g->package_count + 1u, sizeof(uint64_t));
	double before = cpu_ms();

	weigh_new(g, &weigh);
	retained_new(g, weigh, &options, NULL, 0, &retained);
	retained_all(retained, bytes);
	printf("retained  %u packages: %.0f ms\n", g->package_count, cpu_ms() - before);
}

static int run(int argc, char **argv, struct error *err)
{
	_cleanup_(store_closep) struct store *st = NULL;
	_cleanup_(graph_freep) struct graph *g = NULL;
	_cleanup_(planning_freep) struct planning *planning = NULL;
	struct intent intent = { 0 };
	struct plan *plan = NULL;
	double before = cpu_ms(), after;
	int r = store_open(argv[1], &st, err);

	if (r == 0)
		r = graph_load(st, &g, err);
	if (r < 0)
		return r;
	after = cpu_ms();
	printf("load      %u packages, %u files: %.0f ms\n", g->package_count,
	       g->file_count, after - before);
	before = cpu_ms();
	r = argc > 2 ? plan_profiles(g, argv + 2, (size_t)argc - 2, &planning, err)
		     : plan_first(g, &intent, &plan, err);
	if (r == 0) {
		say_plan(planning ? planning->plan : plan, cpu_ms() - before);
		measure_retained(g);
	}
	plan_free(plan);
	array_release(&intent.roots);
	return r;
}

int main(int argc, char **argv)
{
	struct error err = { 0 };

	if (argc < 2) {
		fprintf(stderr, "Usage: bench_plan GRAPH [PROFILE]...\n");
		return 2;
	}
	if (run(argc, argv, &err) < 0) {
		fprintf(stderr, "bench_plan: %s\n", err.text);
		return 4;
	}
	return 0;
}
