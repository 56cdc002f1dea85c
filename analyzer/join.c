#include "analyzer/join.h"

#include "base/rootfs.h"

#include <stdio.h>
#include <sys/stat.h>

/* RPMFILE_STATE_* of rpm's rpmfiles.h, as stored in headers */
enum { RPM_NORMAL = 0, RPM_REPLACED = 1 };

static const struct {
	uint32_t format;
	enum file_type type;
} TYPES[] = {
	{ S_IFREG, FILE_REGULAR }, { S_IFDIR, FILE_DIRECTORY }, { S_IFLNK, FILE_SYMLINK },
	{ S_IFIFO, FILE_FIFO },	   { S_IFSOCK, FILE_SOCKET },	{ S_IFCHR, FILE_CHAR },
	{ S_IFBLK, FILE_BLOCK },
};

/* Headers of hostile databases have any mode: what is no type counts as a regular file.
 */
static enum file_type declared_type(const struct rpm_file *file)
{
	for (size_t i = 0; i < ARRAY_LEN(TYPES); i++)
		if ((file->mode & S_IFMT) == TYPES[i].format)
			return TYPES[i].type;
	return FILE_REGULAR;
}

/* The path of a package's file as @p links, the tree with the folders' symlinks, spells
 * it. */
static str_id canonical_path(struct tree *tree, const struct tree *links,
			     const char *path)
{
	_cleanup_(freep) char *clean = tree_canonical(links, path);

	if (!clean) /* a symlink loop among its folders: as it is written */
		clean = rootfs_clean_path(path);
	return strpool_add(&tree->strings, clean);
}

static void fill_declared(struct tree *tree, struct tree_entry *entry,
			  const struct rpm_image *image, const struct rpm_file *file)
{
	entry->type = (uint8_t)declared_type(file);
	entry->mode = file->mode & 07777;
	entry->size_bytes = file->size_bytes;
	entry->link_count = 1;
	if (entry->type == FILE_SYMLINK)
		entry->target = strpool_add(&tree->strings,
					    rpm_image_text(image, file->link_target));
}

struct path_index {
	uint32_t *entry_of; /* by str_id: index + 1 */
	size_t size;
};

static void path_index_grow(struct path_index *index, size_t size)
{
	if (size <= index->size)
		return;
	size = MAX2(size, index->size * 2);
	index->entry_of = mem_realloc(index->entry_of, size, sizeof(*index->entry_of));
	memset(index->entry_of + index->size, 0,
	       (size - index->size) * sizeof(*index->entry_of));
	index->size = size;
}

static void path_index_build(struct path_index *index, const struct tree *tree)
{
	path_index_grow(index, tree->strings.count + 1);
	array_each (&tree->entries, i)
		index->entry_of[tree->entries.data[i].path] = (uint32_t)i + 1;
}

struct claim {
	str_id path;
	pkg_id package;
	uint32_t rpm_file;
};

/* Every (path, package, file) of the rpmdb; entries for paths that the tree lacks. */
static void claim_files(struct tree *tree, const struct rpm_image *image,
			const struct tree *links, struct claim *claims)
{
	struct path_index index = { 0 };
	size_t n = 0;

	array_each (&image->packages, p) {
		const struct rpm_package *pkg = &image->packages.data[p];

		for (uint32_t i = pkg->files_at; i < pkg->files_at + pkg->files_len; i++)
			claims[n++] = (struct claim){
				canonical_path(
					tree, links,
					rpm_image_text(image, image->files.data[i].path)),
				(pkg_id)p + 1, i
			};
	}
	path_index_build(&index, tree);
	for (size_t i = 0; i < n; i++) {
		struct tree_entry *entry;
		bool hidden;

		if (index.entry_of[claims[i].path])
			continue;
		/* what is added here is not in the tree's index yet */
		hidden = tree_is_hidden(links, tree_text(tree, claims[i].path));
		entry = tree_add(tree, tree_text(tree, claims[i].path));
		entry->is_hidden = hidden;
		fill_declared(tree, entry, image, &image->files.data[claims[i].rpm_file]);
		path_index_grow(&index, tree->strings.count + 1);
		index.entry_of[claims[i].path] = (uint32_t)tree->entries.len;
	}
	free(index.entry_of);
}

