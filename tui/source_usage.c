#include "tui/sources.h"

#include "base/array.h"
#include "base/macros.h"
#include "report/usage_tables.h"
#include "tui/canvas.h"

#include <stdio.h>

/* Files that usage evidence saw in use, each once: how, where, how often. */
struct used_file {
	file_id file;
	uint64_t times;
	uint32_t evidences; /* the most that one way of use has */
	file_id by;	    /* of the use that is seen most often */
	bool host, container;
};

struct usage_view {
	struct source base;
	struct session *s;
	ARRAY_OF(struct used_file) rows;
};

enum {
	SEEN_MARK,
	SEEN_FILE,
	SEEN_HOW,
	SEEN_WHERE,
	SEEN_TIMES,
	SEEN_EVIDENCE,
	SEEN_REACHED,
	SEEN_BY,
	SEEN_OWNER,
	SEEN_FLAGS,
};

static const struct column COLUMNS[] = {
	[SEEN_MARK] = { "mark", " ", "what becomes of its package", VALUE_MARK, 2, 0,
			COLUMN_FIXED },
	[SEEN_FILE] = { "file", "File", "path", VALUE_PATH, 0, 0, COLUMN_FIXED },
	[SEEN_HOW] = { "how", "Use", "x executed, o opened, m mapped", VALUE_TEXT, 4, 0,
		       COLUMN_BY_TEXT },
	[SEEN_WHERE] = { "where", "Where", "on the host, in containers, or both",
			 VALUE_TEXT, 9, 0, COLUMN_BY_TEXT },
	[SEEN_TIMES] = { "times", "Times", "uses that were counted", VALUE_NUMBER, 7, 0,
			 COLUMN_FALLING },
	[SEEN_EVIDENCE] = { "evidence", "Seen", "pieces of evidence that say so",
			    VALUE_NUMBER, 6, 0, COLUMN_FALLING },
	[SEEN_REACHED] = { "reached", "Reach", "what must stay reaches it", VALUE_YES_NO,
			   6, 0, 0 },
	[SEEN_BY] = { "by", "By", "the program that used it most often", VALUE_PATH, 0,
		      110, COLUMN_BY_TEXT },
	[SEEN_OWNER] = { "owner", "Owner", "its package", VALUE_TEXT, 18, 0, 0 },
	[SEEN_FLAGS] = { "flags", "Flags", "see the help", VALUE_FLAGS, 5, 100, 0 },
};

enum { FLAG_UNEXPECTED, FLAG_UNOWNED };

static const struct flag FLAGS[] = {
	[FLAG_UNEXPECTED] = { 'n', "unexpected",
			      "seen in use, though nothing that must stay leads to it" },
	[FLAG_UNOWNED] = { 'u', "unowned", "no package owns it" },
};

static const struct usage_view *of(const struct source *source)
{
	return container_of(source, const struct usage_view, base);
}

static uint32_t usage_count(const struct source *source)
{
	return (uint32_t)of(source)->rows.len;
}

void usage_letters(const struct usage *usage, file_id f, char ret[4])
{
	static const char LETTERS[] = {
		[USE_EXECUTED] = 'x', [USE_OPENED] = 'o', [USE_MAPPED] = 'm'
	};
	size_t len = 0;

	for (size_t kind = ARRAY_LEN(LETTERS); kind-- > 0;)
		for (uint32_t i = usage->use_start[f]; i < usage->use_start[f + 1]; i++) {
			if (usage->uses[i].use != kind)
				continue;
			ret[len++] = LETTERS[kind];
			break;
		}
	ret[len] = '\0';
}

static bool is_unexpected(const struct usage_view *view, file_id f)
{
	const struct closure *expected = view->s->expected;

	return expected && !idset_has(&expected->reached, f);
}

static const char *where_of(const struct used_file *row)
{
	if (row->host && row->container)
		return "both";
	return row->host ? "host" : row->container ? "container" : NULL;
}

static void owner_value(const struct usage_view *view, file_id f, size_t column,
			struct value *ret)
{
	pkg_id owner = graph_file_owner(view->s->g, f);

