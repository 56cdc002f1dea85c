/* Which loaders a root has, and where each of them searches by itself. */
#include "analyzer/elf_scan.h"
#include "analyzer/linker_search.h"
#include "base/io.h"
#include "base/text.h"

#include <elf.h>
#include <string.h>
#include <sys/stat.h>

#define NAMES_MAX	    8
#define EM_LOONGARCH_NUMBER 258

/* What cannot be seen in a root: names that the loader makes of the processor. */
struct machine_rule {
	uint16_t machine;
	uint8_t class;
	const char *triplet;		  /* of Debian's folders */
	const char *loader;		  /* glibc's, where no program names one */
	const char *platforms[NAMES_MAX]; /* $PLATFORM */
	const char *hwcaps[NAMES_MAX];	  /* folders with better copies, lowest first */
};

static const struct machine_rule MACHINES[] = {
	{ EM_X86_64,
	  64,
	  "x86_64-linux-gnu",
	  "/lib64/ld-linux-x86-64.so.2",
	  { "x86_64", "haswell", "xeon_phi" },
	  { "glibc-hwcaps/x86-64-v2", "glibc-hwcaps/x86-64-v3", "glibc-hwcaps/x86-64-v4",
	    "tls", "x86_64", "haswell", "haswell/avx512_1" } },
	{ EM_X86_64,
	  32,
	  "x86_64-linux-gnux32",
	  "/libx32/ld-linux-x32.so.2",
	  { "x86_64" },
	  { "glibc-hwcaps/x86-64-v2" } },
	{ EM_386,
	  32,
	  "i386-linux-gnu",
	  "/lib/ld-linux.so.2",
	  { "i686", "i586", "i486", "i386" },
	  { "tls", "i586", "i686", "sse2", "i686/sse2", "i686/nosegneg", "i686/cmov" } },
	{ EM_AARCH64,
	  64,
	  "aarch64-linux-gnu",
	  "/lib/ld-linux-aarch64.so.1",
	  { "aarch64" },
	  { "tls", "atomics" } },
	{ EM_ARM,
	  32,
	  "arm-linux-gnueabihf",
	  "/lib/ld-linux-armhf.so.3",
	  { "v7l", "v6l", "v8l" },
	  { "tls", "vfp", "neon" } },
	{ EM_PPC64,
	  64,
	  "powerpc64le-linux-gnu",
	  "/lib64/ld64.so.2",
	  { "power8", "power9", "power10" },
	  { "glibc-hwcaps/power9", "glibc-hwcaps/power10", "power8", "power9" } },
	{ EM_S390,
	  64,
	  "s390x-linux-gnu",
	  "/lib/ld64.so.1",
	  { "z13", "z14", "z15", "z16", "zEC12" },
	  { "glibc-hwcaps/z13", "glibc-hwcaps/z14", "glibc-hwcaps/z15",
	    "glibc-hwcaps/z16", "z13", "z14" } },
	{ EM_RISCV,
	  64,
	  "riscv64-linux-gnu",
	  "/lib/ld-linux-riscv64-lp64d.so.1",
	  { "riscv" },
	  { NULL } },
	{ EM_LOONGARCH_NUMBER,
	  64,
	  "loongarch64-linux-gnu",
	  "/lib64/ld-linux-loongarch-lp64d.so.1",
	  { "loongarch64" },
	  { NULL } },
	{ EM_MIPS,
	  64,
	  "mips64el-linux-gnuabi64",
	  "/lib64/ld.so.1",
	  { "mips" },
	  { NULL } },
};

static const struct machine_rule *rule_of(const struct platform *platform)
{
	for (size_t i = 0; i < ARRAY_LEN(MACHINES); i++)
		if (MACHINES[i].machine == platform->machine &&
		    MACHINES[i].class == platform->class)
			return &MACHINES[i];
	return NULL;
}

const char *const *platform_names(const struct platform *platform)
{
	static const char *const unknown[] = { "unknown", NULL };
	const struct machine_rule *rule = rule_of(platform);

	return rule ? rule->platforms : unknown;
}

const char *const *platform_variants(const struct platform *platform)
{
	static const char *const none[] = { NULL };
	const struct machine_rule *rule = rule_of(platform);

	return rule ? rule->hwcaps : none;
}

bool is_musl_builtin(const char *name)
{
	static const char *const parts[] = { "c.",  "pthread.", "rt.",	"m.",
					     "dl.", "util.",	"xnet." };

	for (size_t i = 0; text_starts(name, "lib") && i < ARRAY_LEN(parts); i++)
		if (text_starts(name + 3, parts[i]))
			return true;
	return false;
}

