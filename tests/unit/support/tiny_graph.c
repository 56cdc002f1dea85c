#include "tests/unit/support/tiny_graph.h"

#include "base/array.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/text.h"
#include "graph/store_write.h"
#include "tests/unit/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 4

struct tiny_line {
	char *word[WORDS];
	size_t count;
	size_t order; /* among the lines as they stand */
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
		row.order = ret->len;
		if (row.count > 0)
			array_push(ret, row);
	}
}

static bool is_word(const char *word, const char *wanted)
{
	return word && wanted && strcmp(word, wanted) == 0;
}

static bool is(const struct tiny_line *line, const char *verb)
{
	return is_word(line->word[0], verb);
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

	if (rank_x != rank_y)
		return rank_x - rank_y;
	if (rank_x < 2 && strcmp(x->word[1], y->word[1]) != 0)
		return strcmp(x->word[1], y->word[1]);
	return x->order < y->order ? -1 : 1;
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
	const char *version = line->count > 2 ? line->word[2] : "1";
	_cleanup_(freep) char *nevra =
		mem_printf("%s-%s-1.x86_64", line->word[1], version);
	struct package_row row = {
		.id = id,
		.name = line->word[1],
		.version = version,
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

/* The line "VERB PATH ...", or NULL. */
static const struct tiny_line *about(const tiny_lines *lines, const char *verb,
				     const char *path)
{
	array_each (lines, i)
		if (is(&lines->data[i], verb) &&
		    strcmp(lines->data[i].word[1], path) == 0)
			return &lines->data[i];
	return NULL;
}

static bool has_word(const tiny_lines *lines, const char *verb)
{
	array_each (lines, i)
		if (is(&lines->data[i], verb))
			return true;
	return false;
}

static void set_size(const tiny_lines *lines, struct file_row *row)
{
	const struct tiny_line *same = about(lines, "same", row->path);
	const struct tiny_line *size, *mode;

	if (same)
		row->inode = find(lines, false, same->word[2]);
	array_each (lines, i)
		if (is(&lines->data[i], "same") &&
		    (&lines->data[i] == same ||
		     is_word(lines->data[i].word[2], row->path)))
			row->link_count++;
	size = about(lines, "size", same ? same->word[2] : row->path);
	if (size)
		row->size_bytes = row->disk_bytes = strtoull(size->word[2], NULL, 10);
	size = about(lines, "compressed", same ? same->word[2] : row->path);
	row->has_compressed = size || has_word(lines, "compressed-thirds");
	row->compressed_bytes = row->type == FILE_REGULAR ? row->size_bytes / 3 : 0;
	if (size)
		row->compressed_bytes = strtoull(size->word[2], NULL, 10);
	mode = about(lines, "mode", row->path);
	if (mode)
		row->mode = (uint32_t)strtoul(mode->word[2], NULL, 8);
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
	size_t owned_words = is(line, "dir") ? WORDS - 1 : WORDS;

	fill_file(&row, line);
	set_size(lines, &row);
	assert_int_equal(store_add_file(st, &row, NULL), 0);
	if (is(line, "made") || line->count < owned_words)
		return;
	owner.package = find(lines, true, line->word[owned_words - 1]);
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

static void add_plain_elf(struct store *st, const tiny_lines *lines,
			  const struct tiny_line *line)
{
	struct elf_row row = {
		.file = find(lines, false, line->word[1]),
		.class = 64,
		.machine = "x86_64",
		.type = ELF_PIE,
		.text_bytes = strtoull(line->word[2], NULL, 10),
		.data_bytes = strtoull(line->word[3], NULL, 10),
	};

	assert_int_equal(store_add_elf(st, &row, NULL), 0);
}

static void add_unstripped(struct store *st, const tiny_lines *lines,
			   const struct tiny_line *line)
{
	struct elf_row row = {
		.file = find(lines, false, line->word[1]),
		.class = 64,
		.machine = "x86_64",
		.type = ELF_PIE,
		.debug_bytes = strtoull(line->word[2], NULL, 10),
	};

	assert_int_equal(store_add_elf(st, &row, NULL), 0);
}

static void add_mark(struct store *st, const tiny_lines *lines,
		     const struct tiny_line *line)
{
	int mark = file_mark_parse(line->word[2]);
	struct mark_row row = {
		.file = find(lines, false, line->word[1]),
		.mark = (enum file_mark)mark,
		.value = line->word[3],
	};

	assert_true(mark >= 0);
	assert_int_equal(store_add_mark(st, &row, NULL), 0);
}

static void add_service(struct store *st, const tiny_lines *lines,
			const struct tiny_line *line)
{
	const struct tiny_line *condition = about(lines, "condition", line->word[1]);
	int type = service_type_parse(is_word(line->word[2], "-") ? "" : line->word[2]);
	struct service_row row = {
		.file = find(lines, false, line->word[1]),
		.type = (enum service_type)type,
		.program = line->word[3] ? find(lines, false, line->word[3]) : 0,
		.conditions = condition ? condition->word[2] : "",
	};

	assert_true(type >= 0);
	assert_int_equal(store_add_service(st, &row, NULL), 0);
}

static bool names_capability(const struct tiny_line *line)
{
	return is(line, "provide") || is(line, "require");
}

/* The line that names the capability of line @p at for the first time. */
static size_t first_naming(const tiny_lines *lines, size_t at)
{
	size_t i = 0;

	while (!names_capability(&lines->data[i]) ||
	       !is_word(lines->data[i].word[2], lines->data[at].word[2]))
		i++;
	return i;
}

static cap_id add_capability(struct store *st, const tiny_lines *lines, size_t at)
{
	size_t first = first_naming(lines, at);
	struct capability_row row = {
		.id = 1, .name = lines->data[at].word[2], .sense = "", .evr = ""
	};

	for (size_t i = 0; i < first; i++)
		row.id +=
			names_capability(&lines->data[i]) && first_naming(lines, i) == i;
	if (first == at)
		assert_int_equal(store_add_capability(st, &row, NULL), 0);
	return row.id;
}

static void add_provide(struct store *st, const tiny_lines *lines, size_t at)
{
	cap_id capability = add_capability(st, lines, at);
	pkg_id package = find(lines, true, lines->data[at].word[1]);
	const char *name = lines->data[at].word[2];
	file_id file = about(lines, "file", name) ? find(lines, false, name) : 0;

	assert_int_equal(store_add_provide(st, package, capability, NULL), 0);
	assert_int_equal(store_add_provider(st, capability, package, file, NULL), 0);
}

/* Requirement and node have the number of their line. */
static void add_require(struct store *st, const tiny_lines *lines, size_t at)
{
	const struct tiny_line *line = &lines->data[at];
	struct node_row node = { .id = 1,
				 .op = NODE_CAPABILITY,
				 .capability = add_capability(st, lines, at) };
	struct requirement_row row = {
		.id = 1,
		.package = find(lines, true, line->word[1]),
		.strength = REQ_REQUIRES,
		.manual = true,
		.text = line->word[2],
		.state = REQ_CHECKED,
	};

	for (size_t i = 0; i < at; i++)
		row.id += is(&lines->data[i], "require");
	row.node = node.id = row.id;
	assert_int_equal(store_add_node(st, &node, NULL), 0);
	assert_int_equal(store_add_requirement(st, &row, NULL), 0);
}

static void add_edge(struct store *st, const tiny_lines *lines,
		     const struct tiny_line *line)
{
	bool from_file = line->word[1][0] == '/', to_file = line->word[3][0] == '/';
	uint32_t from = find(lines, !from_file, line->word[1]);
	uint32_t to = find(lines, !to_file, line->word[3]);
	int kind = edge_kind_parse(line->word[2]);
	struct edge_row row = {
		.from_file = from_file ? from : 0,
		.from_package = from_file ? 0 : from,
		.to_file = to_file ? to : 0,
		.to_package = to_file ? 0 : to,
		.kind = (enum edge_kind)kind,
		.strength = EDGE_HARD,
		.cite_text = line->word[3],
	};

	assert_true(kind >= 0);
	assert_int_equal(store_add_edge(st, &row, NULL), 0);
}

static void add_scriptlet(struct store *st, const tiny_lines *lines, size_t at)
{
	const struct tiny_line *line = &lines->data[at];
	struct scriptlet_row row = {
		.package = find(lines, true, line->word[1]),
		.position = (uint32_t)at,
		.kind = line->word[2],
		.interpreter = "/bin/sh",
		.condition = line->count > 3 ? line->word[3] : "",
		.body = "true",
	};

	assert_int_equal(store_add_scriptlet(st, &row, NULL), 0);
}

static void add_finding(struct store *st, const struct tiny_line *line)
{
	int severity = severity_parse(line->word[1]);
	struct finding_row row = {
		.rule = line->word[2],
		.severity = (enum severity)severity,
		.subject = line->word[3],
		.text = "something is wrong",
		.remedy = "",
	};

	assert_true(severity >= 0);
	assert_int_equal(store_add_finding(st, &row, NULL), 0);
}

static void add_line(struct store *st, const tiny_lines *lines, size_t at,
		     struct image_row *image)
{
	const struct tiny_line *line = &lines->data[at];

	if (is(line, "pkg")) {
		add_package(st, line, (pkg_id)at + 1); /* packages stand first */
	} else if (is_file(line)) {
		add_file(st, lines, line, find(lines, false, line->word[1]));
	} else if (is(line, "provide")) {
		add_provide(st, lines, at);
	} else if (is(line, "soname") || is(line, "go")) {
		add_elf(st, lines, line);
	} else if (is(line, "elf")) {
		add_plain_elf(st, lines, line);
	} else if (is(line, "symbols")) {
		add_unstripped(st, lines, line);
	} else if (is(line, "mark")) {
		add_mark(st, lines, line);
	} else if (is(line, "service")) {
		add_service(st, lines, line);
	} else if (is(line, "os")) {
		image->os_id = line->word[1];
	} else if (is(line, "require")) {
		add_require(st, lines, at);
	} else if (is(line, "edge")) {
		add_edge(st, lines, line);
	} else if (is(line, "scriptlet")) {
		add_scriptlet(st, lines, at);
	} else if (is(line, "finding")) {
		add_finding(st, line);
	} else if (is(line, "compressed")) {
		image->has_compressed = true;
		image->compressed_bytes += strtoull(line->word[2], NULL, 10);
	} else if (is(line, "incomplete")) {
		image->complete = false;
	} else if (is(line, "compressed-thirds")) {
		image->has_compressed = true;
	} else if (is(line, "size")) {
		if (has_word(lines, "compressed-thirds"))
			image->compressed_bytes += strtoull(line->word[2], NULL, 10) / 3;
	} else if (!is(line, "same") && !is(line, "mode") && !is(line, "condition")) {
		fail_msg("tiny graph: what is '%s'?", line->word[0]);
	}
}

void tiny_store(const char *text, const char *path)
{
	_cleanup_(freep) char *copy = mem_strdup(text);
	_cleanup_(store_closep) struct store *st = NULL;
	struct image_row image = {
		.root = "/",
		.architecture = "x86_64",
		.rpmdb_backend = "sqlite",
		.rpmdb_path = "/var/lib/rpm",
		.complete = true,
	};
	tiny_lines lines = { 0 };

	split(copy, &lines);
	array_sort(&lines, compare_lines);
	assert_int_equal(store_create(path, &st, NULL), 0);
	array_each (&lines, i)
		add_line(st, &lines, i, &image);
	array_release(&lines);
	assert_int_equal(store_set_image(st, &image, NULL), 0);
	assert_int_equal(store_weigh_packages(st, NULL), 0);
	assert_int_equal(store_commit(st, NULL), 0);
}

struct graph *tiny_graph(const char *text)
{
	_cleanup_(io_tempdir_removep) char *folder = NULL;
	_cleanup_(freep) char *path = NULL;
	_cleanup_(store_closep) struct store *read = NULL;
	struct graph *g = NULL;
	struct error err = { 0 };

	assert_int_equal(io_tempdir(&folder, NULL), 0);
	path = mem_printf("%s/tare.db", folder);
	tiny_store(text, path);
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
