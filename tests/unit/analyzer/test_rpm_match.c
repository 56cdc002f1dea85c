#include "analyzer/rpm_match.h"

#include "base/macros.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "tests/unit/support/rpm_image_of.h"
#include "tests/unit/support/test.h"

#include <errno.h>
#include <rpm/rpmfiles.h>
#include <string.h>
#include <time.h>

/* As in a root with a merged /usr, and with two folders that lead to each other. */
static char *merged(void *arg, const char *path)
{
	(*(int *)arg)++;
	if (text_starts(path, "/loop/"))
		return NULL;
	return text_starts(path, "/bin/") ? mem_printf("/usr%s", path) : mem_strdup(path);
}

static int match(struct image_fixture *f, int *calls)
{
	struct error err = { 0 };

	image_fixture_read(f);
	return rpm_match(&f->image, merged, calls, &err);
}

/* "a b" and for a file "a:/path": who provides what requirement @p index asks for. */
static char *providers(const struct image_fixture *f, size_t index)
{
	const struct rpm_requirement *req = &f->image.requirements.data[index];
	cap_id cap = f->image.nodes.data[req->node].capability;
	struct strbuf out = { 0 };

	strbuf_puts(&out, "");
	array_each (&f->image.providers, i) {
		const struct rpm_provider *p = &f->image.providers.data[i];
		const struct rpm_package *pkg = &f->image.packages.data[p->package - 1];

		if (p->capability != cap)
			continue;
		strbuf_printf(&out, "%s%s", out.len ? " " : "",
			      rpm_image_text(&f->image, pkg->name));
		if (p->path)
			strbuf_printf(&out, ":%s", rpm_image_text(&f->image, p->path));
	}
	return strbuf_detach(&out);
}

static void expect_providers(const struct image_fixture *f, size_t index,
			     const char *expected)
{
	_cleanup_(freep) char *got = providers(f, index);

	if (strcmp(got, expected) != 0)
		fail_msg(
			"%s: '%s', not '%s'",
			rpm_image_text(&f->image, f->image.requirements.data[index].text),
			got, expected);
}

static void versions_overlap_as_rpm_says(void **state)
{
	/* what RPM 4.18's rpmdsCompare() answers; provided, asked, is it provided */
	static const struct {
		const char *offer, *asked;
		bool yes;
	} cases[] = {
		{ "x", "x", true },
		{ "x", "x = 1", true }, /* an offer without a version: all */
		{ "x = 1", "x", true },
		{ "x = 1", "x = 1", true },
		{ "x = 1-2", "x = 1", true }, /* a missing release matches all */
		{ "x = 1", "x = 1-2", true },
		{ "x = 1-2", "x > 1", false },
		{ "x = 1-2", "x >= 1", true },
		{ "x = 1-2", "x < 1", false },
		{ "x = 1-2", "x <= 1-1", false },
		{ "x = 1:1", "x >= 2", true }, /* an epoch beats every version */
		{ "x = 0:1", "x = 1", true },  /* epoch 0 is no epoch */
		{ "x = 1", "x = 1:1", false },
		{ "x = 1.10", "x > 1.9", true },
		{ "x = 1.0~rc1", "x >= 1.0", false },
		{ "x = 1.0^git1", "x > 1.0", true },
		{ "x >= 3", "x <= 2", false },
		{ "x >= 3", "x < 100", true },
		{ "x <= 3", "x = 2", true },
		{ "x < 3", "x = 3", false },
		{ "y", "x", false },
	};
	struct image_fixture *f = *state;
	Header app = rpm_fixture_package(&f->db, "app-1-1.noarch");
	int calls = 0;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		_cleanup_(freep) char *nevra = mem_printf("p%02zu-1-1.noarch", i);
		_cleanup_(freep) char *offer = mem_printf("n%zu%s", i, cases[i].offer);
		_cleanup_(freep) char *asked = mem_printf("n%zu%s", i, cases[i].asked);
		Header h = rpm_fixture_package(&f->db, nevra);

		rpm_fixture_depend(h, RPMTAG_PROVIDENAME, offer, 0);
		rpm_fixture_depend(app, RPMTAG_REQUIRENAME, asked, 0);
	}
	assert_int_equal(match(f, &calls), 0);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		_cleanup_(freep) char *name = mem_printf("p%02zu", i);

		expect_providers(f, i, cases[i].yes ? name : "");
	}
}

static void all_providers_are_found_once(void **state)
{
	struct image_fixture *f = *state;
	Header h = rpm_fixture_package(&f->db, "app-1-1.noarch");
	int calls = 0;

	rpm_fixture_depend(h, RPMTAG_REQUIRENAME, "mta", 0);
	rpm_fixture_depend(h, RPMTAG_REQUIRENAME, "(web or mta >= 2)", 0);
	h = rpm_fixture_package(&f->db, "postfix-1-1.noarch");
	rpm_fixture_depend(h, RPMTAG_PROVIDENAME, "mta = 1", 0);
	rpm_fixture_depend(h, RPMTAG_PROVIDENAME, "mta = 3", 0);
	h = rpm_fixture_package(&f->db, "exim-1-1.noarch");
	rpm_fixture_depend(h, RPMTAG_PROVIDENAME, "mta", 0);
	rpm_fixture_depend(h, RPMTAG_PROVIDENAME, "web", 0);
	assert_int_equal(match(f, &calls), 0);
	expect_providers(f, 0, "exim postfix");
	/* mta, web and mta >= 2 */
	assert_int_equal(f->image.providers.len, 2 + 1 + 2);
	assert_int_equal(calls, 0);
}

