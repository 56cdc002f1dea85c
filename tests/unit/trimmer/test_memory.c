#include "trimmer/memory.h"

#include "base/macros.h"
#include "graph/usage.h"
#include "tests/unit/support/test.h"
#include "tests/unit/support/tiny_graph.h"
#include "trimmer/memory_model.h"

#define LIB "/usr/lib/systemd/system/"

/* Two daemons of two packages, and a library of a third that both map. */
static const char TWO[] = "pkg a\n"
			  "pkg b\n"
			  "pkg lib\n"
			  "pkg idle\n"
			  "file " LIB "default.target unit lib\n"
			  "file " LIB "a.service unit a\n"
			  "file " LIB "b.service unit b\n"
			  "file /usr/sbin/a executable a\n"
			  "file /usr/sbin/b executable b\n"
			  "file /usr/lib/libx.so library lib\n"
			  "file /usr/bin/idle executable idle\n"
			  "elf /usr/sbin/a 40000 4000\n"
			  "elf /usr/sbin/b 80000 9000\n"
			  "elf /usr/lib/libx.so 1000000 5000\n"
			  "elf /usr/bin/idle 1000000 5000\n"
			  "service " LIB "a.service simple /usr/sbin/a\n"
			  "service " LIB "b.service simple /usr/sbin/b\n"
			  "edge " LIB "default.target unit " LIB "a.service\n"
			  "edge " LIB "default.target unit " LIB "b.service\n"
			  "edge /usr/sbin/a needed /usr/lib/libx.so\n"
			  "edge /usr/sbin/b needed /usr/lib/libx.so\n";

static uint64_t after(const struct graph *g, const struct memory *m, const char *package,
		      const bool *stopped)
{
	struct idset removed;
	uint64_t bytes;

	idset_init(&removed, g->package_count + 1u);
	if (package)
		idset_add(&removed, tiny_package(g, package) - g->file_count);
	bytes = memory_after(m, &removed, stopped);
	idset_release(&removed);
	return bytes;
}

static uint64_t bytes_of(const struct graph *g, const struct memory *m, const char *name)
{
	return m->package_bytes[tiny_package(g, name) - g->file_count];
}

static void what_no_daemon_maps_costs_nothing(void **state)
{
	struct graph *g = tiny_graph(TWO);
	_cleanup_(memory_freep) struct memory *m = NULL;

	(void)state;
	memory_new(g, &(struct memory_options){ 0 }, &m);
	assert_int_equal(m->daemons.len, 2);
	assert_int_equal(bytes_of(g, m, "idle"), 0);
	assert_true(bytes_of(g, m, "lib") > 0);
	graph_free(g);
}

static void packages_add_up_to_the_total(void **state)
{
	struct graph *g = tiny_graph(TWO);
	_cleanup_(memory_freep) struct memory *m = NULL;
	uint64_t sum = 0, daemons = 0;

	(void)state;
	memory_new(g, &(struct memory_options){ 0 }, &m);
	for (pkg_id p = 0; p <= g->package_count; p++)
		sum += m->package_bytes[p];
	assert_int_equal(sum, m->total_bytes);
	array_each (&m->daemons, i)
		daemons += m->daemons.data[i].bytes;
	assert_in_range(m->total_bytes - daemons, 0, 8); /* halves of odd numbers */
	assert_int_equal(after(g, m, NULL, NULL), m->total_bytes);
	graph_free(g);
}

static void shared_code_goes_with_its_last_user(void **state)
{
	struct graph *g = tiny_graph(TWO);
	_cleanup_(memory_freep) struct memory *m = NULL;
	const struct graph_elf *lib;
	uint64_t shared, alone;
	struct idset both;

	(void)state;
	memory_new(g, &(struct memory_options){ 0 }, &m);
	lib = graph_find_elf(g, tiny_file(g, "/usr/lib/libx.so"));
	shared = memory_model_shared(lib, false);
	alone = m->total_bytes - after(g, m, "a", NULL);
	assert_int_equal(
		alone,
		m->daemons.data[0].private_bytes +
			memory_model_shared(
				graph_find_elf(g, tiny_file(g, "/usr/sbin/a")), true));
	idset_init(&both, g->package_count + 1u);
	idset_add(&both, tiny_package(g, "a") - g->file_count);
	idset_add(&both, tiny_package(g, "b") - g->file_count);
	assert_int_equal(memory_after(m, &both, NULL), 0);
	assert_true(alone + (m->total_bytes - after(g, m, "b", NULL)) + shared ==
		    m->total_bytes);
	idset_release(&both);
	graph_free(g);
}

