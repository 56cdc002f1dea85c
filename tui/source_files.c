#include "tui/sources.h"

#include "base/macros.h"
#include "base/mem.h"
#include "tui/canvas.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Row r is file r + 1. */
struct files {
	struct source base;
	struct session *s;
	const struct file_tree *tree; /* of the session's models */
};

enum {
	FILE_MARK,
	FILE_PATH,
	FILE_SIZE,
	FILE_CATEGORY,
	FILE_OWNER,
	FILE_REACHED,
	FILE_FLAGS,
	FILE_BELOW,
	FILE_LENGTH,
	FILE_COMPRESSED,
	FILE_MODE,
	FILE_USED,
	FILE_GUESS,
};

static const struct column COLUMNS[] = {
	[FILE_MARK] = { "mark", " ", "what becomes of its package", VALUE_MARK, 2, 0,
			COLUMN_FIXED },
	[FILE_PATH] = { "name", "Name", "path", VALUE_PATH, 0, 0,
			COLUMN_FIXED | COLUMN_TREE },
	[FILE_SIZE] = { "size", "Size", "bytes, of a folder with all below (a: basis)",
			VALUE_BYTES, 10, 0, COLUMN_BAR | COLUMN_FALLING },
	[FILE_CATEGORY] = { "category", "Category", "executable, library, locale ...",
			    VALUE_TEXT, 14, 0, 0 },
	[FILE_OWNER] = { "owner", "Owner", "the package that owns it", VALUE_TEXT, 20, 0,
			 0 },
	[FILE_REACHED] = { "reached", "Reach", "what must stay reaches it", VALUE_YES_NO,
			   6, 90, 0 },
	[FILE_FLAGS] = { "flags", "Flags", "see the help", VALUE_FLAGS, 6, 90, 0 },
	[FILE_BELOW] = { "files", "Files", "files in the folder", VALUE_NUMBER, 8, 120,
			 COLUMN_FALLING },
	[FILE_LENGTH] = { "length", "Length", "its length in bytes", VALUE_BYTES, 10, 140,
			  COLUMN_FALLING },
	[FILE_COMPRESSED] = { "compressed", "Gzip size",
			      "its content compressed (tare analyze --compressed)",
			      VALUE_BYTES, 10, 0, COLUMN_HIDDEN | COLUMN_FALLING },
	[FILE_MODE] = { "mode", "Mode", "permissions", VALUE_TEXT, 5, 140, 0 },
	[FILE_USED] = { "used", "Used", "seen in use (needs usage evidence)", VALUE_TEXT,
			5, 0, COLUMN_HIDDEN },
	[FILE_GUESS] = { "made-by", "Made by", "what made a file that no package owns",
			 VALUE_TEXT, 16, 160, COLUMN_BY_TEXT },
};

enum { FLAG_UNOWNED, FLAG_SHARED, FLAG_MISSING, FLAG_CHANGED, FLAG_SETUID, FLAG_LINKS };

static const struct flag FLAGS[] = {
	[FLAG_UNOWNED] = { 'u', "unowned", "no package owns it" },
	[FLAG_SHARED] = { 'h', "shared", "several packages own it" },
	[FLAG_MISSING] = { 'm', "missing", "the rpmdb has it, the disk has not" },
	[FLAG_CHANGED] = { 'x', "changed", "not as its package brought it" },
	[FLAG_SETUID] = { 'S', "setuid", "set-user-ID or set-group-ID" },
	[FLAG_LINKS] = { 'H', "hardlink", "has several names" },
};

static const struct files *of(const struct source *source)
{
	return container_of(source, const struct files, base);
}

static uint32_t files_count(const struct source *source)
{
	return of(source)->s->g->file_count;
}

static uint64_t flags_of(const struct graph *g, file_id f)
{
	const struct graph_file *file = &g->files[f];
	uint32_t owners = g->owner_start[f + 1] - g->owner_start[f];
	uint64_t flags = 0;

	flags |= (uint64_t)(owners == 0) << FLAG_UNOWNED;
	flags |= (uint64_t)(owners > 1) << FLAG_SHARED;
	flags |= (uint64_t)!graph_file_on_disk(file) << FLAG_MISSING;
	flags |= (uint64_t)(file->state == STATE_CHANGED_TYPE ||
			    file->state == STATE_CHANGED_SIZE ||
			    file->state == STATE_CHANGED_DIGEST)
		 << FLAG_CHANGED;
	flags |=
		(uint64_t)(file->type == FILE_REGULAR && file->mode & (S_ISUID | S_ISGID))
		<< FLAG_SETUID;
	flags |= (uint64_t)(file->type == FILE_REGULAR && file->link_count > 1)
		 << FLAG_LINKS;
	return flags;
}

