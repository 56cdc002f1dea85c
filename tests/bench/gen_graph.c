/*
 * gen_graph [-p PACKAGES] [-f FILES] [-c CHOICES] [-n PROVIDERS] [-s SEED] OUTPUT:
 * a valid graph of any size, to see how
 * plans, lists and screens behave on roots far larger than real ones (default: 5,000
 * packages, 1,000,000 files). The same arguments give the same graph.
 *
 * Package "p00042" has the folder /usr/lib/p00042 with a program, a library, a symlink to it
 * and data. Each requires up to six others: mostly earlier ones, sometimes a later one, so
 * there are cycles; every tenth capability has two providers. Of five requirements four are
 * explained: the program needs the library of the other package.
 *
 * With CHOICES the first package requires as many capabilities more, each with
 * PROVIDERS (3) drawn at random, and no file explains which: whoever keeps p00001 has that many
 * real choices, whose costs overlap by what the providers need; there are no others then.
 */
#include "base/macros.h"
#include "base/mem.h"
#include "graph/store_write.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REQUIRES_MAX  6
#define PROVIDERS_MAX 8
#define FIXED	      4 /* folder, program, library, symlink: of each package */
#define FOLDERS	      3 /* "/", "/usr", "/usr/lib" */

struct generator {
	struct store *st;
	struct error *err;
	uint32_t packages, files, choices, providers, seed;
	req_id requirements;
};

static uint32_t next_random(struct generator *gen, uint32_t below)
{
	gen->seed = gen->seed * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)(gen->seed >> 8) * below >> 24);
}

/* Files of a package besides the fixed ones; the last takes what is left over. */
static uint32_t data_count(const struct generator *gen, pkg_id package)
{
	uint32_t all = gen->files - FOLDERS - FIXED * gen->packages;
	uint32_t each = all / gen->packages;

	return package < gen->packages ? each : all - each * (gen->packages - 1);
}

/* Id of a package's folder; program, data, library and symlink follow it by path. */
static file_id first_file(const struct generator *gen, pkg_id package)
{
	return FOLDERS + 1 + (package - 1) * (FIXED + data_count(gen, 1));
}

static file_id library_of(const struct generator *gen, pkg_id package)
{
	return first_file(gen, package) + 2 + data_count(gen, package);
}

static int add_file(struct generator *gen, file_id id, const char *path,
		    enum file_type type, enum file_category category)
{
	uint64_t size = type == FILE_REGULAR ? 1 + next_random(gen, 60000) : 0;

	return store_add_file(
		gen->st,
		&(struct file_row){
			.id = id,
			.path = path,
			.type = type,
			.mode = type == FILE_REGULAR && category != CATEGORY_DATA ? 0755
										  : 0644,
			.size_bytes = size,
			.disk_bytes = (size + 4095) / 4096 * 4096,
			.device = 1,
			.inode = id,
			.link_count = 1,
			.target = type == FILE_SYMLINK ? "lib.so.1" : NULL,
			.category = category,
			.classified_by = CLASSIFIED_CONTENT },
		gen->err);
}

static int own(struct generator *gen, file_id file, pkg_id package)
{
	return store_add_ownership(
		gen->st, &(struct ownership_row){ .file = file, .package = package },
		gen->err);
}

static int add_elf(struct generator *gen, file_id file, enum elf_type type)
{
	return store_add_elf(
		gen->st,
		&(struct elf_row){ .file = file,
				   .class = 64,
				   .machine = "x86_64",
				   .type = type,
				   .soname = type == ELF_SHARED ? "lib.so.1" : NULL,
				   .text_bytes = 4000 + next_random(gen, 40000),
				   .data_bytes = next_random(gen, 4000) },
		gen->err);
}

