#include "tests/unit/support/tiny_graph.h"

#include "base/array.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/text.h"
#include "graph/store_write.h"
#include "tests/unit/support/test.h"

#include <stdio.h>

#define WORDS 4

struct tiny_line {
	char *word[WORDS];
	size_t count;
};

typedef ARRAY_OF(struct tiny_line) tiny_lines;

static void split(char *text, tiny_lines *ret)
{
	char *save_line = NULL;

	for (char *line = strtok_r(text, "\n", &save_line); line;
	     line = strtok_r(NULL, "\n", &save_line)) {
		struct tiny_line row = { 0 };
		char *save = NULL;

		for (char *word = strtok_r(line, " \t", &save); word;
		     word = strtok_r(NULL, " \t", &save)) {
			assert_true(row.count < WORDS);
			row.word[row.count++] = word;
		}
		if (row.count > 0)
			array_push(ret, row);
	}
}

static bool is(const struct tiny_line *line, const char *verb)
{
	return strcmp(line->word[0], verb) == 0;
}

static bool is_file(const struct tiny_line *line)
{
	return is(line, "file") || is(line, "dir") || is(line, "link") ||
	       is(line, "gone") || is(line, "made");
}

/* Packages by name, then files by path, then the rest as it stands. */
static int compare_lines(const void *a, const void *b)
{
	const struct tiny_line *x = a, *y = b;
	int rank_x = is(x, "pkg") ? 0 : is_file(x) ? 1 : 2;
	int rank_y = is(y, "pkg") ? 0 : is_file(y) ? 1 : 2;

	return rank_x != rank_y ? rank_x - rank_y : strcmp(x->word[1], y->word[1]);
}

static uint32_t find(const tiny_lines *lines, bool package, const char *name)
{
	uint32_t id = 0;

	array_each (lines, i) {
		const struct tiny_line *line = &lines->data[i];

		if (package ? !is(line, "pkg") : !is_file(line))
			continue;
		id++;
		if (strcmp(line->word[1], name) == 0)
			return id;
	}
	fail_msg("tiny graph: no %s '%s'", package ? "package" : "file", name);
	return 0;
}

static void add_package(struct store *st, const struct tiny_line *line, pkg_id id)
{
	_cleanup_(freep) char *nevra = mem_printf("%s-1-1.x86_64", line->word[1]);
	struct package_row row = {
		.id = id,
		.name = line->word[1],
		.version = "1",
		.release = "1",
		.arch = "x86_64",
		.epoch = -1,
		.nevra = nevra,
		.summary = "",
		.license = "",
		.vendor = "",
		.source_rpm = "",
	};

	assert_int_equal(store_add_package(st, &row, NULL), 0);
}

static void fill_file(struct file_row *row, const struct tiny_line *line)
{
	int category;

	if (is(line, "dir")) {
		row->type = FILE_DIRECTORY;
		row->category = CATEGORY_DIRECTORY;
		return;
	}
	if (is(line, "link")) {
		row->type = FILE_SYMLINK;
		row->category = CATEGORY_SYMLINK;
		row->target = line->word[2];
		return;
	}
	category = file_category_parse(line->word[2]);
	assert_true(category >= 0);
	row->category = (enum file_category)category;
	row->mode = category == CATEGORY_EXECUTABLE || category == CATEGORY_SCRIPT ? 0755
										   : 0644;
	row->size_bytes = row->disk_bytes = 4096;
	if (is(line, "gone"))
		row->state = STATE_MISSING;
	if (is(line, "made"))
		row->owner_guess = line->word[3];
}

static void add_file(struct store *st, const tiny_lines *lines,
		     const struct tiny_line *line, file_id id)
{
	struct file_row row = {
		.id = id,
		.path = line->word[1],
		.type = FILE_REGULAR,
		.classified_by = CLASSIFIED_PATH,
		.inode = id,
		.link_count = 1,
	};
	struct ownership_row owner = { .file = id };

	fill_file(&row, line);
	assert_int_equal(store_add_file(st, &row, NULL), 0);
	if (is(line, "made") || line->count < WORDS)
		return;
	owner.package = find(lines, true, line->word[3]);
	assert_int_equal(store_add_ownership(st, &owner, NULL), 0);
}

