/* What a plan frees of an image layer, and of the RPM database. */
#include "base/macros.h"
#include "tests/unit/support/test.h"
#include "tests/unit/support/tiny_graph.h"
#include "trimmer/plan_json.h"

#include <string.h>

/* "both" is of two packages that go, "twin" an inode with a name in each of two. */
static const char SIZES[] = "compressed /usr/bin/app 700\n"
			    "compressed /usr/bin/twin 40\n"
			    "compressed /usr/bin/a 5\n"
			    "compressed /usr/bin/both 100\n";
static const char FILES[] = "pkg a\n"
			    "pkg app\n"
			    "pkg b\n"
			    "file /usr/bin/app executable app\n"
			    "file /usr/bin/a executable a\n"
			    "file /usr/bin/both executable a\n"
			    "file /usr/bin/twin executable a\n"
			    "file /usr/bin/twin2 executable b\n"
			    "same /usr/bin/twin2 /usr/bin/twin\n";

static struct plan *make(const char *more, struct graph **ret, struct intent *intent)
{
	_cleanup_(freep) char *lines = mem_printf("%s%s", FILES, more);
	struct plan_options options = { .caution = CAUTION_NORMAL };
	struct plan *plan = NULL;
	struct error err = { 0 };

	*ret = tiny_graph(lines);
	array_push(&intent->roots, (struct intent_root){
					   .node = tiny_file(*ret, "/usr/bin/app"),
					   .selector = "app",
					   .why = "",
					   .feature = "",
					   .profile = "test",
					   .place = "test.yaml:3",
				   });
	if (plan_make(*ret, intent, &options, &plan, &err) < 0)
		fail_msg("%s", err.text);
	return plan;
}

static void layers_weigh_as_disks_do(void **state)
{
	_cleanup_(graph_freep) struct graph *g = NULL;
	_cleanup_(plan_doc_freep) struct plan_doc *doc = NULL;
	_cleanup_(freep) char *text = NULL;
	struct intent intent = { 0 };
	struct plan *plan = make(SIZES, &g, &intent);

	(void)state;
	assert_int_equal(plan->packages_removed, 2);
	assert_int_equal(plan->compressed_bytes_before, 845);
	assert_int_equal(plan->compressed_bytes_freed, 145);
	assert_int_equal(plan->packages[1].compressed_bytes, 105);
	assert_int_equal(plan->packages[2].compressed_bytes, 700);
	assert_int_equal(plan->packages[3].compressed_bytes, 0);
	text = plan_json_write(plan, NULL);
	assert_int_equal(plan_json_read(text, strlen(text), &doc, NULL), 0);
	assert_true(doc->has_compressed);
	assert_int_equal(doc->compressed_bytes_freed, 145);
	assert_int_equal(doc->packages.data[0].compressed_bytes, 105);
	plan_free(plan);
	array_release(&intent.roots);
}

static void what_nobody_measured_is_null(void **state)
{
	_cleanup_(graph_freep) struct graph *g = NULL;
	_cleanup_(plan_doc_freep) struct plan_doc *doc = NULL;
	_cleanup_(freep) char *text = NULL;
	struct intent intent = { 0 };
	struct plan *plan = make("", &g, &intent);

	(void)state;
	text = plan_json_write(plan, NULL);
	assert_non_null(strstr(text, "\"compressed_bytes\": null"));
	assert_non_null(strstr(text, "\"compressed_bytes_freed\": null"));
	assert_int_equal(plan_json_read(text, strlen(text), &doc, NULL), 0);
	assert_false(doc->has_compressed);
	plan_free(plan);
	array_release(&intent.roots);
}

/* Two packages of three are 300 of 1000 bytes of the headers. */
static void the_database_shrinks_with_its_headers(void **state)
{
	_cleanup_(graph_freep) struct graph *g = NULL;
	struct intent intent = { 0 };
	struct plan_options options = { .caution = CAUTION_NORMAL };
	struct plan *plan = make("made /var/lib/rpm/rpmdb.sqlite rpmdb rpmdb\n"
				 "size /var/lib/rpm/rpmdb.sqlite 253952\n",
				 &g, &intent);

	(void)state;
	assert_int_equal(plan->database_bytes_freed, 0);
	plan_free(plan);
	for (pkg_id p = 1; p <= 3; p++)
		g->packages[p].header_bytes = p == 2 ? 700 : 150;
	g->image.rpmdb_path = strpool_add(&g->strings, "/var/lib/rpm/rpmdb.sqlite");
	g->image.rpmdb_backend = strpool_add(&g->strings, "sqlite");
	assert_int_equal(plan_make(g, &intent, &options, &plan, NULL), 0);
	assert_int_equal(plan->database_bytes_freed, 12288);
	plan_free(plan);
	g->image.rpmdb_backend = strpool_add(&g->strings, "bdb");
	assert_int_equal(plan_make(g, &intent, &options, &plan, NULL), 0);
	assert_int_equal(plan->database_bytes_freed, 0);
	plan_free(plan);
	array_release(&intent.roots);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layers_weigh_as_disks_do),
		cmocka_unit_test(what_nobody_measured_is_null),
		cmocka_unit_test(the_database_shrinks_with_its_headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
