#include "rules/profile.h"

#include "base/io.h"
#include "base/mem.h"
#include "rules/rule_check.h"
#include "tests/unit/support/test.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void refused(const char *text, const char *wanted)
{
	struct profile *profile = NULL;
	struct error err = { 0 };

	assert_int_equal(profile_parse("x.yaml", text, strlen(text), &profile, &err),
			 -EINVAL);
	assert_null(profile);
	assert_string_equal(err.text, wanted);
}

static void a_profile_is_read(void **state)
{
	static const char TEXT[] = "profile: nfs\n"
				   "summary: >\n"
				   "  NFS\n"
				   "  volumes\n"
				   "feature: NFS\n"
				   "include: [a, b]\n"
				   "when: {os: x}\n"
				   "keep:\n"
				   "  - command: [mount.nfs, umount.nfs]\n"
				   "    why: kubelet\n"
				   "  - module: nfs\n"
				   "    why: the file system\n"
				   "    feature: NFSv4\n"
				   "    optional: true\n"
				   "    when: {package: kernel}\n"
				   "protected:\n"
				   "  - package: nfs-utils\n"
				   "    why: because\n"
				   "unwanted:\n"
				   "  - capability: telnet\n"
				   "    why: clear text\n";
	_cleanup_(profile_freep) struct profile *p = NULL;

	(void)state;
	assert_int_equal(profile_parse("x.yaml", TEXT, strlen(TEXT), &p, NULL), 0);
	assert_int_equal(p->kind, PROFILE_WORKLOAD);
	assert_string_equal(p->name, "nfs");
	assert_string_equal(p->summary, "NFS volumes");
	assert_int_equal(p->includes.len, 2);
	assert_string_equal(p->includes.data[1].name->text, "b");
	assert_non_null(p->when);
	assert_int_equal(p->keep.len, 2);
	assert_int_equal(selector_count(p->keep.data[0].selector), 2);
	assert_string_equal(p->keep.data[0].feature, "NFS");
	assert_false(p->keep.data[0].optional);
	assert_int_equal(p->keep.data[0].line, 9);
	assert_int_equal(p->keep.data[0].column, 5);
	assert_string_equal(p->keep.data[1].feature, "NFSv4");
	assert_true(p->keep.data[1].optional);
	assert_non_null(p->keep.data[1].when);
	assert_int_equal(p->protect.len, 1);
	assert_int_equal(p->unwanted.len, 1);
}