static bool is_musl_name(const char *name)
{
	return text_starts(name, "libc.musl-") || strcmp(name, "libc.so") == 0;
}

static bool is_glibc_name(const char *name)
{
	return text_starts(name, "libc.so.") || text_starts(name, "libm.so.") ||
	       text_starts(name, "ld-linux");
}

/* By the interpreter, else by the C library that it needs. */
static enum libc libc_of(const struct elfinfo *info)
{
	const char *slash = info->interpreter ? strrchr(info->interpreter, '/') : NULL;

	if (info->interpreter)
		return text_starts(slash ? slash + 1 : info->interpreter, "ld-musl-")
			       ? LIBC_MUSL
			       : LIBC_GLIBC;
	array_each (&info->needed, i) {
		if (is_musl_name(info->needed.data[i]))
			return LIBC_MUSL;
		if (is_glibc_name(info->needed.data[i]))
			return LIBC_GLIBC;
	}
	return LIBC_UNKNOWN;
}

static bool same_machine(const struct platform *platform, const struct elfinfo *info)
{
	return platform->machine == info->machine_number &&
	       platform->class == info->class && platform->big_endian == info->big_endian;
}

static int find_platform(const struct linker *linker, const struct elfinfo *info,
			 enum libc libc)
{
	array_each (&linker->platforms, i) {
		const struct platform *platform = &linker->platforms.data[i];

		if (same_machine(platform, info) &&
		    (libc == LIBC_UNKNOWN || platform->libc == libc))
			return (int)i;
	}
	return -1;
}

int platform_of(const struct linker *linker, const struct elfinfo *info)
{
	return elfinfo_is_loadable(info) ? find_platform(linker, info, libc_of(info))
					 : -1;
}

bool fits(const struct linker *linker, const struct platform *platform,
	  const struct tree_entry *entry)
{
	const struct elfinfo *info = elfpass_info(linker->in->elf, entry);

	if (!info) /* who could not be read may well be what is looked for */
		return entry->unreadable;
	return elfinfo_is_loadable(info) && same_machine(platform, info);
}

/* Platforms of the files that tell their C library; then of machines without any. */
static void add_platforms(struct linker *linker, bool also_unknown)
{
	array_each (&linker->in->elf->infos, i) {
		const struct elfinfo *info = &linker->in->elf->infos.data[i];
		enum libc libc = libc_of(info);

		if (!elfinfo_is_loadable(info) || !info->is_dynamic ||
		    (libc == LIBC_UNKNOWN && !also_unknown) ||
		    find_platform(linker, info, libc) >= 0)
			continue;
		array_push(&linker->platforms,
			   (struct platform){ .machine = info->machine_number,
					      .class = info->class,
					      .big_endian = info->big_endian,
					      .libc = libc == LIBC_UNKNOWN ? LIBC_GLIBC
									   : libc });
	}
}

/* glibc first, so that it is taken for libraries that do not tell. */
static int platform_order(const void *va, const void *vb)
{
	const struct platform *a = va, *b = vb;

	if (a->machine != b->machine)
		return a->machine < b->machine ? -1 : 1;
	if (a->class != b->class)
		return a->class > b->class ? -1 : 1;
	if (a->big_endian != b->big_endian)
		return a->big_endian ? 1 : -1;
	return a->libc < b->libc ? -1 : a->libc > b->libc;
}

/* The interpreter that most programs name; the first in the tree of several. */
static void find_loader(struct linker *linker, size_t index)
{
	struct platform *platform = &linker->platforms.data[index];
	const struct machine_rule *rule = rule_of(platform);
	const struct tree *tree = linker->in->tree;
	const struct tree_entry *entry;
	uint32_t *counts = mem_calloc(tree->entries.len, sizeof(*counts)), best = 0;

	array_each (&linker->in->elf->infos, i) {
		const struct elfinfo *info = &linker->in->elf->infos.data[i];

		if (!info->interpreter || platform_of(linker, info) != (int)index)
			continue;
		entry = tree_resolve(tree, info->interpreter, 0);
		if (entry && fits(linker, platform, entry))
			counts[tree_id(tree, entry) - 1]++;
	}
	array_each (&tree->entries, i)
		if (counts[i] > best) {
			best = counts[i];
			platform->loader = (uint32_t)i + 1;
		}
	free(counts);
	if (platform->loader || !rule || platform->libc != LIBC_GLIBC)
		return;
	entry = tree_resolve(tree, rule->loader, 0);
	if (entry && fits(linker, platform, entry))
		platform->loader = tree_id(tree, entry);
}

