#include "base/macros.h"
#include "tests/unit/support/test.h"
#include "tests/unit/support/tiny_graph.h"
#include "trimmer/plan_json.h"

#include <errno.h>
#include <string.h>

#define LIB   "/usr/lib/systemd/system/"
#define WANTS "/etc/systemd/system/default.target.wants/"

/* The package of the workload brings a daemon, too, that somebody has enabled. */
static const char ROOT[] = "pkg base\n"
			   "pkg tool\n"
			   "file " LIB "default.target unit base\n"
			   "file /usr/bin/app executable tool\n"
			   "file " LIB "tool.service unit tool\n"
			   "file /usr/sbin/toold executable tool\n"
			   "link " WANTS "tool.service " LIB "tool.service\n"
			   "elf /usr/sbin/toold 100000 10000\n"
			   "service " LIB "tool.service simple /usr/sbin/toold\n"
			   "edge " LIB "tool.service unit-exec /usr/sbin/toold\n"
			   "edge " LIB "default.target unit " WANTS "tool.service\n"
			   "edge " WANTS "tool.service symlink " LIB "tool.service\n";

/* A oneshot service that is enabled, too. */
#define OTHER                                                                            \
	"file " LIB "other.service unit tool\n"                                          \
	"link " WANTS "other.service " LIB "other.service\n"                             \
	"service " LIB "other.service oneshot /usr/bin/app\n"                            \
	"edge " LIB "default.target unit " WANTS "other.service\n"                       \
	"edge " WANTS "other.service symlink " LIB "other.service\n"                     \
	"edge " LIB "other.service unit " LIB "tool.service\n"

struct made {
	struct graph *g;
	struct intent intent;
	struct plan *plan;
};

static void keep(struct made *m, const char *path)
{
	array_push(&m->intent.roots, (struct intent_root){
					     .node = tiny_file(m->g, path),
					     .selector = path,
					     .why = "",
					     .feature = "",
					     .profile = "test",
					     .place = "test.yaml:3",
				     });
}

/* That somebody enabled a unit is only possible; what other.service says is @p other. */
static void set_strengths(struct graph *g, enum edge_strength other)
{
	for (uint32_t i = 0; i < g->edge_count; i++) {
		struct graph_edge *edge = &g->edges[i];
		const char *to = graph_text(g, edge->cite_text);

		if (edge->kind == EDGE_UNIT && strncmp(to, WANTS, strlen(WANTS)) == 0)
			edge->strength = EDGE_POSSIBLE;
		else if (edge->kind == EDGE_UNIT)
			edge->strength = (uint8_t)other;
		if (edge->kind == EDGE_PATH)
			edge->strength = EDGE_POSSIBLE;
	}
}

static void make(struct made *m, const char *more, const char *root,
		 enum edge_strength other, struct plan_options options)
{
	_cleanup_(freep) char *lines = mem_printf("%s%s", ROOT, more);
	struct error err = { 0 };

	memset(m, 0, sizeof(*m));
	m->g = tiny_graph(lines);
	set_strengths(m->g, other);
	keep(m, "/usr/bin/app");
	keep(m, LIB "default.target");
	if (root)
		keep(m, root);
	if (plan_make(m->g, &m->intent, &options, &m->plan, &err) < 0)
		fail_msg("%s", err.text);
}

static void release(struct made *m)
{
	plan_free(m->plan);
	array_release(&m->intent.roots);
	graph_free(m->g);
}

static size_t count(const char *more, const char *root, enum caution caution)
{
	struct made m;
	size_t n;

	make(&m, more, root, EDGE_LIKELY, (struct plan_options){ .caution = caution });
	n = m.plan->services.len;
	release(&m);
	return n;
}

static void a_daemon_that_is_only_enabled_need_not_start(void **state)
{
	struct made m;
	const struct plan_service *service;

	(void)state;
	make(&m, "", NULL, EDGE_HARD, (struct plan_options){ .caution = CAUTION_NORMAL });
	assert_int_equal(m.plan->services.len, 1);
	service = &m.plan->services.data[0];
	assert_string_equal(service->unit, "tool.service");
	assert_int_equal(service->action, PLAN_DISABLE);
	assert_int_equal(service->risk, RISK_LOW);
	assert_int_equal(service->citations.len, 1);
	assert_string_equal(service->citations.data[0].place, WANTS "tool.service");
	assert_true(m.plan->memory_bytes_freed > 0);
	assert_int_equal(m.plan->memory_bytes_freed, m.plan->memory_bytes_before);
	release(&m);
}

