/* Kernel modules that could be compressed or are kept from being loaded, and firmware that no
 * driver asks for. */
#include "graph/waste_internal.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/units.h"

#include <string.h>

/* What stays of a module's blocks with zstd -19 or xz: measured on every fourth of 1,124
 * modules of Debian's 6.1 (24 and 22 %). */
#define COMPRESSED_PER_CENT 25

/* "/usr/lib/modules/6.1.0": its length; 0 of other paths. */
static size_t tree_len(const char *path)
{
	static const char FOLDER[] = "/lib/modules/";
	const char *at = text_starts(path, "/usr") ? path + 4 : path, *slash;

	if (!text_starts(at, FOLDER))
		return 0;
	slash = strchr(at + strlen(FOLDER), '/');
	return slash ? (size_t)(slash - path) : 0;
}

static file_id tree_of(const struct graph *g, file_id f)
{
	const char *path = graph_text(g, g->files[f].path);
	_cleanup_(freep) char *folder = mem_strndup(path, tree_len(path));

	return graph_find_file(g, folder);
}

/* Is one of the libraries loaded that kmod unpacks modules with? */
static bool can_unpack(const struct graph *g, file_id kmod)
{
	for (uint32_t i = g->edge_start[kmod]; i < g->edge_start[kmod + 1]; i++) {
		const struct graph_edge *edge = &g->edges[i];
		const char *path;

		if (edge->kind != EDGE_NEEDED || !graph_node_is_file(g, edge->to))
			continue;
		path = graph_text(g, g->files[edge->to].path);
		if (strstr(path, "/liblzma.so") || strstr(path, "/libzstd.so"))
			return true;
	}
	return false;
}

static bool kmod_can_unpack(const struct waste_search *s)
{
	const struct graph *g = s->g;
	file_id program = graph_find_file(g, "/usr/bin/kmod");

	if (program && waste_has(s, program) && can_unpack(g, program))
		return true;
	for (uint32_t i = 0; i < g->elf_name_count; i++) {
		const struct graph_elf_name *name = &g->elf_names[i];

		if (name->soname && waste_has(s, name->file) &&
		    text_starts(graph_text(g, name->soname), "libkmod.so.") &&
		    can_unpack(g, name->file))
			return true;
	}
	return false;
}

struct tree_sum {
	file_id folder;
	uint64_t bytes;
	uint32_t modules;
};

static void report_tree(const struct waste_search *s, const struct tree_sum *sum)
{
	char size[UNITS_TEXT_MAX];

	if (!sum->folder)
		return;
	waste_add(s,
		  (struct waste){
			  .rule = "uncompressed-modules",
			  .file = sum->folder,
			  .bytes = sum->bytes / 100 * (100 - COMPRESSED_PER_CENT),
			  .estimated = true,
			  .remedy =
				  "build the kernel with CONFIG_MODULE_COMPRESS_ZSTD (or "
				  "_XZ), or compress the modules and run depmod before "
				  "the initramfs is made",
		  },
		  "%u modules of %s are not compressed, and kmod can read compressed "
		  "ones; the gain is an estimate: a quarter stays",
		  sum->modules, waste_size(size, sum->bytes));
}

void waste_find_modules(const struct waste_search *s)
{
	const struct graph *g = s->g;
	struct tree_sum sum = { 0 };

	if (!kmod_can_unpack(s))
		return;
	for (file_id f = 1; f <= g->file_count; f++) { /* by path: by tree */
		file_id folder;

		if (g->files[f].category != CATEGORY_KERNEL_MODULE || !waste_has(s, f) ||
		    !text_ends(graph_text(g, g->files[f].path), ".ko"))
			continue;
		folder = tree_of(g, f);
		if (folder != sum.folder) {
			report_tree(s, &sum);
			sum = (struct tree_sum){ .folder = folder };
		}
		sum.bytes += g->files[f].disk_bytes;
		sum.modules++;
	}
	report_tree(s, &sum);
}

