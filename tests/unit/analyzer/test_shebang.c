#include "analyzer/shebang.h"

#include "base/macros.h"
#include "base/strbuf.h"
#include "tests/unit/support/test.h"

#include <string.h>

/* "interpreter|argument|command|PATH", "-" where there is none, and the fault. */
static char *describe(const struct shebang *s)
{
	return mem_printf("%s|%s|%s|%s", s->interpreter ? s->interpreter : "-",
			  s->argument ? s->argument : "-", s->command ? s->command : "-",
			  s->path ? s->path : "-");
}

static void lines_are_read_as_the_kernel_and_env_do(void **state)
{
	static const struct {
		const char *line, *answer;
		enum shebang_fault fault;
	} CASES[] = {
		{ "#!/bin/sh\n", "/bin/sh|-|-|-", SHEBANG_FINE },
		{ "#!/bin/sh", "/bin/sh|-|-|-", SHEBANG_FINE },
		{ "#! \t/bin/sh \t\nx", "/bin/sh|-|-|-", SHEBANG_FINE },
		{ "#!/bin/sh -e -u \n", "/bin/sh|-e -u|-|-", SHEBANG_FINE },
		{ "#!/usr/bin/env python3\n", "/usr/bin/env|python3|python3|-",
		  SHEBANG_FINE },
		{ "#!/bin/env -S python3 -u\n", "/bin/env|-S python3 -u|python3|-",
		  SHEBANG_FINE },
		{ "#!/bin/env -Spython3 -u\n", "/bin/env|-Spython3 -u|python3|-",
		  SHEBANG_FINE },
		{ "#!/bin/env -iS perl\n", "/bin/env|-iS perl|perl|-", SHEBANG_FINE },
		{ "#!/bin/env -S -i -u HOME A=b PATH=/x:/y perl -w\n",
		  "/bin/env|-S -i -u HOME A=b PATH=/x:/y perl -w|perl|/x:/y",
		  SHEBANG_FINE },
		{ "#!/bin/env --split-string=awk -f\n",
		  "/bin/env|--split-string=awk -f|awk|-", SHEBANG_FINE },
		{ "#!/bin/env -S --unset=A --chdir / -- ruby\n",
		  "/bin/env|-S --unset=A --chdir / -- ruby|ruby|-", SHEBANG_FINE },
		{ "#!/bin/env -S \"my tool\\_x\"\n", "/bin/env|-S \"my tool\\_x\"|-|-",
		  SHEBANG_ENV_SPACE },
		{ "#!/bin/env -S node\\_--flag # no\n",
		  "/bin/env|-S node\\_--flag # no|node|-", SHEBANG_FINE },
		{ "#!/bin/env -S ${HOME}/x\n", "/bin/env|-S ${HOME}/x|-|-",
		  SHEBANG_FINE },
		{ "#!/bin/env -S -S perl\n", "/bin/env|-S -S perl|perl|-", SHEBANG_FINE },
		{ "#!/bin/env python3 -u\n", "/bin/env|python3 -u|-|-",
		  SHEBANG_ENV_SPACE },
		{ "#!/bin/env\n", "/bin/env|-|-|-", SHEBANG_ENV_NOTHING },
		{ "#!/bin/env -i perl\n", "/bin/env|-i perl|-|-", SHEBANG_ENV_NOTHING },
		{ "#!/bin/env -S A=b\n", "/bin/env|-S A=b|-|-", SHEBANG_ENV_NOTHING },
		{ "#!/bin/env --bogus\n", "/bin/env|--bogus|-|-", SHEBANG_ENV_NOTHING },
		{ "#!/bin/env -S -u\n", "/bin/env|-S -u|-|-", SHEBANG_ENV_NOTHING },
		{ "#!/opt/environment x\n", "/opt/environment|x|-|-", SHEBANG_FINE },
		{ "#!/bin/sh\r\n", "/bin/sh\r|-|-|-", SHEBANG_RETURN },
		{ "#!/bin/env perl\r\n", "/bin/env|perl\r|-|-", SHEBANG_RETURN },
		{ "#!perl\n", "perl|-|-|-", SHEBANG_RELATIVE },
		{ "#!\n", "-|-|-|-", SHEBANG_EMPTY },
		{ "#!  ", "-|-|-|-", SHEBANG_EMPTY },
		{ "#!", "-|-|-|-", SHEBANG_EMPTY },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		_cleanup_(shebang_release) struct shebang s = { 0 };
		_cleanup_(freep) char *got = NULL;
		/* Without a NUL behind it: reading too far would be seen. */
		size_t len = strlen(CASES[i].line);
		_cleanup_(freep) char *copy = mem_alloc(len);

		memcpy(copy, CASES[i].line, len);
		assert_int_equal(shebang_parse(copy, len, &s), 1);
		got = describe(&s);
		if (strcmp(got, CASES[i].answer) != 0 || s.fault != CASES[i].fault)
			fail_msg("%s: %s, fault %d", CASES[i].line, got, (int)s.fault);
	}
}

