#include "analyzer/classify_path.h"

#include "base/macros.h"
#include "base/text.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/*
 * One rule: a path whose beginning is `folder` (behind the component that names the
 * table) and whose last component fits `name`, a glob; NULL fits all. The first that fits
 * counts.
 */
struct folder_rule {
	const char *folder, *name;
	enum file_category category;
	const char *media;
};

static const struct folder_rule SHARE[] = {
	{ "man/", NULL, CATEGORY_MAN, NULL },
	{ "doc/", "copyright", CATEGORY_LICENCE, "text/plain" },
	{ "doc/", NULL, CATEGORY_DOCUMENTATION, NULL },
	{ "locale/", NULL, CATEGORY_LOCALE, NULL },
	{ "i18n/", NULL, CATEGORY_LOCALE, NULL },
	{ "info/", NULL, CATEGORY_INFO, NULL },
	{ "licenses/", NULL, CATEGORY_LICENCE, NULL },
	{ "common-licenses/", NULL, CATEGORY_LICENCE, NULL },
	{ "zoneinfo/", NULL, CATEGORY_TIMEZONE, NULL },
	{ "zoneinfo-leaps/", NULL, CATEGORY_TIMEZONE, NULL },
	{ "zoneinfo-posix/", NULL, CATEGORY_TIMEZONE, NULL },
	{ "zoneinfo-icu/", NULL, CATEGORY_TIMEZONE, NULL },
	{ "terminfo/", NULL, CATEGORY_TERMINFO, "application/x-terminfo" },
	{ "tabset/", NULL, CATEGORY_TERMINFO, NULL },
	{ "bash-completion/", NULL, CATEGORY_COMPLETION, NULL },
	{ "zsh/site-functions/", NULL, CATEGORY_COMPLETION, NULL },
	{ "zsh/vendor-completions/", NULL, CATEGORY_COMPLETION, NULL },
	{ "fish/completions/", NULL, CATEGORY_COMPLETION, NULL },
	{ "fish/vendor_completions.d/", NULL, CATEGORY_COMPLETION, NULL },
	{ "ca-certificates/", NULL, CATEGORY_CERTIFICATE, NULL },
	{ "pki/", NULL, CATEGORY_CERTIFICATE, NULL },
	{ "gtk-doc/", NULL, CATEGORY_DOCUMENTATION, NULL },
	{ "doc-base/", NULL, CATEGORY_DOCUMENTATION, NULL },
	{ "help/", NULL, CATEGORY_DOCUMENTATION, NULL },
	{ "bug/", NULL, CATEGORY_DOCUMENTATION, NULL },
	{ "dbus-1/", NULL, CATEGORY_CONFIG, NULL },
	{ "polkit-1/", NULL, CATEGORY_CONFIG, NULL },
	{ "containers/systemd/", NULL, CATEGORY_UNIT, NULL },
	{ "containers/", "*.conf", CATEGORY_CONFIG, NULL },
	{ "grub/", NULL, CATEGORY_BOOT, NULL },
	{ "syslinux/", NULL, CATEGORY_BOOT, NULL },
	{ "mime/packages/", NULL, CATEGORY_DATA, NULL },
	{ "mime/", NULL, CATEGORY_CACHE, NULL },
	{ "rpm/", "rpmdb.sqlite*", CATEGORY_RPMDB, NULL },
	{ "rpm/", "Packages*", CATEGORY_RPMDB, NULL },
};

