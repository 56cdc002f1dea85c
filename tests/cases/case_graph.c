#include "tests/cases/case_world.h"

#include "base/io.h"
#include "base/macros.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "graph/store_write.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct writer {
	const struct case_world *world;
	struct store *st;
	struct strpool caps; /* id = capability id */
	node_id nodes;
	const char *at; /* the expression parser's place */
	struct error err;
};

static void check(struct writer *w, int r)
{
	if (r < 0)
		case_fail("%s", w->err.text);
}

static pkg_id package_id(const struct case_world *world, const char *name)
{
	size_t low = 0, high = world->packages.len;

	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = strcmp(world->packages.data[mid].name, name);

		if (order == 0)
			return (pkg_id)mid + 1;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	case_fail("no package '%s'", name);
}

static file_id file_id_of(const struct case_world *world, const char *path)
{
	array_each (&world->files, i)
		if (strcmp(world->files.data[i].path, path) == 0)
			return (file_id)i + 1;
	case_fail("no file '%s'", path);
}

static cap_id capability(struct writer *w, const char *text)
{
	str_id known = strpool_find(&w->caps, text);
	struct capability_row row = { .name = text, .sense = "", .evr = "" };

	if (known)
		return known;
	row.id = strpool_add(&w->caps, text);
	check(w, store_add_capability(w->st, &row, &w->err));
	return row.id;
}

/* Expressions: a plain recursive descent, they are ours. */

static void skip_blanks(struct writer *w)
{
	while (isspace((unsigned char)*w->at))
		w->at++;
}

static node_id add_node(struct writer *w, struct node_row row)
{
	row.id = ++w->nodes;
	check(w, store_add_node(w->st, &row, &w->err));
	return row.id;
}

static char *next_token(struct writer *w)
{
	size_t len;
	char *token;

	skip_blanks(w);
	len = strcspn(w->at, " \t()");
	token = mem_strndup(w->at, len);
	w->at += len;
	return token;
}

static node_id expression(struct writer *w);

static node_id leaf(struct writer *w)
{
	_cleanup_(freep) char *name = next_token(w);

	if (name[0] == '\0')
		case_fail("a name is missing in an expression");
	return add_node(w, (struct node_row){ .op = NODE_CAPABILITY,
					      .capability = capability(w, name) });
}

static node_id chain(struct writer *w, node_id left)
{
	_cleanup_(freep) char *operator= next_token(w);
	int op = node_operator_parse(operator);
	struct node_row row = { .left = left };

	if (op < 0)
		case_fail("what does '%s' mean in an expression?", operator);
	row.op = (enum node_operator)op;
	row.right = expression(w);
	skip_blanks(w);
	if (strncmp(w->at, "else", 4) == 0) {
		w->at += 4;
		row.otherwise = expression(w);
	}
	return add_node(w, row);
}

static node_id expression(struct writer *w)
{
	node_id node;

	skip_blanks(w);
	if (*w->at != '(')
		return leaf(w);
	w->at++;
	node = expression(w);
	skip_blanks(w);
	while (*w->at != ')') {
		if (*w->at == '\0')
			case_fail("')' is missing in an expression");
		node = chain(w, node);
		skip_blanks(w);
	}
	w->at++;
	return node;
}

static void write_package(struct writer *w, pkg_id id)
{
	const struct case_package *p = &w->world->packages.data[id - 1];
	_cleanup_(freep) char *nevra = mem_printf("%s-1-1.noarch", p->name);
	struct package_row row = {
		.id = id,
		.name = p->name,
		.version = "1",
		.release = "1",
		.arch = "noarch",
		.epoch = -1,
		.nevra = nevra,
		.summary = "",
		.license = "",
		.vendor = "",
		.source_rpm = "",
		.declared_bytes = p->bytes,
		.is_key = p->is_key,
	};

	check(w, store_add_package(w->st, &row, &w->err));
}

static uint32_t names_of(const struct case_world *world, const char *path)
{
	uint32_t names = 0;

	array_each (&world->files, i) {
		const struct case_file *file = &world->files.data[i];

		names += file->same && strcmp(file->same, path) == 0;
	}
	return names;
}

static void write_file(struct writer *w, file_id id)
{
	const struct case_file *file = &w->world->files.data[id - 1];
	const char *first = file->same ? file->same : file->path;
	file_id inode = file_id_of(w->world, first);
	uint64_t bytes = w->world->files.data[inode - 1].bytes;
	struct file_row row = {
		.id = id,
		.path = file->path,
		.type = file->type,
		.mode = 0755,
		.size_bytes = bytes,
		.disk_bytes = bytes,
		.inode = inode,
		.link_count = file->links + names_of(w->world, first),
		.target = file->target,
		.category = file->category,
		.classified_by = CLASSIFIED_PATH,
		.state = file->state,
		.owner_guess = file->guess ? "guessed" : NULL,
	};

	check(w, store_add_file(w->st, &row, &w->err));
	array_each (&file->owners, i) {
		struct ownership_row owner = {
			.file = id,
			.package = package_id(w->world, file->owners.data[i]),
			.flags = file->flags,
			.rpm_state = file->replaced && i == 0,
		};

		if (file->state == STATE_NOT_INSTALLED)
			owner.rpm_state = 2;
		check(w, store_add_ownership(w->st, &owner, &w->err));
	}
}