/* In the order of the paths: "", "/bin", "/data...", "/lib.so.1", "/lib.so.link". */
static int add_package_files(struct generator *gen, pkg_id package)
{
	static const char *const names[] = { "", "/bin", "/lib.so.1", "/lib.so.link" };
	static const uint8_t types[] = { FILE_DIRECTORY, FILE_REGULAR, FILE_REGULAR,
					 FILE_SYMLINK };
	static const uint8_t kinds[] = { CATEGORY_DIRECTORY, CATEGORY_EXECUTABLE,
					 CATEGORY_LIBRARY, CATEGORY_SYMLINK };
	uint32_t data = data_count(gen, package);
	file_id id = first_file(gen, package);
	char path[64];
	int r = 0;

	for (uint32_t i = 0; r == 0 && i < FIXED + data; i++, id++) {
		uint32_t fixed = i < 2 ? i : i - data;

		if (i >= 2 && i < 2 + data) {
			snprintf(path, sizeof(path), "/usr/lib/p%05u/data%07u", package,
				 i - 2);
			r = add_file(gen, id, path, FILE_REGULAR, CATEGORY_DATA);
		} else {
			snprintf(path, sizeof(path), "/usr/lib/p%05u%s", package,
				 names[fixed]);
			r = add_file(gen, id, path, types[fixed], kinds[fixed]);
		}
	}
	return r;
}

static int add_files(struct generator *gen)
{
	static const char *const folders[] = { "/", "/usr", "/usr/lib" };
	int r = 0;

	for (file_id i = 0; r == 0 && i < FOLDERS; i++)
		r = add_file(gen, i + 1, folders[i], FILE_DIRECTORY, CATEGORY_DIRECTORY);
	for (pkg_id p = 1; r == 0 && p <= gen->packages; p++)
		r = add_package_files(gen, p);
	return r;
}

static int add_package(struct generator *gen, pkg_id package)
{
	file_id first = first_file(gen, package), library = library_of(gen, package);
	char name[16], nevra[48];
	int r;

	snprintf(name, sizeof(name), "p%05u", package);
	snprintf(nevra, sizeof(nevra), "%s-1-1.x86_64", name);
	r = store_add_package(gen->st,
			      &(struct package_row){ .id = package,
						     .name = name,
						     .version = "1",
						     .release = "1",
						     .arch = "x86_64",
						     .epoch = -1,
						     .nevra = nevra,
						     .summary = "generated",
						     .license = "MIT",
						     .vendor = "",
						     .source_rpm = "" },
			      gen->err);
	for (file_id f = first; r == 0 && f <= library + 1; f++)
		r = own(gen, f, package);
	if (r == 0)
		r = add_elf(gen, first + 1, ELF_PIE);
	if (r == 0)
		r = add_elf(gen, library, ELF_SHARED);
	return r;
}

/* Capability, its only node and its providers have the number of their package. */
static int add_capability(struct generator *gen, pkg_id package)
{
	bool is_double = package % 10 == 0 && package < gen->packages;
	uint32_t providers = is_double && gen->choices == 0 ? 2 : 1;
	char name[16];
	int r;

	snprintf(name, sizeof(name), "cap(%05u)", package);
	r = store_add_capability(
		gen->st,
		&(struct capability_row){
			.id = package, .name = name, .sense = "", .evr = "" },
		gen->err);
	if (r == 0)
		r = store_add_node(gen->st,
				   &(struct node_row){ .id = package,
						       .op = NODE_CAPABILITY,
						       .capability = package },
				   gen->err);
	for (pkg_id p = package; r == 0 && p < package + providers; p++) {
		r = store_add_provide(gen->st, p, package, gen->err);
		if (r == 0)
			r = store_add_provider(gen->st, package, p, 0, gen->err);
	}
	return r;
}

static int add_requirement(struct generator *gen, pkg_id package, pkg_id other)
{
	file_id program = first_file(gen, package) + 1;
	char text[16];
	int r;

	snprintf(text, sizeof(text), "cap(%05u)", other);
	r = store_add_requirement(gen->st,
				  &(struct requirement_row){ .id = ++gen->requirements,
							     .package = package,
							     .strength = REQ_REQUIRES,
							     .manual = true,
							     .text = text,
							     .node = other },
				  gen->err);
	if (r < 0 || next_random(gen, 5) == 0)
		return r;
	return store_add_edge(gen->st,
			      &(struct edge_row){ .from_file = program,
						  .to_file = library_of(gen, other),
						  .kind = EDGE_NEEDED,
						  .strength = EDGE_HARD,
						  .cite_text = "NEEDED lib.so.1" },
			      gen->err);
}

static int add_requirements(struct generator *gen, pkg_id package)
{
	uint32_t count = next_random(gen, REQUIRES_MAX + 1);
	int r = 0;

	for (uint32_t i = 0; r == 0 && i < count; i++) {
		bool forward = next_random(gen, 50) == 0;
		pkg_id other = 1 + next_random(gen, forward ? gen->packages : package);

		if (other != package)
			r = add_requirement(gen, package, other);
	}
	return r;
}

