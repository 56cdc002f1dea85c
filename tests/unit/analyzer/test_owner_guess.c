#include "analyzer/owner_guess.h"

#include "tests/unit/support/test.h"

static struct tree_entry *add(struct tree *tree, const char *path)
{
	struct tree_entry *entry = tree_add(tree, path);

	entry->on_disk = true;
	return entry;
}

static void add_link(struct tree *tree, const char *path, const char *target)
{
	str_id id = strpool_add(&tree->strings, target);
	struct tree_entry *entry = add(tree, path);

	entry->type = FILE_SYMLINK;
	entry->target = id;
}

static const char *guess_of(const struct tree *tree, const char *path)
{
	return tree_text(tree, tree_find(tree, path)->owner_guess);
}

static void places_have_makers(void **state)
{
	static const char *const CASES[][2] = {
		{ "/etc/ld.so.cache", "ldconfig" },
		{ "/usr/lib/modules/6.1/modules.dep.bin", "depmod" },
		{ "/boot/initramfs-6.1.img", "initramfs generator" },
		{ "/boot/grub2/grub.cfg", "grub-mkconfig" },
		{ "/boot/vmlinuz-6.1", "kernel-install" },
		{ "/usr/lib/sysimage/rpm/rpmdb.sqlite", "rpm" },
		{ "/etc/hosts.rpmnew", "rpm" },
		{ "/var/lib/dnf/history.sqlite", "dnf" },
		{ "/etc/machine-id", "systemd-machine-id-setup" },
		{ "/etc/ssh/ssh_host_rsa_key", "ssh-keygen" },
		{ "/etc/passwd-", "useradd" },
		{ "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
		  "update-ca-trust" },
		{ "/var/cache/x", "cache" },
		{ "/var/log/x/y", "log" },
		{ "/etc/fstab", "local configuration" },
		{ "/var/lib/x", "state of a service" },
		{ "/usr/local/bin/tool", "copied in" },
		{ "/opt/tool/lib/x.so", "copied in" },
		{ "/usr/bin/stray", "copied in" },
		{ "/new\nline", "copied in" },
	};
	struct tree tree;

	(void)state;
	tree_init(&tree);
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		add(&tree, CASES[i][0]);
	tree_sort(&tree);
	owner_guess(&tree);
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		assert_string_equal(guess_of(&tree, CASES[i][0]), CASES[i][1]);
	tree_release(&tree);
}

static void links_tell_who_made_them(void **state)
{
	static const char *const CASES[][3] = {
		{ "/usr/bin/vi", "/etc/alternatives/vi", "alternatives" },
		{ "/usr/bin/ex", "../../etc/alternatives/ex", "alternatives" },
		{ "/etc/systemd/system/multi-user.target.wants/a.service",
		  "/usr/lib/systemd/system/a.service", "systemctl enable" },
		{ "/etc/systemd/system/b.service", "/dev/null", "systemctl mask" },
		{ "/etc/systemd/system/default.target",
		  "/usr/lib/systemd/system/multi-user.target", "systemctl set-default" },
		{ "/usr/bin/other", "tool", "copied in" },
	};
	struct tree tree;

	(void)state;
	tree_init(&tree);
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		add_link(&tree, CASES[i][0], CASES[i][1]);
	tree_sort(&tree);
	owner_guess(&tree);
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		assert_string_equal(guess_of(&tree, CASES[i][0]), CASES[i][2]);
	tree_release(&tree);
}

static void bytecode_names_its_source(void **state)
{
	struct tree tree;

	(void)state;
	tree_init(&tree);
	add(&tree, "/lib/a.py")->is_owned = true;
	add(&tree, "/lib/__pycache__/a.cpython-311.pyc");
	add(&tree, "/lib/__pycache__/a.cpython-311.opt-1.pyc");
	add(&tree, "/lib/__pycache__/gone.cpython-311.pyc");
	add(&tree, "/lib/a.pyc");
	add(&tree, "/.pyc");
	tree_sort(&tree);
	owner_guess(&tree);
	assert_string_equal(guess_of(&tree, "/lib/__pycache__/a.cpython-311.pyc"),
			    "byte-compiled from /lib/a.py");
	assert_string_equal(guess_of(&tree, "/lib/__pycache__/a.cpython-311.opt-1.pyc"),
			    "byte-compiled from /lib/a.py");
	assert_string_equal(guess_of(&tree, "/lib/a.pyc"),
			    "byte-compiled from /lib/a.py");
	assert_string_equal(guess_of(&tree, "/lib/__pycache__/gone.cpython-311.pyc"),
			    "byte-compiled from /lib/gone.py, which is gone");
	assert_string_equal(guess_of(&tree, "/lib/a.py"), "");
	tree_release(&tree);
}

static void owned_absent_and_folders_get_none(void **state)
{
	struct tree tree;

	(void)state;
	tree_init(&tree);
	add(&tree, "/etc/owned")->is_owned = true;
	tree_add(&tree, "/etc/absent");
	add(&tree, "/etc/folder")->type = FILE_DIRECTORY;
	add(&tree, "/var/lib/containerd")->type = FILE_DIRECTORY;
	tree_sort(&tree);
	tree_find(&tree, "/var/lib/containerd")->is_boundary = true;
	owner_guess(&tree);
	assert_string_equal(guess_of(&tree, "/etc/owned"), "");
	assert_string_equal(guess_of(&tree, "/etc/absent"), "");
	assert_string_equal(guess_of(&tree, "/etc/folder"), "");
	assert_string_equal(guess_of(&tree, "/var/lib/containerd"), "container storage");
	tree_release(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_have_makers),
		cmocka_unit_test(links_tell_who_made_them),
		cmocka_unit_test(bytecode_names_its_source),
		cmocka_unit_test(owned_absent_and_folders_get_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