/* "xom": executed, opened, mapped; "" for a file that nobody saw in use. */
static const char *used_letters(const struct usage *usage, file_id f, struct value *ret)
{
	usage_letters(usage, f, ret->own);
	ret->number = usage_seen(usage, f);
	return ret->own;
}

static void text_value(const struct files *view, file_id f, size_t column,
		       struct value *ret)
{
	const struct graph *g = view->s->g;
	pkg_id owner = graph_file_owner(g, f);

	switch (column) {
	case FILE_MARK:
		ret->text = owner ? fate_sign(view->s, owner) : "";
		ret->number = owner ? (uint64_t)session_fate(view->s, owner) : 0;
		break;
	case FILE_PATH:
		ret->text = graph_text(g, g->files[f].path);
		ret->number = f;
		break;
	case FILE_CATEGORY:
		ret->text = file_category_name(g->files[f].category);
		ret->number = g->files[f].category;
		break;
	case FILE_OWNER:
		ret->text = owner ? graph_text(g, g->packages[owner].name) : NULL;
		ret->number = owner;
		ret->missing = owner == 0;
		break;
	case FILE_USED:
		ret->missing = !view->s->usage;
		ret->text = ret->missing ? NULL : used_letters(view->s->usage, f, ret);
		break;
	case FILE_MODE:
		snprintf(ret->own, sizeof(ret->own), "%04o", g->files[f].mode & 07777u);
		ret->text = ret->own;
		ret->number = g->files[f].mode & 07777u;
		break;
	default:
		ret->text = graph_text(g, g->files[f].owner_guess);
		ret->missing = column != FILE_GUESS || g->files[f].owner_guess == 0;
	}
}

static void files_value(const struct source *source, uint32_t row, size_t column,
			struct value *ret)
{
	const struct files *view = of(source);
	const struct graph *g = view->s->g;
	file_id f = row + 1;

	switch (column) {
	case FILE_SIZE:
		ret->number = session_file_bytes(view->s, f);
		break;
	case FILE_REACHED:
		ret->number = session_reached(view->s, f);
		ret->missing = !view->s->prepared;
		break;
	case FILE_FLAGS:
		ret->flags = flags_of(g, f);
		break;
	case FILE_BELOW:
		ret->number = view->tree->below[row];
		ret->missing = g->files[f].type != FILE_DIRECTORY;
		break;
	case FILE_LENGTH:
		ret->number = g->files[f].size_bytes;
		break;
	case FILE_COMPRESSED:
		ret->number = g->files[f].compressed_bytes;
		ret->missing = !g->files[f].has_compressed;
		break;
	default:
		text_value(view, f, column, ret);
	}
}

static uint32_t files_node(const struct source *source, uint32_t row)
{
	(void)source;
	return row + 1;
}

static unsigned int files_style(const struct source *source, uint32_t row)
{
	const struct files *view = of(source);
	pkg_id owner = graph_file_owner(view->s->g, row + 1);

	if (owner)
		return fate_paint(view->s, owner);
	return view->s->g->files[row + 1].type == FILE_DIRECTORY ? PAINT_TEXT
								 : PAINT_WARNING;
}

static const uint32_t *files_children(const struct source *source, uint32_t row,
				      uint32_t *ret_count)
{
	const struct files *view = of(source);
	uint32_t at = row == SOURCE_TOP ? 0 : row + 1;

	*ret_count = view->tree->child_start[at + 1] - view->tree->child_start[at];
	return view->tree->children + view->tree->child_start[at];
}

static uint32_t files_parent(const struct source *source, uint32_t row)
{
	return of(source)->tree->parent[row];
}

static const char *files_title(const struct source *source, size_t column)
{
	return column == FILE_SIZE ? size_title(of(source)->s, "Length")
				   : COLUMNS[column].title;
}

static void files_free(struct source *source)
{
	free(container_of(source, struct files, base));
}

static const struct source_ops FILES_OPS = {
	.name = "files",
	.title = "Files",
	.empty = "no files: the graph was made from metadata that has none",
	.columns = COLUMNS,
	.column_count = ARRAY_LEN(COLUMNS),
	.flags = FLAGS,
	.flag_count = ARRAY_LEN(FLAGS),
	.name_column = FILE_PATH,
	.sort_column = FILE_SIZE,
	.count = files_count,
	.value = files_value,
	.node = files_node,
	.style = files_style,
	.children = files_children,
	.parent = files_parent,
	.title_of = files_title,
	.free = files_free,
};

struct source *files_source_new(struct session *s)
{
	struct files *view = mem_calloc(1, sizeof(*view));

	view->base.ops = &FILES_OPS;
	view->s = s;
	view->tree = s->models->files;
	return &view->base;
}
