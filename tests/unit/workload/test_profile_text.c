/* The profile that is written: valid, complete, the same in any order of the objects. */
#include "base/io.h"
#include "rules/profile.h"
#include "tests/unit/support/test.h"
#include "workload/profile_text.h"
#include "workload/workload.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void read_rules(struct lookup *lookup)
{
	static const char *const FOLDERS[] = { TARE_SOURCE_RULES, NULL };

	assert_int_equal(lookup_init(lookup, FOLDERS, NULL), 0);
}

/* A workload that asks for everything that there is. */
static void ask_for_all(struct workload *w, struct object *object)
{
	struct spot spot = { .object = object };

	workload_init(w);
	for (int row = 0; row < ROW_COUNT; row++)
		need(&w->needs, (enum workload_row)row, &spot);
	need_fact(&w->needs, "kubernetes=1.31.2", &spot);
	assert_int_equal(workload_finish(w, NULL), 0);
}

static void every_row_makes_rules_that_are_valid(void **state)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	_cleanup_(profile_freep) struct profile *profile = NULL;
	_cleanup_(lookup_release) struct lookup lookup = { 0 };
	struct object object = { .kind = "Pod", .space = "n", .name = "p", .file = "f" };
	struct error err = { 0 };
	struct workload w;

	(void)state;
	ask_for_all(&w, &object);
	assert_int_equal(profile_text(&w, "all", &text, NULL), 0);
	workload_release(&w);
	if (profile_parse("all", text.data, text.len, &profile, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(profile->facts.len, ROW_COUNT + 1);
	read_rules(&lookup);
	array_each (&profile->includes, i) {
		const char *name = profile->includes.data[i].name->text;
		_cleanup_(profile_list_release) struct profile_list list = { 0 };

		if (profile_list_load(&lookup, &name, 1, &list, &err) < 0)
			fail_msg("%s", err.text);
		assert_true(profile->includes.data[i].optional);
		assert_non_null(strstr(profile->includes.data[i].why, "Pod n/p"));
	}
	array_each (&profile->keep, i)
		assert_non_null(strstr(profile->keep.data[i].why, "Pod n/p"));
	assert_true(profile->includes.len > 20 && profile->keep.len > 40);
}

/* A row without a feature takes nothing; one with a feature has a way to keep it. */
static void a_row_keeps_something_or_says_nothing(void **state)
{
	(void)state;
	for (int row = 0; row < ROW_COUNT; row++) {
		const struct row *info = row_info((enum workload_row)row);

		if (!info->feature)
			assert_true(!info->profiles[0] && !info->keep[0].key);
		for (size_t i = 0; i < ROW_KEEPS && info->keep[i].key; i++)
			assert_true(info->keep[i].values[0] && info->keep[i].why[0]);
	}
}

static char *profile_of(const char *const *objects, const size_t *order, size_t count)
{
	struct strbuf text = { 0 };
	struct workload w;

	workload_init(&w);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(workload_read_text(&w, "x", objects[order[i]],
						    strlen(objects[order[i]]), NULL),
				 0);
	assert_int_equal(workload_finish(&w, NULL), 0);
	assert_int_equal(profile_text(&w, "x", &text, NULL), 0);
	workload_release(&w);
	return strbuf_detach(&text);
}

static void the_order_of_the_objects_does_not_matter(void **state)
{
	static const char *const OBJECTS[] = {
		"kind: Pod\nmetadata: {name: a}\nspec: {hostPID: true, runtimeClassName: "
		"r}\n",
		"kind: Pod\nmetadata: {name: b}\nspec: {hostPID: true, hostNetwork: "
		"true}\n",
		"kind: Pod\nmetadata: {name: c}\nspec: {hostPID: true, hostUsers: "
		"false}\n",
		"kind: Pod\nmetadata: {name: d}\nspec: {hostPID: true}\n",
		"kind: RuntimeClass\nmetadata: {name: r}\nhandler: kata\n",
		"kind: PersistentVolume\nmetadata: {name: e}\nspec: {nfs: {}}\n",
		"kind: Widget\nmetadata: {name: f}\n",
	};
	size_t order[ARRAY_LEN(OBJECTS)];
	_cleanup_(freep) char *first = NULL;
	uint32_t seed = 7;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		order[i] = i;
	first = profile_of(OBJECTS, order, ARRAY_LEN(order));
	assert_non_null(strstr(first, "pod.host-pid  # Pod a spec.hostPID, Pod b "
				      "spec.hostPID, Pod c spec.hostPID and 1 more\n"));
	for (int round = 0; round < 200; round++) {
		_cleanup_(freep) char *again = NULL;

		for (size_t i = ARRAY_LEN(order); i > 1; i--) {
			size_t k = (seed = seed * 1103515245 + 12345) / 65536 % i;
			size_t swap = order[i - 1];

			order[i - 1] = order[k];
			order[k] = swap;
		}
		again = profile_of(OBJECTS, order, ARRAY_LEN(order));
		assert_string_equal(again, first);
	}
}

static void too_many_needs_are_an_error(void **state)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	struct error err = { 0 };
	struct workload w;

	(void)state;
	strbuf_puts(&text, "kind: Pod\nmetadata: {name: p}\nspec:\n  volumes:\n");
	for (int i = 0; i < NEEDS_MAX; i++)
		strbuf_printf(&text, "  - hostPath: {path: /srv/%d}\n", i);
	workload_init(&w);
	assert_int_equal(workload_read_text(&w, "x", text.data, text.len, &err), 0);
	assert_int_equal(workload_finish(&w, &err), -EFBIG);
	assert_non_null(strstr(err.text, "more than 8000 different things"));
	workload_release(&w);
}

