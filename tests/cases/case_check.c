/*
 * case_check – the lines of a case that begin with ">".
 *
 *	remove NAME [SIZE] [WORDS]	goes; alone it weighs SIZE; WORDS are in its reason.
 *					Every package that goes must be named ("remove
 *					nothing" where none does)
 *	keep NAME [WORDS]		stays; WORDS are in its reason
 *	freed SIZE			what all removals free together
 *	retained NAME SIZE	held NAME SIZE	joint NAME,NAME SIZE
 *	steps NAME|PATH NUMBER		length of the chain that keeps it
 *	risk NAME LEVEL [WORDS]		lost NAME WORDS
 *	dropped NAME WORDS		a requirement that is not honoured
 *	unexplained NAME PROVIDER	unwanted NAME
 *	error WORDS			there is no plan
 * after "erase":
 *	passed		problem SUBJECT WORDS
 */
#include "tests/cases/case_world.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/units.h"
#include "trimmer/retained.h"
#include "trimmer/verify.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct checker {
	const struct case_world *world;
	const struct graph *g;
	struct intent intent;
	struct plan *plan;	      /* NULL after an error */
	struct verify_report *report; /* of "erase" */
	struct error err;
	struct idset removed; /* named by "remove" lines */
	bool names_removed, failed;
};

