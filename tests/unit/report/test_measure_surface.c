#include "base/strbuf.h"
#include "report/measure_surface.h"
#include "tests/unit/support/test.h"
#include "tests/unit/support/tiny_graph.h"

static const char IMAGE[] =
	"pkg core\n"
	"pkg dev\n"
	"pkg web\n"
	"dir /srv/drop\n"
	"dir /tmp\n"
	"link /etc/systemd/system/default.target /usr/lib/systemd/system/multi.target\n"
	"link /etc/systemd/system/masked.service /dev/null\n"
	"file /usr/bin/awk executable core\n"
	"file /usr/bin/gcc executable dev\n"
	"file /usr/bin/gdb executable dev\n"
	"file /usr/bin/notes documentation core\n"
	"file /usr/bin/python-config script dev\n"
	"link /usr/bin/python3 python3.11 core\n"
	"file /usr/bin/python3.11 executable core\n"
	"link /usr/bin/gone nowhere core\n"
	"file /usr/lib/libx.so library core\n"
	"soname /usr/lib/libx.so libx.so.1\n"
	"file /usr/lib/systemd/system/multi.target unit core\n"
	"file /usr/lib/systemd/system/late.service unit core\n"
	"file /usr/lib/systemd/system/late.socket unit core\n"
	"file /usr/lib/systemd/system/masked.service unit core\n"
	"file /usr/lib/systemd/system/web.service unit web\n"
	"file /usr/lib/systemd/system/idle.service unit web\n"
	"edge /etc/systemd/system/default.target symlink "
	"/usr/lib/systemd/system/multi.target\n"
	"edge /usr/bin/python3 symlink /usr/bin/python3.11\n"
	"edge /usr/lib/systemd/system/multi.target unit "
	"/usr/lib/systemd/system/web.service\n"
	"edge /usr/lib/systemd/system/multi.target unit "
	"/usr/lib/systemd/system/masked.service\n"
	"edge /usr/lib/systemd/system/multi.target unit "
	"/usr/lib/systemd/system/late.socket\n"
	"service /usr/lib/systemd/system/masked.service simple /usr/bin/awk\n"
	"service /usr/lib/systemd/system/late.service simple /usr/bin/awk\n"
	"service /usr/lib/systemd/system/web.service simple /usr/bin/awk\n";

/* The file called @p path, to be changed by the test. */
static struct graph_file *file_of(struct graph *g, const char *path)
{
	return &g->files[tiny_file(g, path)];
}

static void assert_set(const struct graph *g, enum surface_id id, const char *paths)
{
	_cleanup_(surface_freep) struct surface *s = surface_new(g);
	_cleanup_(strbuf_release) struct strbuf got = { 0 };

	idset_each (surface_set(s, id), at)
		strbuf_printf(&got, "%s%s", got.len ? " " : "",
			      SURFACE_KINDS[id].is_packages
				      ? graph_text(g, g->packages[at].name)
				      : graph_text(g, g->files[at].path));
	assert_string_equal(strbuf_text(&got), paths);
}

static void more_rights_are_found_by_mode_and_capability(void **state)
{
	_cleanup_(graph_freep) struct graph *g = tiny_graph(IMAGE);

	(void)state;
	file_of(g, "/usr/bin/awk")->mode = 04755;
	file_of(g, "/usr/bin/gdb")->mode = 02755;
	file_of(g, "/usr/bin/notes")->mode = 02644; /* mandatory locking */
	file_of(g, "/srv/drop")->mode = 02755;	    /* a folder's groups */
	file_of(g, "/usr/bin/gcc")->capabilities =
		strpool_add(&g->strings, "cap_net_raw=ep");
	assert_set(g, SURFACE_SETUID, "/usr/bin/awk /usr/bin/gdb");
	assert_set(g, SURFACE_CAPABILITIES, "/usr/bin/gcc");
}

static void sticky_folders_and_symlinks_are_not_world_writable(void **state)
{
	_cleanup_(graph_freep) struct graph *g = tiny_graph(IMAGE);

	(void)state;
	file_of(g, "/tmp")->mode = 01777;
	file_of(g, "/srv/drop")->mode = 0777;
	file_of(g, "/usr/bin/notes")->mode = 0666;
	file_of(g, "/usr/bin/python3")->mode = 0777;
	assert_set(g, SURFACE_WRITABLE, "/srv/drop /usr/bin/notes");
	file_of(g, "/usr/bin/notes")->state = STATE_MISSING;
	assert_set(g, SURFACE_WRITABLE, "/srv/drop");
}

static void sockets_and_masks_hold_services_back(void **state)
{
	_cleanup_(graph_freep) struct graph *g = tiny_graph(IMAGE);

	(void)state;
	file_of(g, "/etc/systemd/system/masked.service")->target =
		strpool_add(&g->strings, "/dev/null");
	assert_set(g, SURFACE_DAEMONS, "/usr/lib/systemd/system/web.service");
	assert_set(g, SURFACE_SOCKETS, "/usr/lib/systemd/system/late.socket");
}

static void programs_count_once_and_by_their_whole_name(void **state)
{
	_cleanup_(graph_freep) struct graph *g = tiny_graph(IMAGE);

	(void)state;
	assert_set(g, SURFACE_INTERPRETERS, "/usr/bin/awk /usr/bin/python3.11");
	assert_set(g, SURFACE_COMPILERS, "/usr/bin/gcc");
	assert_set(g, SURFACE_DEBUGGERS, "/usr/bin/gdb");
	assert_set(g, SURFACE_COMMANDS,
		   "/usr/bin/awk /usr/bin/gcc /usr/bin/gdb /usr/bin/python-config "
		   "/usr/bin/python3 /usr/bin/python3.11");
}