static void what_has_no_shebang_says_so(void **state)
{
	static const char *const CASES[] = { "", "#", "# !/bin/sh", " #!/bin/sh", "x#!" };
	struct shebang s;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		assert_int_equal(shebang_parse(CASES[i], strlen(CASES[i]), &s), 0);
}

/* A line with "#!" and an interpreter, @p bytes together, and @p tail. */
static enum shebang_fault fault_of(size_t bytes, const char *tail)
{
	_cleanup_(strbuf_release) struct strbuf line = { 0 };
	_cleanup_(shebang_release) struct shebang s = { 0 };

	strbuf_puts(&line, "#!/");
	while (line.len < bytes)
		strbuf_putc(&line, 'd');
	strbuf_puts(&line, tail);
	assert_int_equal(shebang_parse(line.data, line.len, &s), 1);
	return s.fault;
}

static void the_kernel_reads_255_bytes(void **state)
{
	static const char NUL_LINE[] = "#!/bin/sh\0garbage\n";
	_cleanup_(shebang_release) struct shebang s = { 0 };

	(void)state;
	assert_int_equal(fault_of(255, "\n"), SHEBANG_FINE);
	assert_int_equal(fault_of(255, ""), SHEBANG_FINE); /* the file ends there */
	assert_int_equal(fault_of(256, "\n"), SHEBANG_TOO_LONG);
	assert_int_equal(fault_of(254, " x\n"), SHEBANG_CUT);
	assert_int_equal(fault_of(250, " -argument\n"), SHEBANG_CUT);
	assert_int_equal(fault_of(250, " -x\n"), SHEBANG_FINE);
	assert_int_equal(shebang_parse(NUL_LINE, sizeof(NUL_LINE) - 1, &s), 1);
	assert_string_equal(s.interpreter, "/bin/sh");
	assert_null(s.argument);
}

/* ---- the pass ---- */

struct fixture {
	struct tree tree;
	struct edge_list edges;
	struct finding_list findings;
	struct shebang_pass pass;
};

static struct tree_entry *add(struct tree *tree, const char *path, enum file_type type,
			      uint32_t mode)
{
	struct tree_entry *entry = tree_add(tree, path);

	entry->type = (uint8_t)type;
	entry->mode = mode;
	entry->on_disk = true;
	return entry;
}

static int set_up(void **state)
{
	static const char *const FOLDERS[] = { "/",	     "/usr",	       "/usr/bin",
					       "/usr/local", "/usr/local/bin", "/x" };
	struct fixture *f = mem_calloc(1, sizeof(*f));
	struct tree *tree = &f->tree;
	str_id id;

	tree_init(tree);
	edge_list_init(&f->edges);
	finding_list_init(&f->findings);
	shebang_init(&f->pass, 1);
	for (size_t i = 0; i < ARRAY_LEN(FOLDERS); i++)
		add(tree, FOLDERS[i], FILE_DIRECTORY, 0755);
	add(tree, "/usr/bin/bash", FILE_REGULAR, 0755);
	add(tree, "/usr/bin/env", FILE_REGULAR, 0755);
	add(tree, "/usr/bin/perl", FILE_REGULAR, 0755);
	add(tree, "/usr/bin/python3", FILE_REGULAR, 0755);
	add(tree, "/usr/local/bin/python3", FILE_REGULAR, 0644); /* not executable */
	add(tree, "/x/perl", FILE_REGULAR, 0755);
	add(tree, "/run", FILE_DIRECTORY, 0755)->is_boundary = true;
	id = strpool_add(&tree->strings, "usr/bin");
	add(tree, "/bin", FILE_SYMLINK, 0777)->target = id;
	id = strpool_add(&tree->strings, "bash");
	add(tree, "/usr/bin/sh", FILE_SYMLINK, 0777)->target = id;
	add(tree, "/script", FILE_REGULAR, 0755)->category = CATEGORY_SCRIPT;
	add(tree, "/module", FILE_REGULAR, 0644)->category = CATEGORY_MODULE_SCRIPT;
	add(tree, "/manual", FILE_REGULAR, 0755)->category = CATEGORY_DOCUMENTATION;
	tree_sort(tree);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	tree_release(&f->tree);
	edge_list_release(&f->edges);
	finding_list_release(&f->findings);
	free(f);
	return 0;
}