	if (column == SEEN_MARK) {
		ret->text = owner ? fate_sign(view->s, owner) : "";
		ret->number = owner ? (uint64_t)session_fate(view->s, owner) : 0;
		return;
	}
	ret->text =
		owner ? graph_text(view->s->g, view->s->g->packages[owner].name) : NULL;
	ret->number = owner;
	ret->missing = owner == 0;
}

static void usage_value(const struct source *source, uint32_t at, size_t column,
			struct value *ret)
{
	const struct usage_view *view = of(source);
	const struct used_file *row = &view->rows.data[at];
	const struct graph *g = view->s->g;

	switch (column) {
	case SEEN_FILE:
		ret->text = graph_text(g, g->files[row->file].path);
		ret->number = at;
		break;
	case SEEN_HOW:
		usage_letters(view->s->usage, row->file, ret->own);
		ret->text = ret->own;
		break;
	case SEEN_WHERE:
		ret->text = where_of(row);
		ret->missing = !ret->text;
		break;
	case SEEN_TIMES:
		ret->number = row->times;
		break;
	case SEEN_EVIDENCE:
		ret->number = row->evidences;
		break;
	case SEEN_REACHED:
		ret->number = session_reached(view->s, row->file);
		ret->missing = !view->s->prepared;
		break;
	case SEEN_BY:
		ret->missing = row->by == 0;
		ret->text = ret->missing ? NULL : graph_text(g, g->files[row->by].path);
		break;
	case SEEN_FLAGS:
		ret->flags = (uint64_t)is_unexpected(view, row->file) << FLAG_UNEXPECTED |
			     (uint64_t)(graph_file_owner(g, row->file) == 0)
				     << FLAG_UNOWNED;
		break;
	default:
		owner_value(view, row->file, column, ret);
	}
}

static uint32_t usage_node(const struct source *source, uint32_t row)
{
	return of(source)->rows.data[row].file;
}

static unsigned int usage_style(const struct source *source, uint32_t row)
{
	const struct usage_view *view = of(source);
	file_id f = view->rows.data[row].file;
	pkg_id owner = graph_file_owner(view->s->g, f);

	if (is_unexpected(view, f))
		return PAINT_WARNING;
	return owner ? fate_paint(view->s, owner) : PAINT_TEXT;
}

static void add_file(struct usage_view *view, file_id f)
{
	const struct usage *usage = view->s->usage;
	struct used_file row = { .file = f };
	uint64_t most = 0;

	for (uint32_t i = usage->use_start[f]; i < usage->use_start[f + 1]; i++) {
		const struct usage_use *use = &usage->uses[i];

		row.times += use->count;
		row.evidences = MAX2(row.evidences, use->evidences);
		row.host |= use->scope == SCOPE_HOST;
		row.container |= use->scope == SCOPE_CONTAINER;
		if (use->by && use->count > most) {
			most = use->count;
			row.by = use->by;
		}
	}
	array_push(&view->rows, row);
}

static void usage_summary(const struct source *source, char *buf, size_t len)
{
	const struct usage_view *view = of(source);
	_cleanup_(strbuf_release) struct strbuf text = { 0 };

	if (view->s->usage)
		usage_say_evidence(view->s->usage, &text);
	snprintf(buf, len, "%s", strbuf_text(&text));
}

static void usage_view_free(struct source *source)
{
	struct usage_view *view = container_of(source, struct usage_view, base);

	array_release(&view->rows);
	free(view);
}

static const struct source_ops USAGE_OPS = {
	.name = "usage",
	.title = "Usage",
	.empty = "no usage evidence in this graph: see 'tare observe' and 'tare usage "
		 "import'",
	.columns = COLUMNS,
	.column_count = ARRAY_LEN(COLUMNS),
	.flags = FLAGS,
	.flag_count = ARRAY_LEN(FLAGS),
	.name_column = SEEN_FILE,
	.sort_column = SEEN_FILE,
	.count = usage_count,
	.value = usage_value,
	.node = usage_node,
	.style = usage_style,
	.summary = usage_summary,
	.free = usage_view_free,
};

struct source *usage_source_new(struct session *s)
{
	struct usage_view *view = mem_calloc(1, sizeof(*view));

	view->base.ops = &USAGE_OPS;
	view->s = s;
	for (file_id f = 1; s->usage && f <= s->g->file_count; f++)
		if (usage_seen(s->usage, f))
			add_file(view, f);
	return &view->base;
}
