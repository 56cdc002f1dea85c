#include "report/budget.h"
#include "report/budget_baseline.h"
#include "tests/unit/support/tempdir.h"
#include "tests/unit/support/test.h"
#include "tests/unit/support/tiny_graph.h"

#include <errno.h>
#include <string.h>

#define APP "pkg app\nfile /usr/bin/app executable app\n"

static const struct style PLAIN = { .units = UNITS_SI };

/* A budget from a text, which must be readable. */
static struct budget *budget_of(const char *text)
{
	_cleanup_(freep) char *path = NULL;
	struct budget *budget = NULL;
	struct tempdir dir;
	struct error err = { 0 };

	tempdir_init(&dir);
	tempdir_file(&dir, "tare.yaml", text);
	path = mem_printf("%s/tare.yaml", dir.path);
	if (budget_read(path, &budget, &err) < 0)
		fail_msg("%s", err.text);
	tempdir_release(&dir);
	return budget;
}

static struct budget_baseline *baseline_of(const char *json, struct error *err)
{
	struct budget_baseline *baseline = NULL;
	_cleanup_(freep) char *path = NULL;
	struct tempdir dir;

	tempdir_init(&dir);
	tempdir_file(&dir, "baseline.json", json);
	path = mem_printf("%s/baseline.json", dir.path);
	budget_baseline_read(path, &baseline, err);
	tempdir_release(&dir);
	return baseline;
}

struct check {
	struct graph *g;
	struct measure *m;
	struct budget_verdict verdict;
};

static void check_init(struct check *check, const char *image, const char *bytes,
		       const struct budget *budget, struct budget_baseline *baseline)
{
	_cleanup_(freep) char *lines =
		mem_printf("%s" APP "size /usr/bin/app %s\n", image, bytes);
	struct error err = { 0 };

	check->g = tiny_graph(lines);
	check->m = measure_new(check->g);
	if (budget_measure(&(struct budget_ask){ .budget = budget,
						 .measure = check->m,
						 .baseline = baseline },
			   &check->verdict, &err) < 0)
		fail_msg("%s", err.text);
}

static void check_release(struct check *check)
{
	budget_verdict_release(&check->verdict);
	measure_free(check->m);
	graph_free(check->g);
}

static enum budget_status status_of(const struct budget *budget, const char *bytes,
				    struct budget_baseline *baseline)
{
	enum budget_status status;
	struct check check;

	check_init(&check, "", bytes, budget, baseline);
	status = check.verdict.results.data[0].status;
	check_release(&check);
	return status;
}

#define BEST_100K                                                                        \
	"{\"schema\": \"tare-baseline/1\", \"limits\": {\"total\": {\"what\": "          \
	"\"total\", \"best\": 100000, \"now\": 101000}}}"

static void growth_is_limited_in_bytes_and_in_per_cent(void **state)
{
	static const struct {
		const char *growth, *bytes;
		enum budget_status status;
	} CASES[] = {
		{ "2kB", "102000", BUDGET_PASS },
		{ "2kB", "102001", BUDGET_FAIL },
		{ "1.5%", "101500", BUDGET_PASS },
		{ "1.5%", "101501", BUDGET_FAIL },
		{ "[2kB, 1%]", "101001", BUDGET_FAIL },
		{ "[1kB, 2%]", "101001", BUDGET_FAIL },
		{ "[2kB, 2%]", "102000", BUDGET_PASS },
		{ "0%", "100000", BUDGET_PASS },
		{ "0%", "100001", BUDGET_FAIL },
		{ "0", "50000", BUDGET_PASS },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		_cleanup_(freep) char *text =
			mem_printf("limits:\n  - what: total\n    max-growth: %s\n",
				   CASES[i].growth);
		_cleanup_(budget_freep) struct budget *budget = budget_of(text);
		_cleanup_(budget_baseline_freep) struct budget_baseline *baseline =
			baseline_of(BEST_100K, NULL);

		assert_non_null(baseline);
		assert_int_equal(status_of(budget, CASES[i].bytes, baseline),
				 CASES[i].status);
	}
}