static void paths_are_compared_in_their_canonical_spelling(void **state)
{
	struct image_fixture *f = *state;
	Header h = rpm_fixture_package(&f->db, "app-1-1.noarch");
	int calls = 0;

	rpm_fixture_depend(h, RPMTAG_REQUIRENAME, "/bin/sh", 0);
	rpm_fixture_depend(h, RPMTAG_REQUIRENAME, "/usr/bin/sh", 0);
	rpm_fixture_depend(h, RPMTAG_REQUIRENAME, "/usr/sbin/sh", 0);
	rpm_fixture_depend(h, RPMTAG_REQUIRENAME, "/loop/sh", 0);
	rpm_fixture_depend(h, RPMTAG_REQUIRENAME, "/", 0);
	h = rpm_fixture_package(&f->db, "bash-1-1.noarch");
	rpm_fixture_file(h, "/usr/bin/sh", 0100755, 0);
	rpm_fixture_depend(h, RPMTAG_PROVIDENAME, "/bin/sh", 0);
	h = rpm_fixture_package(&f->db, "dash-1-1.noarch");
	rpm_fixture_file(h, "/bin/sh", 0100755, 0);
	for (int i = 0; i < 100; i++) {
		_cleanup_(freep) char *path = mem_printf("/opt/%d/sh", i % 10);

		rpm_fixture_file(h, path, 0100755, 0);
	}
	assert_int_equal(match(f, &calls), 0);
	expect_providers(f, 0, "bash:/usr/bin/sh dash:/usr/bin/sh");
	expect_providers(f, 1, "bash:/usr/bin/sh dash:/usr/bin/sh");
	expect_providers(f, 2, "");
	expect_providers(f, 3, "");
	expect_providers(f, 4, "");
	assert_int_equal(calls, 4 + 10); /* each folder once */
}

static void only_installed_files_provide(void **state)
{
	static const struct {
		uint8_t state;
		const char *expected;
	} cases[] = {
		{ RPMFILE_STATE_NORMAL, "lib:/lib/0" },
		{ RPMFILE_STATE_REPLACED, "" },
		{ RPMFILE_STATE_NOTINSTALLED, "" },
		{ RPMFILE_STATE_NETSHARED, "lib:/lib/3" },
		{ RPMFILE_STATE_WRONGCOLOR, "" },
		{ 0xff, "" },
	};
	struct image_fixture *f = *state;
	Header app = rpm_fixture_package(&f->db, "app-1-1.noarch");
	Header lib = rpm_fixture_package(&f->db, "lib-1-1.noarch");
	int calls = 0;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		_cleanup_(freep) char *path = mem_printf("/lib/%zu", i);

		rpm_fixture_depend(app, RPMTAG_REQUIRENAME, path, 0);
		rpm_fixture_file(lib, path, 0100644, cases[i].state);
	}
	assert_int_equal(match(f, &calls), 0);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect_providers(f, i, cases[i].expected);
}

static void what_only_the_package_itself_provides_is_its_own(void **state)
{
	struct image_fixture *f = *state;
	Header h = rpm_fixture_package(&f->db, "app-1-1.noarch");
	int calls = 0;

	rpm_fixture_depend(h, RPMTAG_PROVIDENAME, "config(app) = 1-1", RPMSENSE_CONFIG);
	rpm_fixture_depend(h, RPMTAG_REQUIRENAME, "config(app) = 1-1", RPMSENSE_CONFIG);
	rpm_fixture_depend(h, RPMTAG_REQUIRENAME, "shared", 0);
	rpm_fixture_depend(h, RPMTAG_PROVIDENAME, "shared", 0);
	rpm_fixture_depend(h, RPMTAG_REQUIRENAME, "missing", 0);
	rpm_fixture_depend(h, RPMTAG_REQUIRENAME, "(app and other)", 0);
	rpm_fixture_depend(h, RPMTAG_SUPPLEMENTNAME, "app", 0);
	h = rpm_fixture_package(&f->db, "other-1-1.noarch");
	rpm_fixture_depend(h, RPMTAG_PROVIDENAME, "shared", 0);
	assert_int_equal(match(f, &calls), 0);
	assert_int_equal(f->image.requirements.data[0].state, REQ_SELF);
	for (size_t i = 1; i < f->image.requirements.len; i++)
		assert_int_equal(f->image.requirements.data[i].state, REQ_CHECKED);
}

/* Thousands of versions of one name, offered and asked for. */
static void it_ends_with_any_input(void **state)
{
	struct image_fixture *f = *state;
	Header h = rpm_fixture_package(&f->db, "app-1-1.noarch");
	int calls = 0;

	for (int i = 0; i < 4200; i++) {
		_cleanup_(freep) char *offer = mem_printf("x = 1.%d", i);
		_cleanup_(freep) char *asked = mem_printf("x < 1.0~%d", i);

		rpm_fixture_depend(h, RPMTAG_PROVIDENAME, offer, 0);
		rpm_fixture_depend(h, RPMTAG_REQUIRENAME, asked, 0);
	}
	assert_int_equal(match(f, &calls), -E2BIG);
}

#define TEST(f)                                                                          \
	cmocka_unit_test_setup_teardown(f, image_fixture_set_up, image_fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(versions_overlap_as_rpm_says),
		TEST(all_providers_are_found_once),
		TEST(paths_are_compared_in_their_canonical_spelling),
		TEST(only_installed_files_provide),
		TEST(what_only_the_package_itself_provides_is_its_own),
		TEST(it_ends_with_any_input),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