static const struct folder_rule LIB[] = {
	{ "modules/", "*.ko", CATEGORY_KERNEL_MODULE, NULL },
	{ "modules/", "*.ko.[xgz]*", CATEGORY_KERNEL_MODULE, NULL },
	{ "modules/", "vmlinu[xz]*", CATEGORY_KERNEL, NULL },
	{ "modules/", "zImage*", CATEGORY_KERNEL, NULL },
	{ "modules/", "Image*", CATEGORY_KERNEL, NULL },
	{ "modules/", "initrd*", CATEGORY_INITRAMFS, NULL },
	{ "modules/", "initramfs*", CATEGORY_INITRAMFS, NULL },
	{ "modules/", "modules.dep.bin", CATEGORY_CACHE, NULL },
	{ "modules/", "modules.alias.bin", CATEGORY_CACHE, NULL },
	{ "modules/", "modules.symbols.bin", CATEGORY_CACHE, NULL },
	{ "modules/", "modules.builtin.bin", CATEGORY_CACHE, NULL },
	{ "modules/", "modules.builtin.alias.bin", CATEGORY_CACHE, NULL },
	{ "modules/", "modules.dep", CATEGORY_CACHE, "text/plain" },
	{ "modules/", "modules.alias", CATEGORY_CACHE, "text/plain" },
	{ "modules/", "modules.symbols", CATEGORY_CACHE, "text/plain" },
	{ "modules/", "modules.softdep", CATEGORY_CACHE, "text/plain" },
	{ "modules/", "modules.weakdep", CATEGORY_CACHE, "text/plain" },
	{ "modules/", "modules.devname", CATEGORY_CACHE, "text/plain" },
	{ "modules/", "*.dtb", CATEGORY_BOOT, NULL },
	{ "firmware/", "LICEN*", CATEGORY_LICENCE, "text/plain" },
	{ "firmware/", "WHENCE*", CATEGORY_LICENCE, "text/plain" },
	{ "firmware/", NULL, CATEGORY_FIRMWARE, NULL },
	{ "debug/", NULL, CATEGORY_DEBUG, NULL },
	{ "locale/", NULL, CATEGORY_LOCALE, NULL },
	{ "terminfo/", NULL, CATEGORY_TERMINFO, "application/x-terminfo" },
	{ "sysimage/rpm/", NULL, CATEGORY_RPMDB, NULL },
	{ "systemd/boot/", NULL, CATEGORY_BOOT, NULL },
	{ "systemd/system/", NULL, CATEGORY_UNIT, "text/plain" },
	{ "systemd/user/", NULL, CATEGORY_UNIT, "text/plain" },
	{ "systemd/", "*.conf", CATEGORY_CONFIG, "text/plain" },
	{ "systemd/", "*.network", CATEGORY_CONFIG, "text/plain" },
	{ "systemd/", "*.netdev", CATEGORY_CONFIG, "text/plain" },
	{ "systemd/", "*.link", CATEGORY_CONFIG, "text/plain" },
	{ "systemd/", "*.nspawn", CATEGORY_CONFIG, "text/plain" },
	{ "systemd/", "*.preset", CATEGORY_CONFIG, "text/plain" },
	{ "udev/rules.d/", NULL, CATEGORY_CONFIG, "text/plain" },
	{ "udev/hwdb.bin", NULL, CATEGORY_CACHE, NULL },
	{ "tmpfiles.d/", NULL, CATEGORY_CONFIG, "text/plain" },
	{ "sysusers.d/", NULL, CATEGORY_CONFIG, "text/plain" },
	{ "sysctl.d/", NULL, CATEGORY_CONFIG, "text/plain" },
	{ "modprobe.d/", NULL, CATEGORY_CONFIG, "text/plain" },
	{ "modules-load.d/", NULL, CATEGORY_CONFIG, "text/plain" },
	{ "depmod.d/", NULL, CATEGORY_CONFIG, "text/plain" },
	{ "binfmt.d/", NULL, CATEGORY_CONFIG, "text/plain" },
	{ "environment.d/", NULL, CATEGORY_CONFIG, "text/plain" },
	{ "pam.d/", NULL, CATEGORY_CONFIG, "text/plain" },
	{ "dracut/dracut.conf.d/", NULL, CATEGORY_CONFIG, "text/plain" },
	{ "NetworkManager/conf.d/", NULL, CATEGORY_CONFIG, "text/plain" },
	{ "rpm/macros.d/", NULL, CATEGORY_CONFIG, "text/plain" },
	{ "grub/", NULL, CATEGORY_BOOT, NULL },
	{ "syslinux/", NULL, CATEGORY_BOOT, NULL },
	{ "ostree-boot/", "vmlinu[xz]*", CATEGORY_KERNEL, NULL },
	{ "ostree-boot/", "initrd*", CATEGORY_INITRAMFS, NULL },
	{ "ostree-boot/", "initramfs*", CATEGORY_INITRAMFS, NULL },
	{ "ostree-boot/", NULL, CATEGORY_BOOT, NULL },
	{ "fontconfig/cache/", NULL, CATEGORY_CACHE, NULL },
};

