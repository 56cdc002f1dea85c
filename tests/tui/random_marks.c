/*
 * random_marks – over many random marks on a real graph: what the explorer says becomes of
 * the packages is what the trimmer plans and proves.
 *
 *	tui_random_marks GRAPH ROUNDS PROFILE [SEED]
 *
 * - The best plan as marks is a cascade without additions and without conflicts.
 * - Whatever is marked, the graph's own proof accepts what goes.
 * - Without conflicts it is a plan that removes exactly the same and frees as much; or
 *   it is refused with a reason and a package, which the screen shows as a conflict.
 *   That must be rare.
 */
#include "base/macros.h"
#include "base/mem.h"
#include "report/planning.h"
#include "trimmer/verify.h"
#include "tui/marks.h"
#include "tui/trim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct check {
	struct graph *g;
	struct trim *trim;
	uint8_t *marks;
	uint32_t state, plans, conflicts, refused, wrong;
};

static uint32_t any(struct check *c, uint32_t below)
{
	c->state = c->state * 1664525u + 1013904223u;
	return (uint32_t)((uint64_t)(c->state >> 8) * below >> 24);
}

static void complain(struct check *c, int round, const char *text)
{
	printf("round %d: %s; marked:", round, text);
	for (pkg_id p = 1; p <= c->g->package_count; p++)
		if (c->marks[p])
			printf(" %s(%s)", graph_text(c->g, c->g->packages[p].name),
			       mark_name(c->marks[p]));
	printf("\n");
	c->wrong++;
}

static void check_proof(struct check *c, const struct cascade *cascade, int round)
{
	_cleanup_(verify_report_freep) struct verify_report *report = NULL;
	struct error err = { 0 };

	if (verify_removal(c->g, &cascade->removed, NULL, &report, &err) < 0) {
		complain(c, round, err.text);
		return;
	}
	if (report->graph.result != VERIFY_PASSED)
		complain(c, round, report->graph.problems.data[0].text);
}

static void check_plan(struct check *c, struct cascade *cascade, int round)
{
	_cleanup_(proposal_freep) struct proposal *p = NULL;
	struct error err = { 0 };

	if (cascade->conflicts > 0) {
		c->conflicts++;
		return;
	}
	if (trim_plan_of(c->trim, cascade, &p, &err) < 0) {
		printf("round %d refused: %s\n", round, err.text);
		c->refused++;
		if (!cascade->refused || !cascade->refusal)
			complain(c, round, "refused, and the screen cannot say why");
		return;
	}
	c->plans++;
	if (p->plan->disk_bytes_freed != cascade->freed_bytes)
		complain(c, round, "the plan frees something else");
}

static void check_round(struct check *c, int round)
{
	struct cascade *cascade = trim_cascade(c->trim, c->marks);

	check_proof(c, cascade, round);
	check_plan(c, cascade, round);
	cascade_free(cascade);
}

static void check_best(struct check *c)
{
	const struct plan *best = trim_plan(c->trim);
	struct cascade *cascade;

	if (!best) {
		complain(c, 0, "there is no plan");
		return;
	}
	for (pkg_id p = 1; p <= c->g->package_count; p++)
		c->marks[p] = idset_has(&best->removed, p) ? MARK_REMOVE : MARK_NONE;
	cascade = trim_cascade(c->trim, c->marks);
	if (cascade->conflicts || cascade->goes || cascade->free) {
		printf("%u conflicts, %u go, %u free\n", cascade->conflicts,
		       cascade->goes, cascade->free);
		complain(c, 0, "the best plan is another one as marks");
	}
	check_proof(c, cascade, 0);
	cascade_free(cascade);
}

static void mark_some(struct check *c)
{
	const struct plan *best = trim_plan(c->trim);
	uint32_t count = 1 + any(c, 6);
	bool sensible = any(c, 2);

	memset(c->marks, MARK_NONE, c->g->package_count + 1u);
	for (uint32_t i = 0; i < count; i++) {
		pkg_id p = 1 + any(c, c->g->package_count);

		while (sensible && best && !idset_has(&best->removed, p))
			p = 1 + any(c, c->g->package_count);
		c->marks[p] = any(c, 8) ? MARK_REMOVE : MARK_KEEP;
	}
}

static int open_all(const char *path, const char *profile, struct graph **ret,
		    struct planning **ret_planning, struct error *err)
{
	_cleanup_(store_closep) struct store *st = NULL;
	struct planning_request request = { .profiles = &profile,
					    .profile_count = profile != NULL,
					    .plan.caution = CAUTION_NORMAL };
	int r = store_open(path, &st, err);

	if (r == 0)
		r = graph_load(st, ret, err);
	if (r == 0)
		r = planning_intent(*ret, &request, ret_planning, err);
	return r;
}

int main(int argc, char **argv)
{
	_cleanup_(graph_freep) struct graph *g = NULL;
	_cleanup_(planning_freep) struct planning *planning = NULL;
	struct plan_options options = { .caution = CAUTION_NORMAL };
	struct check c = { .state = 1 };
	struct error err = { 0 };

	if (argc < 4)
		return 2;
	if (open_all(argv[1], argv[3], &g, &planning, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	c.g = g;
	c.state = argc > 4 ? (uint32_t)atoi(argv[4]) : 1;
	c.trim = trim_new(g, planning->intent, &options);
	c.marks = mem_calloc(g->package_count + 1u, 1);
	trim_prepare(c.trim);
	check_best(&c);
	for (int round = 1; round <= atoi(argv[2]); round++) {
		mark_some(&c);
		check_round(&c, round);
	}
	printf("%u plans, %u with conflicts, %u refused, %u wrong\n", c.plans,
	       c.conflicts, c.refused, c.wrong);
	trim_free(c.trim);
	free(c.marks);
	return c.wrong > 0 || c.refused * 3 > c.plans;
}
