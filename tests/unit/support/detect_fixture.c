#include "tests/unit/support/detect_fixture.h"

#include "analyzer/detect_rules.h"
#include "analyzer/module_alias.h"
#include "base/io.h"
#include "base/strbuf.h"
#include "tests/unit/support/test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

void fixture_init(struct detect_fixture *f)
{
	*f = (struct detect_fixture){ 0 };
	assert_int_equal(io_tempdir(&f->folder, NULL), 0);
	tree_init(&f->tree);
	rpm_image_init(&f->rpm);
	detect_sink_init(&f->found);
}

void fixture_release(struct detect_fixture *f)
{
	io_tempdir_remove(f->folder);
	tree_release(&f->tree);
	rpm_image_release(&f->rpm);
	array_release(&f->owners.items);
	array_release(&f->elf.infos);
	detect_sink_release(&f->found);
	strbuf_release(&f->text);
}

static bool has_entry(const struct detect_fixture *f, const char *path)
{
	array_each (&f->tree.entries, i)
		if (strcmp(tree_text(&f->tree, f->tree.entries.data[i].path), path) == 0)
			return true;
	return false;
}

static struct tree_entry *add(struct detect_fixture *f, const char *path,
			      enum file_type type, enum file_category category)
{
	struct tree_entry *e = tree_add(&f->tree, path);

	e->type = (uint8_t)type;
	e->category = (uint8_t)category;
	e->on_disk = true;
	e->mode = 0755;
	return e;
}

static void make_folders(struct detect_fixture *f, const char *path)
{
	if (!has_entry(f, "/"))
		add(f, "/", FILE_DIRECTORY, CATEGORY_DIRECTORY);
	for (const char *at = path; (at = strchr(at + 1, '/'));) {
		_cleanup_(freep) char *folder = mem_strndup(path, (size_t)(at - path));
		_cleanup_(freep) char *full = mem_printf("%s%s", f->folder, folder);

		if (has_entry(f, folder))
			continue;
		assert_int_equal(mkdir(full, 0755), 0);
		add(f, folder, FILE_DIRECTORY, CATEGORY_DIRECTORY);
	}
}

