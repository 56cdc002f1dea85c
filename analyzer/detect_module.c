/*
 * Kernel modules: what one needs to be loaded (modinfo "depends", soft dependencies) and the
 * firmware it asks for. All of it is in the module itself, so a root without depmod's indexes
 * is understood, too.
 */
#include "analyzer/detect_list.h"

#include "analyzer/elf_pass.h"
#include "base/text.h"

#define MAX_FOUND 16

/* Length of "/usr/lib/modules/<release>/": modules of other kernels do not count. */
static size_t kernel_prefix(const char *path)
{
	const char *at = strstr(path, "/lib/modules/");

	if (!at)
		return 0;
	at = strchr(at + strlen("/lib/modules/"), '/');
	return at ? (size_t)(at - path) + 1 : 0;
}

struct module_reader {
	const struct detect *d;
	struct detect_sink *out;
	const struct tree_entry *entry;
	const char *path;
	size_t prefix;
};

static void needs_module(const struct module_reader *r, const char *name, size_t len,
			 enum edge_strength strength, const char *field)
{
	const struct tree_entry *found[MAX_FOUND];
	size_t n = resolve_module(r->d->resolve, name, len, found, MAX_FOUND);
	_cleanup_(freep) char *text = mem_printf("%s=%.*s", field, (int)len, name);

	for (size_t i = 0; i < n; i++)
		if (strncmp(tree_text(r->d->tree, found[i]->path), r->path, r->prefix) ==
		    0)
			detect_edge(r->d, r->out, r->entry, found[i],
				    (struct edge_row){ .kind = EDGE_MODULE_DEP,
						       .strength = strength,
						       .cite_text = text });
}

/* "pre: a b post: c" */
static void soft_dependencies(const struct module_reader *r, const char *text)
{
	while (*text) {
		size_t len;

		text += strspn(text, " \t");
		len = strcspn(text, " \t");
		if (len && text[len - 1] != ':')
			needs_module(r, text, len, EDGE_LIKELY, "softdep");
		text += len;
	}
}

void detect_firmware(const struct detect *d, struct detect_sink *out,
		     const struct tree_entry *from, const char *name, size_t len)
{
	static const char *const SUFFIXES[] = { "", ".xz", ".zst" };

	for (size_t i = 0; i < ARRAY_LEN(SUFFIXES); i++) {
		_cleanup_(freep) char *path =
			mem_printf("/lib/firmware/%.*s%s", (int)len, name, SUFFIXES[i]);
		_cleanup_(freep) char *text = mem_printf("firmware=%.*s", (int)len, name);
		const struct tree_entry *e = resolve_path(d->resolve, path, strlen(path));

		if (e)
			detect_edge(d, out, from, e,
				    (struct edge_row){ .kind = EDGE_FIRMWARE,
						       .strength = EDGE_LIKELY,
						       .cite_text = text });
	}
}

static void one_module(const struct module_reader *r, const struct module_info *module)
{
	for (size_t i = 0; i < module->depends.len; i++)
		needs_module(r, module->depends.data[i], strlen(module->depends.data[i]),
			     EDGE_HARD, "depends");
	for (size_t i = 0; i < module->softdeps.len; i++)
		soft_dependencies(r, module->softdeps.data[i]);
	for (size_t i = 0; i < module->firmware.len; i++)
		detect_firmware(r->d, r->out, r->entry, module->firmware.data[i],
				strlen(module->firmware.data[i]));
}

static void module_whole(const struct detect *d, struct detect_sink *out)
{
	array_each (&d->tree->entries, i) {
		const struct tree_entry *entry = &d->tree->entries.data[i];
		const struct elfinfo *info = elfpass_info(d->elf, entry);
		struct module_reader r = { d, out, entry, tree_text(d->tree, entry->path),
					   0 };

		if (!info || !info->module)
			continue;
		r.prefix = kernel_prefix(r.path);
		one_module(&r, info->module);
	}
}

const struct detector DETECT_MODULE = { .name = "module", .whole = module_whole };
