/* Which files of what stays go, on graphs of a few lines with rules of a few lines. */
#include "base/macros.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "tests/unit/support/test.h"
#include "tests/unit/support/tiny_graph.h"
#include "trimmer/plan.h"

#include <string.h>

#define APP                                                                              \
	"pkg app\n"                                                                      \
	"file /usr/bin/app executable app\n"
#define RULE(id, more)                                                                   \
	"trim: " id "\ntitle: t\nwhy: w\nmechanism: remove\nrisk: none\n"                \
	"risk-reason: r\nrpm-verify: v\nrestore: s\n" more
#define ALL_OF(folder) "files:\n  - path: " folder "/**\n"

struct world {
	struct graph *g;
	struct intent intent;
	struct trim_rules rules;
	struct plan_options options;
	struct plan *plan;
};

static void world_init(struct world *w, const char *lines, const char *const *rules,
		       size_t rule_count)
{
	struct error err = { 0 };

	*w = (struct world){ .g = tiny_graph(lines) };
	array_push(&w->intent.roots, (struct intent_root){
					     .node = tiny_file(w->g, "/usr/bin/app"),
					     .selector = "command: app",
					     .why = "w",
					     .feature = "",
					     .profile = "test",
					     .place = "test.yaml:1",
				     });
	for (size_t i = 0; i < rule_count; i++) {
		struct trim_rule *rule = NULL;

		if (trim_rule_parse("t.yaml", rules[i], strlen(rules[i]), &rule, &err) <
		    0)
			fail_msg("%s", err.text);
		array_push(&w->rules.rules, rule);
	}
	w->options.trims = &w->rules;
}

static void world_release(struct world *w)
{
	plan_free(w->plan);
	trim_rules_release(&w->rules);
	array_release(&w->intent.roots);
	array_release(&w->intent.protect);
	graph_free(w->g);
}

/* "/path /path: bytes" */
static void expect_plan(struct world *w, const char *expected)
{
	_cleanup_(strbuf_release) struct strbuf out = { 0 };
	struct error err = { 0 };
	uint64_t sum = 0;

	if (plan_make(w->g, &w->intent, &w->options, &w->plan, &err) < 0)
		fail_msg("%s", err.text);
	array_each (&w->plan->files, i) {
		const struct plan_file *file = &w->plan->files.data[i];

		strbuf_printf(&out, "%s ",
			      graph_text(w->g, w->g->files[file->file].path));
		sum += file->disk_bytes;
	}
	strbuf_printf(&out, "%llu", (unsigned long long)w->plan->trim_bytes_freed);
	assert_string_equal(strbuf_text(&out), expected);
	assert_int_equal(sum, w->plan->trim_bytes_freed);
}

static void expect(const char *lines, const char *rule, const char *expected)
{
	struct world w;

	world_init(&w, lines, &rule, 1);
	expect_plan(&w, expected);
	world_release(&w);
}

static void files_of_what_stays_go(void **state)
{
	(void)state;
	expect(APP "pkg games\nfile /usr/share/doc/app/a documentation app\n"
		   "file /usr/share/doc/games/g documentation games\n"
		   "file /usr/share/doc/mine documentation\n",
	       RULE("d", ALL_OF("/usr/share/doc")),
	       "/usr/share/doc/app/a /usr/share/doc/mine 8192");
}

static void what_is_needed_stays(void **state)
{
	(void)state;
	expect(APP "file /usr/share/doc/a documentation app\n"
		   "file /usr/share/doc/b documentation app\n"
		   "edge /usr/bin/app path /usr/share/doc/a\n",
	       RULE("d", ALL_OF("/usr/share/doc")), "/usr/share/doc/b 4096");
}

static void licences_and_configuration_stay(void **state)
{
	(void)state;
	expect(APP "file /usr/share/doc/app/copyright licence app\n"
		   "file /usr/share/doc/app/COPYING.LIB documentation app\n"
		   "file /usr/share/doc/app/LICENSE-2.0 documentation app\n"
		   "file /usr/share/doc/app/NEWS documentation app\n",
	       RULE("d", ALL_OF("/usr/share/doc")), "/usr/share/doc/app/NEWS 4096");
}

