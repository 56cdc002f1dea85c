/*
 * Each rule of rules/trims/ on a graph of its own, tests/trims/NAME.case: the lines of
 * tests/unit/support/tiny_graph.h, where a package "app" with /usr/bin/app is there that must
 * stay, and
 *
 *	goes PATH	the rule takes it (at least one)
 *	stays PATH	it looks alike, but must not go (at least one)
 *	fact NAME	for the rule's condition
 *	locale NAME	that is kept
 *
 * A rule without a case fails.
 */
#include "base/io.h"
#include "base/macros.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "tests/unit/support/test.h"
#include "tests/unit/support/tiny_graph.h"
#include "trimmer/plan.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

typedef ARRAY_OF(const char *) text_list;

struct trim_case {
	char *text;
	struct strbuf lines;
	text_list goes, stays, facts, locales;
};

static bool takes(char *line, const char *word, text_list *list)
{
	size_t len = strlen(word);

	if (!text_starts(line, word) || line[len] != ' ')
		return false;
	array_push(list, line + len + 1);
	return true;
}

static void case_read(struct trim_case *c, const char *name)
{
	_cleanup_(freep) char *path =
		mem_printf("%s/trims/%s.case", TEST_SOURCE_DIR, name);
	char *save = NULL;
	size_t len;

	*c = (struct trim_case){ 0 };
	if (io_read_file(path, 1 << 20, &c->text, &len, NULL) < 0)
		fail_msg("the trim '%s' has no %s", name, path);
	strbuf_puts(&c->lines, "pkg app\nfile /usr/bin/app executable app\n");
	for (char *line = strtok_r(c->text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		if (line[0] != '#' && !takes(line, "goes", &c->goes) &&
		    !takes(line, "stays", &c->stays) && !takes(line, "fact", &c->facts) &&
		    !takes(line, "locale", &c->locales))
			strbuf_printf(&c->lines, "%s\n", line);
	if (c->goes.len == 0 || c->stays.len == 0)
		fail_msg("%s: wants a file that goes and one that must not", path);
}

static void case_release(struct trim_case *c)
{
	free(c->text);
	strbuf_release(&c->lines);
	array_release(&c->goes);
	array_release(&c->stays);
	array_release(&c->facts);
	array_release(&c->locales);
}

static void expect(const struct plan *plan, const char *name, const text_list *paths,
		   bool wanted)
{
	array_each (paths, i) {
		file_id file = tiny_file(plan->graph, paths->data[i]);
		bool goes = false;

		array_each (&plan->files, k)
			goes |= plan->files.data[k].file == file;
		if (goes != wanted)
			fail_msg("the trim '%s': %s %s", name, paths->data[i],
				 goes ? "goes, but must not" : "stays, but should go");
	}
}

static void run_case(const struct trim_case *c, const char *name, struct trim_rule *rule)
{
	struct graph *g = tiny_graph(strbuf_text(&c->lines));
	struct intent intent = { 0 };
	struct trim_rules rules = { 0 };
	struct plan_options options = {
		.trims = &rules,
		.facts = { c->facts.data, c->facts.len },
		.locales = c->locales.data,
		.locale_count = c->locales.len,
	};
	struct error err = { 0 };
	_cleanup_(plan_freep) struct plan *plan = NULL;

	array_push(&rules.rules, rule);
	array_push(&intent.roots, (struct intent_root){
					  .node = tiny_file(g, "/usr/bin/app"),
					  .selector = "command: app",
					  .why = "w",
					  .feature = "",
					  .profile = "test",
					  .place = "test.yaml:1",
				  });
	if (plan_make(g, &intent, &options, &plan, &err) < 0)
		fail_msg("%s: %s", name, err.text);
	expect(plan, name, &c->goes, true);
	expect(plan, name, &c->stays, false);
	plan_free(steal_ptr(&plan));
	trim_rules_release(&rules);
	array_release(&intent.roots);
	graph_free(g);
}

static void check_rule(const char *file, const char *name)
{
	_cleanup_(freep) char *path = mem_printf("%s/trims/%s", TARE_SOURCE_RULES, file);
	_cleanup_(freep) char *text = NULL;
	struct trim_rule *rule = NULL;
	struct error err = { 0 };
	struct trim_case c;
	size_t len;

	assert_int_equal(io_read_file(path, 1 << 20, &text, &len, NULL), 0);
	if (trim_rule_parse(path, text, len, &rule, &err) < 0)
		fail_msg("%s", err.text);
	case_read(&c, name);
	run_case(&c, name, rule);
	case_release(&c);
}

static void each_rule_takes_what_it_should_and_nothing_else(void **state)
{
	DIR *dir = opendir(TARE_SOURCE_RULES "/trims");
	struct dirent *entry;
	size_t rules = 0;

	(void)state;
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		_cleanup_(freep) char *name = NULL;

		if (!text_ends(entry->d_name, ".yaml"))
			continue;
		name = mem_strndup(entry->d_name,
				   strlen(entry->d_name) - strlen(".yaml"));
		check_rule(entry->d_name, name);
		rules++;
	}
	closedir(dir);
	assert_true(rules > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule_takes_what_it_should_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
