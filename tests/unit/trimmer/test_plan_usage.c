#include "trimmer/plan.h"

#include "tests/unit/support/random_graph.h"
#include "tests/unit/support/test.h"

#include <errno.h>

/* Evidence that random files were seen in use. */
static struct usage *random_usage(uint64_t *seed, const struct graph *g)
{
	struct usage *u = mem_calloc(1, sizeof(*u));
	uint32_t n = 0;

	strpool_init(&u->strings);
	u->evidence_count = u->node_count = 1;
	u->evidence = mem_calloc(1, sizeof(*u->evidence));
	u->evidence[0] = (struct usage_evidence){
		.id = 1,
		.source = strpool_add(&u->strings, "observe"),
		.node = strpool_add(&u->strings, "n1"),
		.begin = 0,
		.end = 86400,
		.complete = random_below(seed, 2),
	};
	u->begin = 0;
	u->end = 86400;
	u->use_start = mem_calloc(g->file_count + 2u, sizeof(uint32_t));
	u->uses = mem_calloc(g->file_count + 1u, sizeof(*u->uses));
	u->memory = mem_calloc(1, sizeof(*u->memory));
	for (file_id f = 1; f <= g->file_count; f++) {
		u->use_start[f] = n;
		if (random_below(seed, 4) == 0)
			u->uses[n++] = (struct usage_use){ .use = USE_OPENED,
							   .count = 1,
							   .evidences = 1 };
	}
	u->use_start[g->file_count + 1] = u->use_count = n;
	return u;
}

static struct intent *random_intent(uint64_t *seed, const struct graph *g)
{
	struct intent *intent = mem_calloc(1, sizeof(*intent));

	strpool_init(&intent->texts);
	for (uint32_t n = 1 + random_below(seed, 3); n > 0; n--)
		array_push(&intent->roots,
			   (struct intent_root){
				   .node = 1 + random_below(seed, g->node_count),
				   .profile = "test",
				   .selector = "",
				   .why = "",
				   .feature = "",
				   .place = "",
			   });
	return intent;
}

/* How often evidence decided between providers: else the test shows nothing. */
static uint32_t guarded;

static void count_guards(const struct intent *intent, const struct graph *g)
{
	array_each (&intent->roots, i)
		guarded += intent->roots.data[i].source == INTENT_USAGE &&
			   !graph_node_is_file(g, intent->roots.data[i].node);
}

static void try_one(uint64_t *seed)
{
	struct random_shape shape = {
		.packages = 4 + random_below(seed, 12),
		.files = 10 + random_below(seed, 40),
		.edges = random_below(seed, 40),
		.requirements = random_below(seed, 30),
		.capabilities = random_below(seed, 8),
	};
	_cleanup_(graph_freep) struct graph *g = random_graph(seed, &shape);
	_cleanup_(intent_freep) struct intent *intent = random_intent(seed, g);
	_cleanup_(usage_freep) struct usage *usage = random_usage(seed, g);
	_cleanup_(plan_freep) struct plan *without = NULL;
	_cleanup_(plan_freep) struct plan *with = NULL;
	struct plan_options options = { .caution = random_below(seed, 3) };
	struct idset removed;

	assert_int_equal(plan_make(g, intent, &options, &without, NULL), 0);
	idset_init(&removed, g->package_count + 1u);
	idset_copy(&removed, &without->removed);
	plan_free(steal_ptr(&without));
	plan_protect_used(g, intent, usage, &options);
	count_guards(intent, g);
	assert_int_equal(plan_make(g, intent, &options, &with, NULL), 0);
	idset_each (&with->removed, p)
		assert_true(idset_has(&removed, p));
	for (file_id f = 1; f <= g->file_count; f++) {
		if (!usage_seen(usage, f) || !graph_file_on_disk(&g->files[f]) ||
		    g->files[f].type == FILE_DIRECTORY)
			continue;
		assert_true(idset_has(&with->closure->reached, graph_file_node(g, f)));
		for (uint32_t i = g->owner_start[f]; i < g->owner_start[f + 1]; i++)
			assert_true(idset_has(&with->kept, g->owners[i].package));
	}
	assert_int_equal(intent->usage.evidence, 1);
	assert_int_equal(intent->usage.incomplete, !usage->evidence[0].complete);
	idset_release(&removed);
}

static void evidence_protects_and_never_adds_a_removal(void **state)
{
	uint64_t seed = 20;

	(void)state;
	guarded = 0;
	for (int i = 0; i < 1500; i++)
		try_one(&seed);
	assert_true(guarded > 5);
}

static void evidence_alone_makes_no_plan(void **state)
{
	uint64_t seed = 3;
	struct random_shape shape = { .packages = 5, .files = 20 };
	_cleanup_(graph_freep) struct graph *g = random_graph(&seed, &shape);
	_cleanup_(usage_freep) struct usage *usage = random_usage(&seed, g);
	_cleanup_(intent_freep) struct intent *intent = mem_calloc(1, sizeof(*intent));
	struct plan_options options = { .caution = CAUTION_NORMAL };
	struct plan *plan = NULL;

	(void)state;
	strpool_init(&intent->texts);
	plan_protect_used(g, intent, usage, &options);
	assert_int_equal(intent->roots.len, 0);
	assert_int_equal(plan_make(g, intent, &options, &plan, NULL), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(evidence_protects_and_never_adds_a_removal),
		cmocka_unit_test(evidence_alone_makes_no_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