/* How one owner sees the entry. */
static enum file_state state_for(const struct tree_entry *entry,
				 const struct rpm_file *file)
{
	bool optional = file->flags & (OWN_GHOST | OWN_MISSINGOK);

	if (file->state > RPM_REPLACED)
		return entry->on_disk ? STATE_PRESENT : STATE_NOT_INSTALLED;
	if (!entry->on_disk && entry->is_hidden)
		return STATE_DECLARED;
	if (!entry->on_disk)
		return optional ? STATE_NOT_INSTALLED : STATE_MISSING;
	if (file->state == RPM_REPLACED)
		return STATE_REPLACED;
	if (file->flags & OWN_GHOST)
		return STATE_PRESENT;
	if (declared_type(file) != entry->type)
		return STATE_CHANGED_TYPE;
	if (entry->type == FILE_REGULAR && file->size_bytes != entry->size_bytes)
		return STATE_CHANGED_SIZE;
	return STATE_PRESENT;
}

/* Of several owners the one that fits best decides: later in this table is worse. */
static const uint8_t STATE_RANK[] = {
	[STATE_PRESENT] = 0,	   [STATE_CHANGED_DIGEST] = 1, [STATE_CHANGED_SIZE] = 2,
	[STATE_CHANGED_TYPE] = 3,  [STATE_REPLACED] = 4,       [STATE_MISSING] = 5,
	[STATE_NOT_INSTALLED] = 6, [STATE_DECLARED] = 7,
};

static void set_state(struct tree_entry *entry, const struct rpm_file *file, bool first)
{
	enum file_state state = state_for(entry, file);

	if (first || STATE_RANK[state] < STATE_RANK[entry->state])
		entry->state = (uint8_t)state;
	if (!entry->on_disk)
		entry->size_bytes = entry->disk_bytes = 0;
}

/* Metadata-only: declared sizes stand for disk bytes, nothing is known about the disk. */
static void set_declared(struct tree_entry *entry, const struct rpm_file *file)
{
	bool absent = file->state > RPM_REPLACED || (file->flags & OWN_GHOST);

	entry->disk_bytes = absent || entry->type != FILE_REGULAR ? 0 : file->size_bytes;
	entry->state = absent ? STATE_NOT_INSTALLED : STATE_DECLARED;
}

static int ownership_order(const void *va, const void *vb)
{
	const struct ownership *a = va, *b = vb;

	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	if (a->package != b->package)
		return a->package < b->package ? -1 : 1;
	return a->rpm_file < b->rpm_file ? -1 : a->rpm_file > b->rpm_file;
}

/* A hostile or merged header may list one path twice for a package: the first counts. */
static void drop_doubles(struct ownership_list *owners)
{
	size_t kept = 0;

	array_each (&owners->items, i) {
		const struct ownership *o = &owners->items.data[i];

		if (kept && owners->items.data[kept - 1].file == o->file &&
		    owners->items.data[kept - 1].package == o->package)
			continue;
		owners->items.data[kept++] = *o;
	}
	owners->items.len = kept;
}

static void set_owners(struct tree *tree, const struct rpm_image *image,
		       bool declared_only, const struct ownership_list *owners)
{
	array_each (&owners->items, i) {
		const struct ownership *o = &owners->items.data[i];
		const struct rpm_file *file = &image->files.data[o->rpm_file];
		struct tree_entry *entry = &tree->entries.data[o->file - 1];

		if (declared_only)
			set_declared(entry, file);
		else
			set_state(entry, file, !entry->is_owned);
		entry->own_flags |= file->flags;
		entry->is_owned = true;
	}
}