/* The folders built into the loader itself; false where it does not tell. */
static bool ask_loader(struct linker *linker, const struct platform *platform,
		       struct text_list *ret)
{
	const struct tree *tree = linker->in->tree;
	_cleanup_(closep) int fd = -1;
	struct stat st;

	if (!platform->loader)
		return false;
	fd = rootfs_open(linker->in->root,
			 tree_text(tree, tree->entries.data[platform->loader - 1].path),
			 NULL);
	if (fd < 0 || fstat(fd, &st) < 0)
		return false;
	return elfscan_system_dirs(fd, (uint64_t)st.st_size, &linker->names, ret) == 0;
}

static void guess_folders(struct linker *linker, const struct platform *platform,
			  struct text_list *ret)
{
	static const char *const plain[] = { "/lib", "/usr/lib" };
	static const char *const wide[] = { "/lib64", "/usr/lib64" };
	const struct machine_rule *rule = rule_of(platform);

	if (platform->class == 64)
		for (size_t i = 0; i < ARRAY_LEN(wide); i++)
			array_push(ret, wide[i]);
	for (size_t i = 0; rule && i < ARRAY_LEN(plain); i++) {
		_cleanup_(freep) char *path =
			mem_printf("%s/%s", plain[i], rule->triplet);

		array_push(ret, strpool_text(&linker->names,
					     strpool_add(&linker->names, path)));
	}
	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		array_push(ret, plain[i]);
}

/* "/lib64" -> "lib64", "/usr/lib/x86_64-linux-gnu" -> "lib/x86_64-linux-gnu" */
static char *lib_of(const struct text_list *folders)
{
	const char *first = folders->len ? folders->data[0] : "/lib";

	return mem_strdup(text_starts(first, "/usr/") ? first + 5 : first + 1);
}

static void set_glibc_folders(struct linker *linker, struct platform *platform)
{
	struct text_list folders = { 0 };

	if (!ask_loader(linker, platform, &folders))
		guess_folders(linker, platform, &folders);
	platform->lib = lib_of(&folders);
	array_each (&linker->conf.dirs, i)
		dirs_add(linker, platform, &platform->dirs,
			 strpool_text(&linker->conf.strings,
				      linker->conf.dirs.data[i].path),
			 VIA_LDSOCONF, &linker->conf.dirs.data[i]);
	array_each (&folders, i)
		dirs_add(linker, platform, &platform->dirs, folders.data[i], VIA_DEFAULT,
			 NULL);
	array_release(&folders);
}

/* musl: /etc/ld-musl-<arch>.path, folders separated by newlines or colons. */
static void set_musl_folders(struct linker *linker, struct platform *platform)
{
	static const char standard[] = "/lib:/usr/local/lib:/usr/lib";
	const struct tree *tree = linker->in->tree;
	_cleanup_(freep) char *data = NULL, *file = NULL;
	const char *text = standard, *word, *arch = "";
	size_t len = sizeof(standard) - 1, word_len;

	platform->lib = mem_strdup("lib");
	if (platform->loader) {
		const char *loader =
			tree_text(tree, tree->entries.data[platform->loader - 1].path);
		const char *name = strstr(loader, "/ld-musl-");

		arch = name ? name + strlen("/ld-musl-") : "";
	}
	file = mem_printf("/etc/ld-musl-%.*s.path", (int)strcspn(arch, "."), arch);
	if (tree_resolve(tree, file, 0) &&
	    rootfs_read(linker->in->root, file, LDCONF_FILE_MAX, &data, &len, NULL) == 0)
		text = data;
	while (ldconf_word(&text, &len, ":\n", &word, &word_len)) {
		_cleanup_(freep) char *path = mem_strndup(word, word_len);

		dirs_add(linker, platform, &platform->dirs, path, VIA_DEFAULT, NULL);
	}
}

void platforms_find(struct linker *linker, struct finding_list *findings)
{
	ldconf_read(&linker->conf, linker->in->root, linker->in->tree, "/etc/ld.so.conf",
		    findings);
	add_platforms(linker, false);
	add_platforms(linker, true);
	array_sort(&linker->platforms, platform_order);
	array_each (&linker->platforms, i) {
		find_loader(linker, i);
		if (linker->platforms.data[i].libc == LIBC_MUSL)
			set_musl_folders(linker, &linker->platforms.data[i]);
		else
			set_glibc_folders(linker, &linker->platforms.data[i]);
	}
}

void platforms_release(struct linker *linker)
{
	array_each (&linker->platforms, i) {
		struct platform *platform = &linker->platforms.data[i];

		free(platform->lib);
		dirs_release(&platform->dirs);
		array_release(&platform->memo);
	}
	array_release(&linker->platforms);
}
