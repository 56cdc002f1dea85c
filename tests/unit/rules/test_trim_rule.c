#include "base/macros.h"
#include "base/mem.h"
#include "rules/trim_rule.h"
#include "tests/unit/support/tempdir.h"
#include "tests/unit/support/test.h"

#include <errno.h>
#include <string.h>

#define HEAD                                                                             \
	"trim: docs\ntitle: documents\nwhy: nobody\n  reads them\nmechanism: "           \
	"excludedocs\nrisk: low\nrisk-reason: none known\nrpm-verify: missing\n"         \
	"restore: reinstall\n"
#define FILES "files:\n  - path: /usr/share/doc/**\n"

static int parse(const char *text, struct trim_rule **ret, struct error *err)
{
	return trim_rule_parse("docs.yaml", text, strlen(text), ret, err);
}

static void a_rule_is_read(void **state)
{
	_cleanup_(trim_rule_freep) struct trim_rule *rule = NULL;
	struct error err = { 0 };

	(void)state;
	if (parse(HEAD FILES "default: true\nfeatures: [a, b]\nfollow: firmware\n"
			     "only-with: [bytecode]\nkeep:\n  - path: /usr/share/doc/x\n"
			     "    why: wanted\n",
		  &rule, &err) < 0)
		fail_msg("%s", err.text);
	assert_string_equal(rule->id, "docs");
	assert_string_equal(rule->why, "nobody reads them");
	assert_int_equal(rule->mechanism, TRIM_EXCLUDEDOCS);
	assert_int_equal(rule->risk, TRIM_RISK_LOW);
	assert_true(rule->is_default);
	assert_string_equal(rule->features[1], "b");
	assert_null(rule->features[2]);
	assert_int_equal(rule->files.len, 1);
	assert_int_equal(rule->keep.len, 1);
	assert_int_equal(rule->follow, UINT64_C(1) << EDGE_FIRMWARE);
	assert_int_equal(rule->only_with, UINT64_C(1) << EDGE_BYTECODE);
}

static void refuse(const char *text, const char *words)
{
	_cleanup_(trim_rule_freep) struct trim_rule *rule = NULL;
	struct error err = { 0 };

	assert_int_equal(parse(text, &rule, &err), -EINVAL);
	if (!strstr(err.text, words))
		fail_msg("'%s' does not say '%s'", err.text, words);
}

static void wrong_rules_are_refused_with_the_place(void **state)
{
	(void)state;
	refuse("", "docs.yaml:1:1: the file is empty");
	refuse(HEAD, "'files'");
	refuse(FILES, "is missing");
	refuse(HEAD FILES "colour: red\n", "unknown key 'colour'");
	refuse(HEAD FILES "follow: gravity\n", "docs.yaml:12:9: this is no kind of edge");
	refuse(HEAD "files:\n  - package: vim\n", "a trim speaks of files");
	refuse(HEAD "files:\n  - path: /a\n    command: b\n", "one entry has one");
	refuse(HEAD FILES "keep:\n  - path: /a\n", "'why'");
	refuse("trim: Docs!\n" FILES "title: t\nwhy: w\nmechanism: remove\nrisk: none\n"
	       "risk-reason: r\nrpm-verify: v\nrestore: s\n",
	       "a name has small letters");
	refuse("trim: d\n" FILES "title: t\nwhy: w\nmechanism: burn\nrisk: none\n"
	       "risk-reason: r\nrpm-verify: v\nrestore: s\n",
	       "'mechanism' must be one of: excludedocs, install-langs, remove");
	refuse("trim: d\n" FILES "title: t\nwhy: w\nmechanism: remove\nrisk: high\n"
	       "default: true\nrisk-reason: r\nrpm-verify: v\nrestore: s\n",
	       "only rules of no or low risk");
}

static void check_names(const struct lookup *lookup, const char *const *names,
			size_t count, const char *expected)
{
	struct trim_rules rules = { 0 };
	_cleanup_(strbuf_release) struct strbuf found = { 0 };
	struct error err = { 0 };

	if (trim_rules_load(lookup, names, count, &rules, &err) < 0)
		fail_msg("%s", err.text);
	array_each (&rules.rules, i)
		strbuf_printf(&found, "%s%s", i ? " " : "", rules.rules.data[i]->id);
	assert_string_equal(strbuf_text(&found), expected);
	trim_rules_release(&rules);
}

static char *rule_called(const char *name, const char *more)
{
	return mem_printf("trim: %s\ntitle: t\nwhy: w\nmechanism: remove\nrisk: none\n"
			  "risk-reason: r\nrpm-verify: v\nrestore: s\n" FILES "%s",
			  name, more);
}

static void rules_are_chosen_from_left_to_right(void **state)
{
	const char *const all[] = { "all" }, *const safe[] = { "safe", "two" },
			  *const less[] = { "all", "-one", "-two" },
			  *const none[] = { "all", "none" },
			  *const twice[] = { "two", "two", "all", "-two" };
	const char *const wrong[] = { "safe", "-two" }, *const absent[] = { "four" };
	_cleanup_(freep) char *one = rule_called("one", "default: true\n");
	_cleanup_(freep) char *two = rule_called("two", "");
	_cleanup_(freep) char *three = rule_called("three", "default: true\n");
	struct trim_rules rules = { 0 };
	struct tempdir dir;
	struct lookup lookup;
	struct error err = { 0 };

	(void)state;
	tempdir_init(&dir);
	tempdir_file(&dir, "trims/one.yaml", one);
	tempdir_file(&dir, "trims/two.yaml", two);
	tempdir_file(&dir, "trims/three.yaml", three);
	setenv("TARE_RULES", dir.path, 1);
	assert_int_equal(lookup_init(&lookup, NULL, NULL), 0);
	unsetenv("TARE_RULES");
	check_names(&lookup, all, 1, "one three two");
	check_names(&lookup, safe, 2, "one three two");
	check_names(&lookup, safe, 1, "one three");
	check_names(&lookup, less, 3, "three");
	check_names(&lookup, none, 2, "");
	check_names(&lookup, twice, 4, "one three");
	assert_int_equal(trim_rules_load(&lookup, wrong, 2, &rules, &err), -EINVAL);
	assert_non_null(strstr(err.text, "'-two' takes away a trim that was not chosen"));
	assert_int_equal(trim_rules_load(&lookup, absent, 1, &rules, &err), -ENOENT);
	lookup_release(&lookup);
	tempdir_release(&dir);
}

static bool matches(const char *locale, const char *name)
{
	return trim_locale_matches(locale, name, strlen(name));
}

static void locales_keep_their_language(void **state)
{
	(void)state;
	assert_true(matches("de", "de"));
	assert_true(matches("de", "de_AT"));
	assert_true(matches("de", "de@hebrew"));
	assert_true(matches("de_DE.UTF-8", "de_DE.utf8"));
	assert_true(matches("de_DE.UTF-8", "de"));
	assert_true(matches("sr", "sr_RS@latin"));
	assert_false(matches("de_DE", "de_AT"));
	assert_false(matches("de", "del"));
	assert_false(matches("de", ""));
	assert_false(matches("de", "d"));
	assert_false(matches("C", "Chinese"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_is_read),
		cmocka_unit_test(wrong_rules_are_refused_with_the_place),
		cmocka_unit_test(rules_are_chosen_from_left_to_right),
		cmocka_unit_test(locales_keep_their_language),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