static void a_required_path_stays(void **state)
{
	(void)state;
	expect(APP "pkg lib\nfile /usr/share/doc/key documentation lib\n"
		   "file /usr/share/doc/other documentation lib\n"
		   "provide lib lib\nrequire app lib\nprovide lib "
		   "/usr/share/doc/key\nrequire app /usr/share/doc/key\n",
	       RULE("d", ALL_OF("/usr/share/doc")), "/usr/share/doc/other 4096");
}

static void no_library_of_what_stays_goes(void **state)
{
	(void)state;
	expect(APP "file /usr/lib/x/tool executable app\nfile /usr/lib/x/liba.so library "
		   "app\n"
		   "file /usr/lib/x/libb.so library app\n"
		   "edge /usr/lib/x/tool needed /usr/lib/x/liba.so\n",
	       RULE("x", "files:\n  - path: /usr/lib/x/lib*.so\n"),
	       "/usr/lib/x/libb.so 4096");
}

static void a_link_that_stays_keeps_its_target(void **state)
{
	static const char LINES[] =
		APP "file /usr/share/man/a man app\n"
		    "file /usr/share/man/b man app\n"
		    "link /etc/alternatives/a /usr/share/man/a\n"
		    "edge /etc/alternatives/a symlink /usr/share/man/a\n";

	(void)state;
	expect(LINES, RULE("m", ALL_OF("/usr/share/man")), "/usr/share/man/b 4096");
	expect(LINES,
	       RULE("m", ALL_OF("/usr/share/man") "links:\n  - path: "
						  "/etc/alternatives/*\n"),
	       "/etc/alternatives/a /usr/share/man/a /usr/share/man/b 8192");
}

/* A link whose target stays is not left dangling, nor does it go. */
static void a_link_goes_only_with_its_target(void **state)
{
	(void)state;
	expect(APP "file /usr/share/man/a man app\nfile /usr/share/man/b man app\n"
		   "edge /usr/bin/app path /usr/share/man/a\n"
		   "link /etc/alternatives/a /usr/share/man/a\n"
		   "edge /etc/alternatives/a symlink /usr/share/man/a\n"
		   "link /etc/alternatives/c /etc/alternatives/a\n"
		   "edge /etc/alternatives/c symlink /etc/alternatives/a\n",
	       RULE("m", ALL_OF("/usr/share/man") "links:\n  - path: "
						  "/etc/alternatives/*\n"),
	       "/usr/share/man/b 4096");
}

static void keep_keeps_what_that_needs(void **state)
{
	(void)state;
	expect(APP "file /usr/share/zone/UTC timezone app\n"
		   "file /usr/share/zone/Rome timezone app\n"
		   "file /usr/share/zone/Oslo timezone app\n"
		   "file /etc/zone config app\n"
		   "edge /etc/zone config /usr/share/zone/Oslo\n",
	       RULE("z", ALL_OF("/usr/share/zone") "keep:\n  - path: [/etc/zone, "
						   "/usr/share/zone/UTC]\n    why: w\n"),
	       "/usr/share/zone/Rome 4096");
}

static void followed_edges_hold_from_whatever_stays(void **state)
{
	static const char LINES[] = APP "file /m/a.ko kernel-module app\n"
					"file /f/a.bin firmware app\n"
					"file /f/b.bin firmware app\n"
					"edge /m/a.ko firmware /f/a.bin\n";

	(void)state;
	expect(LINES, RULE("f", ALL_OF("/f") "follow: firmware\n"), "/f/b.bin 4096");
	expect(LINES, RULE("f", ALL_OF("/f")), "/f/a.bin /f/b.bin 8192");
}

static void only_with_wants_the_other_file(void **state)
{
	(void)state;
	expect(APP "file /p/a.py interpreted-library app\nfile /p/a.pyc bytecode app\n"
		   "file /p/b.pyc bytecode app\nedge /p/a.pyc bytecode /p/a.py\n",
	       RULE("b", "files:\n  - category: bytecode\nonly-with: bytecode\n"),
	       "/p/a.pyc 4096");
}

static void kept_locales_stay(void **state)
{
	const char *const locales[] = { "de" };
	const char *rule = RULE("l", "files:\n  - path: /usr/share/locale/*/**\n"
				     "by-locale: true\n");
	struct world w;

	(void)state;
	world_init(&w,
		   APP "file /usr/share/locale/de/a locale app\n"
		       "file /usr/share/locale/de_AT/a locale app\n"
		       "file /usr/share/locale/fr/a locale app\n"
		       "file /usr/share/locale/locale.alias locale app\n",
		   &rule, 1);
	w.options.locales = locales;
	w.options.locale_count = 1;
	expect_plan(&w, "/usr/share/locale/fr/a 4096");
	world_release(&w);
}

