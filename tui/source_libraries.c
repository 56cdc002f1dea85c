#include "tui/sources.h"

#include "base/array.h"
#include "base/macros.h"
#include "tui/canvas.h"

#include <string.h>

/* Row r is library r of the session's models. */
struct libraries {
	struct source base;
	struct session *s;
};

enum {
	LIB_MARK,
	LIB_NAME,
	LIB_SIZE,
	LIB_USERS,
	LIB_PACKAGES,
	LIB_REACHED,
	LIB_SOFT,
	LIB_OWNER,
	LIB_FLAGS,
};

static const struct column COLUMNS[] = {
	[LIB_MARK] = { "mark", " ", "what becomes of its package", VALUE_MARK, 2, 0,
		       COLUMN_FIXED },
	[LIB_NAME] = { "name", "Library", "path", VALUE_PATH, 0, 0, COLUMN_FIXED },
	[LIB_SIZE] = { "size", "Size", "bytes (a: basis)", VALUE_BYTES, 10, 0,
		       COLUMN_BAR | COLUMN_FALLING },
	[LIB_USERS] = { "users", "Users", "files that are linked with it", VALUE_NUMBER,
			6, 0, COLUMN_FALLING },
	[LIB_PACKAGES] = { "packages", "Pkgs", "packages that those are of", VALUE_NUMBER,
			   5, 0, COLUMN_FALLING },
	[LIB_REACHED] = { "reached", "Reach", "what must stay reaches it", VALUE_YES_NO,
			  6, 0, 0 },
	[LIB_SOFT] = { "dlopen", "Dlopen", "files that may load it while they run",
		       VALUE_NUMBER, 7, 100, COLUMN_FALLING },
	[LIB_OWNER] = { "owner", "Owner", "the package that owns it", VALUE_TEXT, 18, 0,
			0 },
	[LIB_FLAGS] = { "flags", "Flags", "see the help", VALUE_FLAGS, 5, 100, 0 },
};

enum { FLAG_UNUSED, FLAG_UNOWNED };

static const struct flag FLAGS[] = {
	[FLAG_UNUSED] = { 'c', "candidate", "nothing is linked with it or loads it" },
	[FLAG_UNOWNED] = { 'u', "unowned", "no package owns it" },
};

static const struct libraries *of(const struct source *source)
{
	return container_of(source, const struct libraries, base);
}

static uint32_t libraries_count(const struct source *source)
{
	return (uint32_t)of(source)->s->models->libraries.len;
}

static void libraries_value(const struct source *source, uint32_t row, size_t column,
			    struct value *ret)
{
	const struct libraries *view = of(source);
	const struct library *lib = &view->s->models->libraries.data[row];
	const struct graph *g = view->s->g;
	pkg_id owner = graph_file_owner(g, lib->file);

	switch (column) {
	case LIB_MARK:
		ret->text = owner ? fate_sign(view->s, owner) : "";
		ret->number = owner ? (uint64_t)session_fate(view->s, owner) : 0;
		break;
	case LIB_NAME:
		ret->text = graph_text(g, g->files[lib->file].path);
		ret->number = row;
		break;
	case LIB_SIZE:
		ret->number = session_file_bytes(view->s, lib->file);
		break;
	case LIB_USERS:
		ret->number = lib->files;
		break;
	case LIB_PACKAGES:
		ret->number = lib->packages;
		break;
	case LIB_REACHED:
		ret->number = session_reached(view->s, lib->file);
		ret->missing = !view->s->prepared;
		break;
	case LIB_SOFT:
		ret->number = lib->soft;
		break;
	case LIB_OWNER:
		ret->text = owner ? graph_text(g, g->packages[owner].name) : NULL;
		ret->number = owner;
		ret->missing = owner == 0;
		break;
	default:
		ret->flags = (uint64_t)(lib->files + lib->soft == 0) << FLAG_UNUSED |
			     (uint64_t)(owner == 0) << FLAG_UNOWNED;
	}
}

static uint32_t libraries_node(const struct source *source, uint32_t row)
{
	return of(source)->s->models->libraries.data[row].file;
}

static unsigned int libraries_style(const struct source *source, uint32_t row)
{
	const struct libraries *view = of(source);
	pkg_id owner =
		graph_file_owner(view->s->g, view->s->models->libraries.data[row].file);

	return owner ? fate_paint(view->s, owner) : PAINT_WARNING;
}

static const char *libraries_title(const struct source *source, size_t column)
{
	return column == LIB_SIZE ? size_title(of(source)->s, "Length")
				  : COLUMNS[column].title;
}

static void libraries_free(struct source *source)
{
	struct libraries *view = container_of(source, struct libraries, base);

	free(view);
}

static const struct source_ops LIBRARIES_OPS = {
	.name = "libraries",
	.title = "Libraries",
	.empty = "no shared libraries in this graph",
	.columns = COLUMNS,
	.column_count = ARRAY_LEN(COLUMNS),
	.flags = FLAGS,
	.flag_count = ARRAY_LEN(FLAGS),
	.name_column = LIB_NAME,
	.sort_column = LIB_SIZE,
	.count = libraries_count,
	.value = libraries_value,
	.node = libraries_node,
	.style = libraries_style,
	.title_of = libraries_title,
	.free = libraries_free,
};

struct source *libraries_source_new(struct session *s)
{
	struct libraries *view = mem_calloc(1, sizeof(*view));

	view->base.ops = &LIBRARIES_OPS;
	view->s = s;
	return &view->base;
}