static void stopping_frees_what_removing_frees(void **state)
{
	struct graph *g = tiny_graph(TWO);
	_cleanup_(memory_freep) struct memory *m = NULL;
	const bool one[2] = { true, false }, both[2] = { true, true };

	(void)state;
	memory_new(g, &(struct memory_options){ 0 }, &m);
	assert_int_equal(after(g, m, NULL, one), after(g, m, "a", NULL));
	assert_int_equal(after(g, m, "a", one), after(g, m, "a", NULL));
	assert_int_equal(after(g, m, "a", both), 0);
	assert_int_equal(after(g, m, NULL, both), 0);
	graph_free(g);
}

static void measured_memory_counts_instead_of_the_estimate(void **state)
{
	struct graph *g = tiny_graph(TWO);
	_cleanup_(memory_freep) struct memory *m = NULL;
	file_id idle = tiny_file(g, "/usr/bin/idle"), a = tiny_file(g, "/usr/sbin/a");
	struct usage_memory rows[] = {
		{ .executable = 0, .pss_bytes = 1, .evidences = 1 },
		{ .executable = idle, .pss_bytes = 1000000, .evidences = 1 },
		/* two nodes: the mean counts */
		{ .executable = a, .pss_bytes = 600000, .evidences = 2 },
		{ .executable = a,
		  .file = tiny_file(g, "/usr/lib/libx.so"),
		  .pss_bytes = 50000,
		  .evidences = 1 },
		{ .executable = a,
		  .scope = SCOPE_CONTAINER,
		  .pss_bytes = 50000,
		  .evidences = 1 },
	};
	const struct usage usage = { .memory = rows, .memory_count = 5 };

	(void)state;
	memory_new(g, &(struct memory_options){ .usage = &usage }, &m);
	assert_int_equal(m->daemons.len, 3);
	assert_int_equal(m->daemons.data[0].source, MEMORY_EVIDENCE);
	assert_int_equal(m->daemons.data[0].bytes, 350000);
	assert_int_equal(m->daemons.data[1].source, MEMORY_ESTIMATE);
	assert_int_equal(bytes_of(g, m, "a"), 300000);
	assert_int_equal(bytes_of(g, m, "idle"), 1000000);
	assert_int_equal(m->package_source[tiny_package(g, "a") - g->file_count],
			 MEMORY_EVIDENCE);
	assert_int_equal(m->package_source[tiny_package(g, "lib") - g->file_count],
			 MEMORY_ESTIMATE);
	assert_int_equal(m->source, MEMORY_ESTIMATE);
	assert_int_equal(m->total_bytes - after(g, m, "idle", NULL), 1000000);
	graph_free(g);
}

static void files_of_a_root_in_memory_count(void **state)
{
	struct graph *g = tiny_graph(TWO);
	_cleanup_(memory_freep) struct memory *disk = NULL, *root = NULL;

	(void)state;
	memory_new(g, &(struct memory_options){ 0 }, &disk);
	memory_new(g, &(struct memory_options){ .root_in_memory = true }, &root);
	assert_int_equal(bytes_of(g, root, "idle"), 4096);
	assert_int_equal(root->root_bytes, 7 * 4096);
	/* their code is there already */
	assert_true(bytes_of(g, root, "lib") < bytes_of(g, disk, "lib"));
	graph_free(g);
}