static void add_elf(struct store *st, const tiny_lines *lines,
		    const struct tiny_line *line)
{
	bool go = is(line, "go");
	struct elf_row row = {
		.file = find(lines, false, line->word[1]),
		.class = 64,
		.machine = "x86_64",
		.type = go ? ELF_EXECUTABLE : ELF_SHARED,
		.soname = go ? NULL : line->word[2],
		.go_module = go ? line->word[2] : NULL,
		.go_version = go ? line->word[3] : NULL,
	};

	assert_int_equal(store_add_elf(st, &row, NULL), 0);
}

/* The line that names the capability of line @p at for the first time. */
static size_t first_naming(const tiny_lines *lines, size_t at)
{
	size_t i = 0;

	while (!is(&lines->data[i], "provide") ||
	       strcmp(lines->data[i].word[2], lines->data[at].word[2]) != 0)
		i++;
	return i;
}

static void add_provide(struct store *st, const tiny_lines *lines, size_t at)
{
	const struct tiny_line *line = &lines->data[at];
	size_t first = first_naming(lines, at);
	struct capability_row row = {
		.id = 1, .name = line->word[2], .sense = "", .evr = ""
	};

	for (size_t i = 0; i < first; i++)
		row.id += is(&lines->data[i], "provide") && first_naming(lines, i) == i;
	if (first == at)
		assert_int_equal(store_add_capability(st, &row, NULL), 0);
	assert_int_equal(
		store_add_provide(st, find(lines, true, line->word[1]), row.id, NULL), 0);
}

static void add_line(struct store *st, const tiny_lines *lines, size_t at,
		     struct image_row *image)
{
	const struct tiny_line *line = &lines->data[at];

	if (is(line, "pkg")) {
		add_package(st, line, find(lines, true, line->word[1]));
	} else if (is_file(line)) {
		add_file(st, lines, line, find(lines, false, line->word[1]));
	} else if (is(line, "provide")) {
		add_provide(st, lines, at);
	} else if (is(line, "soname") || is(line, "go")) {
		add_elf(st, lines, line);
	} else if (is(line, "os")) {
		image->os_id = line->word[1];
	} else {
		fail_msg("tiny graph: what is '%s'?", line->word[0]);
	}
}

struct graph *tiny_graph(const char *text)
{
	_cleanup_(freep) char *copy = mem_strdup(text);
	_cleanup_(io_tempdir_removep) char *folder = NULL;
	_cleanup_(freep) char *path = NULL;
	_cleanup_(store_closep) struct store *st = NULL, *read = NULL;
	struct image_row image = {
		.root = "/",
		.architecture = "x86_64",
		.rpmdb_backend = "sqlite",
		.rpmdb_path = "/var/lib/rpm",
		.complete = true,
	};
	struct graph *g = NULL;
	struct error err = { 0 };
	tiny_lines lines = { 0 };

	split(copy, &lines);
	array_sort(&lines, compare_lines);
	assert_int_equal(io_tempdir(&folder, NULL), 0);
	path = mem_printf("%s/tare.db", folder);
	assert_int_equal(store_create(path, &st, NULL), 0);
	array_each (&lines, i)
		add_line(st, &lines, i, &image);
	array_release(&lines);
	assert_int_equal(store_set_image(st, &image, NULL), 0);
	assert_int_equal(store_commit(st, NULL), 0);
	assert_int_equal(store_open(path, &read, NULL), 0);
	if (graph_load(read, &g, &err) < 0)
		fail_msg("tiny graph: %s", err.text);
	return g;
}

uint32_t tiny_file(const struct graph *g, const char *path)
{
	file_id file = graph_find_file(g, path);

	if (!file)
		fail_msg("tiny graph: no file '%s'", path);
	return graph_file_node(g, file);
}

uint32_t tiny_package(const struct graph *g, const char *name)
{
	pkg_id package = graph_find_package(g, name, NULL);

	if (!package)
		fail_msg("tiny graph: no package '%s'", name);
	return graph_package_node(g, package);
}
