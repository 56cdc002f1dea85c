#include "tui/sources.h"

#include "base/array.h"
#include "base/macros.h"
#include "base/text.h"
#include "tui/canvas.h"

#include <stdio.h>
#include <string.h>

/* Service units: what they run, and who pulls them in. */
struct service {
	file_id unit;
	file_id program;       /* the first thing it runs, 0: not known */
	uint32_t starter_edge; /* index of the edge that pulls it in, UINT32_MAX: none */
	uint32_t starters;
};

struct services {
	struct source base;
	struct session *s;
	ARRAY_OF(struct service) rows;
};

enum {
	SERV_MARK,
	SERV_NAME,
	SERV_STARTED,
	SERV_SIZE,
	SERV_MEMORY,
	SERV_REACHED,
	SERV_PROGRAM,
	SERV_STARTER,
	SERV_OWNER,
};

static const struct column COLUMNS[] = {
	[SERV_MARK] = { "mark", " ", "what becomes of its package", VALUE_MARK, 2, 0,
			COLUMN_FIXED },
	[SERV_NAME] = { "name", "Service", "unit", VALUE_TEXT, 0, 0, COLUMN_FIXED },
	[SERV_STARTED] = { "started", "Start", "it is started at boot", VALUE_YES_NO, 6,
			   0, 0 },
	[SERV_SIZE] = { "size", "Size", "bytes of the program that it runs", VALUE_BYTES,
			10, 0, COLUMN_BAR | COLUMN_FALLING },
	[SERV_MEMORY] = { "memory", "Memory",
			  "after boot: measured where evidence has it, else estimated",
			  VALUE_BYTES, 9, 0, COLUMN_FALLING },
	[SERV_REACHED] = { "reached", "Reach", "what must stay reaches it", VALUE_YES_NO,
			   6, 0, 0 },
	[SERV_PROGRAM] = { "program", "Runs", "the first program that it runs",
			   VALUE_PATH, 0, 90, COLUMN_BY_TEXT },
	[SERV_STARTER] = { "starter", "Why started", "what pulls it in", VALUE_PATH, 0,
			   110, COLUMN_BY_TEXT },
	[SERV_OWNER] = { "owner", "Owner", "its package", VALUE_TEXT, 18, 0, 0 },
};

static const struct services *of(const struct source *source)
{
	return container_of(source, const struct services, base);
}