static const struct folder_rule ETC[] = {
	{ "systemd/system/", NULL, CATEGORY_UNIT, "text/plain" },
	{ "systemd/user/", NULL, CATEGORY_UNIT, "text/plain" },
	{ "containers/systemd/", NULL, CATEGORY_UNIT, "text/plain" },
	{ "pki/ca-trust/", NULL, CATEGORY_CERTIFICATE, NULL },
	{ "pki/java/", NULL, CATEGORY_CERTIFICATE, NULL },
	{ "pki/tls/", "*.crt", CATEGORY_CERTIFICATE, NULL },
	{ "pki/tls/", "*.pem", CATEGORY_CERTIFICATE, NULL },
	{ "ssl/certs/", NULL, CATEGORY_CERTIFICATE, NULL },
	{ "bash_completion.d/", NULL, CATEGORY_COMPLETION, NULL },
	{ "terminfo/", NULL, CATEGORY_TERMINFO, NULL },
	{ "ld.so.cache", NULL, CATEGORY_CACHE, NULL },
	{ "udev/hwdb.bin", NULL, CATEGORY_CACHE, NULL },
};

static const struct folder_rule VAR[] = {
	{ "lib/rpm/", NULL, CATEGORY_RPMDB, NULL },
	{ "cache/", NULL, CATEGORY_CACHE, NULL },
	{ "tmp/", NULL, CATEGORY_CACHE, NULL },
	{ "log/", NULL, CATEGORY_LOG, NULL },
	{ "crash/", NULL, CATEGORY_LOG, NULL },
	{ "lib/systemd/coredump/", NULL, CATEGORY_LOG, NULL },
	{ "lib/systemd/catalog/database", NULL, CATEGORY_CACHE, NULL },
	{ "lib/mlocate/", NULL, CATEGORY_CACHE, NULL },
	{ "lib/plocate/", NULL, CATEGORY_CACHE, NULL },
	{ "lib/ca-certificates/", NULL, CATEGORY_CERTIFICATE, NULL },
	{ "lib/containerd/", NULL, CATEGORY_CONTAINER, NULL },
	{ "lib/containers/", NULL, CATEGORY_CONTAINER, NULL },
	{ "lib/docker/", NULL, CATEGORY_CONTAINER, NULL },
	{ "lib/buildkit/", NULL, CATEGORY_CONTAINER, NULL },
	{ "lib/kubelet/pods/", NULL, CATEGORY_CONTAINER, NULL },
};

static const struct folder_rule BOOT[] = {
	{ "", "vmlinu[xz]*", CATEGORY_KERNEL, NULL },
	{ "", "zImage*", CATEGORY_KERNEL, NULL },
	{ "", "Image*", CATEGORY_KERNEL, NULL },
	{ "", "kernel-*", CATEGORY_KERNEL, NULL },
	{ "", "initrd*", CATEGORY_INITRAMFS, NULL },
	{ "", "initramfs*", CATEGORY_INITRAMFS, NULL },
	{ "", "initrd.img*", CATEGORY_INITRAMFS, NULL },
	{ "", NULL, CATEGORY_BOOT, NULL },
};

static const struct folder_rule INCLUDE[] = {
	{ "", NULL, CATEGORY_HEADER, NULL },
};

static const struct folder_rule SRC[] = {
	{ "debug/", NULL, CATEGORY_DEBUG, NULL },
	{ "", NULL, CATEGORY_HEADER, NULL }, /* kernel-devel and its like */
};

static const struct folder_rule TMP[] = {
	{ "", NULL, CATEGORY_CACHE, NULL },
};

/* By the first component, behind /usr, /usr/local, /opt/<name>. */
static const struct {
	const char *top;
	const struct folder_rule *rules;
	size_t count;
} TOPS[] = {
	{ "share/", SHARE, ARRAY_LEN(SHARE) },
	{ "lib/", LIB, ARRAY_LEN(LIB) },
	{ "lib64/", LIB, ARRAY_LEN(LIB) },
	{ "etc/", ETC, ARRAY_LEN(ETC) },
	{ "include/", INCLUDE, ARRAY_LEN(INCLUDE) },
	{ "var/", VAR, ARRAY_LEN(VAR) },
	{ "boot/", BOOT, ARRAY_LEN(BOOT) },
	{ "efi/", BOOT, ARRAY_LEN(BOOT) },
	{ "src/", SRC, ARRAY_LEN(SRC) },
	{ "tmp/", TMP, ARRAY_LEN(TMP) },
};

