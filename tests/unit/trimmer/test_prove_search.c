/* The search for what is missed: it finds it, in few tries, and tries only what RPM would
 * allow. */
#include "trimmer/prove_search.h"

#include "base/macros.h"
#include "tests/unit/support/test.h"

struct world {
	struct search_job job;
	uint32_t missed[4]; /* the test fails without one of these */
	size_t missed_count;
	bool always_passes;
};

static int try(void *arg, const struct idset *gone, struct error *err)
{
	const struct world *w = arg;

	(void)err;
	for (size_t i = 0; i < w->job.need_count; i++)
		assert_false(idset_has(gone, w->job.needs[i].needs) &&
			     !idset_has(gone, w->job.needs[i].item));
	for (size_t i = 0; i < w->missed_count && !w->always_passes; i++)
		if (idset_has(gone, w->missed[i]))
			return 0;
	return 1;
}

static unsigned int log2_up(uint32_t n)
{
	unsigned int bits = 0;

	while ((1u << bits) < n)
		bits++;
	return bits;
}

static void search(struct world *w, struct search_result *result)
{
	w->job.try = try;
	w->job.arg = w;
	assert_int_equal(prove_search(&w->job, result, NULL), 0);
}

static void one_culprit_is_found_in_few_tries(void **state)
{
	(void)state;
	for (uint32_t n = 1; n <= 130; n++)
		for (uint32_t culprit = 0; culprit < n; culprit++) {
			struct world w = { .job.count = n,
					   .missed = { culprit },
					   .missed_count = 1 };
			struct search_result result;

			search(&w, &result);
			assert_int_equal(result.outcome, SEARCH_FOUND);
			assert_int_equal(result.culprits.len, 1);
			assert_int_equal(result.culprits.data[0], culprit);
			assert_int_equal(idset_count(&result.back), 1);
			/* with the two runs before a search: 2 log2(n) + 2 */
			assert_true(result.tries <= log2_up(n) + 2);
			if (n >= 4)
				assert_true(result.tries + 2 <= 2 * log2_up(n) + 2);
			search_result_release(&result);
		}
}

static void what_it_needs_comes_back_too(void **state)
{
	/* 0 needs 1, 1 needs 2; 3 and 4 need each other and 2; 5 is alone */
	static const struct search_need NEEDS[] = {
		{ 0, 1 }, { 1, 2 }, { 3, 4 }, { 4, 3 }, { 4, 2 },
	};
	static const struct {
		uint32_t missed;
		size_t culprits, back;
	} WANT[] = { { 0, 1, 3 }, { 1, 1, 2 }, { 2, 1, 1 },
		     { 3, 2, 3 }, { 4, 2, 3 }, { 5, 1, 1 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(WANT); i++) {
		struct world w = { .job = { .count = 6,
					    .needs = NEEDS,
					    .need_count = ARRAY_LEN(NEEDS) },
				   .missed = { WANT[i].missed },
				   .missed_count = 1 };
		struct search_result result;

		search(&w, &result);
		assert_int_equal(result.outcome, SEARCH_FOUND);
		assert_int_equal(result.culprits.len, WANT[i].culprits);
		assert_int_equal(idset_count(&result.back), WANT[i].back);
		assert_true(idset_has(&result.back, WANT[i].missed));
		search_result_release(&result);
	}
}

static void several_culprits_are_found_one_after_the_other(void **state)
{
	struct world w = { .job.count = 100, .missed = { 7, 50, 93 }, .missed_count = 3 };
	struct search_result result;

	(void)state;
	search(&w, &result);
	assert_int_equal(result.outcome, SEARCH_FOUND);
	assert_int_equal(idset_count(&result.back), 3);
	assert_true(idset_has(&result.back, 7) && idset_has(&result.back, 50) &&
		    idset_has(&result.back, 93));
	assert_true(result.tries <= 3 * (log2_up(100) + 1) + 1);
	search_result_release(&result);
}

static void a_failure_of_another_kind_is_said(void **state)
{
	struct world w = { .job.count = 64, .always_passes = true };
	struct search_result result;

	(void)state;
	search(&w, &result);
	assert_int_equal(result.outcome, SEARCH_NONE);
	assert_int_equal(result.culprits.len, 0);
	search_result_release(&result);
	w.job.count = 0;
	search(&w, &result);
	assert_int_equal(result.outcome, SEARCH_NONE);
	search_result_release(&result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_culprit_is_found_in_few_tries),
		cmocka_unit_test(what_it_needs_comes_back_too),
		cmocka_unit_test(several_culprits_are_found_one_after_the_other),
		cmocka_unit_test(a_failure_of_another_kind_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