static void modules_named_to_be_loaded_count_once(void **state)
{
	struct graph *g = tiny_graph("pkg conf\n"
				     "pkg old\n"
				     "pkg new\n"
				     "file /usr/lib/modules-load.d/x.conf config conf\n"
				     "file /usr/lib/modprobe.d/y.conf config conf\n"
				     "file /usr/lib/modules/1/x.ko kernel-module old\n"
				     "file /usr/lib/modules/2/x.ko kernel-module new\n"
				     "file /usr/lib/modules/2/dep.ko kernel-module new\n"
				     "file /usr/lib/modules/2/y.ko kernel-module new\n"
				     "elf /usr/lib/modules/1/x.ko 4096 0\n"
				     "elf /usr/lib/modules/2/x.ko 8192 0\n"
				     "elf /usr/lib/modules/2/dep.ko 4096 0\n"
				     "elf /usr/lib/modules/2/y.ko 4096 0\n"
				     "edge /usr/lib/modules-load.d/x.conf modprobe "
				     "/usr/lib/modules/1/x.ko\n"
				     "edge /usr/lib/modules-load.d/x.conf modprobe "
				     "/usr/lib/modules/2/x.ko\n"
				     "edge /usr/lib/modprobe.d/y.conf modprobe "
				     "/usr/lib/modules/2/y.ko\n"
				     "edge /usr/lib/modules/2/x.ko module-dep "
				     "/usr/lib/modules/2/dep.ko\n");
	_cleanup_(memory_freep) struct memory *m = NULL;

	(void)state;
	memory_new(g, &(struct memory_options){ 0 }, &m);
	assert_int_equal(m->module_bytes, 8192 + 4096);
	assert_int_equal(bytes_of(g, m, "old"), 0);
	assert_int_equal(after(g, m, "new", NULL), 0);
	graph_free(g);
}

static void headers_that_claim_anything_do_not_overflow(void **state)
{
	const struct graph_elf big = { .text_bytes = UINT64_MAX,
				       .rodata_bytes = UINT64_MAX,
				       .relro_bytes = UINT64_MAX,
				       .data_bytes = UINT64_MAX,
				       .bss_bytes = UINT64_MAX,
				       .relocation_count = UINT64_MAX };

	(void)state;
	assert_true(memory_model_private(&big) < (uint64_t)1 << 43);
	assert_true(memory_model_shared(&big, true) < (uint64_t)1 << 43);
	assert_true(memory_model_module(&big) < (uint64_t)1 << 43);
	assert_true(memory_model_heap(&big, "/usr/bin/x") < (uint64_t)1 << 43);
}

/* 128 MiB / 576 items of 16 bytes, in pages. */
static void journald_has_its_table_of_hashes(void **state)
{
	const struct graph_elf elf = { 0 };

	(void)state;
	assert_int_equal(
		memory_model_heap(&elf, "/usr/lib/systemd/systemd-journald") -
			memory_model_heap(&elf, "/usr/lib/systemd/systemd-logind"),
		911 * 4096);
}

static void relocations_make_pages_private(void **state)
{
	struct graph_elf elf = { .relro_bytes = 1 << 20, .text_bytes = 1 << 20 };
	uint64_t none = memory_model_private(&elf), some;

	(void)state;
	elf.relocation_count = 4096;
	some = memory_model_private(&elf);
	assert_true(some > none);
	elf.relocation_count = 1 << 20;
	assert_int_equal(memory_model_private(&elf), 1 << 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(journald_has_its_table_of_hashes),
		cmocka_unit_test(what_no_daemon_maps_costs_nothing),
		cmocka_unit_test(packages_add_up_to_the_total),
		cmocka_unit_test(shared_code_goes_with_its_last_user),
		cmocka_unit_test(stopping_frees_what_removing_frees),
		cmocka_unit_test(measured_memory_counts_instead_of_the_estimate),
		cmocka_unit_test(files_of_a_root_in_memory_count),
		cmocka_unit_test(modules_named_to_be_loaded_count_once),
		cmocka_unit_test(headers_that_claim_anything_do_not_overflow),
		cmocka_unit_test(relocations_make_pages_private),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