static void what_somebody_names_starts(void **state)
{
	(void)state;
	assert_int_equal(count("", LIB "tool.service", CAUTION_NORMAL), 0);
	assert_int_equal(count("", "/usr/sbin/toold", CAUTION_NORMAL), 0);
	assert_int_equal(count("", WANTS "tool.service", CAUTION_NORMAL), 0);
}

static void in_doubt_it_starts(void **state)
{
	(void)state;
	/* a possible edge that the plan does not follow */
	assert_int_equal(
		count("edge /usr/bin/app path /usr/sbin/toold\n", NULL, CAUTION_LOW), 0);
	assert_int_equal(
		count("edge /usr/bin/app path " LIB "tool.service\n", NULL, CAUTION_LOW),
		0);
	assert_int_equal(count("", NULL, CAUTION_HIGH), 0);
}

/* What the plan says of tool.service. */
static void expect_start(const char *more, const char *root, struct plan_options options,
			 enum plan_start_kind kind, const char *words)
{
	struct made m;
	_cleanup_(freep) char *text = NULL;
	size_t found = SIZE_MAX;

	make(&m, more, root, EDGE_HARD, options);
	array_each (&m.plan->memory->daemons, i)
		if (m.plan->memory->daemons.data[i].startup.program ==
		    tiny_file(m.g, "/usr/sbin/toold"))
			found = i;
	assert_true(found != SIZE_MAX);
	text = plan_start_text(m.plan, found);
	if (m.plan->starts[found].kind != kind || !strstr(text, words))
		fail_msg("kind %u: %s, not %s", m.plan->starts[found].kind, text, words);
	assert_int_equal(m.plan->services.len, kind == START_NOT);
	release(&m);
}

static void each_daemon_says_what_makes_it_start(void **state)
{
	static const struct plan_options NORMAL = { .caution = CAUTION_NORMAL },
					 LOW = { .caution = CAUTION_LOW },
					 ASKED = { .caution = CAUTION_NORMAL,
						   .keep_services = true };

	(void)state;
	expect_start("", NULL, NORMAL, START_NOT, "nothing that must stay needs it");
	expect_start("", NULL, ASKED, START_ASKED, "--keep-services");
	expect_start("", LIB "tool.service", NORMAL, START_UNIT,
		     "its unit must stay: " LIB "tool.service [test.yaml:3]");
	expect_start("", WANTS "tool.service", NORMAL, START_UNIT,
		     "its unit must stay: " WANTS "tool.service: symlink: ");
	expect_start("", "/usr/sbin/toold", NORMAL, START_PROGRAM,
		     "its program must stay: /usr/sbin/toold [test.yaml:3]");
	expect_start("edge /usr/bin/app exec /usr/sbin/toold\n", NULL, NORMAL,
		     START_PROGRAM, "its program must stay: /usr/bin/app: exec: ");
	expect_start("edge /usr/bin/app path " LIB "tool.service\n", NULL, LOW,
		     START_NAMED, "/usr/bin/app stays and may use it: path, possible: ");
	expect_start("edge /usr/bin/app path /usr/sbin/toold\n", NULL, LOW, START_NAMED,
		     "/usr/bin/app stays and may use it: path, possible: ");
	expect_start(OTHER, NULL, NORMAL, START_REQUIRED,
		     LIB "other.service starts and fails without it: unit, hard: ");
}

static void what_goes_does_not_start(void **state)
{
	static const char LONELY[] =
		"pkg lonely\n"
		"file " LIB "lonely.service unit lonely\n"
		"file /usr/sbin/lonely executable lonely\n"
		"link " WANTS "lonely.service " LIB "lonely.service\n"
		"service " LIB "lonely.service simple "
		"/usr/sbin/lonely\n"
		"edge " LIB "default.target unit " WANTS "lonely.service\n"
		"edge " WANTS "lonely.service symlink " LIB "lonely.service\n";
	struct made m;

	(void)state;
	make(&m, LONELY, NULL, EDGE_HARD,
	     (struct plan_options){ .caution = CAUTION_NORMAL });
	assert_int_equal(m.plan->memory->daemons.len, 2);
	array_each (&m.plan->memory->daemons, i) {
		bool lonely = m.plan->memory->daemons.data[i].startup.program ==
			      tiny_file(m.g, "/usr/sbin/lonely");

		assert_int_equal(m.plan->starts[i].kind, lonely ? START_GOES : START_NOT);
	}
	release(&m);
}

static void who_says_nothing_of_booting_switches_nothing_off(void **state)
{
	struct made m;
	const struct plan_options options = { .caution = CAUTION_NORMAL };

	(void)state;
	memset(&m, 0, sizeof(m));
	m.g = tiny_graph(ROOT);
	set_strengths(m.g, EDGE_HARD);
	keep(&m, "/usr/bin/app");
	assert_int_equal(plan_make(m.g, &m.intent, &options, &m.plan, NULL), 0);
	assert_int_equal(m.plan->services.len, 0);
	assert_int_equal(m.plan->starts[0].kind, START_NO_BOOT);
	release(&m);
}