/* By what follows the last dot of the name, in strcmp() order. */
static const struct ending_rule {
	const char *ending;
	int category; /* enum file_category; -1: only the media type is known */
	bool weak;
	const char *media;
} ENDINGS[] = {
	{ "7z", -1, false, "application/x-7z-compressed" },
	{ "a", -1, false, "application/x-archive" },
	{ "afm", -1, false, "application/x-font-afm" },
	{ "al", CATEGORY_MODULE_SCRIPT, true, "text/x-perl" },
	{ "awk", CATEGORY_MODULE_SCRIPT, true, "text/x-awk" },
	{ "beam", CATEGORY_BYTECODE, false, "application/x-erlang-beam" },
	{ "bz2", -1, false, "application/x-bzip2" },
	{ "c", -1, false, "text/x-c" },
	{ "cc", -1, false, "text/x-c++" },
	{ "cer", CATEGORY_CERTIFICATE, true, NULL },
	{ "class", CATEGORY_BYTECODE, false, "application/java-vm" },
	{ "cpp", -1, false, "text/x-c++" },
	{ "crt", CATEGORY_CERTIFICATE, true, NULL },
	{ "css", -1, false, "text/css" },
	{ "csv", -1, false, "text/csv" },
	{ "debug", CATEGORY_DEBUG, false, NULL },
	{ "efi", CATEGORY_BOOT, false, "application/vnd.microsoft.portable-executable" },
	{ "el", CATEGORY_MODULE_SCRIPT, true, "text/x-elisp" },
	{ "elc", CATEGORY_BYTECODE, false, "application/x-elc" },
	{ "eln", CATEGORY_BYTECODE, false, "application/x-sharedlib" },
	{ "gif", -1, false, "image/gif" },
	{ "gmo", CATEGORY_LOCALE, false, "application/x-gettext-translation" },
	{ "gz", -1, false, "application/gzip" },
	{ "h", CATEGORY_HEADER, false, "text/x-c" },
	{ "hh", CATEGORY_HEADER, false, "text/x-c++" },
	{ "hpp", CATEGORY_HEADER, false, "text/x-c++" },
	{ "htm", -1, false, "text/html" },
	{ "html", -1, false, "text/html" },
	{ "hxx", CATEGORY_HEADER, false, "text/x-c++" },
	{ "jar", CATEGORY_BYTECODE, false, "application/java-archive" },
	{ "jpg", -1, false, "image/jpeg" },
	{ "js", CATEGORY_MODULE_SCRIPT, true, "text/javascript" },
	{ "json", -1, false, "application/json" },
	{ "lua", CATEGORY_MODULE_SCRIPT, true, "text/x-lua" },
	{ "md", -1, false, "text/markdown" },
	{ "mjs", CATEGORY_MODULE_SCRIPT, true, "text/javascript" },
	{ "mo", CATEGORY_LOCALE, false, "application/x-gettext-translation" },
	{ "nse", CATEGORY_MODULE_SCRIPT, true, "text/x-lua" },
	{ "o", -1, false, "application/x-object" },
	{ "otf", -1, false, "font/otf" },
	{ "pdf", -1, false, "application/pdf" },
	{ "pem", CATEGORY_CERTIFICATE, true, "application/x-pem-file" },
	{ "pfb", -1, false, "application/x-font-type1" },
	{ "ph", CATEGORY_MODULE_SCRIPT, true, "text/x-perl" },
	{ "php", CATEGORY_MODULE_SCRIPT, true, "text/x-php" },
	{ "pl", CATEGORY_MODULE_SCRIPT, true, "text/x-perl" },
	{ "pm", CATEGORY_MODULE_SCRIPT, true, "text/x-perl" },
	{ "png", -1, false, "image/png" },
	{ "pod", CATEGORY_DOCUMENTATION, true, "text/x-pod" },
	{ "ps", -1, false, "application/postscript" },
	{ "py", CATEGORY_MODULE_SCRIPT, true, "text/x-python" },
	{ "pyc", CATEGORY_BYTECODE, false, "application/x-bytecode.python" },
	{ "pyi", CATEGORY_MODULE_SCRIPT, true, "text/x-python" },
	{ "pyo", CATEGORY_BYTECODE, false, "application/x-bytecode.python" },
	{ "rb", CATEGORY_MODULE_SCRIPT, true, "text/x-ruby" },
	{ "rst", -1, false, "text/x-rst" },
	{ "sh", CATEGORY_SCRIPT, true, "text/x-shellscript" },
	{ "svg", -1, false, "image/svg+xml" },
	{ "tcc", CATEGORY_HEADER, false, "text/x-c++" },
	{ "tcl", CATEGORY_MODULE_SCRIPT, true, "text/x-tcl" },
	{ "tm", CATEGORY_MODULE_SCRIPT, true, "text/x-tcl" },
	{ "ttf", -1, false, "font/ttf" },
	{ "vim", CATEGORY_MODULE_SCRIPT, true, "text/x-vim" },
	{ "xml", -1, false, "text/xml" },
	{ "xpm", -1, false, "image/x-xpixmap" },
	{ "xz", -1, false, "application/x-xz" },
	{ "yaml", -1, false, "application/yaml" },
	{ "yml", -1, false, "application/yaml" },
	{ "zip", -1, false, "application/zip" },
	{ "zst", -1, false, "application/zstd" },
};

