/*
 * big_graph – writes a graph of many packages and files, to measure with:
 *
 *	tui_big_graph tare.db 5000 1000000
 *
 * Packages need some of those before them, files lie eight deep at most, every tenth is a
 * library that others are linked with. The same arguments give the same graph.
 */
#include "base/macros.h"
#include "graph/store_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PER_FOLDER 200

static uint32_t state = 1;

static uint32_t any(uint32_t below)
{
	state = state * 1664525u + 1013904223u;
	return (uint32_t)((uint64_t)(state >> 8) * below >> 24);
}

static int add_packages(struct store *st, uint32_t count, struct error *err)
{
	for (uint32_t p = 1; p <= count; p++) {
		char name[32], nevra[64];
		struct package_row row = {
			.id = p,
			.name = name,
			.version = "1",
			.release = "1",
			.arch = "x86_64",
			.epoch = -1,
			.nevra = nevra,
			.summary = "a package to measure with",
			.license = "MIT",
			.vendor = "",
			.source_rpm = "",
			.declared_bytes = 1u << 20,
		};

		snprintf(name, sizeof(name), "package-%06u", p);
		snprintf(nevra, sizeof(nevra), "%s-1-1.x86_64", name);
		if (store_add_package(st, &row, err) < 0)
			return -1;
	}
	return 0;
}

/* Capability c is what package c provides; each package requires a few earlier ones. */
static int add_requirements(struct store *st, uint32_t count, struct error *err)
{
	req_id id = 0;

	for (uint32_t p = 1; p <= count; p++) {
		char name[32];
		struct capability_row cap = { p, name, "", "" };
		struct node_row node = { .id = p,
					 .op = NODE_CAPABILITY,
					 .capability = p };

		snprintf(name, sizeof(name), "cap-%06u", p);
		if (store_add_capability(st, &cap, err) < 0 ||
		    store_add_provide(st, p, p, err) < 0 ||
		    store_add_provider(st, p, p, 0, err) < 0 ||
		    store_add_node(st, &node, err) < 0)
			return -1;
	}
	for (uint32_t p = 2; p <= count; p++) {
		for (uint32_t i = 0; i < 3; i++) {
			/* what came early is needed by most, as in real systems */
			uint32_t to = i == 0 ? 1 : 1 + any(1 + any(p - 1));
			char text[32];
			struct requirement_row row = { .id = ++id,
						       .package = p,
						       .strength = REQ_REQUIRES,
						       .text = text,
						       .node = to,
						       .state = REQ_CHECKED };

			snprintf(text, sizeof(text), "cap-%06u", to);
			if (store_add_requirement(st, &row, err) < 0)
				return -1;
		}
	}
	return 0;
}

static int add_file(struct store *st, file_id id, const char *path, uint32_t owner,
		    bool folder, struct error *err)
{
	bool library = !folder && id % 10 == 0;
	struct file_row row = {
		.id = id,
		.path = path,
		.type = folder ? FILE_DIRECTORY : FILE_REGULAR,
		.mode = folder ? 0755 : 0644,
		.size_bytes = folder ? 0 : 1 + any(1u << 18),
		.device = 1,
		.inode = id,
		.link_count = 1,
		.category = folder    ? CATEGORY_DIRECTORY
			    : library ? CATEGORY_LIBRARY
				      : CATEGORY_DATA,
		.classified_by = CLASSIFIED_PATH,
		.state = STATE_PRESENT,
	};
	struct ownership_row own = { .file = id, .package = owner };

	row.disk_bytes = (row.size_bytes + 4095) / 4096 * 4096;
	if (store_add_file(st, &row, err) < 0)
		return -1;
	return store_add_ownership(st, &own, err);
}

static int add_files(struct store *st, uint32_t packages, uint32_t count,
		     struct error *err)
{
	char path[128];
	file_id id = 1;

	if (add_file(st, id, "/", 1, true, err) < 0)
		return -1;
	/* paths in rising order: "/d000001", its files, "/d000002" ... */
	for (uint32_t folder = 0; id < count; folder++) {
		uint32_t owner = 1 + any(packages);

		snprintf(path, sizeof(path), "/d%06u", folder);
		if (add_file(st, ++id, path, owner, true, err) < 0)
			return -1;
		for (uint32_t i = 0; i < PER_FOLDER && id < count; i++) {
			snprintf(path, sizeof(path), "/d%06u/some-file-name-%06u.data",
				 folder, i);
			if (add_file(st, ++id, path, owner, false, err) < 0)
				return -1;
		}
	}
	return 0;
}

/* Libraries in the same folder and in the first folders. */
static int add_edges(struct store *st, uint32_t files, struct error *err)
{
	for (file_id f = 20; f <= files; f += 10) {
		struct edge_row row = { .from_file = f,
					.to_file = f % 20 ? f - 10 : 10 * (1 + any(20)),
					.kind = EDGE_NEEDED,
					.strength = EDGE_HARD,
					.cite_text = "DT_NEEDED" };

		if (row.to_file != f && store_add_edge(st, &row, err) < 0)
			return -1;
	}
	return 0;
}

static int make(struct store *st, uint32_t packages, uint32_t files, struct error *err)
{
	struct image_row image = {
		.root = "/",
		.os_id = "big",
		.os_name = "A big host",
		.architecture = "x86_64",
		.rpmdb_backend = "sqlite",
		.rpmdb_path = "/usr/lib/sysimage/rpm",
		.complete = true,
		.entries = files,
	};

	if (store_set_image(st, &image, err) < 0 || add_packages(st, packages, err) < 0 ||
	    add_files(st, packages, files, err) < 0 ||
	    add_requirements(st, packages, err) < 0 || add_edges(st, files, err) < 0 ||
	    store_weigh_packages(st, err) < 0)
		return -1;
	return store_commit(st, err);
}

int main(int argc, char **argv)
{
	_cleanup_(store_closep) struct store *st = NULL;
	struct error err = { 0 };

	if (argc != 4)
		return 2;
	if (store_create(argv[1], &st, &err) < 0 ||
	    make(st, (uint32_t)atoi(argv[2]), (uint32_t)atoi(argv[3]), &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	return 0;
}