static void what_a_starting_unit_requires_starts(void **state)
{
	struct made m;

	(void)state;
	make(&m, OTHER, NULL, EDGE_HARD,
	     (struct plan_options){ .caution = CAUTION_NORMAL });
	assert_int_equal(m.plan->services.len, 0);
	assert_int_equal(m.plan->memory_bytes_freed, 0);
	release(&m);
}

static void what_another_unit_wants_must_be_masked(void **state)
{
	struct made m;

	(void)state;
	make(&m, OTHER, NULL, EDGE_LIKELY,
	     (struct plan_options){ .caution = CAUTION_NORMAL });
	assert_int_equal(m.plan->services.len, 1);
	assert_int_equal(m.plan->services.data[0].action, PLAN_MASK);
	release(&m);
}

static void services_are_read_as_they_were_written(void **state)
{
	struct made m;
	_cleanup_(freep) char *text = NULL;
	_cleanup_(plan_doc_freep) struct plan_doc *doc = NULL, *bad = NULL;
	struct error err = { 0 };
	char *unit;

	(void)state;
	make(&m, "", NULL, EDGE_HARD, (struct plan_options){ .caution = CAUTION_NORMAL });
	text = plan_json_write(m.plan, NULL);
	assert_int_equal(plan_json_read(text, strlen(text), &doc, &err), 0);
	assert_int_equal(doc->services.len, 1);
	assert_string_equal(doc->services.data[0].unit, "tool.service");
	assert_string_equal(doc->services.data[0].action, "disable");
	assert_string_equal(doc->services.data[0].memory_source, "estimate");
	assert_int_equal(doc->memory_bytes_freed, m.plan->memory_bytes_freed);
	/* a path would lead whoever applies the plan elsewhere */
	unit = strstr(text, "\"tool.service\"");
	assert_non_null(unit);
	memcpy(unit, "\"/ool.service\"", strlen("\"tool.service\""));
	assert_int_equal(plan_json_read(text, strlen(text), &bad, &err), -EINVAL);
	assert_non_null(strstr(err.text, "services[0].unit"));
	release(&m);
}

/* Two packages provide what the workload requires: a small one with a daemon, a big one. */
static const char CHOICE[] = "pkg small\n"
			     "pkg big\n"
			     "provide small clock\n"
			     "provide big clock\n"
			     "require tool clock\n"
			     "file " LIB "small.service unit small\n"
			     "file /usr/sbin/small executable small\n"
			     "file /usr/sbin/big executable big\n"
			     "size /usr/sbin/big 100000\n"
			     "elf /usr/sbin/small 100000 10000\n"
			     "service " LIB "small.service simple /usr/sbin/small\n"
			     "edge " LIB "default.target unit " LIB "small.service\n";

static void expect_choice(enum plan_weigh weigh, const char *kept, const char *gone)
{
	struct made m;
	pkg_id stays, goes;

	make(&m, CHOICE, NULL, EDGE_POSSIBLE,
	     (struct plan_options){ .caution = CAUTION_NORMAL, .weigh = weigh });
	stays = tiny_package(m.g, kept) - m.g->file_count;
	goes = tiny_package(m.g, gone) - m.g->file_count;
	assert_true(idset_has(&m.plan->kept, stays));
	assert_true(idset_has(&m.plan->removed, goes));
	assert_true(m.plan->optimal);
	assert_int_equal(m.plan->bound_bytes, m.plan->kept_bytes);
	release(&m);
}

static void the_keep_set_is_smallest_in_what_is_weighed(void **state)
{
	(void)state;
	expect_choice(PLAN_WEIGH_DISK, "small", "big");
	expect_choice(PLAN_WEIGH_MEMORY, "big", "small");
	/* 100 kB of disk are less than the daemon's memory */
	expect_choice(PLAN_WEIGH_BOTH, "big", "small");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_daemon_that_is_only_enabled_need_not_start),
		cmocka_unit_test(what_somebody_names_starts),
		cmocka_unit_test(in_doubt_it_starts),
		cmocka_unit_test(each_daemon_says_what_makes_it_start),
		cmocka_unit_test(what_goes_does_not_start),
		cmocka_unit_test(who_says_nothing_of_booting_switches_nothing_off),
		cmocka_unit_test(what_a_starting_unit_requires_starts),
		cmocka_unit_test(what_another_unit_wants_must_be_masked),
		cmocka_unit_test(services_are_read_as_they_were_written),
		cmocka_unit_test(the_keep_set_is_smallest_in_what_is_weighed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