static int by_package(const void *a, const void *b)
{
	pkg_id x = *(const pkg_id *)a, y = *(const pkg_id *)b;

	return (x > y) - (x < y);
}

/* Its number follows those of the packages' capabilities. Not the first package: it is
 * there. */
static int add_choice(struct generator *gen, uint32_t choice)
{
	cap_id id = gen->packages + 1 + choice;
	pkg_id providers[PROVIDERS_MAX];
	char name[24];
	int r;

	snprintf(name, sizeof(name), "choice(%05u)", choice);
	r = store_add_capability(gen->st,
				 &(struct capability_row){
					 .id = id, .name = name, .sense = "", .evr = "" },
				 gen->err);
	if (r == 0)
		r = store_add_node(gen->st,
				   &(struct node_row){ .id = id,
						       .op = NODE_CAPABILITY,
						       .capability = id },
				   gen->err);
	for (uint32_t i = 0; i < gen->providers; i++)
		providers[i] = 2 + next_random(gen, gen->packages - 1);
	qsort(providers, gen->providers, sizeof(*providers), by_package);
	for (uint32_t i = 0; r == 0 && i < gen->providers; i++) {
		r = store_add_provide(gen->st, providers[i], id, gen->err);
		if (r == 0)
			r = store_add_provider(gen->st, id, providers[i], 0, gen->err);
	}
	if (r < 0)
		return r;
	return store_add_requirement(gen->st,
				     &(struct requirement_row){ .id = ++gen->requirements,
								.package = 1,
								.strength = REQ_REQUIRES,
								.manual = true,
								.text = name,
								.node = id },
				     gen->err);
}

static int add_all(struct generator *gen)
{
	int r = store_set_image(gen->st,
				&(struct image_row){ .root = "/generated",
						     .rpmdb_backend = "sqlite",
						     .rpmdb_path = "/none",
						     .rpmdb_headers = gen->packages,
						     .complete = true,
						     .entries = gen->files },
				gen->err);

	if (r == 0)
		r = add_files(gen);
	for (pkg_id p = 1; r == 0 && p <= gen->packages; p++)
		r = add_package(gen, p);
	for (pkg_id p = 1; r == 0 && p <= gen->packages; p++)
		r = add_capability(gen, p);
	for (uint32_t i = 0; r == 0 && i < gen->choices; i++)
		r = add_choice(gen, i);
	for (pkg_id p = 1; r == 0 && p <= gen->packages; p++)
		r = add_requirements(gen, p);
	return r == 0 ? store_weigh_packages(gen->st, gen->err) : r;
}

static int generate(struct generator *gen, const char *output)
{
	_cleanup_(store_closep) struct store *st = NULL;
	int r = store_create(output, &st, gen->err);

	if (r < 0)
		return r;
	gen->st = st;
	r = add_all(gen);
	return r == 0 ? store_commit(st, gen->err) : r;
}

int main(int argc, char **argv)
{
	struct error err = { 0 };
	struct generator gen = {
		.err = &err, .packages = 5000, .files = 1000000, .providers = 3, .seed = 1
	};
	int option;

	while ((option = getopt(argc, argv, "p:f:c:n:s:")) != -1) {
		uint32_t value = optarg ? (uint32_t)strtoul(optarg, NULL, 10) : 0;

		if (option == 'p')
			gen.packages = value;
		else if (option == 'f')
			gen.files = value;
		else if (option == 'c')
			gen.choices = value;
		else if (option == 'n')
			gen.providers = value;
		else if (option == 's')
			gen.seed = value;
		else
			return 2;
	}
	if (optind + 1 != argc || gen.packages < 2 || gen.choices > 100000 ||
	    gen.providers < 1 || gen.providers > PROVIDERS_MAX || gen.packages > 99999 ||
	    gen.files < FOLDERS + FIXED * gen.packages || gen.files > 90000000) {
		fprintf(stderr, "Usage: gen_graph [-p PACKAGES] [-f FILES] [-c CHOICES] "
				"[-s SEED] "
				"OUTPUT\n");
		return 2;
	}
	if (generate(&gen, argv[optind]) < 0) {
		fprintf(stderr, "gen_graph: %s\n", err.text);
		return 4;
	}
	return 0;
}