static void as_many_needs_as_allowed_make_a_valid_profile(void **state)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 }, out = { 0 };
	_cleanup_(profile_freep) struct profile *profile = NULL;
	struct error err = { 0 };
	struct workload w;

	(void)state;
	strbuf_puts(&text, "kind: Pod\nmetadata: {name: p}\nspec:\n  volumes:\n");
	for (int i = 0; i < NEEDS_MAX / 2 - 10; i++)
		strbuf_printf(&text,
			      "  - hostPath: {path: /srv/data/of/some/length/%d}\n", i);
	workload_init(&w);
	assert_int_equal(workload_read_text(&w, "x", text.data, text.len, &err), 0);
	assert_int_equal(workload_finish(&w, &err), 0);
	assert_int_equal(profile_text(&w, "x", &out, &err), 0);
	workload_release(&w);
	if (profile_parse("x", out.data, out.len, &profile, &err) < 0)
		fail_msg("%s", err.text);
}

#define A_NODE "kind: Node\nmetadata: {name: n}\n---\n"
#define A_POD  "kind: Pod\nmetadata: {name: p}\nspec: {}\n---\n"
#define A_CLAIM                                                                          \
	"kind: Pod\nmetadata: {name: c}\n"                                               \
	"spec: {volumes: [{name: v, persistentVolumeClaim: {claimName: d}}]}\n---\n"
#define A_VOLUME "kind: PersistentVolume\nmetadata: {name: v}\nspec: {nfs: {}}\n---\n"
#define A_DRIVER "kind: CSIDriver\nmetadata: {name: example.org/new}\n---\n"

static void only_all_objects_narrow(void **state)
{
	static const struct {
		const char *objects, *partial; /* NULL: they are all */
	} CASES[] = {
		{ A_NODE A_POD, NULL },
		{ A_NODE A_CLAIM A_VOLUME, NULL },
		{ A_POD, "no Node" },
		{ A_NODE, "no Pod" },
		{ A_NODE "kind: Deployment\nspec: {template: {spec: {}}}\n", "no Pod" },
		{ A_NODE A_CLAIM, "pods claim volumes" },
		{ A_NODE A_POD A_DRIVER, "nobody knows" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		_cleanup_(strbuf_release) struct strbuf text = { 0 };
		const char *partial = CASES[i].partial;
		struct workload w;

		workload_init(&w);
		assert_int_equal(workload_read_text(&w, "x", CASES[i].objects,
						    strlen(CASES[i].objects), NULL),
				 0);
		assert_int_equal(workload_finish(&w, NULL), 0);
		assert_int_equal(profile_text(&w, "x", &text, NULL), 0);
		if (!partial != !w.partial || (partial && !strstr(w.partial, partial)))
			fail_msg("case %zu: %s", i, w.partial ? w.partial : "all");
		assert_true(!strstr(text.data, "\n  - objects.all  #") == !!partial);
		workload_release(&w);
	}
}

static bool is_fact(const char *name)
{
	for (int row = 0; row < ROW_COUNT; row++)
		if (strcmp(row_fact((enum workload_row)row), name) == 0)
			return true;
	return false;
}

/* @p at: behind "used:". @return how many facts it asks for */
static size_t check_used(const char *file, const char *at)
{
	_cleanup_(freep) char *list = mem_strndup(at, strcspn(at, "}\n"));
	char *save = NULL;
	size_t found = 0;

	for (char *name = strtok_r(list, " ,[]", &save); name;
	     name = strtok_r(NULL, " ,[]", &save)) {
		if (!is_fact(name))
			fail_msg("%s: no object can say '%s'", file, name);
		found++;
	}
	return found;
}

/* A word in `used:` that no object can say would leave something out for ever. */
static void rules_ask_for_facts_that_objects_say(void **state)
{
	static const char *const KINDS[] = { "profiles", "policies", NULL };
	_cleanup_(lookup_release) struct lookup lookup = { 0 };
	_cleanup_(lookup_list_release) struct lookup_list all = { 0 };
	size_t found = 0, len;

	(void)state;
	read_rules(&lookup);
	assert_int_equal(lookup_all(&lookup, KINDS, &all, NULL), 0);
	array_each (&all.files, i) {
		const char *path = all.files.data[i].path;
		_cleanup_(freep) char *text = NULL;

		assert_int_equal(io_read_file(path, 1 << 20, &text, &len, NULL), 0);
		for (char *at = strstr(text, "used:"); at; at = strstr(at + 1, "used:"))
			found += check_used(path, at + strlen("used:"));
	}
	assert_true(found > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_makes_rules_that_are_valid),
		cmocka_unit_test(a_row_keeps_something_or_says_nothing),
		cmocka_unit_test(the_order_of_the_objects_does_not_matter),
		cmocka_unit_test(too_many_needs_are_an_error),
		cmocka_unit_test(only_all_objects_narrow),
		cmocka_unit_test(rules_ask_for_facts_that_objects_say),
		cmocka_unit_test(as_many_needs_as_allowed_make_a_valid_profile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
