#include "graph/startup.h"

#include "base/macros.h"
#include "base/strbuf.h"
#include "tests/unit/support/test.h"
#include "tests/unit/support/tiny_graph.h"

#include <string.h>

#define LIB "/usr/lib/systemd/system/"
#define ETC "/etc/systemd/system/"

/* A target, a service that it wants, and its program. */
#define BASE                                                                             \
	"pkg base\n"                                                                     \
	"file " LIB "default.target unit base\n"                                         \
	"file " LIB "a.service unit base\n"                                              \
	"file /usr/sbin/a executable base\n"                                             \
	"elf /usr/sbin/a 1000 1000\n"

#define WANTED "edge " LIB "default.target unit " LIB "a.service\n"

/* Paths of the units whose daemons start, each with a blank behind it; process 1 is "1". */
static void expect_daemons(const char *lines, const char *wanted)
{
	struct graph *g = tiny_graph(lines);
	_cleanup_(startup_release) struct startup s;
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	startup_find(g, &s);
	array_each (&s.daemons, i) {
		file_id unit = s.daemons.data[i].unit;
		const char *path = unit ? graph_text(g, g->files[unit].path) : "/1";

		strbuf_printf(&text, "%s ", strrchr(path, '/') + 1);
	}
	assert_string_equal(strbuf_text(&text), wanted);
	graph_free(g);
}

static void a_wanted_service_starts_its_daemon(void **state)
{
	(void)state;
	expect_daemons(BASE "service " LIB "a.service simple /usr/sbin/a\n" WANTED,
		       "a.service ");
	expect_daemons(BASE "service " LIB "a.service - /usr/sbin/a\n" WANTED,
		       "a.service ");
}

static void nobody_wants_it_nobody_starts_it(void **state)
{
	(void)state;
	expect_daemons(BASE "service " LIB "a.service simple /usr/sbin/a\n", "");
}

static void a_oneshot_service_leaves_nothing(void **state)
{
	(void)state;
	expect_daemons(BASE "service " LIB "a.service oneshot /usr/sbin/a\n" WANTED, "");
}

static void a_unit_without_program_is_no_daemon(void **state)
{
	(void)state;
	expect_daemons(BASE "service " LIB "a.service simple\n" WANTED, "");
	expect_daemons(BASE WANTED, "");
}

static void a_socket_does_not_start_its_service(void **state)
{
	static const char lines[] = "pkg base\n"
				    "file " LIB "default.target unit base\n"
				    "file " LIB "a.socket unit base\n"
				    "file " LIB "a.service unit base\n"
				    "file /usr/sbin/a executable base\n"
				    "service " LIB "a.service simple /usr/sbin/a\n"
				    "edge " LIB "default.target unit " LIB "a.socket\n";
	struct graph *g = tiny_graph(lines);
	_cleanup_(startup_release) struct startup s;

	(void)state;
	startup_find(g, &s);
	assert_true(idset_has(&s.started, tiny_file(g, LIB "a.socket")));
	assert_false(idset_has(&s.started, tiny_file(g, LIB "a.service")));
	graph_free(g);
}

static void a_masked_unit_never_starts(void **state)
{
	(void)state;
	expect_daemons(BASE "link " ETC "a.service /dev/null\n"
			    "service " LIB "a.service simple /usr/sbin/a\n" WANTED,
		       "");
}

static void an_entry_of_a_wants_folder_starts_the_unit_of_its_name(void **state)
{
	(void)state;
	expect_daemons(BASE "link " ETC "default.target.wants/a.service " LIB
			    "a.service\n"
			    "service " LIB "a.service simple /usr/sbin/a\n"
			    "edge " LIB "default.target unit " ETC
			    "default.target.wants/a.service\n",
		       "a.service ");
}

static void an_instance_runs_its_template(void **state)
{
	(void)state;
	expect_daemons("pkg base\n"
		       "file " LIB "default.target unit base\n"
		       "file " LIB "tty@.service unit base\n"
		       "file /usr/sbin/tty executable base\n"
		       "link " ETC "default.target.wants/tty@1.service " LIB
		       "tty@.service\n"
		       "service " LIB "tty@.service idle /usr/sbin/tty\n"
		       "edge " LIB "default.target unit " ETC
		       "default.target.wants/tty@1.service\n"
		       "edge " ETC "default.target.wants/tty@1.service symlink " LIB
		       "tty@.service\n",
		       "tty@.service ");
}

static void local_units_stand_before_those_of_packages(void **state)
{
	(void)state;
	expect_daemons(BASE "file " ETC "default.target unit\n"
			    "service " LIB "a.service simple /usr/sbin/a\n" WANTED,
		       "");
}