void fixture_file(struct detect_fixture *f, const char *path, const char *content,
		  uint32_t mode, enum file_category category)
{
	_cleanup_(freep) char *full = mem_printf("%s%s", f->folder, path);
	_cleanup_(closep) int fd = -1;
	struct tree_entry *e;

	make_folders(f, path);
	fd = open(full, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(io_write_all(fd, content, strlen(content)), 0);
	e = add(f, path, FILE_REGULAR, category);
	e->mode = mode;
	e->size_bytes = strlen(content);
}

void fixture_link(struct detect_fixture *f, const char *path, const char *target)
{
	_cleanup_(freep) char *full = mem_printf("%s%s", f->folder, path);
	struct tree_entry *e;

	make_folders(f, path);
	assert_int_equal(symlink(target, full), 0);
	e = add(f, path, FILE_SYMLINK, CATEGORY_SYMLINK);
	e->target = strpool_add(&f->tree.strings, target);
}

void fixture_package(struct detect_fixture *f, const char *name, const char *const *paths)
{
	struct rpm_package *pkg = array_extend(&f->rpm.packages, 1);

	pkg->name = pkg->nevra = strpool_add(&f->rpm.strings, name);
	tree_sort(&f->tree);
	for (; *paths; paths++) {
		struct tree_entry *e = tree_find(&f->tree, *paths);

		assert_non_null(e);
		e->is_owned = true;
		array_push(&f->owners.items,
			   (struct ownership){ tree_id(&f->tree, e),
					       (pkg_id)f->rpm.packages.len, 0 });
	}
}

void fixture_recommends(struct detect_fixture *f, pkg_id package, const char *name)
{
	struct rpm_image *rpm = &f->rpm;

	if (rpm->capabilities.len == 0) {
		array_extend(&rpm->capabilities, 1); /* [0] is unused */
		array_extend(&rpm->nodes, 1);
	}
	array_push(&rpm->capabilities,
		   (struct rpm_capability){ .name = strpool_add(&rpm->strings, name) });
	array_push(&rpm->nodes,
		   (struct rpm_node){ .op = NODE_CAPABILITY,
				      .capability = (cap_id)rpm->capabilities.len - 1 });
	array_push(&rpm->requirements,
		   (struct rpm_requirement){ .package = package,
					     .strength = REQ_RECOMMENDS,
					     .node = (node_id)rpm->nodes.len - 1 });
}

static const char *node(const struct detect_fixture *f, file_id file, pkg_id package,
			char buf[256])
{
	if (file)
		return tree_text(&f->tree, f->tree.entries.data[file - 1].path);
	snprintf(buf, 256, "package %s",
		 rpm_image_text(&f->rpm, f->rpm.packages.data[package - 1].name));
	return buf;
}

static void print(struct detect_fixture *f)
{
	char a[256], b[256];

	array_each (&f->found.edges.items, i) {
		struct edge_row row = edge_list_row(&f->found.edges, i);

		strbuf_printf(&f->text, "%s %s %s -> %s ", edge_kind_name(row.kind),
			      edge_strength_name(row.strength),
			      node(f, row.from_file, row.from_package, a),
			      node(f, row.to_file, row.to_package, b));
		if (row.cite_line)
			strbuf_printf(&f->text, ":%u ", row.cite_line);
		strbuf_printf(&f->text, "%s\n", row.cite_text);
	}
	array_each (&f->found.findings.items, i) {
		struct finding_row row = finding_list_row(&f->found.findings, i);

		strbuf_printf(&f->text, "finding %s %s: %s\n", row.rule, row.subject,
			      row.text);
	}
	array_each (&f->found.marks.items, i) {
		struct mark_row row = mark_list_row(&f->found.marks, i);

		strbuf_printf(&f->text, "mark %s %s: %s\n", file_mark_name(row.mark),
			      node(f, row.file, 0, a), row.value);
	}
	array_each (&f->found.services.items, i) {
		struct service_row row = service_list_row(&f->found.services, i);

		strbuf_printf(&f->text, "service %s type '%s' runs %s; %s\n",
			      node(f, row.file, 0, a), service_type_name(row.type),
			      row.program ? node(f, row.program, 0, b) : "nothing",
			      row.conditions);
	}
}

void fixture_run(struct detect_fixture *f, const char *rules)
{
	_cleanup_(rootfs_freep) struct rootfs *root = NULL;
	_cleanup_(detect_rules_freep) struct detect_rules *loaded = NULL;
	_cleanup_(resolve_index_freep) struct resolve_index *index = NULL;
	struct error err = { 0 };
	struct detect d = {
		.tree = &f->tree, .rpm = &f->rpm, .owners = &f->owners, .elf = &f->elf
	};

	if (!rules)
		rules = "detector: none\nsummary: x\nkind: exec\nfiles: /none\n";
	if (detect_rules_parse("test.yaml", rules, strlen(rules), &loaded, &err) < 0)
		fail_msg("%s", err.text);
	tree_sort(&f->tree);
	index = resolve_index_new(&f->tree);
	assert_int_equal(rootfs_new(f->folder, &root, NULL), 0);
	module_alias_read(root, &f->tree, index);
	d.root = root;
	d.resolve = index;
	d.rules = loaded;
	assert_int_equal(detect_run(&d, 2, &f->found, NULL), 0);
	edge_list_finish(&f->found.edges);
	finding_list_finish(&f->found.findings);
	service_list_finish(&f->found.services);
	mark_list_finish(&f->found.marks);
	print(f);
}

bool fixture_has(const struct detect_fixture *f, const char *line)
{
	const char *text = strbuf_text(&f->text);
	size_t len = strlen(line);

	for (const char *at = text; (at = strstr(at, line)); at++)
		if ((at == text || at[-1] == '\n') && at[len] == '\n')
			return true;
	print_message("no '%s' in:\n%s", line, text);
	return false;
}

size_t fixture_count(const struct detect_fixture *f)
{
	return f->found.edges.items.len + f->found.findings.items.len +
	       f->found.marks.items.len;
}
