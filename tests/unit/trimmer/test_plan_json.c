#include "base/io.h"
#include "base/json.h"
#include "base/macros.h"
#include "graph/store_plan.h"
#include "tests/unit/support/tempdir.h"
#include "tests/unit/support/test.h"
#include "tests/unit/support/tiny_graph.h"
#include "trimmer/plan_json.h"
#include "trimmer/verify.h"

#include <errno.h>
#include <string.h>

static const char ROOT[] = "pkg app\n"
			   "pkg lib\n"
			   "pkg games\n"
			   "file /usr/bin/app executable app\n"
			   "file /usr/lib/lib.so library lib\n"
			   "file /usr/games/play executable games\n"
			   "provide lib lib\n"
			   "require app lib\n"
			   "edge /usr/bin/app needed /usr/lib/lib.so\n";

struct made {
	struct graph *g;
	struct intent intent;
	struct plan *plan;
};

static void make(struct made *m, const char *lines)
{
	struct plan_options options = { .caution = CAUTION_NORMAL };
	struct error err = { 0 };

	memset(m, 0, sizeof(*m));
	m->g = tiny_graph(lines);
	array_push(&m->intent.profiles, "test");
	array_push(&m->intent.roots, (struct intent_root){
					     .node = tiny_file(m->g, "/usr/bin/app"),
					     .selector = "command: app",
					     .why = "it is the workload",
					     .feature = "",
					     .profile = "test",
					     .place = "test.yaml:3",
				     });
	if (plan_make(m->g, &m->intent, &options, &m->plan, &err) < 0)
		fail_msg("%s", err.text);
}

static void release(struct made *m)
{
	plan_free(m->plan);
	array_release(&m->intent.profiles);
	array_release(&m->intent.roots);
	graph_free(m->g);
}

static char *plan_text(void)
{
	struct made m;
	char *text;

	make(&m, ROOT);
	text = plan_json_write(m.plan, NULL);
	release(&m);
	return text;
}

static void a_plan_is_read_as_it_was_written(void **state)
{
	_cleanup_(freep) char *text = plan_text();
	_cleanup_(plan_doc_freep) struct plan_doc *doc = NULL;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(plan_json_read(text, strlen(text), &doc, &err), 0);
	assert_int_equal(doc->packages.len, 3);
	assert_string_equal(doc->packages.data[0].nevra, "app-1-1.x86_64");
	assert_false(doc->packages.data[0].remove);
	assert_string_equal(doc->packages.data[1].name, "games");
	assert_true(doc->packages.data[1].remove);
	assert_int_equal(doc->packages.data[1].disk_bytes, 4096);
	assert_int_equal(doc->packages_before, 3);
	assert_int_equal(doc->packages_removed, 1);
	assert_int_equal(doc->disk_bytes_freed, 4096);
	assert_int_equal(doc->bound, 8192);
	assert_true(doc->optimal);
	assert_string_equal(doc->caution, "normal");
	assert_string_equal(doc->profiles.data[0], "test");
	assert_string_equal(doc->rpm_check, "not run");
}

static void what_an_erase_runs_is_said(void **state)
{
	static const char LINES[] =
		"pkg app\npkg games\npkg other\nfile /usr/bin/app executable app\n"
		"file /usr/games/play executable games\n"
		"scriptlet games postun\nscriptlet games post\n"
		"scriptlet app triggerun games\nscriptlet app triggerpostun gamesome\n"
		"scriptlet app filetriggerpostun /usr/games\n"
		"scriptlet app transfiletriggerin /usr/games\n"
		"scriptlet other triggerun games\n";
	struct made m;
	const struct plan_package *games;

	(void)state;
	make(&m, LINES);
	games = &m.plan->packages[2];
	assert_int_equal(games->scriptlets.len, 3);
	assert_string_equal(games->scriptlets.data[0], "triggerun of app");
	assert_string_equal(games->scriptlets.data[1], "filetriggerpostun of app");
	assert_string_equal(games->scriptlets.data[2], "postun");
	assert_int_equal(m.plan->packages[1].scriptlets.len, 0);
	release(&m);
}