static void run(struct fixture *f, const char *path, const char *text)
{
	struct tree_entry *entry = tree_find(&f->tree, path);
	struct content_file file = {
		.entry = entry,
		.index = (size_t)(entry - f->tree.entries.data),
		.path = path,
		.head = text,
		.head_len = strlen(text),
	};

	shebang_file(&f->pass, &file);
	shebang_finish(&f->pass, &f->tree, &f->edges, &f->findings);
	edge_list_finish(&f->edges);
	finding_list_finish(&f->findings);
}

static bool has_edge(struct fixture *f, const char *to, enum edge_strength strength)
{
	file_id id = tree_id(&f->tree, tree_find(&f->tree, to));

	array_each (&f->edges.items, i) {
		struct edge_row row = edge_list_row(&f->edges, i);

		if (row.to_file == id && row.kind == EDGE_SHEBANG &&
		    row.strength == strength && row.cite_line == 1)
			return true;
	}
	return false;
}

static const char *only_finding(struct fixture *f)
{
	assert_int_equal(f->findings.items.len, 1);
	assert_string_equal(finding_list_row(&f->findings, 0).rule, "broken-shebang");
	return finding_list_row(&f->findings, 0).text;
}

static void an_interpreter_is_a_hard_edge(void **state)
{
	struct fixture *f = *state;

	run(f, "/script", "#!/bin/sh -e\n");
	assert_int_equal(f->edges.items.len, 1);
	assert_true(has_edge(f, "/usr/bin/sh", EDGE_HARD));
	assert_string_equal(edge_list_row(&f->edges, 0).cite_text, "#!/bin/sh -e");
	assert_int_equal(f->findings.items.len, 0);
}

static void env_finds_what_can_be_executed(void **state)
{
	struct fixture *f = *state;

	run(f, "/script", "#!/usr/bin/env python3\n");
	assert_int_equal(f->edges.items.len, 2);
	assert_true(has_edge(f, "/usr/bin/env", EDGE_HARD));
	assert_true(has_edge(f, "/usr/bin/python3", EDGE_HARD));
	assert_int_equal(f->findings.items.len, 0);
}

static void env_uses_the_path_it_is_given(void **state)
{
	struct fixture *f = *state;

	run(f, "/script", "#!/usr/bin/env -S PATH=.:/nowhere:/x perl\n");
	assert_true(has_edge(f, "/x/perl", EDGE_HARD));
	assert_false(has_edge(f, "/usr/bin/perl", EDGE_HARD));
}

static void modules_are_less_sure(void **state)
{
	struct fixture *f = *state;

	run(f, "/module", "#!/usr/bin/python3\n");
	assert_true(has_edge(f, "/usr/bin/python3", EDGE_LIKELY));
}

static void a_missing_interpreter_is_a_finding(void **state)
{
	struct fixture *f = *state;

	run(f, "/script", "#!/usr/bin/tclsh\n");
	assert_int_equal(f->edges.items.len, 0);
	assert_string_equal(only_finding(f),
			    "has an interpreter that the root has not: /usr/bin/tclsh");
}

static void a_missing_command_of_env_is_a_finding(void **state)
{
	struct fixture *f = *state;

	run(f, "/script", "#!/usr/bin/env ruby\n");
	assert_true(has_edge(f, "/usr/bin/env", EDGE_HARD));
	assert_string_equal(only_finding(f),
			    "runs ruby, which is not on PATH in the root");
}

static void a_carriage_return_is_a_finding(void **state)
{
	struct fixture *f = *state;

	run(f, "/script", "#!/bin/sh\r\n");
	assert_int_equal(f->edges.items.len, 0);
	assert_non_null(strstr(only_finding(f), "carriage return"));
}

static void what_is_hidden_is_not_missing(void **state)
{
	struct fixture *f = *state;

	run(f, "/script", "#!/run/tool/bin/x\n");
	assert_int_equal(f->findings.items.len, 0);
}

static void examples_are_not_broken(void **state)
{
	struct fixture *f = *state;

	run(f, "/manual", "#!/usr/local/bin/tclsh\n");
	assert_int_equal(f->findings.items.len, 0);
}

#define IN_A_TREE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_read_as_the_kernel_and_env_do),
		cmocka_unit_test(what_has_no_shebang_says_so),
		cmocka_unit_test(the_kernel_reads_255_bytes),
		IN_A_TREE(an_interpreter_is_a_hard_edge),
		IN_A_TREE(env_finds_what_can_be_executed),
		IN_A_TREE(env_uses_the_path_it_is_given),
		IN_A_TREE(modules_are_less_sure),
		IN_A_TREE(a_missing_interpreter_is_a_finding),
		IN_A_TREE(a_missing_command_of_env_is_a_finding),
		IN_A_TREE(a_carriage_return_is_a_finding),
		IN_A_TREE(what_is_hidden_is_not_missing),
		IN_A_TREE(examples_are_not_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
