/*
 * linker_fixture – a root of small ELF files, and what the dynamic loader finds in it.
 *
 *	struct linker_fixture f;
 *
 *	linker_fixture_init(&f);
 *	linker_fixture_elf(&f, "usr/lib64/liba.so.1", &(struct elf_maker){ .soname = "liba.so.1" });
 *	linker_fixture_elf(&f, "usr/bin/x", &(struct elf_maker){ .interpreter = LOADER, .needed = { "liba.so.1" } });
 *	linker_fixture_run(&f);
 *	assert_string_equal(linker_fixture_found(&f, "/usr/bin/x", "liba.so.1"), "/usr/lib64/liba.so.1 default");
 *	linker_fixture_release(&f);
 *
 * usr/lib64/ld-linux-x86-64.so.2 is there from the start, with /lib64 and /usr/lib64 as the
 * folders that are built into it, and lib64 is a symlink to usr/lib64.
 */
#pragma once

#include "analyzer/linker.h"
#include "base/strbuf.h"
#include "tests/unit/support/elf_maker.h"
#include "tests/unit/support/tempdir.h"

#define LOADER "/lib64/ld-linux-x86-64.so.2"

struct linker_fixture {
	struct tempdir dir;
	struct rootfs *root;
	struct tree tree;
	struct elf_table elf;
	struct linker_result result;
	struct edge_list edges;
	struct finding_list findings;
	struct strbuf answer;
};

void linker_fixture_init(struct linker_fixture *f);
void linker_fixture_release(struct linker_fixture *f);
/** An ELF file; @p path without '/' in front. */
void linker_fixture_elf(struct linker_fixture *f, const char *path,
			const struct elf_maker *maker);
/** Walk the root, scan its files, link. */
void linker_fixture_run(struct linker_fixture *f);
/** "<resolved path> <via>", "- absent", or "" when the file does not need the name. */
const char *linker_fixture_found(struct linker_fixture *f, const char *path,
				 const char *soname);
/** "<kind> <strength>: <citation>" of the edges between two paths, one a line, or "". */
const char *linker_fixture_edge(struct linker_fixture *f, const char *from,
				const char *to);
/** Is there a finding with this rule whose text has @p words? */
bool linker_fixture_finding(const struct linker_fixture *f, const char *rule,
			    const char *words);
