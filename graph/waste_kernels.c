/*
 * Kernels beside the one that boots, and what is left of kernels that are gone: their
 * modules, their initramfs. What belongs together has the release in its name:
 * /boot/vmlinuz-6.1.0, /boot/initramfs-6.1.0.img, /usr/lib/modules/6.1.0/.
 */
#include "graph/waste_internal.h"

#include "base/macros.h"
#include "base/mem.h"
#include "base/text.h"

#include <string.h>

enum part { PART_KERNEL, PART_INITRAMFS, PART_MODULES, PART_OTHER, PART_COUNT };

struct kernel {
	const char *release; /* of @p len bytes, in a path of the graph */
	size_t len;
	file_id example[PART_COUNT];
	uint64_t bytes[PART_COUNT];
};

typedef ARRAY_OF(struct kernel) kernel_list;

static const struct {
	const char *prefix;
	enum part part;
} BOOT_NAMES[] = {
	{ "vmlinuz-", PART_KERNEL },	   { "vmlinux-", PART_KERNEL },
	{ "Image-", PART_KERNEL },	   { "zImage-", PART_KERNEL },
	{ "initrd.img-", PART_INITRAMFS }, { "initramfs-", PART_INITRAMFS },
	{ "initrd-", PART_INITRAMFS },	   { "System.map-", PART_OTHER },
	{ "config-", PART_OTHER },	   { "symvers-", PART_OTHER },
};

/* Without ".img" and the like; "initramfs-6.1.0kdump.img" is of 6.1.0. */
static size_t release_len(const char *release)
{
	static const char *const ENDS[] = { ".img", ".gz", ".xz", ".zst", "kdump" };
	size_t len = strlen(release);

	for (size_t i = 0; i < ARRAY_LEN(ENDS); i++) {
		size_t end = strlen(ENDS[i]);

		if (len > end && memcmp(release + len - end, ENDS[i], end) == 0)
			len -= end;
	}
	return len;
}

/* What a name of the folder /boot is of which release; false for others. */
static bool read_boot_name(const char *name, struct kernel *ret, enum part *ret_part)
{
	for (size_t i = 0; i < ARRAY_LEN(BOOT_NAMES); i++) {
		if (!text_starts(name, BOOT_NAMES[i].prefix))
			continue;
		ret->release = name + strlen(BOOT_NAMES[i].prefix);
		ret->len = release_len(ret->release);
		*ret_part = BOOT_NAMES[i].part;
		return !text_starts(ret->release, "0-rescue"); /* stays on purpose */
	}
	return false;
}

static bool read_tree_name(const struct graph_file *file, const char *name,
			   struct kernel *ret, enum part *ret_part)
{
	const char *slash = strchr(name, '/');

	if (!slash)
		return false;
	ret->release = name;
	ret->len = (size_t)(slash - name);
	*ret_part = file->category == CATEGORY_KERNEL	   ? PART_KERNEL
		    : file->category == CATEGORY_INITRAMFS ? PART_INITRAMFS
							   : PART_MODULES;
	return true;
}

static bool read_path(const struct graph_file *file, const char *path, struct kernel *ret,
		      enum part *ret_part)
{
	static const char BOOT[] = "/boot/", TREE[] = "/lib/modules/";
	const char *at = text_starts(path, "/usr") ? path + 4 : path;

	if (file->type != FILE_REGULAR)
		return false;
	if (text_starts(path, BOOT))
		return read_boot_name(path + strlen(BOOT), ret, ret_part);
	return text_starts(at, TREE) &&
	       read_tree_name(file, at + strlen(TREE), ret, ret_part);
}

static struct kernel *find_kernel(kernel_list *list, const struct kernel *wanted)
{
	array_each (list, i)
		if (list->data[i].len == wanted->len &&
		    memcmp(list->data[i].release, wanted->release, wanted->len) == 0)
			return &list->data[i];
	array_push(list, (struct kernel){ wanted->release, wanted->len, { 0 }, { 0 } });
	return &list->data[list->len - 1];
}