static void wrong_includes_have_a_place(void **state)
{
	static const struct {
		const char *text, *wanted;
	} CASES[] = {
		{ "profile: a\nsummary: b\ninclude: [{why: c}]\n",
		  "x.yaml:3:11: 'profile' is missing here (give a text)" },
		{ "profile: a\nsummary: b\ninclude: [{profile: c, wen: d}]\n",
		  "x.yaml:3:24: unknown key 'wen' (did you mean 'when'?)" },
		{ "profile: a\nsummary: b\ninclude: [{profile: c, when: d}]\n",
		  "x.yaml:3:30: 'when': this must be a map of keys and values, not a "
		  "single value" },
		{ "profile: a\nsummary: b\ninclude: [{profile: c, when: {used: {}}}]\n",
		  "x.yaml:3:37: 'used': this must be a text or a list of texts, not a "
		  "map" },
		{ "profile: a\nsummary: b\ninclude: []\n",
		  "x.yaml:3:10: this list is empty (give a text or a list of texts)" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		refused(CASES[i].text, CASES[i].wanted);
}

static void wrong_profiles_have_a_place(void **state)
{
#define HEAD "profile: a\nsummary: b\nkeep:\n"
	static const struct {
		const char *text, *wanted;
	} CASES[] = {
		{ "", "x.yaml:1:1: the file is empty (it needs 'profile', 'summary' and "
		      "'keep')" },
		{ "- a\n",
		  "x.yaml:1:1: this must be a map of keys and values, not a list" },
		{ "profile: a\n", "x.yaml:1:1: 'summary' is missing here (give a text)" },
		{ "profile: A b\nsummary: c\n", "x.yaml:1:10: a name has small letters, "
						"digits, '-' and '.' only" },
		{ "profile: ../x\nsummary: c\n", "x.yaml:1:10: a name has small letters, "
						 "digits, '-' and '.' only" },
		{ "profile: a\npolicy: b\n",
		  "x.yaml:2:1: a file is a profile or a policy, not both" },
		{ "profil: a\n",
		  "x.yaml:1:1: unknown key 'profil' (did you mean 'profile'?)" },
		{ "include: [a]\n", "x.yaml:1:1: a keep file includes nothing (name the "
				    "profiles with --profile)" },
		{ HEAD "  command: a\n",
		  "x.yaml:4:3: 'keep': this must be a list of maps (each begins with '- "
		  "'), not a map" },
		{ HEAD "  - command: a\n", "x.yaml:4:5: 'why' is missing here (give a "
					   "text)" },
		{ HEAD "  - why: a\n    feature: f\n",
		  "x.yaml:4:5: a selector is missing here (such as 'command', 'package' "
		  "or 'path')" },
		{ HEAD "  - command: a\n    why: b\n",
		  "x.yaml:4:5: 'feature' is missing here (what stops working without it; "
		  "or give the file one)" },
		{ HEAD "  - command: a\n    path: /b\n    why: c\n    feature: f\n",
		  "x.yaml:5:5: 'path' beside 'command': one entry has one selector (join "
		  "them with 'all' or 'any')" },
		{ HEAD "  - comand: a\n    why: c\n    feature: f\n",
		  "x.yaml:4:5: unknown key 'comand' (did you mean 'command'?)" },
		{ HEAD "  - command: a\n    why: c\n    optinal: true\n",
		  "x.yaml:6:5: unknown key 'optinal' (did you mean 'optional'?)" },
		{ HEAD "  - command: a\n    why: c\n    optional: maybe\n",
		  "x.yaml:6:15: this must be true or false, not 'maybe'" },
		{ HEAD "  - not: {command: a}\n    why: c\n    feature: f\n",
		  "x.yaml:4:5: 'not' stands only in the list of 'all', beside what it "
		  "takes away from" },
		{ HEAD "  - command: a\n    why: c\n    when: {kubernets: 1}\n",
		  "x.yaml:6:12: unknown key 'kubernets' (did you mean 'kubernetes'?)" },
		{ "profile: a\nsummary: b\nfeature: f\nprotected:\n  - command: a\n    "
		  "why: c\n",
		  "x.yaml:5:14: only packages can be protected (use 'package' or "
		  "'capability')" },
		{ "profile: a\nsummary: b\nrecognise: [{name: x}]\n",
		  "x.yaml:3:13: 'go-module' is missing here (give a text)" },
		{ "recognise: [{name: x, go-module: y}]\n",
		  "x.yaml:1:1: a keep file has no 'recognise'" },
		{ "profile: a\nsummary: b\nfeature: f\nunwanted:\n  - package: a\n",
		  "x.yaml:5:5: 'why' is missing here (give a text)" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		refused(CASES[i].text, CASES[i].wanted);
}

static void keep_files_need_no_name_and_no_feature(void **state)
{
	static const char TEXT[] = "keep: [{package: a, why: b}]\n";
	_cleanup_(profile_freep) struct profile *p = NULL;

	(void)state;
	assert_int_equal(profile_parse("k.yaml", TEXT, strlen(TEXT), &p, NULL), 0);
	assert_int_equal(p->kind, PROFILE_KEEP_FILE);
	assert_string_equal(p->name, "k.yaml");
}

/* A folder of rules: profiles/NAME.yaml with these texts, seen through $TARE_RULES. */
struct folder {
	char *path;
	struct lookup lookup;
};

static void write_rule(const struct folder *f, const char *name, const char *text)
{
	_cleanup_(freep) char *path = mem_printf("%s/%s", f->path, name);

	assert_int_equal(io_write_file(path, text, strlen(text), NULL), 0);
}

static int setup(void **state)
{
	struct folder *f = mem_calloc(1, sizeof(*f));
	_cleanup_(freep) char *profiles = NULL, *policies = NULL;

	assert_int_equal(io_tempdir(&f->path, NULL), 0);
	profiles = mem_printf("%s/profiles", f->path);
	policies = mem_printf("%s/policies", f->path);
	assert_int_equal(mkdir(profiles, 0755), 0);
	assert_int_equal(mkdir(policies, 0755), 0);
	setenv("TARE_RULES", f->path, 1);
	assert_int_equal(lookup_init(&f->lookup, NULL, NULL), 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct folder *f = *state;

	unsetenv("TARE_RULES");
	lookup_release(&f->lookup);
	io_tempdir_remove(f->path);
	free(f);
	return 0;
}

static int load(const struct folder *f, const char *name, struct profile_list *list,
		struct error *err)
{
	return profile_list_load(&f->lookup, &name, 1, list, err);
}

static void includes_come_first_and_once(void **state)
{
	struct folder *f = *state;
	_cleanup_(profile_list_release) struct profile_list list = { 0 };
	static const char *const WANTED[] = { "c", "b", "p", "a" };

	write_rule(f, "profiles/a.yaml", "profile: a\nsummary: x\ninclude: [b, p, c]\n");
	write_rule(f, "profiles/b.yaml", "profile: b\nsummary: x\ninclude: c\n");
	write_rule(f, "profiles/c.yaml", "profile: c\nsummary: x\n");
	write_rule(f, "policies/p.yaml", "policy: p\nsummary: x\n");
	assert_int_equal(load(f, "a", &list, NULL), 0);
	assert_int_equal(list.profiles.len, 4);
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(list.profiles.data[i]->name, WANTED[i]);
	assert_int_equal(profile_list_find(&list, "p")->kind, PROFILE_POLICY);
	assert_null(profile_list_find(&list, "q"));
}

static void circles_and_gaps_are_errors(void **state)
{
	struct folder *f = *state;
	struct profile_list list = { 0 };
	struct error err = { 0 };
	_cleanup_(freep) char *circle = mem_printf(
		"%s/profiles/b.yaml:3:10: profiles include each other: a -> b -> a",
		f->path);
	_cleanup_(freep) char *gap =
		mem_printf("%s/profiles/c.yaml:3:14: there is no rule file called "
			   "'containerd2' (did you mean 'containerd'?)",
			   f->path);
	_cleanup_(freep) char *misnamed = mem_printf(
		"%s/profiles/d.yaml:1:1: the file of 'e' must be called e.yaml", f->path);

	write_rule(f, "profiles/a.yaml", "profile: a\nsummary: x\ninclude: b\n");
	write_rule(f, "profiles/b.yaml", "profile: b\nsummary: x\ninclude: a\n");
	write_rule(f, "profiles/c.yaml",
		   "profile: c\nsummary: x\ninclude: [a, containerd2]\n");
	write_rule(f, "profiles/d.yaml", "profile: e\nsummary: x\n");
	write_rule(f, "profiles/containerd.yaml", "profile: containerd\nsummary: x\n");
	assert_int_equal(load(f, "a", &list, &err), -ELOOP);
	assert_string_equal(err.text, circle);
	assert_int_equal(err.code, -EINVAL);
	write_rule(f, "profiles/b.yaml", "profile: b\nsummary: x\n");
	assert_int_equal(load(f, "c", &list, &err), -ENOENT);
	assert_string_equal(err.text, gap);
	assert_int_equal(load(f, "d", &list, &err), -EINVAL);
	assert_string_equal(err.text, misnamed);
	assert_int_equal(load(f, "contaynerd", &list, &err), -ENOENT);
	assert_string_equal(err.text, "there is no rule file called 'contaynerd' (did "
				      "you mean 'containerd'?)");
	assert_int_equal(load(f, "./none.yaml", &list, &err), -ENOENT);
	assert_string_equal(err.text,
			    "cannot open './none.yaml': No such file or directory");
}

static void the_first_folder_wins(void **state)
{
	struct folder *f = *state;
	_cleanup_(io_tempdir_removep) char *mine = NULL;
	_cleanup_(freep) char *folder = NULL, *file = NULL, *found = NULL;
	static const char *const KINDS[] = { "profiles", NULL };
	_cleanup_(lookup_list_release) struct lookup_list all = { 0 };
	struct lookup lookup;
	const char *extra[2] = { NULL, NULL };

	assert_int_equal(io_tempdir(&mine, NULL), 0);
	folder = mem_printf("%s/profiles", mine);
	file = mem_printf("%s/profiles/a.yaml", mine);
	assert_int_equal(mkdir(folder, 0755), 0);
	assert_int_equal(io_write_file(file, "x", 1, NULL), 0);
	write_rule(f, "profiles/a.yaml", "x");
	write_rule(f, "profiles/b.yaml", "x");
	write_rule(f, "profiles/.hidden.yaml", "x");
	write_rule(f, "profiles/README", "x");
	extra[0] = mine;
	assert_int_equal(lookup_init(&lookup, extra, NULL), 0);
	assert_int_equal(lookup_find(&lookup, KINDS, "a", &found, NULL), 0);
	assert_string_equal(found, file);
	assert_int_equal(lookup_all(&lookup, KINDS, &all, NULL), 0);
	assert_int_equal(all.files.len, 3);
	assert_string_equal(all.files.data[0].path, file);
	assert_false(all.files.data[0].hidden);
	assert_string_equal(all.files.data[1].name, "a");
	assert_true(all.files.data[1].hidden);
	assert_string_equal(all.files.data[2].name, "b");
	assert_false(all.files.data[2].hidden);
	assert_string_equal(lookup_cite(&lookup, file), file);
	lookup_release(&lookup);
}

static void folders_that_are_named_must_exist(void **state)
{
	struct lookup lookup;
	struct error err = { 0 };
	const char *extra[] = { "/no/such/folder", NULL };

	(void)state;
	assert_int_equal(lookup_init(&lookup, extra, &err), -ENOENT);
	assert_string_equal(err.text, "cannot look for rules in '/no/such/folder': No "
				      "such file or directory");
	extra[0] = "/dev/null";
	assert_int_equal(lookup_init(&lookup, extra, &err), -ENOTDIR);
	setenv("TARE_RULES", "/no/such", 1);
	assert_int_equal(lookup_init(&lookup, NULL, &err), -ENOENT);
	assert_string_equal(err.text, "TARE_RULES: cannot look for rules in '/no/such': "
				      "No such file or directory");
}

static void a_build_uses_its_own_source_rules(void **state)
{
	struct lookup lookup;

	(void)state;
	unsetenv("TARE_RULES");
	assert_int_equal(lookup_init(&lookup, NULL, NULL), 0);
	assert_int_equal(lookup.folders.len, 3);
	assert_string_equal(lookup.folders.data[0], ".tare");
	assert_string_equal(lookup.folders.data[1], "/etc/tare");
	assert_string_equal(lookup.shipped, TARE_SOURCE_RULES);
	assert_string_equal(lookup_cite(&lookup, TARE_SOURCE_RULES "/profiles/a.yaml"),
			    "profiles/a.yaml");
	lookup_release(&lookup);
}

static void note_problem(const char *problem, void *arg)
{
	struct strbuf *out = arg;

	strbuf_printf(out, "%s\n", problem);
}

static void checking_tells_each_problem_once(void **state)
{
	struct folder *f = *state;
	_cleanup_(strbuf_release) struct strbuf out = { 0 };
	_cleanup_(freep) char *wanted =
		mem_printf("%s/profiles/b.yaml:1:1: 'summary' is missing here (give a "
			   "text)\n%s/profiles/d.yaml:2:10: this has no value (give a "
			   "text)\n",
			   f->path, f->path);
	_cleanup_(freep) char *keep = mem_printf("%s/mine.keep", f->path);
	const char *names[] = { keep };
	struct rules_to_check all = { 0 }, one = { names, 1, NULL };
	struct error err = { 0 };

	assert_int_equal(rules_check(&f->lookup, &all, note_problem, &out, &err),
			 -ENOENT);
	write_rule(f, "profiles/a.yaml", "profile: a\nsummary: x\ninclude: b\n");
	write_rule(f, "profiles/b.yaml", "profile: b\n");
	write_rule(f, "profiles/c.yaml", "profile: c\nsummary: x\ninclude: a\n");
	write_rule(f, "profiles/d.yaml", "profile: d\nsummary: ''\n");
	assert_int_equal(rules_check(&f->lookup, &all, note_problem, &out, &err), 2);
	assert_string_equal(strbuf_text(&out), wanted);
	strbuf_clear(&out);
	write_rule(f, "mine.keep", "a b\n");
	assert_int_equal(rules_check(&f->lookup, &one, note_problem, &out, &err), 1);
	assert_non_null(strstr(strbuf_text(&out), "mine.keep:1:3: one package"));
}

static int note_summary(const struct rule_summary *s, void *arg)
{
	struct strbuf *out = arg;

	strbuf_printf(out, "%s %s '%s' %zu/%zu/%zu%s\n", s->kind, s->name, s->summary,
		      s->keep_count, s->protect_count, s->unwanted_count,
		      s->problem ? " wrong" : "");
	return 0;
}

static void rules_are_listed_and_shown(void **state)
{
	struct folder *f = *state;
	_cleanup_(strbuf_release) struct strbuf list = { 0 }, show = { 0 };
	_cleanup_(freep) char *wanted =
		mem_printf("a: A\n"
			   "  %s/profiles/a.yaml\n"
			   "  without it: no fun\n"
			   "  includes b\n"
			   "  keep:\n"
			   "    [command: x, command: y] (optional)\n"
			   "        because\n"
			   "        without it: no y\n"
			   "        when os: z\n"
			   "\n"
			   "b: B\n"
			   "  %s/profiles/b.yaml\n",
			   f->path, f->path);

	write_rule(f, "profiles/a.yaml",
		   "profile: a\nsummary: A\nfeature: fun\ninclude: b\nkeep:\n"
		   "  - {command: [x, y], why: because, optional: true, feature: y, "
		   "when: {os: z}}\n");
	write_rule(f, "profiles/b.yaml", "profile: b\nsummary: B\n");
	write_rule(f, "policies/p.yaml", "policy: q\nsummary: P\n");
	assert_int_equal(rules_list(&f->lookup, note_summary, &list, NULL), 0);
	assert_string_equal(strbuf_text(&list), "profile a 'A' 1/0/0\n"
						"profile b 'B' 0/0/0\n"
						"policy p '' 0/0/0 wrong\n");
	assert_int_equal(rules_show(&f->lookup, "a", &show, NULL), 0);
	assert_string_equal(strbuf_text(&show), wanted);
}

static void the_shipped_rules_are_right(void **state)
{
	_cleanup_(strbuf_release) struct strbuf out = { 0 };
	struct rules_to_check all = { 0 };
	struct lookup lookup;
	int r;

	(void)state;
	unsetenv("TARE_RULES");
	assert_int_equal(lookup_init(&lookup, NULL, NULL), 0);
	r = rules_check(&lookup, &all, note_problem, &out, NULL);
	lookup_release(&lookup);
	if (r != 0)
		fail_msg("%d problems: %s", r, strbuf_text(&out));
}

/* tare-rules(5) has a paragraph for each key of the language. */
static void the_manual_names_every_selector(void **state)
{
	_cleanup_(freep) char *manual = NULL;
	size_t len;

	(void)state;
	assert_int_equal(io_read_file(TEST_SOURCE_DIR "/../man/tare-rules.5.scd", 1 << 20,
				      &manual, &len, NULL),
			 0);
	for (size_t i = 0; i < SELECTOR_KEY_COUNT; i++) {
		_cleanup_(freep) char *paragraph =
			mem_printf("\n*%s:* ", SELECTOR_KEYS[i]);

		if (!strstr(manual, paragraph))
			fail_msg("tare-rules(5) has no '%s'", SELECTOR_KEYS[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_profile_is_read),
		cmocka_unit_test(wrong_profiles_have_a_place),
		cmocka_unit_test(wrong_includes_have_a_place),
		cmocka_unit_test(keep_files_need_no_name_and_no_feature),
		cmocka_unit_test(the_manual_names_every_selector),
		cmocka_unit_test_setup_teardown(includes_come_first_and_once, setup,
						teardown),
		cmocka_unit_test_setup_teardown(circles_and_gaps_are_errors, setup,
						teardown),
		cmocka_unit_test_setup_teardown(the_first_folder_wins, setup, teardown),
		cmocka_unit_test_setup_teardown(folders_that_are_named_must_exist, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_build_uses_its_own_source_rules, setup,
						teardown),
		cmocka_unit_test_setup_teardown(checking_tells_each_problem_once, setup,
						teardown),
		cmocka_unit_test_setup_teardown(rules_are_listed_and_shown, setup,
						teardown),
		cmocka_unit_test_setup_teardown(the_shipped_rules_are_right, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
