#include "analyzer/owner_guess.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/text.h"

#include <fnmatch.h>
#include <string.h>

#define INITRAMFS "initramfs generator"
#define STORAGE	  "container storage"
#define TEMPORARY "temporary file"
#define HOME	  "home folder"
#define LOCAL	  "local configuration"
#define STATE	  "state of a service"

/* Whole paths, where "*" stands for slashes, too. The first that fits counts. */
static const struct {
	const char *pattern, *guess;
} PATTERNS[] = {
	/* the boot chain */
	{ "/etc/ld.so.cache", "ldconfig" },
	{ "/var/cache/ldconfig/*", "ldconfig" },
	{ "/usr/lib/modules/*/modules.*", "depmod" },
	{ "/lib/modules/*/modules.*", "depmod" },
	{ "/usr/lib/modules/*/initr*", INITRAMFS },
	{ "/boot/initr*", INITRAMFS },
	{ "/boot/*/initrd", INITRAMFS },
	{ "/boot/grub*/grub.cfg", "grub-mkconfig" },
	{ "/boot/grub*/grubenv", "grub-editenv" },
	{ "/boot/grub*", "grub-install" },
	{ "/boot/efi/EFI/*", "boot loader installation" },
	{ "/boot/*", "kernel-install" },
	{ "/etc/kernel/cmdline", LOCAL },
	/* RPM and those who use it */
	{ "/usr/lib/sysimage/rpm/*", "rpm" },
	{ "/var/lib/rpm/*", "rpm" },
	{ "/usr/share/rpm/*", "rpm" },
	{ "*.rpmnew", "rpm" },
	{ "*.rpmsave", "rpm" },
	{ "*.rpmorig", "rpm" },
	{ "/var/lib/dnf/*", "dnf" },
	{ "/var/cache/dnf/*", "dnf" },
	{ "/var/cache/libdnf5/*", "dnf" },
	{ "/usr/lib/sysimage/libdnf5/*", "dnf" },
	{ "/var/lib/yum/*", "yum" },
	{ "/var/cache/yum/*", "yum" },
	{ "/var/lib/tdnf/*", "tdnf" },
	{ "/var/cache/tdnf/*", "tdnf" },
	{ "/var/lib/zypp/*", "zypper" },
	{ "/var/cache/zypp/*", "zypper" },
	{ "/ostree/*", "ostree" },
	{ "/sysroot/ostree/*", "ostree" },
	/* containers */
	{ "/var/lib/containerd*", STORAGE },
	{ "/var/lib/containers*", STORAGE },
	{ "/var/lib/docker*", STORAGE },
	{ "/var/lib/buildkit*", STORAGE },
	{ "/var/lib/rancher/*", STORAGE },
	{ "/var/lib/machines*", STORAGE },
	{ "/var/lib/kubelet*", "kubelet" },
	{ "/var/lib/cni/*", "CNI plugins" },
	/* what runs at the first boot */
	{ "/etc/machine-id", "systemd-machine-id-setup" },
	{ "/var/lib/dbus/machine-id", "systemd-machine-id-setup" },
	{ "/etc/ssh/ssh_host_*", "ssh-keygen" },
	{ "/var/lib/cloud/*", "cloud-init" },
	{ "/var/lib/waagent/*", "waagent" },
	/* accounts */
	{ "/etc/passwd*", "useradd" },
	{ "/etc/shadow*", "useradd" },
	{ "/etc/group*", "useradd" },
	{ "/etc/gshadow*", "useradd" },
	{ "/etc/subuid*", "useradd" },
	{ "/etc/subgid*", "useradd" },
	{ "/etc/.pwd.lock", "useradd" },
	{ "/var/spool/mail/*", "useradd" },
	{ "/var/mail/*", "useradd" },
	{ "/home/*", HOME },
	{ "/root/*", HOME },
	/* caches that file triggers and scriptlets write */
	{ "/etc/udev/hwdb.bin", "systemd-hwdb" },
	{ "/usr/lib/udev/hwdb.bin", "systemd-hwdb" },
	{ "/var/lib/systemd/catalog/database", "journalctl --update-catalog" },
	{ "/usr/share/mime/*", "update-mime-database" },
	{ "*/icon-theme.cache", "gtk-update-icon-cache" },
	{ "*/gschemas.compiled", "glib-compile-schemas" },
	{ "*/mimeinfo.cache", "update-desktop-database" },
	{ "*/gconv-modules.cache", "iconvconfig" },
	{ "*/giomodule.cache", "gio-querymodules" },
	{ "*/loaders.cache", "gdk-pixbuf-query-loaders" },
	{ "/usr/share/info/dir", "install-info" },
	{ "/usr/share/fonts/*/fonts.dir", "mkfontdir" },
	{ "/usr/share/fonts/*/fonts.scale", "mkfontscale" },
	{ "/usr/lib/fontconfig/cache/*", "fc-cache" },
	{ "/var/cache/fontconfig/*", "fc-cache" },
	{ "/var/cache/man/*", "mandb" },
	{ "/usr/lib/locale/locale-archive", "localedef" },
	{ "/etc/pki/ca-trust/extracted/*", "update-ca-trust" },
	{ "/etc/pki/tls/certs/*", "update-ca-trust" },
	{ "/etc/pki/java/cacerts", "update-ca-trust" },
	{ "/etc/ssl/certs/*", "update-ca-certificates" },
	{ "/var/lib/ca-certificates/*", "update-ca-certificates" },
	{ "/etc/crypto-policies/*", "update-crypto-policies" },
	{ "/etc/selinux/*/policy/*", "semodule" },
	{ "/etc/selinux/*.bin", "semodule" },
	{ "/var/lib/selinux/*", "semodule" },
	{ "/etc/alternatives/*", "alternatives" },
	{ "/var/lib/alternatives/*", "alternatives" },
	{ "/var/cache/*", "cache" },
	/* the rest by its folder */
	{ "/var/log/journal/*", "systemd-journald" },
	{ "/var/log/*", "log" },
	{ "/var/lib/systemd/*", "systemd" },
	{ "/tmp/*", TEMPORARY },
	{ "/var/tmp/*", TEMPORARY },
	{ "/run/*", TEMPORARY },
	{ "/etc/*", LOCAL },
	{ "/var/*", STATE },
	{ "/.autorelabel", LOCAL },
	{ "/lost+found", "mkfs" },
};