/* Each step is below the limit, all of them together are not. */
static void small_steps_do_not_eat_the_baseline(void **state)
{
	static const char *const STEPS[] = { "100000", "100900", "101800", "102700" };
	_cleanup_(budget_freep) struct budget *budget =
		budget_of("limits:\n  - what: total\n    max-growth: 2kB\n");
	struct budget_baseline *baseline = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(STEPS); i++) {
		_cleanup_(freep) char *text = NULL;
		struct check check;
		json_t *json;

		check_init(&check, "", STEPS[i], budget, baseline);
		assert_int_equal(check.verdict.results.data[0].status,
				 i == 0	 ? BUDGET_WARN
				 : i < 3 ? BUDGET_PASS
					 : BUDGET_FAIL);
		json = budget_baseline_json(&check.verdict);
		text = json_text(json);
		json_decref(json);
		check_release(&check);
		budget_baseline_free(baseline);
		baseline = baseline_of(text, NULL);
		assert_non_null(baseline);
	}
	budget_baseline_free(baseline);
}

static void a_limit_without_a_figure_of_before_is_a_warning(void **state)
{
	_cleanup_(budget_freep) struct budget *budget =
		budget_of("limits:\n  - what: packages\n    max: 3\n    max-growth: 1\n");
	_cleanup_(budget_baseline_freep) struct budget_baseline *other =
		baseline_of(BEST_100K, NULL);

	(void)state;
	assert_int_equal(status_of(budget, "1", NULL), BUDGET_WARN);
	assert_int_equal(status_of(budget, "1", other), BUDGET_WARN);
}

static void damaged_baselines_are_errors(void **state)
{
	static const char *const CASES[] = {
		"",
		"[]",
		"{\"schema\": \"tare-plan/1\", \"limits\": {}}",
		"{\"schema\": \"tare-baseline/1\"}",
		"{\"schema\": \"tare-baseline/1\", \"limits\": {}, \"more\": 1}",
		"{\"schema\": \"tare-baseline/1\", \"limits\": {\"a\": 1}}",
		"{\"schema\": \"tare-baseline/1\", \"limits\": {\"a\": {\"what\": "
		"\"total\", \"best\": -1, \"now\": 1}}}",
		"{\"schema\": \"tare-baseline/1\", \"limits\": {\"a\": {\"what\": "
		"\"total\", \"best\": 2, \"now\": 1}}}",
		"{\"schema\": \"tare-baseline/1\", \"limits\": {\"a\": {\"what\": "
		"\"total\", \"best\": 1.5, \"now\": 2}}}",
		"SQLite format 3",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct error err = { 0 };

		assert_null(baseline_of(CASES[i], &err));
		assert_non_null(strstr(err.text, "baseline.json"));
	}
}

static void growth_names_the_newcomer_and_its_cause(void **state)
{
	_cleanup_(budget_freep) struct budget *budget =
		budget_of("limits:\n  - what: total\n    max-growth: 1kB\n");
	struct graph *old = tiny_graph(APP "size /usr/bin/app 5000\n");
	struct budget_baseline *baseline = budget_baseline_of(old);
	_cleanup_(strbuf_release) struct strbuf out = { 0 };
	struct check check;

	(void)state;
	check_init(&check,
		   "pkg lib\nprovide lib l\nfile /usr/lib/l library lib\n"
		   "size /usr/lib/l 9000\nrequire app l\n",
		   "5500", budget, baseline);
	budget_text(&check.verdict, &PLAIN, &(struct budget_text_options){ 0 }, &out);
	assert_non_null(strstr(strbuf_text(&out),
			       "FAIL  total: 14.5 kB; grew by 9.5 kB (190.0 %), allowed "
			       "1.0 kB\n"));
	assert_non_null(strstr(strbuf_text(&out),
			       "new: lib-1-1.x86_64 +9.0 kB: app now requires l\n"));
	assert_non_null(strstr(strbuf_text(&out), "grew: app-1-1.x86_64 +500 B\n"));
	check_release(&check);
	budget_baseline_free(baseline);
	graph_free(old);
}