static void conditions_on_paths_are_asked_of_the_graph(void **state)
{
	static const char *const met[] = {
		"ConditionPathExists=/usr/sbin/a",
		"ConditionPathExists=!/etc/absent",
		"ConditionPathExists=/dev/tty0",
		"ConditionPathExists=|/etc/absent",
		"ConditionVirtualization=!kvm",
		"ConditionCapability=CAP_X",
		"AssertPathExists=/usr/sbin/a",
		"Condition",
		"=",
	};
	static const char *const unmet[] = {
		"ConditionPathExists=/etc/absent", "ConditionPathExists=!/usr/sbin/a",
		"ConditionVirtualization=vmware",  "ConditionKernelCommandLine=debug",
		"AssertPathExists=/etc/absent",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(met) + ARRAY_LEN(unmet); i++) {
		bool starts = i < ARRAY_LEN(met);
		_cleanup_(freep) char *lines = mem_printf(
			BASE WANTED "service " LIB "a.service simple /usr/sbin/a\n"
				    "condition " LIB "a.service %s\n",
			starts ? met[i] : unmet[i - ARRAY_LEN(met)]);

		expect_daemons(lines, starts ? "a.service " : "");
	}
}

static void a_drop_in_changes_the_program_and_the_type(void **state)
{
	static const char lines[] =
		BASE WANTED "file " LIB "a.service.d/x.conf unit base\n"
			    "file /usr/sbin/b executable base\n"
			    "elf /usr/sbin/b 1000 1000\n"
			    "service " LIB "a.service oneshot /usr/sbin/a\n"
			    "service " LIB "a.service.d/x.conf simple /usr/sbin/b\n"
			    "edge " LIB "a.service unit " LIB "a.service.d/x.conf\n";
	struct graph *g = tiny_graph(lines);
	_cleanup_(startup_release) struct startup s;
	const struct startup_daemon *daemon;

	(void)state;
	startup_find(g, &s);
	assert_int_equal(s.daemons.len, 1);
	daemon = startup_daemon_of(&s, tiny_file(g, LIB "a.service"));
	assert_non_null(daemon);
	assert_int_equal(daemon->program, tiny_file(g, "/usr/sbin/b"));
	assert_null(startup_daemon_of(&s, tiny_file(g, LIB "default.target")));
	graph_free(g);
}

static void the_bus_is_started_for_who_connects_to_it(void **state)
{
	(void)state;
	expect_daemons(BASE WANTED "file " LIB "dbus.service unit base\n"
				   "file /usr/bin/dbus executable base\n"
				   "service " LIB "a.service dbus /usr/sbin/a\n"
				   "service " LIB "dbus.service notify /usr/bin/dbus\n"
				   "edge " LIB "a.service dbus " LIB "dbus.service\n",
		       "a.service dbus.service ");
}

static void a_script_runs_in_its_interpreter(void **state)
{
	static const char lines[] = "pkg base\n"
				    "file /usr/sbin/agent script base\n"
				    "file /usr/bin/env executable base\n"
				    "file /usr/bin/python3.11 executable base\n"
				    "link /usr/bin/python3 python3.11 base\n"
				    "elf /usr/bin/env 1 1\n"
				    "elf /usr/bin/python3.11 1 1\n"
				    "edge /usr/sbin/agent shebang /usr/bin/env\n"
				    "edge /usr/sbin/agent shebang /usr/bin/python3\n"
				    "edge /usr/bin/python3 symlink /usr/bin/python3.11\n";
	struct graph *g = tiny_graph(lines);

	(void)state;
	assert_int_equal(startup_image(g, tiny_file(g, "/usr/sbin/agent")),
			 tiny_file(g, "/usr/bin/python3.11"));
	graph_free(g);
}

static void links_in_a_circle_lead_nowhere(void **state)
{
	struct graph *g = tiny_graph("link /a /b\n"
				     "link /b /a\n"
				     "file /s script\n"
				     "edge /a symlink /b\n"
				     "edge /b symlink /a\n"
				     "edge /s shebang /s2\n"
				     "file /s2 script\n"
				     "edge /s2 shebang /s\n");

	(void)state;
	assert_int_equal(startup_follow(g, tiny_file(g, "/a")), 0);
	assert_int_equal(startup_image(g, tiny_file(g, "/s")), 0);
	graph_free(g);
}

static void process_1_is_a_daemon(void **state)
{
	(void)state;
	expect_daemons(BASE "file /usr/lib/systemd/systemd executable base\n"
			    "elf /usr/lib/systemd/systemd 1 1\n",
		       "1 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wanted_service_starts_its_daemon),
		cmocka_unit_test(nobody_wants_it_nobody_starts_it),
		cmocka_unit_test(a_oneshot_service_leaves_nothing),
		cmocka_unit_test(a_unit_without_program_is_no_daemon),
		cmocka_unit_test(a_socket_does_not_start_its_service),
		cmocka_unit_test(a_masked_unit_never_starts),
		cmocka_unit_test(an_entry_of_a_wants_folder_starts_the_unit_of_its_name),
		cmocka_unit_test(an_instance_runs_its_template),
		cmocka_unit_test(local_units_stand_before_those_of_packages),
		cmocka_unit_test(conditions_on_paths_are_asked_of_the_graph),
		cmocka_unit_test(a_drop_in_changes_the_program_and_the_type),
		cmocka_unit_test(the_bus_is_started_for_who_connects_to_it),
		cmocka_unit_test(a_script_runs_in_its_interpreter),
		cmocka_unit_test(links_in_a_circle_lead_nowhere),
		cmocka_unit_test(process_1_is_a_daemon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
