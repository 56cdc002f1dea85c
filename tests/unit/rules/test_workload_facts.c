/*
 * workload_facts.rows: each thing that a program of the cluster asks of a host stands in a
 * shipped profile, with the need that is said there. A row that disappears is an error.
 */
#include "base/io.h"
#include "base/text.h"
#include "rules/profile.h"
#include "tests/unit/support/test.h"

#include <stdio.h>
#include <string.h>

#define ROWS TEST_SOURCE_DIR "/unit/rules/workload_facts.rows"

static const char *const SECTIONS[] = {
	"1.1", "1.2", "1.3",  "1.4",  "1.5",  "1.6",  "1.7",
	"1.8", "1.9", "1.10", "1.11", "1.12", "1.13", "5",
};

struct fixture {
	struct lookup lookup;
	bool seen[ARRAY_LEN(SECTIONS)];
	size_t wrong;
};

/* One line; words are cut out of it. */
struct row {
	const char *section, *profile, *need, *key;
	char *values;
	const char *line;
};

static int setup(void **state)
{
	struct fixture *f = mem_calloc(1, sizeof(*f));

	unsetenv("TARE_RULES");
	assert_int_equal(lookup_init(&f->lookup, NULL, NULL), 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	lookup_release(&f->lookup);
	free(f);
	return 0;
}

/* "command: mount" as a whole selector, alone or in a list. */
static bool names(const char *text, const char *selector)
{
	size_t len = strlen(selector);

	for (const char *at = strstr(text, selector); at; at = strstr(at + 1, selector))
		if ((at == text || at[-1] == ' ' || at[-1] == '[') &&
		    (at[len] == '\0' || at[len] == ',' || at[len] == ']'))
			return true;
	return false;
}

/* Has the entry the need that the row says? */
static bool needs(const struct profile *profile, const struct profile_entry *entry,
		  const char *need)
{
	_cleanup_(freep) char *when =
		condition_text(entry->when ? entry->when : profile->when);
	_cleanup_(freep) char *wanted = NULL;

	if (strcmp(need, "required") == 0)
		return !entry->optional && !*when;
	if (strcmp(need, "optional") == 0)
		return entry->optional && !entry->when;
	if (strcmp(need, "unwanted") == 0)
		return true;
	wanted = mem_strdup(need + strlen("when="));
	for (char *c = wanted; *c; c++)
		*c = *c == '_' ? ' ' : *c;
	return strstr(when, wanted);
}

static bool has(const struct profile *profile, const char *need, const char *selector)
{
	const profile_entries *entries =
		strcmp(need, "unwanted") == 0 ? &profile->unwanted : &profile->keep;

	array_each (entries, i) {
		const struct profile_entry *entry = &entries->data[i];

		for (size_t k = 0; k < selector_count(entry->selector); k++) {
			_cleanup_(freep) char *text =
				selector_text(selector_at(entry->selector, k));

			if (names(text, selector) && (strcmp(need, "calls-not") == 0 ||
						      needs(profile, entry, need)))
				return true;
		}
	}
	return false;
}

static bool includes(const struct profile *profile, const char *name)
{
	array_each (&profile->includes, i)
		if (strcmp(profile->includes.data[i].name->text, name) == 0)
			return true;
	return false;
}

static void check_value(struct fixture *f, const struct profile *profile,
			const struct row *row, const char *value)
{
	_cleanup_(freep) char *selector = mem_printf("%s: %s", row->key, value);
	bool good;

	if (strcmp(row->need, "includes") == 0)
		good = includes(profile, value);
	else if (strcmp(row->need, "calls-not") == 0)
		good = !has(profile, row->need, selector);
	else
		good = has(profile, row->need, selector);
	if (good)
		return;
	f->wrong++;
	print_error("%s: the profile %s and '%s' (%s)\n", row->section, row->profile,
		    value, row->need);
}

static void check_row(struct fixture *f, struct row *row)
{
	static const char *const KINDS[] = { "profiles", "policies", NULL };
	_cleanup_(profile_freep) struct profile *profile = NULL;
	_cleanup_(freep) char *path = NULL;
	struct error err = { 0 };
	char *save = NULL;

	if (lookup_find(&f->lookup, KINDS, row->profile, &path, &err) < 0 ||
	    profile_read(path, &profile, &err) < 0)
		fail_msg("%s", err.text);
	for (char *value = strtok_r(row->values, " ", &save); value;
	     value = strtok_r(NULL, " ", &save))
		check_value(f, profile, row, value);
}

static void take_line(struct fixture *f, char *line)
{
	struct row row = { .line = line };
	char *save = NULL;
	bool known = false;

	row.section = strtok_r(line, " ", &save);
	row.profile = strtok_r(NULL, " ", &save);
	row.need = strtok_r(NULL, " ", &save);
	assert_non_null(row.need);
	for (size_t i = 0; i < ARRAY_LEN(SECTIONS); i++)
		if (strcmp(SECTIONS[i], row.section) == 0)
			known = f->seen[i] = true;
	assert_true(known);
	if (strcmp(row.need, "not") == 0) {
		assert_string_equal(row.profile, "-");
		assert_true(strlen(save) > 10 && strchr(save, ':')); /* what: why */
		return;
	}
	row.key = strcmp(row.need, "includes") == 0 ? "" : strtok_r(NULL, " ", &save);
	row.values = save;
	assert_true(row.key && *row.values);
	check_row(f, &row);
}

static void each_row_is_in_its_profile(void **state)
{
	struct fixture *f = *state;
	_cleanup_(freep) char *text = NULL;
	char *save = NULL;
	size_t len;

	assert_int_equal(io_read_file(ROWS, 1 << 20, &text, &len, NULL), 0);
	for (char *line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		if (*line != '#')
			take_line(f, line);
	for (size_t i = 0; i < ARRAY_LEN(SECTIONS); i++)
		if (!f->seen[i])
			fail_msg("no row of section %s", SECTIONS[i]);
	assert_int_equal(f->wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row_is_in_its_profile),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