static void vendors_are_compared_with_the_most_frequent(void **state)
{
	_cleanup_(graph_freep) struct graph *g = tiny_graph(IMAGE);
	_cleanup_(surface_freep) struct surface *s = NULL;

	(void)state;
	g->packages[1].vendor = strpool_add(&g->strings, "Zebra");
	g->packages[2].vendor = strpool_add(&g->strings, "Ape");
	g->packages[3].vendor = g->packages[1].vendor;
	g->packages[3].is_signed = true;
	s = surface_new(g);
	assert_string_equal(surface_vendor(s), "Zebra");
	assert_set(g, SURFACE_FOREIGN, "dev");
	assert_set(g, SURFACE_UNSIGNED, "core dev");
	g->packages[3].is_key = true; /* one each now: the first by name */
	assert_set(g, SURFACE_FOREIGN, "core");
}

static void hardening_is_read_for_what_runs(void **state)
{
	static const uint32_t FULL = HARDEN_RELRO | HARDEN_CANARY | HARDEN_NX;
	_cleanup_(graph_freep) struct graph *g = tiny_graph(IMAGE);
	struct graph_elf *elf = &g->elves[0];

	(void)state;
	assert_int_equal(g->elf_count, 1);
	elf->hardening = FULL;
	for (int id = SURFACE_NO_RELRO; id <= SURFACE_NO_NX; id++)
		assert_set(g, id, "");
	elf->hardening = 0;
	assert_set(g, SURFACE_NO_RELRO, "/usr/lib/libx.so");
	assert_set(g, SURFACE_NO_CANARY, "/usr/lib/libx.so");
	assert_set(g, SURFACE_NO_NX, "/usr/lib/libx.so");
	assert_set(g, SURFACE_NO_PIE, "");
	elf->type = ELF_EXECUTABLE;
	elf->is_go = true;
	assert_set(g, SURFACE_NO_PIE, "/usr/lib/libx.so");
	assert_set(g, SURFACE_NO_CANARY, "");
	file_of(g, "/usr/lib/libx.so")->category = CATEGORY_DEBUG;
	assert_set(g, SURFACE_NO_PIE, "");
}

static void configuration_may_change(void **state)
{
	_cleanup_(graph_freep) struct graph *g = tiny_graph(IMAGE);
	file_id awk = tiny_file(g, "/usr/bin/awk"), gcc = tiny_file(g, "/usr/bin/gcc");

	(void)state;
	g->files[awk].state = g->files[gcc].state = STATE_CHANGED_SIZE;
	assert_set(g, SURFACE_CHANGED, "/usr/bin/awk /usr/bin/gcc");
	g->owners[g->owner_start[gcc]].flags |= OWN_CONFIG;
	assert_set(g, SURFACE_CHANGED, "/usr/bin/awk");
}

static void a_plan_takes_what_its_packages_alone_own(void **state)
{
	_cleanup_(graph_freep) struct graph *g = tiny_graph(IMAGE);
	_cleanup_(surface_freep) struct surface *s = surface_new(g);
	struct idset packages, files;

	(void)state;
	idset_init(&packages, g->package_count + 1u);
	idset_init(&files, g->file_count + 1u);
	idset_add(&packages, graph_node_package(g, tiny_package(g, "dev")));
	assert_int_equal(surface_count_after(s, SURFACE_COMPILERS, &packages, NULL), 0);
	assert_int_equal(surface_count_after(s, SURFACE_COMMANDS, &packages, NULL), 3);
	assert_int_equal(surface_count_after(s, SURFACE_UNSIGNED, &packages, NULL), 2);
	idset_add(&files, tiny_file(g, "/usr/bin/awk"));
	assert_int_equal(surface_count_after(s, SURFACE_COMMANDS, &packages, &files), 2);
	idset_release(&packages);
	idset_release(&files);
}

static void metadata_alone_does_not_know_everything(void **state)
{
	_cleanup_(graph_freep) struct graph *g = tiny_graph(IMAGE);
	_cleanup_(surface_freep) struct surface *s = surface_new(g);

	(void)state;
	assert_true(surface_is_known(s, SURFACE_NO_PIE));
	g->image.metadata_only = true;
	assert_false(surface_is_known(s, SURFACE_NO_PIE));
	assert_true(surface_is_known(s, SURFACE_SETUID));
	assert_int_equal(surface_parse("setuid"), SURFACE_SETUID);
	assert_int_equal(surface_parse("setuids"), -1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(more_rights_are_found_by_mode_and_capability),
		cmocka_unit_test(sticky_folders_and_symlinks_are_not_world_writable),
		cmocka_unit_test(sockets_and_masks_hold_services_back),
		cmocka_unit_test(programs_count_once_and_by_their_whole_name),
		cmocka_unit_test(vendors_are_compared_with_the_most_frequent),
		cmocka_unit_test(hardening_is_read_for_what_runs),
		cmocka_unit_test(configuration_may_change),
		cmocka_unit_test(a_plan_takes_what_its_packages_alone_own),
		cmocka_unit_test(metadata_alone_does_not_know_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