static void differs(struct checker *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void differs(struct checker *c, const char *fmt, ...)
{
	va_list ap;

	c->failed = true;
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

static char *word(char **rest)
{
	char *start = *rest + strspn(*rest, " \t");
	size_t len = strcspn(start, " \t");

	*rest = start + len;
	if (**rest != '\0')
		*(*rest)++ = '\0';
	*rest += strspn(*rest, " \t");
	return start;
}

static bool take_size(char **rest, uint64_t *ret)
{
	_cleanup_(freep) char *copy = mem_strndup(*rest, strcspn(*rest, " \t"));

	if (copy[0] < '0' || copy[0] > '9' || units_parse(copy, ret, NULL) < 0)
		return false;
	word(rest);
	return true;
}

static pkg_id package(struct checker *c, const char *name)
{
	pkg_id p = graph_find_package(c->g, name, NULL);

	if (p == 0)
		case_fail("no package '%s'", name);
	return p;
}

static void expect_bytes(struct checker *c, const char *what, const char *name,
			 uint64_t want, uint64_t got)
{
	if (want != got)
		differs(c, "%s %s: %llu bytes, not %llu", what, name,
			(unsigned long long)got, (unsigned long long)want);
}

static void expect_words(struct checker *c, const char *what, const char *words,
			 const char *got)
{
	if (words[0] && !strstr(got, words))
		differs(c, "%s: says '%s', not '%s'", what, got, words);
}

static void check_action(struct checker *c, char *rest, bool keep)
{
	const char *name = word(&rest);
	uint64_t bytes;
	pkg_id p;

	c->names_removed |= !keep;
	if (strcmp(name, "nothing") == 0)
		return;
	p = package(c, name);
	if (idset_has(&c->plan->kept, p) != keep)
		differs(c, "%s %s: %s", name, keep ? "goes" : "stays",
			c->plan->packages[p].reason);
	if (!keep)
		idset_add(&c->removed, p);
	if (take_size(&rest, &bytes))
		expect_bytes(c, "weight of", name, bytes,
			     c->plan->packages[p].disk_bytes);
	expect_words(c, name, rest, c->plan->packages[p].reason);
}

static void check_remove(struct checker *c, char *rest)
{
	check_action(c, rest, false);
}

static void check_keep(struct checker *c, char *rest)
{
	check_action(c, rest, true);
}

static uint64_t need_size(char **rest)
{
	uint64_t bytes = 0;

	if (!take_size(rest, &bytes))
		case_fail("a size is missing before '%s'", *rest);
	return bytes;
}

static void check_freed(struct checker *c, char *rest)
{
	expect_bytes(c, "freed", "by all", need_size(&rest), c->plan->disk_bytes_freed);
}

static void check_retained(struct checker *c, char *rest)
{
	const char *name = word(&rest);

	expect_bytes(c, "retained by", name, need_size(&rest),
		     c->plan->packages[package(c, name)].retained_bytes);
}

static void check_held(struct checker *c, char *rest)
{
	const char *name = word(&rest);

	expect_bytes(c, "held by", name, need_size(&rest),
		     c->plan->packages[package(c, name)].held_bytes);
}

static void check_joint(struct checker *c, char *rest)
{
	char *names = word(&rest), *save = NULL;
	struct demand_options options = { .caution = CAUTION_NORMAL };
	_cleanup_(weigh_freep) struct weigh *weigh = NULL;
	_cleanup_(retained_freep) struct retained *retained = NULL;
	struct idset marked;

	idset_init(&marked, c->g->package_count + 1u);
	for (char *name = strtok_r(names, ",", &save); name;
	     name = strtok_r(NULL, ",", &save))
		idset_add(&marked, package(c, name));
	weigh_new(c->g, &weigh);
	retained_new(c->g, weigh, &options, NULL, 0, &retained);
	expect_bytes(c, "joint size of", names, need_size(&rest),
		     retained_joint(retained, &marked, NULL));
	idset_release(&marked);
}

static void check_steps(struct checker *c, char *rest)
{
	const char *name = word(&rest);
	size_t want = (size_t)atoi(word(&rest));
	closure_chain chain = { 0 };

	closure_explain(c->plan->closure, case_node(c->g, name), &chain);
	if (chain.len != want)
		differs(c, "chain of %s: %zu steps, not %zu", name, chain.len, want);
	if (chain.len > 0 && chain.data[chain.len - 1].cause.kind != CAUSE_ROOT)
		differs(c, "chain of %s does not end in a root", name);
	array_release(&chain);
}

static void check_risk(struct checker *c, char *rest)
{
	const char *name = word(&rest), *level = word(&rest);
	const struct plan_package *item = &c->plan->packages[package(c, name)];

	if (strcmp(plan_risk_name(item->risk), level) != 0)
		differs(c, "risk of %s: %s (%s), not %s", name,
			plan_risk_name(item->risk), item->risk_reason, level);
	expect_words(c, name, rest, item->risk_reason);
}

static void check_lost(struct checker *c, char *rest)
{
	const char *name = word(&rest);
	const struct plan_package *item = &c->plan->packages[package(c, name)];

	array_each (&item->features_lost, i)
		if (strcmp(item->features_lost.data[i], rest) == 0)
			return;
	differs(c, "%s: feature '%s' is not said to be lost", name, rest);
}

static void check_dropped(struct checker *c, char *rest)
{
	pkg_id p = package(c, word(&rest));

	array_each (&c->plan->dropped, i) {
		const struct plan_dropped *dropped = &c->plan->dropped.data[i];
		str_id text = c->g->requirements[dropped->requirement].text;

		if (dropped->package == p && strcmp(graph_text(c->g, text), rest) == 0)
			return;
	}
	differs(c, "requirement '%s' is not said to be dropped", rest);
}

static void check_unexplained(struct checker *c, char *rest)
{
	pkg_id p = package(c, word(&rest)), provider = package(c, word(&rest));

	array_each (&c->plan->unexplained, i)
		if (c->plan->unexplained.data[i].package == p &&
		    c->plan->unexplained.data[i].provider == provider)
			return;
	differs(c, "the requirement is not said to be unexplained");
}

static void check_unwanted(struct checker *c, char *rest)
{
	pkg_id p = package(c, word(&rest));

	array_each (&c->plan->conflicts, i)
		if (c->plan->conflicts.data[i].package == p)
			return;
	differs(c, "that the package is not wanted is not said");
}

static void check_error(struct checker *c, char *rest)
{
	expect_words(c, "error", rest, c->err.text);
}

static void check_passed(struct checker *c, char *rest)
{
	(void)rest;
	if (!c->report->passed)
		differs(c, "the erase is refused");
	array_each (&c->report->graph.problems, i)
		differs(c, "problem %s: %s", c->report->graph.problems.data[i].subject,
			c->report->graph.problems.data[i].text);
}

static void check_problem(struct checker *c, char *rest)
{
	const char *subject = word(&rest);

	if (c->report->passed)
		differs(c, "the erase passes");
	array_each (&c->report->graph.problems, i) {
		const struct verify_problem *problem = &c->report->graph.problems.data[i];

		if (strstr(problem->subject, subject) && strstr(problem->text, rest))
			return;
	}
	differs(c, "no problem of %s that says '%s'", subject, rest);
	array_each (&c->report->graph.problems, i)
		printf("problem %s: %s\n", c->report->graph.problems.data[i].subject,
		       c->report->graph.problems.data[i].text);
}

static const struct {
	const char *word;
	void (*check)(struct checker *c, char *rest);
	char needs; /* p: a plan, r: a verify report, e: an error */
} CHECKS[] = {
	{ "remove", check_remove, 'p' },
	{ "keep", check_keep, 'p' },
	{ "freed", check_freed, 'p' },
	{ "retained", check_retained, 'p' },
	{ "held", check_held, 'p' },
	{ "joint", check_joint, 'p' },
	{ "steps", check_steps, 'p' },
	{ "risk", check_risk, 'p' },
	{ "lost", check_lost, 'p' },
	{ "dropped", check_dropped, 'p' },
	{ "unexplained", check_unexplained, 'p' },
	{ "unwanted", check_unwanted, 'p' },
	{ "error", check_error, 'e' },
	{ "passed", check_passed, 'r' },
	{ "problem", check_problem, 'r' },
};

static void check_line(struct checker *c, const char *line)
{
	_cleanup_(freep) char *copy = mem_strdup(line);
	char *rest = copy, *verb = word(&rest);

	for (size_t i = 0; i < ARRAY_LEN(CHECKS); i++) {
		char needs = CHECKS[i].needs;

		if (strcmp(CHECKS[i].word, verb) != 0)
			continue;
		if ((needs == 'p' && !c->plan) || (needs == 'r' && !c->report) ||
		    (needs == 'e' && c->err.code == 0))
			differs(c, "'%s' cannot be asked: %s", line, c->err.text);
		else
			CHECKS[i].check(c, rest);
		return;
	}
	case_fail("what is '> %s'?", line);
}

static void add_roots(const struct case_world *world, const struct graph *g,
		      struct intent *intent)
{
	array_each (&world->keeps, i) {
		const struct case_wish *wish = &world->keeps.data[i];

		array_push(&intent->roots, (struct intent_root){
						   .node = case_node(g, wish->subject),
						   .selector = wish->subject,
						   .profile = "case",
						   .why = wish->words,
						   .feature = "",
						   .place = "case",
					   });
	}
	array_each (&world->features, i)
		array_push(&intent->features,
			   (struct intent_root){
				   .node = case_node(g, world->features.data[i].subject),
				   .feature = world->features.data[i].words,
			   });
	array_each (&world->unwanted, i)
		array_push(&intent->unwanted,
			   (struct intent_root){
				   .node = case_node(g, world->unwanted.data[i].subject),
				   .selector = world->unwanted.data[i].subject,
			   });
}

static void checker_init(struct checker *c, const struct case_world *world,
			 const struct graph *g)
{
	*c = (struct checker){ .world = world, .g = g };
	add_roots(world, g, &c->intent);
	idset_init(&c->removed, g->package_count + 1u);
	if (world->propose)
		plan_make(g, &c->intent, &world->options, &c->plan, &c->err);
}

static void checker_release(struct checker *c)
{
	plan_free(c->plan);
	verify_report_free(c->report);
	array_release(&c->intent.roots);
	array_release(&c->intent.features);
	array_release(&c->intent.unwanted);
	idset_release(&c->removed);
}

static void run_erase(struct checker *c)
{
	struct idset removed;

	idset_init(&removed, c->g->package_count + 1u);
	array_each (&c->world->erase, i)
		idset_add(&removed, package(c, c->world->erase.data[i]));
	if (verify_removal(c->g, &removed, NULL, &c->report, &c->err) < 0)
		case_fail("%s", c->err.text);
	idset_release(&removed);
}

static void check_all_named(struct checker *c)
{
	idset_each (&c->plan->removed, p)
		if (!idset_has(&c->removed, p))
			differs(c, "%s goes, too: %s",
				graph_text(c->g, c->g->packages[p].name),
				c->plan->packages[p].reason);
}

bool case_check(const struct case_world *world, const struct graph *g)
{
	struct checker c;

	checker_init(&c, world, g);
	if (world->erase.len > 0)
		run_erase(&c);
	if (world->expected.len == 0)
		differs(&c, "the case expects nothing");
	array_each (&world->expected, i)
		check_line(&c, world->expected.data[i]);
	if (c.names_removed && c.plan)
		check_all_named(&c);
	checker_release(&c);
	return !c.failed;
}

void case_print_kept(const struct case_world *world, const struct graph *g)
{
	struct checker c;

	checker_init(&c, world, g);
	if (!c.plan)
		case_fail("%s", c.err.text);
	printf("kept %llu optimal %d packages", (unsigned long long)c.plan->kept_bytes,
	       c.plan->optimal);
	idset_each (&c.plan->kept, p)
		printf(" %s", graph_text(g, g->packages[p].name));
	putchar('\n');
	checker_release(&c);
}

void case_print_time(const struct case_world *world, const struct graph *g)
{
	struct timespec begin, end;
	struct checker c;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	checker_init(&c, world, g);
	clock_gettime(CLOCK_MONOTONIC, &end);
	if (!c.plan)
		case_fail("%s", c.err.text);
	printf("plan %.1f ms, %llu nodes, %u rounds, optimal %d, %u of %u packages go\n",
	       (double)(end.tv_sec - begin.tv_sec) * 1e3 +
		       (double)(end.tv_nsec - begin.tv_nsec) / 1e6,
	       (unsigned long long)c.plan->search_nodes, c.plan->rounds, c.plan->optimal,
	       c.plan->packages_removed, c.plan->packages_before);
	checker_release(&c);
}