static void collect(const struct waste_search *s, kernel_list *ret)
{
	const struct graph *g = s->g;

	for (file_id f = 1; f <= g->file_count; f++) {
		struct kernel name, *kernel;
		enum part part;

		if (!waste_has(s, f) ||
		    !read_path(&g->files[f], graph_text(g, g->files[f].path), &name,
			       &part))
			continue;
		kernel = find_kernel(ret, &name);
		if (!kernel->example[part])
			kernel->example[part] = f;
		kernel->bytes[part] += g->files[f].disk_bytes;
	}
}

static uint64_t sum_of(const struct kernel *kernel)
{
	uint64_t bytes = 0;

	for (int part = 0; part < PART_COUNT; part++)
		bytes += kernel->bytes[part];
	return bytes;
}

/* The kernel that a link names, as distributions without a boot menu have it. */
static const struct kernel *linked_kernel(const struct waste_search *s,
					  const kernel_list *list)
{
	static const char *const LINKS[] = { "/boot/vmlinuz", "/vmlinuz", "/boot/Image" };
	const struct graph *g = s->g;

	for (size_t i = 0; i < ARRAY_LEN(LINKS); i++) {
		file_id f = graph_find_file(g, LINKS[i]);
		const char *target, *slash;
		struct kernel name;
		enum part part;

		if (!f || !waste_has(s, f) || g->files[f].type != FILE_SYMLINK)
			continue;
		target = graph_text(g, g->files[f].target);
		slash = strrchr(target, '/');
		if (!read_boot_name(slash ? slash + 1 : target, &name, &part))
			continue;
		array_each (list, k)
			if (list->data[k].example[PART_KERNEL] &&
			    list->data[k].len == name.len &&
			    memcmp(list->data[k].release, name.release, name.len) == 0)
				return &list->data[k];
	}
	return NULL;
}

static int compare_releases(const struct kernel *a, const struct kernel *b)
{
	_cleanup_(freep) char *x = mem_strndup(a->release, a->len);
	_cleanup_(freep) char *y = mem_strndup(b->release, b->len);

	return strverscmp(x, y);
}

static const struct kernel *newest_kernel(const kernel_list *list)
{
	const struct kernel *best = NULL;

	array_each (list, i)
		if (list->data[i].example[PART_KERNEL] &&
		    (!best || compare_releases(&list->data[i], best) > 0))
			best = &list->data[i];
	return best;
}

static void report_other(const struct waste_search *s, const struct kernel *kernel,
			 const struct kernel *boots, bool is_linked)
{
	waste_add(s,
		  (struct waste){
			  .rule = "other-kernel",
			  .file = kernel->example[PART_KERNEL],
			  .bytes = sum_of(kernel),
			  .remedy = "remove its package, unless a boot menu offers it to "
				    "fall back to",
		  },
		  "a kernel beside %.*s, which boots by default (%s); with its modules "
		  "and initramfs",
		  (int)boots->len, boots->release,
		  is_linked ? "a link names it" : "its version is the highest");
}

static void report_left(const struct waste_search *s, const struct kernel *kernel,
			enum part part)
{
	bool modules = part == PART_MODULES;

	if (!kernel->example[part])
		return;
	waste_add(s,
		  (struct waste){
			  .rule = modules ? "modules-without-kernel"
					  : "initramfs-without-kernel",
			  .file = kernel->example[part],
			  .bytes = kernel->bytes[part],
			  .remedy = "remove it, unless that kernel comes from elsewhere",
		  },
		  "%s of %.*s, a kernel that is not in this root",
		  modules ? "modules" : "an initramfs", (int)kernel->len,
		  kernel->release);
}

void waste_find_kernels(const struct waste_search *s)
{
	kernel_list list = { 0 };
	const struct kernel *boots, *linked;

	collect(s, &list);
	linked = linked_kernel(s, &list);
	boots = linked ? linked : newest_kernel(&list);
	array_each (&list, i) {
		const struct kernel *kernel = &list.data[i];

		if (!boots || kernel == boots)
			continue; /* all kernels may come from elsewhere */
		if (kernel->example[PART_KERNEL]) {
			report_other(s, kernel, boots, linked != NULL);
		} else {
			report_left(s, kernel, PART_MODULES);
			report_left(s, kernel, PART_INITRAMFS);
		}
	}
	array_release(&list);
}
