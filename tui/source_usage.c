#include "tui/sources.h"

#include "base/macros.h"
#include "base/mem.h"
#include "tui/canvas.h"

/* What was seen in use. The snapshot holds no evidence yet, so there are no rows; the view
 * says how to get some. */
struct usage {
	struct source base;
};

static const struct column COLUMNS[] = {
	{ "name", "Name", "file or package", VALUE_PATH, 0, 0, COLUMN_FIXED },
};

static uint32_t usage_count(const struct source *source)
{
	(void)source;
	return 0;
}

static void usage_value(const struct source *source, uint32_t row, size_t column,
			struct value *ret)
{
	(void)source;
	(void)row;
	(void)column;
	ret->missing = true;
}

static uint32_t usage_node(const struct source *source, uint32_t row)
{
	(void)source;
	(void)row;
	return 0;
}

static unsigned int usage_style(const struct source *source, uint32_t row)
{
	(void)source;
	(void)row;
	return PAINT_TEXT;
}

static void usage_free(struct source *source)
{
	free(container_of(source, struct usage, base));
}

static const struct source_ops USAGE_OPS = {
	.name = "usage",
	.title = "Usage",
	.empty = "no usage evidence in this graph",
	.columns = COLUMNS,
	.column_count = ARRAY_LEN(COLUMNS),
	.count = usage_count,
	.value = usage_value,
	.node = usage_node,
	.style = usage_style,
	.free = usage_free,
};

struct source *usage_source_new(struct session *s)
{
	struct usage *view = mem_calloc(1, sizeof(*view));

	(void)s;
	view->base.ops = &USAGE_OPS;
	return &view->base;
}