static void hard_links_give_bytes_with_the_last_name(void **state)
{
	(void)state;
	expect(APP "file /d/a documentation app\nfile /d/b documentation app\nsame /d/b "
		   "/d/a\n",
	       RULE("d", ALL_OF("/d")), "/d/a /d/b 4096");
	expect(APP "file /d/a documentation app\nfile /e/b documentation app\nsame /e/b "
		   "/d/a\n",
	       RULE("d", ALL_OF("/d")), "/d/a 0");
}

static void empty_folders_go_unless_a_package_has_them(void **state)
{
	static const char LINES[] = APP "dir /d\ndir /d/x\nsize /d/x 4096\ndir /d/y\n"
					"file /d/x/a documentation app\n"
					"file /d/y/b data app\n"
					"dir /k app\n"
					"file /k/a documentation app\n";

	(void)state;
	expect(LINES, RULE("d", "files:\n  - category: documentation\n"),
	       "/d/x /d/x/a /k/a 12288");
	expect(LINES,
	       RULE("d", "files:\n  - category: documentation\nkeeps-folders: true\n"),
	       "/d/x/a /k/a 8192");
}

static void a_rule_stands_back_for_its_reader(void **state)
{
	static const char LINES[] = APP "file /usr/bin/man executable app\n"
					"file /usr/share/man/a man app\n";
	static const char RULE_MAN[] =
		RULE("m", ALL_OF("/usr/share/man") "unless-reached:\n  - command: man\n");

	(void)state;
	expect(LINES, RULE_MAN, "/usr/share/man/a 4096");
	expect(APP "file /usr/bin/man executable app\nfile /usr/share/man/a man app\n"
		   "edge /usr/bin/app exec /usr/bin/man\n",
	       RULE_MAN, "0");
}

static void protected_packages_stay_whole(void **state)
{
	const char *rule = RULE("d", ALL_OF("/usr/share/doc"));
	struct world w;

	(void)state;
	world_init(&w, APP "file /usr/share/doc/a documentation app\n", &rule, 1);
	array_push(&w.intent.protect, 1);
	expect_plan(&w, "0");
	world_release(&w);
}

static void names_that_json_cannot_carry_stay(void **state)
{
	(void)state;
	expect(APP "file /usr/share/doc/\xff documentation app\n"
		   "file /usr/share/doc/\xc3\xa4 documentation app\n",
	       RULE("d", ALL_OF("/usr/share/doc")), "/usr/share/doc/\xc3\xa4 4096");
}

static void the_first_rule_by_id_takes_a_file(void **state)
{
	const char *const rules[] = { RULE("a", ALL_OF("/d")),
				      RULE("b", ALL_OF("/d") "  - path: /e/**\n") };
	struct world w;

	(void)state;
	world_init(&w, APP "file /d/1 documentation app\nfile /e/2 documentation app\n",
		   rules, 2);
	expect_plan(&w, "/d/1 /e/2 8192");
	assert_int_equal(w.plan->trims.len, 2);
	assert_int_equal(w.plan->trims.data[0].files, 1);
	assert_int_equal(w.plan->trims.data[1].disk_bytes, 4096);
	world_release(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_of_what_stays_go),
		cmocka_unit_test(what_is_needed_stays),
		cmocka_unit_test(licences_and_configuration_stay),
		cmocka_unit_test(a_required_path_stays),
		cmocka_unit_test(no_library_of_what_stays_goes),
		cmocka_unit_test(a_link_that_stays_keeps_its_target),
		cmocka_unit_test(a_link_goes_only_with_its_target),
		cmocka_unit_test(keep_keeps_what_that_needs),
		cmocka_unit_test(followed_edges_hold_from_whatever_stays),
		cmocka_unit_test(only_with_wants_the_other_file),
		cmocka_unit_test(kept_locales_stay),
		cmocka_unit_test(hard_links_give_bytes_with_the_last_name),
		cmocka_unit_test(empty_folders_go_unless_a_package_has_them),
		cmocka_unit_test(a_rule_stands_back_for_its_reader),
		cmocka_unit_test(protected_packages_stay_whole),
		cmocka_unit_test(names_that_json_cannot_carry_stay),
		cmocka_unit_test(the_first_rule_by_id_takes_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
