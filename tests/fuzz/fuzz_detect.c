/*
 * What detectors make of one file: the first byte chooses the kind of file, the rest is its
 * content. The root is a small tree without a disk.
 */
#include "analyzer/detect_list.h"
#include "analyzer/detect_rules.h"
#include "analyzer/elf_pass.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const struct {
	const struct detector *detector;
	const char *path;
} KINDS[] = {
	{ &DETECT_UNIT, "/usr/lib/systemd/system/a.service" },
	{ &DETECT_UNIT, "/usr/lib/systemd/system/a.timer" },
	{ &DETECT_SHELL, "/etc/profile.d/a.sh" },
	{ &DETECT_PYTHON, "/usr/lib/python3.11/a.py" },
	{ &DETECT_PERL, "/usr/share/perl5/A/B.pm" },
	{ &DETECT_RULES, "/etc/pam.d/a" },
	{ &DETECT_RULES, "/etc/nsswitch.conf" },
	{ &DETECT_RULES, "/usr/lib/udev/rules.d/a.rules" },
	{ &DETECT_RULES, "/etc/cron.d/a" },
	{ &DETECT_CONTAINER, "/etc/containerd/config.toml" },
	{ &DETECT_RULES, "/etc/cni/net.d/a.conflist" },
	{ &DETECT_ELF, "/usr/bin/awk" },
	{ &DETECT_MODULE_INDEX, "/usr/lib/modules/6.1/modules.dep" },
	{ &DETECT_MODULE_INDEX, "/usr/lib/modules/6.1/modules.softdep" },
	{ &DETECT_BLOCKED, "/etc/modprobe.d/a.conf" },
	{ &DETECT_MODULE_INDEX, "/usr/lib/modules/6.1/modules.builtin.modinfo" },
};

static const char *const ENTRIES[] = {
	"/usr/bin/sed",
	"/usr/lib/systemd/system/b.service",
	"/usr/lib/systemd/system/c@.service",
	"/usr/lib/python3.11/os.py",
	"/usr/lib/python3.11/json/__init__.py",
	"/usr/share/perl5/Foo.pm",
	"/usr/lib64/libnss_dns.so.2",
	"/usr/lib64/security/pam_unix.so",
	"/usr/lib/modules/6.1/overlay.ko",
	"/usr/lib/modules/6.1/kernel/a.ko",
	"/lib/firmware/a.bin",
	"/usr/share/dbus-1/system-services/org.a.B1.service",
	"/opt/cni/bin/bridge",
};

static const char *const FOLDERS[] = { "/", "/usr/lib/python3.11", "/usr/share/perl5" };

struct fixture {
	struct tree tree;
	struct rpm_image rpm;
	struct ownership_list owners;
	struct detect_rules *rules;
	struct resolve_index *index;
	struct elf_table elf;
	struct detect d;
};

static void add_entry(struct tree *tree, const char *path, enum file_type type)
{
	struct tree_entry *e = tree_add(tree, path);

	e->type = (uint8_t)type;
	e->mode = 0755;
	e->on_disk = true;
	e->category = CATEGORY_CONFIG;
}

static struct fixture *fixture(void)
{
	static struct fixture f;
	struct lookup lookup = { 0 };

	if (f.index)
		return &f;
	tree_init(&f.tree);
	rpm_image_init(&f.rpm);
	for (size_t i = 0; i < ARRAY_LEN(ENTRIES); i++)
		add_entry(&f.tree, ENTRIES[i], FILE_REGULAR);
	for (size_t i = 0; i < ARRAY_LEN(FOLDERS); i++)
		add_entry(&f.tree, FOLDERS[i], FILE_DIRECTORY);
	for (size_t i = 0; i < ARRAY_LEN(KINDS); i++)
		add_entry(&f.tree, KINDS[i].path, FILE_REGULAR);
	tree_sort(&f.tree);
	if (lookup_init(&lookup, NULL, NULL) < 0 ||
	    detect_rules_load(&lookup, &f.rules, NULL) < 0)
		__builtin_trap();
	lookup_release(&lookup);
	f.index = resolve_index_new(&f.tree);
	f.d = (struct detect){ .tree = &f.tree,
			       .rpm = &f.rpm,
			       .owners = &f.owners,
			       .resolve = f.index,
			       .rules = f.rules,
			       .elf = &f.elf };
	module_path_python(&f.d.python, &f.tree);
	module_path_perl(&f.d.perl, &f.tree);
	return &f;
}

/* The content is a .note.dlopen of the file. */
static void set_note(struct fixture *f, struct tree_entry *entry, const char *text)
{
	static struct elfinfo info;
	static const char *note;

	note = text;
	info = (struct elfinfo){ .class = 64,
				 .type = ELF_EXECUTABLE,
				 .is_dynamic = true };
	info.dlopen_notes = (struct text_list){ &note, 1, 1 };
	f->elf.infos.data = &info;
	f->elf.infos.len = 1;
	entry->elf = 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fixture *f = fixture();
	struct detect_sink sink;
	char *copy;
	size_t kind;
	struct tree_entry *entry;

	if (len == 0)
		return 0;
	kind = data[0] % ARRAY_LEN(KINDS);
	copy = mem_strndup((const char *)data + 1, len - 1);
	entry = tree_find(&f->tree, KINDS[kind].path);
	if (KINDS[kind].detector == &DETECT_ELF)
		set_note(f, entry, copy);
	detect_sink_init(&sink);
	KINDS[kind].detector->file(
		&f->d,
		&(struct detect_input){ .entry = entry,
					.file = tree_id(&f->tree, entry),
					.path = KINDS[kind].path,
					.data = copy,
					.len = len - 1 },
		&sink);
	entry->elf = 0;
	edge_list_finish(&sink.edges);
	finding_list_finish(&sink.findings);
	mark_list_finish(&sink.marks);
	detect_sink_release(&sink);
	free(copy);
	return 0;
}