static void headroom_warns_before_the_limit(void **state)
{
	_cleanup_(budget_freep) struct budget *share =
		budget_of("limits:\n  - what: total\n    max: 100kB\n    warn-at: 90%\n");
	_cleanup_(budget_freep) struct budget *amount = budget_of(
		"limits:\n  - what: total\n    max: 100kB\n    warn-at: 80kB\n");

	(void)state;
	assert_int_equal(status_of(share, "89999", NULL), BUDGET_PASS);
	assert_int_equal(status_of(share, "90000", NULL), BUDGET_WARN);
	assert_int_equal(status_of(share, "100000", NULL), BUDGET_WARN);
	assert_int_equal(status_of(share, "100001", NULL), BUDGET_FAIL);
	assert_int_equal(status_of(amount, "80000", NULL), BUDGET_WARN);
}

static void waivers_hold_until_their_last_day(void **state)
{
	static const char BUDGET[] =
		"limits:\n  - what: total\n    max: 1\n"
		"    waive: {until: 2031-01-31, reason: next release}\n";
	_cleanup_(budget_freep) struct budget *budget = budget_of(BUDGET);
	_cleanup_(graph_freep) struct graph *g = tiny_graph(APP);
	_cleanup_(measure_freep) struct measure *m = measure_new(g);
	struct budget_ask ask = { .budget = budget, .measure = m, .today = 20310131 };
	struct budget_verdict verdict;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(budget_measure(&ask, &verdict, &err), 0);
	assert_int_equal(verdict.results.data[0].status, BUDGET_SKIP);
	assert_true(verdict.results.data[0].found & BUDGET_WAIVED);
	assert_true(budget_verdict_is_good(&verdict, true));
	budget_verdict_release(&verdict);
	ask.today = 20310201;
	assert_int_equal(budget_measure(&ask, &verdict, &err), -ETIME);
	assert_non_null(strstr(err.text, "tare.yaml:2:"));
	assert_non_null(strstr(err.text, "2031-01-31"));
}

static void days_are_days_of_the_calendar(void **state)
{
	static const char *const WRONG[] = { "",	   "2031-1-31",	 "2031-02-30",
					     "2031-13-01", "2031-00-10", "2031-01-00",
					     "2031-02-29", "today",	 "2031-01-311" };
	budget_day day;
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(WRONG); i++)
		assert_int_equal(budget_day_parse(WRONG[i], &day, &err), -EINVAL);
	assert_int_equal(budget_day_parse("2032-02-29", &day, &err), 0);
	assert_int_equal(day, 20320229);
}

static void unwanted_packages_fail_where_they_are(void **state)
{
	_cleanup_(budget_freep) struct budget *budget =
		budget_of("unwanted:\n  - package: [app, gcc*]\n    why: no compilers\n");
	struct check check;

	(void)state;
	check_init(&check, "", "1", budget, NULL);
	assert_int_equal(check.verdict.count[BUDGET_FAIL], 1);
	assert_int_equal(check.verdict.count[BUDGET_PASS], 1);
	assert_string_equal(check.verdict.results.data[0].limit->name, "unwanted:app");
	check_release(&check);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(growth_is_limited_in_bytes_and_in_per_cent),
		cmocka_unit_test(small_steps_do_not_eat_the_baseline),
		cmocka_unit_test(a_limit_without_a_figure_of_before_is_a_warning),
		cmocka_unit_test(damaged_baselines_are_errors),
		cmocka_unit_test(growth_names_the_newcomer_and_its_cause),
		cmocka_unit_test(headroom_warns_before_the_limit),
		cmocka_unit_test(waivers_hold_until_their_last_day),
		cmocka_unit_test(days_are_days_of_the_calendar),
		cmocka_unit_test(unwanted_packages_fail_where_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