static void the_same_root_gives_the_same_bytes(void **state)
{
	_cleanup_(freep) char *one = plan_text(), *two = plan_text();

	(void)state;
	assert_string_equal(one, two);
}

/* Change one thing in a good plan and read it. */
static void refuse(const char *from, const char *to, const char *words)
{
	_cleanup_(freep) char *text = plan_text(), *changed = NULL;
	_cleanup_(plan_doc_freep) struct plan_doc *doc = NULL;
	struct error err = { 0 };
	const char *at = strstr(text, from);

	assert_non_null(at);
	changed = mem_printf("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	assert_int_equal(plan_json_read(changed, strlen(changed), &doc, &err), -EINVAL);
	if (!strstr(err.text, words))
		fail_msg("'%s' does not say '%s'", err.text, words);
}

static void damaged_plans_are_refused_with_the_place(void **state)
{
	(void)state;
	refuse("tare-plan/1", "tare-plan/9", "schema: is 'tare-plan/9'");
	refuse("\"schema\"", "\"scheme\"", "schema: is missing");
	refuse("\"caution\": \"normal\"", "\"caution\": \"brave\"", "caution: must be");
	refuse("\"caution\": \"normal\"", "\"caution\": 3", "caution: must be a text");
	refuse("\"totals\"", "\"extra\": 1, \"totals\"", "unknown field 'extra'");
	refuse("\"action\": \"remove\"", "\"action\": \"burn\"",
	       "packages[1].action: must be 'remove' or 'keep'");
	refuse("\"action\": \"remove\"", "\"action\": \"keep\"",
	       "totals.packages_removed: is 1, but 0");
	refuse("\"packages_before\": 3", "\"packages_before\": 4",
	       "totals.packages_before: is 4, but 3");
	refuse("\"disk_bytes_freed\": 4096", "\"disk_bytes_freed\": -1",
	       "totals.disk_bytes_freed: must be a number, 0 or more");
	refuse("\"disk_bytes_freed\": 4096", "\"disk_bytes_freed\": 99999999",
	       "totals.disk_bytes_freed: is more than");
	refuse("\"optimal\": true", "\"optimal\": \"yes\"",
	       "proof.optimal: must be true or false");
	refuse("\"place\": ", "\"plaice\": ", "packages[0].citations[0]: unknown field");
	refuse("{", "[", "line 2, column 11");
}

/* ROOT's plan with a trim: "trims" and "files" as given. */
static int read_trims(const char *trims, const char *files, uint64_t count,
		      uint64_t bytes, struct plan_doc **ret, struct error *err)
{
	_cleanup_(freep) char *text = plan_text(), *lists = NULL, *changed = NULL;
	json_t *json = NULL, *list = NULL;
	int r;

	assert_int_equal(json_parse(text, strlen(text), &json, err), 0);
	assert_int_equal(json_parse(trims, strlen(trims), &list, err), 0);
	json_put(json, "trims", list);
	assert_int_equal(json_parse(files, strlen(files), &list, err), 0);
	json_put(json, "files", list);
	json_put(json_object_get(json, "totals"), "files_removed", json_uint(count));
	json_put(json_object_get(json, "totals"), "trim_bytes_freed", json_uint(bytes));
	changed = json_text(json);
	json_decref(json);
	r = plan_json_read(changed, strlen(changed), ret, err);
	return r;
}

#define TRIM(id, files, bytes)                                                           \
	"{\"id\": \"" id "\", \"title\": \"T\", \"why\": \"w\", "                        \
	"\"mechanism\": \"remove\", \"risk\": \"low\", \"risk_reason\": \"r\", "         \
	"\"rpm_verify\": \"missing\", \"restore\": \"reinstall\", \"features_lost\": "   \
	"[], "                                                                           \
	"\"files\": " files ", \"disk_bytes\": " bytes ", \"compressed_bytes\": null}"
#define NAME(path, rule, bytes)                                                          \
	"{\"path\": \"" path "\", \"type\": \"regular\", \"action\": \"remove\", "       \
	"\"rule\": \"" rule "\", \"package\": \"\", \"disk_bytes\": " bytes              \
	", \"compressed_bytes\": null, \"users\": []}"

static void trims_are_read(void **state)
{
	_cleanup_(plan_doc_freep) struct plan_doc *doc = NULL;
	struct error err = { 0 };

	(void)state;
	if (read_trims("[" TRIM("man", "2", "8192") "]",
		       "[" NAME("/usr/share/man/a", "man",
				"8192") "," NAME("/usr/share/man/b", "man", "0") "]",
		       2, 8192, &doc, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(doc->trims.len, 1);
	assert_int_equal(doc->files.len, 2);
	assert_string_equal(doc->files.data[0].path, "/usr/share/man/a");
	assert_string_equal(doc->files.data[0].rule, "man");
	assert_int_equal(doc->trim_bytes_freed, 8192);
}

static void refuse_trims(const char *trims, const char *files, const char *words)
{
	_cleanup_(plan_doc_freep) struct plan_doc *doc = NULL;
	struct error err = { 0 };

	assert_int_equal(read_trims(trims, files, 1, 1, &doc, &err), -EINVAL);
	if (!strstr(err.text, words))
		fail_msg("'%s' does not say '%s'", err.text, words);
}

static void trims_that_lead_elsewhere_or_do_not_add_up_are_refused(void **state)
{
	static const char *const BAD_PATHS[] = {
		NAME("", "m", "1"),    NAME("a", "m", "1"),	  NAME("/", "m", "1"),
		NAME("/..", "m", "1"), NAME("/a/../b", "m", "1"), NAME("/a/", "m", "1"),
		NAME("//a", "m", "1"), NAME("/./a", "m", "1"),
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(BAD_PATHS); i++) {
		_cleanup_(freep) char *list = mem_printf("[%s]", BAD_PATHS[i]);

		refuse_trims("[" TRIM("m", "1", "1") "]", list, "files[0].path: must be");
	}
	refuse_trims("[" TRIM("m", "2", "2") "]",
		     "[" NAME("/b", "m", "1") "," NAME("/b", "m", "1") "]",
		     "files[1].path: not in rising order");
	refuse_trims("[" TRIM("m", "1", "1") "," TRIM("m", "1", "1") "]", "[]",
		     "trims[1].id: not in rising order");
	refuse_trims("[" TRIM("m", "1", "1") "]", "[" NAME("/b", "x", "1") "]",
		     "files[0].rule: is no id in trims");
	refuse_trims("[" TRIM("m", "1", "2") "]", "[" NAME("/b", "m", "1") "]",
		     "trims[0]: its files are 1 with 1 bytes");
	refuse_trims("[" TRIM("m", "1", "2") "]", "[" NAME("/b", "m", "2") "]",
		     "totals.trim_bytes_freed: is 1, but");
	refuse_trims("[" TRIM("m", "0", "0") "]", "[]", "totals.files_removed: is 1");
}

static void a_plan_file_is_named_in_errors(void **state)
{
	struct plan_doc *doc = NULL;
	struct error err = { 0 };
	struct tempdir dir;
	_cleanup_(freep) char *path = NULL, *missing = NULL;

	(void)state;
	tempdir_init(&dir);
	tempdir_file(&dir, "plan.json", "{}");
	path = mem_printf("%s/plan.json", dir.path);
	missing = mem_printf("%s/none.json", dir.path);
	assert_int_equal(plan_json_read_file(path, &doc, &err), -EINVAL);
	assert_non_null(strstr(err.text, "plan.json': schema: is missing"));
	assert_int_equal(plan_json_read_file(missing, &doc, &err), -ENOENT);
	assert_non_null(strstr(err.text, "none.json"));
	tempdir_release(&dir);
}

/* As much of JSON Schema as trimmer/plan.schema.json uses. */
static void conform(const json_t *value, const json_t *schema, const char *where);

static void conform_object(const json_t *value, const json_t *schema, const char *where)
{
	const json_t *properties = json_object_get(schema, "properties");
	const json_t *required = json_object_get(schema, "required");
	json_t *object = (json_t *)value;

	for (size_t i = 0; i < json_array_size(required); i++) {
		const char *name = json_string_value(json_array_get(required, i));

		if (!json_object_get(value, name))
			fail_msg("%s: '%s' is missing", where, name);
	}
	for (void *it = json_object_iter(object); it;
	     it = json_object_iter_next(object, it)) {
		const char *name = json_object_iter_key(it);
		const json_t *property = json_object_get(properties, name);

		if (!property)
			fail_msg("%s: the schema does not know '%s'", where, name);
		conform(json_object_iter_value(it), property, name);
	}
	assert_int_equal(json_object_size(properties), json_array_size(required));
}

static void conform(const json_t *value, const json_t *schema, const char *where)
{
	const json_t *types = json_object_get(schema, "type");
	const char *type = json_string_value(types);
	const json_t *choices = json_object_get(schema, "enum");
	bool chosen = !choices;

	for (size_t i = 0; i < json_array_size(choices); i++)
		chosen |= json_equal(value, json_array_get(choices, i));
	if (!chosen)
		fail_msg("%s: is none of the schema's values", where);
	if (!type) { /* two: the second is null */
		assert_string_equal(json_string_value(json_array_get(types, 1)), "null");
		if (json_is_null(value))
			return;
		type = json_string_value(json_array_get(types, 0));
	}
	if (strcmp(type, "object") == 0 && json_is_object(value))
		conform_object(value, schema, where);
	else if (strcmp(type, "array") == 0 && json_is_array(value))
		for (size_t i = 0; i < json_array_size(value); i++)
			conform(json_array_get(value, i),
				json_object_get(schema, "items"), where);
	else if (!(strcmp(type, "string") == 0 && json_is_string(value)) &&
		 !(strcmp(type, "integer") == 0 && json_is_integer(value)) &&
		 !(strcmp(type, "boolean") == 0 && json_is_boolean(value)))
		fail_msg("%s: is no %s", where, type);
}

static void plans_follow_the_schema(void **state)
{
	_cleanup_(freep) char *text = plan_text();
	json_t *plan = NULL, *schema = NULL;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(json_parse(text, strlen(text), &plan, &err), 0);
	if (json_read_file(TEST_SOURCE_DIR "/../trimmer/plan.schema.json", 1 << 20,
			   &schema, &err) < 0)
		fail_msg("%s", err.text);
	conform(plan, schema, "plan");
	json_decref(plan);
	json_decref(schema);
}

/* Packages that the graph has now, against a plan made for ROOT. */
static void verify(const char *lines, struct verify_report **ret)
{
	_cleanup_(freep) char *text = plan_text();
	_cleanup_(plan_doc_freep) struct plan_doc *doc = NULL;
	struct graph *g = tiny_graph(lines);
	struct error err = { 0 };

	assert_int_equal(plan_json_read(text, strlen(text), &doc, &err), 0);
	assert_int_equal(verify_plan(g, doc, NULL, ret, &err), 0);
	graph_free(g);
}

static void the_same_root_proves_its_plan(void **state)
{
	_cleanup_(verify_report_freep) struct verify_report *report = NULL;

	(void)state;
	verify(ROOT, &report);
	assert_true(report->passed);
	assert_int_equal(report->count[VERIFY_PACKAGE][VERIFY_VALID], 1);
	assert_int_equal(report->disk_bytes_freed, 4096);
	assert_int_equal(report->graph.result, VERIFY_PASSED);
	assert_int_equal(report->rpm.result, VERIFY_NOT_RUN);
}

static void what_is_gone_already_is_a_noop(void **state)
{
	_cleanup_(verify_report_freep) struct verify_report *report = NULL;

	(void)state;
	verify("pkg app\npkg lib\n", &report);
	assert_true(report->passed);
	assert_int_equal(report->count[VERIFY_PACKAGE][VERIFY_NOOP], 1);
	assert_int_equal(report->items.data[0].status, VERIFY_NOOP);
	assert_string_equal(report->items.data[0].reason, "it is not installed");
	assert_int_equal(report->disk_bytes_freed, 0);
}

static void what_is_needed_now_is_unsafe(void **state)
{
	_cleanup_(verify_report_freep) struct verify_report *report = NULL;

	(void)state;
	verify("pkg app\npkg lib\npkg games\npkg fun\n"
	       "provide games games\nrequire fun games\n",
	       &report);
	assert_false(report->passed);
	assert_int_equal(report->count[VERIFY_PACKAGE][VERIFY_UNSAFE], 1);
	assert_int_equal(report->items.data[0].status, VERIFY_UNSAFE);
	assert_string_equal(report->items.data[0].reason,
			    "fun-1-1.x86_64 requires games");
	assert_string_equal(report->graph.problems.data[0].text, "requires games");
}

static void plans_are_kept_in_the_graph(void **state)
{
	const struct plan_item_row rows[] = {
		{ "package", 1, 0, "keep", 4096, 0, "it is the workload" },
		{ "package", 2, 0, "remove", 4096, 0, "nothing needs it" },
	};
	_cleanup_(freep) char *path = NULL, *text = NULL;
	_cleanup_(store_closep) struct store *st = NULL;
	struct error err = { 0 };
	struct tempdir dir;
	int64_t count = 0;

	(void)state;
	tempdir_init(&dir);
	path = mem_printf("%s/graph.db", dir.path);
	tiny_store(ROOT, path);
	assert_int_equal(store_open_write(path, &st, &err), 0);
	assert_int_equal(store_get_plan(st, "default", &text, &err), -ENOENT);
	assert_int_equal(store_put_plan(st, "default", "{}", rows, 2, &err), 0);
	assert_int_equal(store_put_plan(st, "default", "{ }", rows, 2, &err), 0);
	assert_int_equal(store_get_plan(st, "default", &text, &err), 0);
	assert_string_equal(text, "{ }");
	assert_int_equal(sql_one_int(store_sql(st), "SELECT count(*) FROM plan_item",
				     &count, &err),
			 0);
	assert_int_equal(count, 2);
	tempdir_release(&dir);
}

/* A row that breaks a rule of the schema leaves the old plan as it was. */
static void a_bad_row_changes_nothing(void **state)
{
	const struct plan_item_row bad[] = { { "package", 99, 0, "keep", 0, 0, "" } };
	_cleanup_(freep) char *path = NULL, *text = NULL;
	_cleanup_(store_closep) struct store *st = NULL;
	struct error err = { 0 };
	struct tempdir dir;

	(void)state;
	tempdir_init(&dir);
	path = mem_printf("%s/graph.db", dir.path);
	tiny_store(ROOT, path);
	assert_int_equal(store_open_write(path, &st, &err), 0);
	assert_int_equal(store_put_plan(st, "p", "old", NULL, 0, &err), 0);
	assert_true(store_put_plan(st, "p", "new", bad, 1, &err) < 0);
	assert_non_null(strstr(err.text, "cannot store the plan 'p'"));
	assert_int_equal(store_get_plan(st, "p", &text, &err), 0);
	assert_string_equal(text, "old");
	tempdir_release(&dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plan_is_read_as_it_was_written),
		cmocka_unit_test(what_an_erase_runs_is_said),
		cmocka_unit_test(the_same_root_gives_the_same_bytes),
		cmocka_unit_test(damaged_plans_are_refused_with_the_place),
		cmocka_unit_test(trims_are_read),
		cmocka_unit_test(trims_that_lead_elsewhere_or_do_not_add_up_are_refused),
		cmocka_unit_test(a_plan_file_is_named_in_errors),
		cmocka_unit_test(plans_follow_the_schema),
		cmocka_unit_test(the_same_root_proves_its_plan),
		cmocka_unit_test(what_is_gone_already_is_a_noop),
		cmocka_unit_test(what_is_needed_now_is_unsafe),
		cmocka_unit_test(plans_are_kept_in_the_graph),
		cmocka_unit_test(a_bad_row_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
