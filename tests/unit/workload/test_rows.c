/*
 * The table of tests/unit/workload/rows.cases: each field that tare knows, and what comes
 * of it. With TARE_UPDATE=1 the expected lines are written anew: look at the difference.
 */
#include "base/io.h"
#include "base/text.h"
#include "tests/unit/support/test.h"
#include "workload/object_source.h"
#include "workload/workload.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CASES TEST_SOURCE_DIR "/unit/workload/rows.cases"

struct tally {
	size_t cases, wrong;
	bool seen[ROW_COUNT];
	struct strbuf out; /* the file, with what really comes */
};

static void describe(const struct workload *w, struct tally *tally, struct strbuf *out)
{
	array_each (&w->needs.list, i) {
		const struct need *need = &w->needs.list.data[i];

		tally->seen[need->row] = true;
		if (need->row == ROW_KUBERNETES && !need->key[0] &&
		    need->count == w->pods)
			continue;
		strbuf_printf(out, "> %s", row_fact(need->row));
		if (need->key[0])
			strbuf_printf(out, " %s: %s", need->key, need->value);
		strbuf_puts(out, " <- ");
		need_cite(need, out);
		strbuf_putc(out, '\n');
	}
}

static int add_json(void *arg, const struct object_found *found, struct error *err)
{
	char *text = json_dumps(found->json, JSON_INDENT(4));

	(void)err;
	strbuf_printf(arg, "%s\n", text);
	free(text);
	return 0;
}

static void describe_text(const char *file, const char *text, size_t len,
			  struct tally *tally, struct strbuf *out)
{
	struct error err = { 0 };
	struct workload w;

	workload_init(&w);
	if (workload_read_text(&w, file, text, len, &err) == 0 &&
	    workload_finish(&w, &err) == 0)
		describe(&w, tally, out);
	else
		strbuf_printf(out, "> error %s\n", err.text);
	workload_release(&w);
}

/* The reader of JSON leaves out what it takes for useless; that of YAML does not. */
static void json_gives_the_same(struct tally *tally, const char *file, const char *body,
				size_t len, const char *wanted)
{
	_cleanup_(strbuf_release) struct strbuf json = { 0 }, got = { 0 };

	if (!text_ends(file, ".yaml"))
		return;
	assert_int_equal(objects_parse(file, body, len, add_json, &json, NULL), 0);
	describe_text(file, json.data, json.len, tally, &got);
	assert_string_equal(strbuf_text(&got), wanted);
}

static void run_case(struct tally *tally, const char *head, const char *body, size_t len,
		     const char *expected)
{
	_cleanup_(freep) char *file = mem_strndup(head, strcspn(head, " "));
	_cleanup_(strbuf_release) struct strbuf got = { 0 };
	describe_text(file, body, len, tally, &got);
	json_gives_the_same(tally, file, body, len, strbuf_text(&got));
	tally->cases++;
	if (strcmp(strbuf_text(&got), expected) != 0) {
		tally->wrong++;
		print_error("== %s\nexpected:\n%sgot:\n%s", head, expected,
			    strbuf_text(&got));
	}
	strbuf_printf(&tally->out, "\n== %s\n", head);
	strbuf_add(&tally->out, body, len);
	strbuf_puts(&tally->out, strbuf_text(&got));
}

/* A case: its heading, the object up to the first "> ", and the expected lines. */
static void read_case(struct tally *tally, char *text)
{
	char *body = strchr(text, '\n'), *expected;

	assert_non_null(body);
	*body++ = '\0';
	expected = text_starts(body, "> ") ? body : strstr(body, "\n> ");
	if (!expected) /* nothing comes of it */
		expected = body + strlen(body);
	else if (expected != body)
		expected++;
	run_case(tally, text, body, (size_t)(expected - body), expected);
}

static void run_cases(struct tally *tally, char *text)
{
	char *at = strstr(text, "\n== ");

	assert_non_null(at);
	strbuf_add(&tally->out, text, (size_t)(at - text));
	while (at) {
		char *next = strstr(at + 1, "\n== ");

		if (next)
			*next = '\0';
		read_case(tally, at + strlen("\n== "));
		at = next;
		if (at)
			*at = '\n';
	}
}

static void each_field_asks_for_what_its_case_says(void **state)
{
	struct tally tally = { 0 };
	_cleanup_(freep) char *text = NULL;
	size_t len;

	(void)state;
	assert_int_equal(io_read_file(CASES, 1 << 20, &text, &len, NULL), 0);
	run_cases(&tally, text);
	if (getenv("TARE_UPDATE"))
		assert_int_equal(
			io_write_file(CASES, tally.out.data, tally.out.len, NULL), 0);
	strbuf_release(&tally.out);
	assert_true(tally.cases > 140);
	for (int row = 0; row < ROW_COUNT; row++)
		if (!tally.seen[row])
			fail_msg("no case has the row %s",
				 row_fact((enum workload_row)row));
	assert_int_equal(tally.wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_field_asks_for_what_its_case_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