static int by_package(const void *a, const void *b, void *arg)
{
	const struct case_world *world = arg;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	int order = strcmp(world->requirements.data[x].package,
			   world->requirements.data[y].package);

	return order ? order : (x > y) - (x < y);
}

static void write_requirements(struct writer *w)
{
	size_t len = w->world->requirements.len;
	_cleanup_(freep) uint32_t *order = mem_calloc(len, sizeof(*order));

	for (uint32_t i = 0; i < len; i++)
		order[i] = i;
	if (len > 1)
		qsort_r(order, len, sizeof(*order), by_package, (void *)w->world);
	for (uint32_t i = 0; i < len; i++) {
		const struct case_requirement *req =
			&w->world->requirements.data[order[i]];
		struct requirement_row row = {
			.id = i + 1,
			.package = package_id(w->world, req->package),
			.strength = req->strength,
			.phases = req->phases,
			.manual = true,
			.text = req->text,
			.state = REQ_CHECKED,
		};

		w->at = req->text;
		row.node = expression(w);
		skip_blanks(w);
		if (*w->at != '\0')
			case_fail("what is '%s' in '%s'?", w->at, req->text);
		check(w, store_add_requirement(w->st, &row, &w->err));
	}
}

static void write_edge(struct writer *w, const struct case_edge *edge)
{
	struct edge_row row = {
		.kind = edge->kind,
		.strength = edge->strength,
		.cite_text = edge->to,
	};

	if (edge->from[0] == '/')
		row.from_file = file_id_of(w->world, edge->from);
	else
		row.from_package = package_id(w->world, edge->from);
	if (edge->to[0] == '/')
		row.to_file = file_id_of(w->world, edge->to);
	else
		row.to_package = package_id(w->world, edge->to);
	check(w, store_add_edge(w->st, &row, &w->err));
}

static void write_edges(struct writer *w)
{
	array_each (&w->world->edges, i)
		write_edge(w, &w->world->edges.data[i]);
	array_each (&w->world->files, i) {
		const struct case_file *file = &w->world->files.data[i];
		struct case_edge edge = { file->path, file->target, EDGE_SYMLINK,
					  EDGE_HARD };

		if (file->target)
			write_edge(w, &edge);
	}
}

static void write_provider(struct writer *w, cap_id cap, const char *package,
			   file_id file)
{
	check(w, store_add_provider(w->st, cap, package_id(w->world, package), file,
				    &w->err));
}

static void write_providers(struct writer *w)
{
	const struct case_world *world = w->world;

	for (cap_id cap = 1; cap <= w->caps.count; cap++) {
		const char *text = strpool_text(&w->caps, cap);

		array_each (&world->packages, i)
			if (strcmp(world->packages.data[i].name, text) == 0)
				write_provider(w, cap, text, 0);
		array_each (&world->provides, i)
			if (strcmp(world->provides.data[i].capability, text) == 0)
				write_provider(w, cap, world->provides.data[i].package,
					       0);
		for (size_t i = 0; text[0] == '/' && i < world->files.len; i++) {
			const struct case_file *file = &world->files.data[i];

			if (strcmp(file->path, text) != 0 ||
			    file->state == STATE_MISSING ||
			    file->state == STATE_NOT_INSTALLED)
				continue;
			array_each (&file->owners, k)
				write_provider(w, cap, file->owners.data[k],
					       (file_id)i + 1);
		}
	}
}

static void write_all(struct writer *w)
{
	struct image_row image = {
		.root = "/",
		.architecture = "noarch",
		.rpmdb_backend = "sqlite",
		.rpmdb_path = "/var/lib/rpm",
		.metadata_only = w->world->metadata_only,
		.complete = true,
	};

	check(w, store_set_image(w->st, &image, &w->err));
	for (pkg_id p = 1; p <= w->world->packages.len; p++)
		write_package(w, p);
	for (file_id f = 1; f <= w->world->files.len; f++)
		write_file(w, f);
	write_requirements(w);
	write_providers(w);
	write_edges(w);
	check(w, store_weigh_packages(w->st, &w->err));
	check(w, store_commit(w->st, &w->err));
}

struct graph *case_graph(const struct case_world *world)
{
	_cleanup_(io_tempdir_removep) char *folder = NULL;
	_cleanup_(store_closep) struct store *st = NULL;
	_cleanup_(freep) char *path = NULL;
	struct writer w = { .world = world };
	struct graph *g = NULL;

	strpool_init(&w.caps);
	check(&w, io_tempdir(&folder, &w.err));
	path = mem_printf("%s/case.db", folder);
	check(&w, store_create(path, &w.st, &w.err));
	write_all(&w);
	store_close(w.st);
	check(&w, store_open(path, &st, &w.err));
	check(&w, graph_load(st, &g, &w.err));
	strpool_release(&w.caps);
	return g;
}

uint32_t case_node(const struct graph *g, const char *subject)
{
	uint32_t id = subject[0] == '/' ? graph_find_file(g, subject)
					: graph_find_package(g, subject, NULL);

	if (id == 0)
		return 0;
	return subject[0] == '/' ? id : graph_package_node(g, id);
}