static const char *by_pattern(const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(PATTERNS); i++)
		if (fnmatch(PATTERNS[i].pattern, path, 0) == 0)
			return PATTERNS[i].guess;
	return OWNER_GUESS_COPIED;
}

static const char *by_link(const char *path, const char *target)
{
	if (strstr(target, "etc/alternatives/"))
		return "alternatives";
	if (!text_starts(path, "/etc/systemd/system/") &&
	    !text_starts(path, "/etc/systemd/user/"))
		return NULL;
	if (strcmp(target, "/dev/null") == 0)
		return "systemctl mask";
	if (text_ends(path, "/default.target"))
		return "systemctl set-default";
	return "systemctl enable";
}

/*
 * The source of Python bytecode: "a/__pycache__/b.cpython-311.opt-1.pyc" and "a/b.pyc"
 * come from "a/b.py". New memory; NULL when the path is none.
 */
static char *bytecode_source(const char *path)
{
	static const char CACHE[] = "/__pycache__";
	const char *slash = strrchr(path, '/');
	const size_t cache = strlen(CACHE);
	size_t folder, name;

	if (!slash || (!text_ends(path, ".pyc") && !text_ends(path, ".pyo")))
		return NULL;
	folder = (size_t)(slash - path);
	name = strlen(slash + 1) - strlen(".pyc");
	if (folder >= cache && strncmp(slash - cache, CACHE, cache) == 0) {
		folder -= cache;
		name = strcspn(slash + 1, ".");
	}
	return mem_printf("%.*s/%.*s.py", (int)folder, path, (int)name, slash + 1);
}

/* Guesses that other entries must confirm; new memory or NULL. */
static char *by_others(const struct tree *tree, const char *path)
{
	_cleanup_(freep) char *source = bytecode_source(path);

	if (!source)
		return NULL;
	if (!tree_resolve(tree, source, 0))
		return mem_printf("byte-compiled from %s, which is gone", source);
	return mem_printf("byte-compiled from %s", source);
}

static str_id guess(struct tree *tree, const struct tree_entry *entry)
{
	const char *path = tree_text(tree, entry->path);
	_cleanup_(freep) char *text = by_others(tree, path);
	const char *known = text;

	if (!known && entry->type == FILE_SYMLINK)
		known = by_link(path, tree_text(tree, entry->target));
	if (!known)
		known = by_pattern(path);
	return strpool_add(&tree->strings, known);
}

void owner_guess(struct tree *tree)
{
	array_each (&tree->entries, i) {
		struct tree_entry *entry = &tree->entries.data[i];

		if (!entry->on_disk || entry->is_owned)
			continue;
		if (entry->type == FILE_DIRECTORY && !entry->is_boundary)
			continue;
		entry->owner_guess = guess(tree, entry);
	}
}