/* Without a disk the symlinks that packages declare say which folders are links. */
static void declared_links(struct tree *links, const struct rpm_image *image)
{
	struct path_index index = { 0 };

	array_each (&image->files, i) {
		const struct rpm_file *file = &image->files.data[i];
		_cleanup_(freep) char *clean = NULL;
		str_id path;

		if (declared_type(file) != FILE_SYMLINK)
			continue;
		clean = rootfs_clean_path(rpm_image_text(image, file->path));
		path = strpool_add(&links->strings, clean);
		path_index_grow(&index, links->strings.count + 1);
		if (index.entry_of[path])
			continue;
		index.entry_of[path] = 1;
		fill_declared(links, tree_add(links, clean), image, file);
	}
	free(index.entry_of);
	tree_sort(links);
}

void join_rpm(struct tree *tree, const struct rpm_image *image, bool declared_only,
	      struct ownership_list *ret)
{
	struct claim *claims = mem_calloc(image->files.len, sizeof(*claims));
	struct path_index index = { 0 };
	struct tree links;

	tree_init(&links);
	if (declared_only)
		declared_links(&links, image);
	else if (!tree->sorted)
		tree_sort(tree);
	claim_files(tree, image, declared_only ? &links : tree, claims);
	tree_release(&links);
	tree_sort(tree);
	path_index_build(&index, tree);
	array_each (&image->files, i)
		array_push(&ret->items,
			   (struct ownership){ index.entry_of[claims[i].path],
					       claims[i].package, claims[i].rpm_file });
	free(claims);
	free(index.entry_of);
	array_sort(&ret->items, ownership_order);
	drop_doubles(ret);
	set_owners(tree, image, declared_only, ret);
}

static const struct {
	enum file_state state;
	const char *rule, *text, *remedy;
	enum severity severity;
} DIFFERENCES[] = {
	{ STATE_MISSING, "missing-file", "are in the rpmdb and not on the disk",
	  "reinstall the package, or build the image with RPM's own switches "
	  "(%_excludedocs, "
	  "%_install_langs), which record what is left out",
	  SEVERITY_WARNING },
	{ STATE_CHANGED_TYPE, "changed-type", "are of another type than the rpmdb says",
	  "look at rpm -V", SEVERITY_WARNING },
	{ STATE_CHANGED_SIZE, "changed-size", "have another size than the rpmdb says",
	  "look at rpm -V", SEVERITY_NOTE },
};

struct difference {
	uint32_t count;
	file_id first;
};

void join_findings(const struct tree *tree, const struct rpm_image *image,
		   const struct ownership_list *owners, struct finding_list *findings)
{
	size_t kinds = ARRAY_LEN(DIFFERENCES);
	struct difference *diffs =
		mem_calloc((image->packages.len + 1) * kinds, sizeof(*diffs));

	array_each (&owners->items, i) {
		const struct ownership *o = &owners->items.data[i];
		const struct tree_entry *entry = &tree->entries.data[o->file - 1];
		bool config = image->files.data[o->rpm_file].flags & OWN_CONFIG;

		for (size_t k = 0; k < kinds; k++) {
			struct difference *d = &diffs[o->package * kinds + k];

			if (entry->state != DIFFERENCES[k].state ||
			    (config && entry->on_disk))
				continue;
			if (d->count++ == 0)
				d->first = o->file;
		}
	}
	for (pkg_id p = 1; p <= image->packages.len; p++) {
		for (size_t k = 0; k < kinds; k++) {
			const struct difference *d = &diffs[p * kinds + k];
			_cleanup_(freep) char *text = NULL;

			if (d->count == 0)
				continue;
			text = mem_printf(
				"%u of its files %s, the first is %s", d->count,
				DIFFERENCES[k].text,
				tree_text(tree, tree->entries.data[d->first - 1].path));
			finding_list_add(
				findings,
				&(struct finding_row){
					.rule = DIFFERENCES[k].rule,
					.severity = DIFFERENCES[k].severity,
					.file = d->first,
					.package = p,
					.subject = rpm_image_text(
						image, image->packages.data[p - 1].nevra),
					.text = text,
					.remedy = DIFFERENCES[k].remedy });
		}
	}
	free(diffs);
}