static uint32_t services_count(const struct source *source)
{
	return (uint32_t)of(source)->rows.len;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void starter_value(const struct graph *g, const struct service *row,
			  struct value *ret)
{
	ret->missing = row->starter_edge == UINT32_MAX;
	if (!ret->missing && graph_node_is_file(g, g->edges[row->starter_edge].from))
		ret->text =
			graph_text(g, g->files[g->edges[row->starter_edge].from].path);
}

static void owner_value(const struct session *s, pkg_id owner, size_t column,
			struct value *ret)
{
	if (column == SERV_MARK) {
		ret->text = owner ? fate_sign(s, owner) : "";
		ret->number = owner ? (uint64_t)session_fate(s, owner) : 0;
		return;
	}
	ret->text = owner ? graph_text(s->g, s->g->packages[owner].name) : NULL;
	ret->number = owner;
	ret->missing = owner == 0;
}

/* Of the daemon that the unit is after boot. */
static void memory_value(const struct memory *memory, file_id unit, struct value *ret)
{
	ret->missing = true;
	for (size_t i = 0; memory && i < memory->daemons.len; i++) {
		if (memory->daemons.data[i].startup.unit != unit)
			continue;
		ret->missing = false;
		ret->number = memory->daemons.data[i].bytes;
		return;
	}
}

static bool is_started(const struct services *view, const struct service *row)
{
	const struct memory *memory = view->s->memory;

	return memory ? idset_has(&memory->startup.started, row->unit)
		      : row->starters > 0;
}

static void services_value(const struct source *source, uint32_t at, size_t column,
			   struct value *ret)
{
	const struct services *view = of(source);
	const struct graph *g = view->s->g;
	const struct service *row = &view->rows.data[at];

	switch (column) {
	case SERV_NAME:
		ret->text = base_name(graph_text(g, g->files[row->unit].path));
		ret->number = at;
		break;
	case SERV_STARTED:
		ret->number = is_started(view, row);
		break;
	case SERV_SIZE:
		ret->missing = row->program == 0;
		ret->number = g->files[row->program].disk_bytes;
		break;
	case SERV_REACHED:
		ret->number = session_reached(view->s, row->unit);
		ret->missing = !view->s->prepared;
		break;
	case SERV_PROGRAM:
		ret->missing = row->program == 0;
		ret->text = graph_text(g, g->files[row->program].path);
		break;
	case SERV_STARTER:
		starter_value(g, row, ret);
		break;
	case SERV_MARK:
	case SERV_OWNER:
		owner_value(view->s, graph_file_owner(g, row->unit), column, ret);
		break;
	default:
		memory_value(view->s->memory, row->unit, ret);
	}
}

static uint32_t services_node(const struct source *source, uint32_t row)
{
	return of(source)->rows.data[row].unit;
}

static unsigned int services_style(const struct source *source, uint32_t row)
{
	const struct services *view = of(source);
	pkg_id owner = graph_file_owner(view->s->g, view->rows.data[row].unit);

	return owner ? fate_paint(view->s, owner) : PAINT_TEXT;
}

static void look_at_unit(const struct graph *g, struct service *row)
{
	for (uint32_t i = g->edge_start[row->unit]; i < g->edge_start[row->unit + 1]; i++)
		if (!row->program && g->edges[i].kind == EDGE_UNIT_EXEC &&
		    graph_node_is_file(g, g->edges[i].to))
			row->program = g->edges[i].to;
	for (uint32_t i = g->edge_in_start[row->unit];
	     i < g->edge_in_start[row->unit + 1]; i++) {
		const struct graph_edge *edge = &g->edges[g->edge_in[i]];

		if (edge->kind != EDGE_UNIT && edge->kind != EDGE_SYMLINK &&
		    edge->kind != EDGE_DBUS)
			continue;
		if (row->starters++ == 0)
			row->starter_edge = g->edge_in[i];
	}
}

static void find_services(struct services *view)
{
	const struct graph *g = view->s->g;

	for (file_id f = 1; f <= g->file_count; f++) {
		struct service row = { .unit = f, .starter_edge = UINT32_MAX };

		if (g->files[f].type != FILE_REGULAR ||
		    g->files[f].category != CATEGORY_UNIT ||
		    !text_ends(graph_text(g, g->files[f].path), ".service"))
			continue;
		look_at_unit(g, &row);
		array_push(&view->rows, row);
	}
}

static void services_summary(const struct source *source, char *buf, size_t len)
{
	const struct services *view = of(source);
	size_t started = 0;

	array_each (&view->rows, i)
		started += is_started(view, &view->rows.data[i]);
	snprintf(buf, len, "%zu are started at boot", started);
}

static void services_free(struct source *source)
{
	struct services *view = container_of(source, struct services, base);

	array_release(&view->rows);
	free(view);
}

static const struct source_ops SERVICES_OPS = {
	.name = "services",
	.title = "Services",
	.empty = "no service units in this graph",
	.columns = COLUMNS,
	.column_count = ARRAY_LEN(COLUMNS),
	.name_column = SERV_NAME,
	.sort_column = SERV_SIZE,
	.count = services_count,
	.value = services_value,
	.node = services_node,
	.style = services_style,
	.summary = services_summary,
	.free = services_free,
};

struct source *services_source_new(struct session *s)
{
	struct services *view = mem_calloc(1, sizeof(*view));

	view->base.ops = &SERVICES_OPS;
	view->s = s;
	find_services(view);
	return &view->base;
}