static void report_blocked(const struct waste_search *s, uint32_t from, uint32_t end)
{
	const struct graph *g = s->g;
	bool blocked = g->marks[from].mark == MARK_BLOCKED;
	uint64_t bytes = 0;
	uint32_t count = 0;
	file_id example = 0;

	for (uint32_t i = from; i < end; i++) {
		file_id f = g->marks[i].file;

		if (!waste_has(s, f))
			continue;
		bytes += g->files[f].disk_bytes;
		if (!example || g->files[f].disk_bytes > g->files[example].disk_bytes)
			example = f;
		count++;
	}
	waste_add(s,
		  (struct waste){
			  .rule = blocked ? "blocked-modules" : "blacklisted-modules",
			  .file = example,
			  .bytes = bytes,
			  .remedy = "remove the modules and run depmod; make sure that "
				    "nothing loads them by insmod",
		  },
		  "%s keeps %u module%s from being loaded, this one among them%s",
		  graph_text(g, g->marks[from].value), count, count > 1 ? "s" : "",
		  blocked ? "" : "; by name they still can be");
}

void waste_find_blocked(const struct waste_search *s)
{
	const struct graph *g = s->g;
	uint32_t end;

	for (uint32_t i = 0; i < g->mark_count; i = end) {
		for (end = i + 1; end < g->mark_count &&
				  g->marks[end].mark == g->marks[i].mark &&
				  g->marks[end].value == g->marks[i].value;)
			end++;
		if (g->marks[i].mark == MARK_BLOCKED ||
		    g->marks[i].mark == MARK_BLACKLISTED)
			report_blocked(s, i, end);
	}
}

/* The kernel asks for these without a module that says so. */
static bool is_for_the_kernel(const char *path)
{
	static const char *const PARTS[] = { "/firmware/intel-ucode/",
					     "/firmware/amd-ucode/", "/firmware/amd/",
					     "/firmware/regulatory.db" };

	for (size_t i = 0; i < ARRAY_LEN(PARTS); i++)
		if (strstr(path, PARTS[i]))
			return true;
	return false;
}

/* A driver that stays names it, or a link that a driver names. */
static bool is_asked_for(const struct waste_search *s, file_id f)
{
	const struct graph *g = s->g;

	for (uint32_t i = g->edge_in_start[f]; i < g->edge_in_start[f + 1]; i++) {
		const struct graph_edge *edge = &g->edges[g->edge_in[i]];

		if (!graph_node_is_file(g, edge->from) || !waste_has(s, edge->from))
			continue;
		if (edge->kind == EDGE_FIRMWARE)
			return true;
		if (edge->kind == EDGE_SYMLINK &&
		    strstr(graph_text(g, g->files[edge->from].path), "/firmware/"))
			return true; /* in doubt: nobody follows chains of links here */
	}
	return false;
}

struct firmware_sum {
	uint64_t bytes;
	uint32_t files;
	file_id example;
};

static void report_firmware(const struct waste_search *s, const struct firmware_sum *sum,
			    pkg_id package)
{
	if (sum->files == 0)
		return;
	waste_add(s,
		  (struct waste){
			  .rule = "unasked-firmware",
			  .file = package ? 0 : sum->example,
			  .package = package,
			  .bytes = sum->bytes,
			  .remedy = "tare plan --trim firmware; a driver that makes up "
				    "names at run time needs a closer look",
		  },
		  "%u firmware file%s that no driver names, such as %s", sum->files,
		  sum->files > 1 ? "s" : "",
		  graph_text(s->g, s->g->files[sum->example].path));
}

/* Without modules nobody knows what the kernel asks for. */
static bool has_modules(const struct waste_search *s)
{
	for (file_id f = 1; f <= s->g->file_count; f++)
		if (s->g->files[f].category == CATEGORY_KERNEL_MODULE && waste_has(s, f))
			return true;
	return false;
}

void waste_find_firmware(const struct waste_search *s)
{
	const struct graph *g = s->g;
	struct firmware_sum *sums;

	if (!has_modules(s))
		return;
	sums = mem_calloc(g->package_count + 1u, sizeof(*sums));
	for (file_id f = 1; f <= g->file_count; f++) {
		struct firmware_sum *sum;

		if (g->files[f].category != CATEGORY_FIRMWARE || !waste_has(s, f) ||
		    is_for_the_kernel(graph_text(g, g->files[f].path)) ||
		    is_asked_for(s, f))
			continue;
		sum = &sums[graph_file_owner(g, f)];
		sum->bytes += g->files[f].disk_bytes;
		if (!sum->files++ ||
		    g->files[f].disk_bytes > g->files[sum->example].disk_bytes)
			sum->example = f;
	}
	for (pkg_id p = 0; p <= g->package_count; p++)
		report_firmware(s, &sums[p], p);
	free(sums);
}
