#include "tests/unit/support/linker_fixture.h"

#include "analyzer/walk.h"
#include "tests/unit/support/test.h"

#include <string.h>

static const char BUILT_IN[] = "\0/lib64/\0/usr/lib64/\0";

void linker_fixture_init(struct linker_fixture *f)
{
	*f = (struct linker_fixture){ 0 };
	tempdir_init(&f->dir);
	tree_init(&f->tree);
	edge_list_init(&f->edges);
	finding_list_init(&f->findings);
	tempdir_link(&f->dir, "lib64", "usr/lib64");
	linker_fixture_elf(f, "usr/lib64/ld-linux-x86-64.so.2",
			   &(struct elf_maker){ .soname = "ld-linux-x86-64.so.2",
						.data = BUILT_IN,
						.data_len = sizeof(BUILT_IN) });
}

void linker_fixture_release(struct linker_fixture *f)
{
	linker_release(&f->result);
	elfpass_release(&f->elf);
	edge_list_release(&f->edges);
	finding_list_release(&f->findings);
	strbuf_release(&f->answer);
	tree_release(&f->tree);
	rootfs_free(f->root);
	tempdir_release(&f->dir);
}

void linker_fixture_elf(struct linker_fixture *f, const char *path,
			const struct elf_maker *maker)
{
	_cleanup_(strbuf_release) struct strbuf bytes = { 0 };
	struct elf_maker copy = *maker;

	elf_make(&copy, &bytes);
	tempdir_bytes(&f->dir, path, bytes.data, bytes.len);
}

void linker_fixture_run(struct linker_fixture *f)
{
	struct content_pass pass = { elfpass_file, &f->elf };
	struct content content = { .tree = &f->tree,
				   .passes = &pass,
				   .pass_count = 1,
				   .findings = &f->findings };
	struct walk_result seen = { 0 };
	struct linker_input in;

	assert_int_equal(rootfs_new(f->dir.path, &f->root, NULL), 0);
	content.root = f->root;
	assert_int_equal(
		walk_root(f->root, &(struct walk_options){ 0 }, &f->tree, &seen, NULL),
		0);
	walk_result_release(&seen);
	assert_int_equal(elfpass_init(&f->elf, content_threads(&content), NULL), 0);
	assert_int_equal(content_run(&content), 0);
	elfpass_finish(&f->elf, &f->tree, &f->findings);
	in = (struct linker_input){ f->root, &f->tree, &f->elf };
	linker_run(&in, &f->result, &f->edges, &f->findings);
	edge_list_finish(&f->edges);
	finding_list_finish(&f->findings);
}

static const char *path_of(const struct linker_fixture *f, file_id file)
{
	return tree_text(&f->tree, f->tree.entries.data[file - 1].path);
}

const char *linker_fixture_found(struct linker_fixture *f, const char *path,
				 const char *soname)
{
	strbuf_clear(&f->answer);
	array_each (&f->result.needed, i) {
		const struct needed_row *row = &f->result.needed.data[i];

		if (strcmp(path_of(f, row->file), path) == 0 &&
		    strcmp(row->soname, soname) == 0)
			strbuf_printf(&f->answer, "%s %s",
				      row->resolved ? path_of(f, row->resolved) : "-",
				      needed_via_name(row->via));
	}
	return strbuf_text(&f->answer);
}

const char *linker_fixture_edge(struct linker_fixture *f, const char *from,
				const char *to)
{
	strbuf_clear(&f->answer);
	array_each (&f->edges.items, i) {
		struct edge_row row = edge_list_row(&f->edges, i);

		if (strcmp(path_of(f, row.from_file), from) != 0 ||
		    strcmp(path_of(f, row.to_file), to) != 0)
			continue;
		strbuf_printf(&f->answer, "%s%s %s: %s", f->answer.len ? "\n" : "",
			      edge_kind_name(row.kind), edge_strength_name(row.strength),
			      row.cite_text);
		if (row.cite_line)
			strbuf_printf(&f->answer, " (line %u)", row.cite_line);
	}
	return strbuf_text(&f->answer);
}

bool linker_fixture_finding(const struct linker_fixture *f, const char *rule,
			    const char *words)
{
	array_each (&f->findings.items, i) {
		struct finding_row row = finding_list_row(&f->findings, i);

		if (strcmp(row.rule, rule) == 0 && strstr(row.text, words))
			return true;
	}
	return false;
}