/* Names that mean the same in every folder, as globs. */
static const struct {
	const char *name;
	enum file_category category;
} NAMES[] = {
	{ "COPYING*", CATEGORY_LICENCE },
	{ "LICENSE*", CATEGORY_LICENCE },
	{ "LICENCE*", CATEGORY_LICENCE },
	{ "gconv-modules.cache", CATEGORY_CACHE },
	{ "gschemas.compiled", CATEGORY_CACHE },
	{ "icon-theme.cache", CATEGORY_CACHE },
	{ "loaders.cache", CATEGORY_CACHE },
	{ "immodules.cache", CATEGORY_CACHE },
	{ "giomodule.cache", CATEGORY_CACHE },
	{ "mimeinfo.cache", CATEGORY_CACHE },
};

/* "/usr/local/share/x" -> "share/x": behind what may stand before a hierarchy. */
static const char *strip_prefix(const char *path)
{
	if (text_starts(path, "/usr/local/"))
		return path + strlen("/usr/local/");
	if (text_starts(path, "/usr/"))
		return path + strlen("/usr/");
	if (text_starts(path, "/opt/")) {
		const char *slash = strchr(path + strlen("/opt/"), '/');

		if (slash)
			return slash + 1;
	}
	return path[0] == '/' ? path + 1 : path;
}

static const struct folder_rule *find_rule(const struct folder_rule *rules, size_t count,
					   const char *rest, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		const struct folder_rule *rule = &rules[i];

		if (text_starts(rest, rule->folder) &&
		    (!rule->name || fnmatch(rule->name, name, 0) == 0))
			return rule;
	}
	return NULL;
}

static const struct folder_rule *by_folder(const char *path, const char *name)
{
	const char *rest = strip_prefix(path);

	for (size_t i = 0; i < ARRAY_LEN(TOPS); i++)
		if (text_starts(rest, TOPS[i].top))
			return find_rule(TOPS[i].rules, TOPS[i].count,
					 rest + strlen(TOPS[i].top), name);
	return NULL;
}

static int compare_ending(const void *key, const void *rule)
{
	return strcmp(key, ((const struct ending_rule *)rule)->ending);
}

static const struct ending_rule *by_ending(const char *name)
{
	const char *dot = strrchr(name, '.');

	if (!dot || dot == name)
		return NULL;
	return bsearch(dot + 1, ENDINGS, ARRAY_LEN(ENDINGS), sizeof(*ENDINGS),
		       compare_ending);
}

static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool by_name(const char *name, struct path_class *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(NAMES); i++) {
		if (name[0] != NAMES[i].name[0] || fnmatch(NAMES[i].name, name, 0) != 0)
			continue;
		*ret = (struct path_class){ .known = true,
					    .category = (uint8_t)NAMES[i].category };
		return true;
	}
	return false;
}

struct path_class classify_path(const char *path)
{
	const char *name = last_name(path);
	const struct folder_rule *folder = by_folder(path, name);
	const struct ending_rule *ending;
	struct path_class class = { 0 };

	if (folder)
		return (struct path_class){ .known = true,
					    .category = (uint8_t)folder->category,
					    .media = folder->media };
	ending = by_ending(name);
	if (ending && ending->category >= 0)
		return (struct path_class){ .known = true,
					    .weak = ending->weak,
					    .category = (uint8_t)ending->category,
					    .media = ending->media };
	if (by_name(name, &class))
		return class;
	if (text_starts(path, "/etc/") || text_starts(path, "/usr/etc/"))
		return (struct path_class){ .known = true,
					    .weak = true,
					    .category = CATEGORY_CONFIG };
	return class;
}

const char *classify_path_media(const char *path)
{
	const struct ending_rule *ending = by_ending(last_name(path));

	return ending ? ending->media : NULL;
}

void classify_path_each_media(void (*fn)(void *arg, const char *media), void *arg)
{
	for (size_t t = 0; t < ARRAY_LEN(TOPS); t++)
		for (size_t i = 0; i < TOPS[t].count; i++)
			if (TOPS[t].rules[i].media)
				fn(arg, TOPS[t].rules[i].media);
	for (size_t i = 0; i < ARRAY_LEN(ENDINGS); i++)
		if (ENDINGS[i].media)
			fn(arg, ENDINGS[i].media);
}
