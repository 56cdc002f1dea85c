#include "report/table_source.h"

#include "base/macros.h"

#include <string.h>

#define FLAGS_MAX 64 /* bits of value.flags */

struct table_source {
	struct source base;
	struct source_ops ops;
	const struct table *table; /* while rows are looked at */
	struct column *columns;	   /* one more than the table has: the flags */
	struct flag *flags;
	size_t *flag_columns; /* by flag: of truth, or the one of words */
};

static const enum value_kind KINDS[] = {
	[TABLE_TEXT] = VALUE_TEXT,    [TABLE_BYTES] = VALUE_BYTES,
	[TABLE_COUNT] = VALUE_NUMBER, [TABLE_BOOL] = VALUE_YES_NO,
	[TABLE_CHANGE] = VALUE_BYTES, [TABLE_COUNT_CHANGE] = VALUE_NUMBER,
};

static const struct table_source *of(const struct source *source)
{
	return container_of(source, const struct table_source, base);
}

static uint32_t source_count(const struct source *source)
{
	return (uint32_t)table_rows(of(source)->table);
}

/* Is @p word one of the words, which have blanks between? */
static bool has_word(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = words; (at = strstr(at, word)) != NULL; at += len)
		if ((at == words || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
			return true;
	return false;
}

static bool has_flag(const struct table_source *s, uint32_t row, size_t flag)
{
	size_t column = s->flag_columns[flag];
	const struct table_cell *cell = table_cell(s->table, row, column);

	if (s->columns[column].kind == VALUE_YES_NO)
		return cell->number != 0;
	return has_word(strpool_text(&s->table->texts, cell->text), s->flags[flag].name);
}

static void source_value(const struct source *source, uint32_t row, size_t column,
			 struct value *ret)
{
	const struct table_source *s = of(source);
	const struct table_cell *cell;

	*ret = (struct value){ 0 };
	if (column == s->ops.column_count - 1) {
		for (size_t i = 0; i < s->ops.flag_count; i++)
			if (has_flag(s, row, i))
				ret->flags |= (uint64_t)1 << i;
		return;
	}
	cell = table_cell(s->table, row, column);
	ret->missing = !cell->is_set;
	ret->number = cell->number;
	ret->text = strpool_text(&s->table->texts, cell->text);
}

static const struct source_ops OPS = {
	.name = "list",
	.title = "List",
	.count = source_count,
	.value = source_value,
};

static void add_flag(struct table_source *s, const char *name, size_t column)
{
	s->flags[s->ops.flag_count] = (struct flag){ .name = name };
	s->flag_columns[s->ops.flag_count++] = column;
}

static void add_column(struct table_source *s, const struct table_column *column,
		       size_t at, const char *const *flags)
{
	s->columns[at] =
		(struct column){ .name = column->key, .kind = KINDS[column->kind] };
	if (column->flags & TABLE_NAMES && s->ops.name_column == SIZE_MAX)
		s->ops.name_column = at;
	if (column->kind == TABLE_BOOL)
		add_flag(s, column->key, at);
	for (; flags && *flags && strcmp(column->key, "flags") == 0; flags++)
		add_flag(s, *flags, at);
}

struct table_source *table_source_new(const struct table_column *columns, size_t count,
				      const char *const *flags)
{
	struct table_source *s = mem_calloc(1, sizeof(*s));

	s->columns = mem_calloc(count + 1, sizeof(*s->columns));
	s->flags = mem_calloc(FLAGS_MAX, sizeof(*s->flags));
	s->flag_columns = mem_calloc(FLAGS_MAX, sizeof(*s->flag_columns));
	s->ops = OPS;
	s->ops.name_column = SIZE_MAX;
	for (size_t i = 0; i < count; i++)
		add_column(s, &columns[i], i, flags);
	if (s->ops.name_column == SIZE_MAX)
		s->ops.name_column = 0;
	s->columns[count] = (struct column){ .name = "", .kind = VALUE_FLAGS };
	s->ops.columns = s->columns;
	s->ops.column_count = count + 1;
	s->ops.flags = s->flags;
	s->base.ops = &s->ops;
	return s;
}

void table_source_free(struct table_source *source)
{
	if (!source)
		return;
	free(source->columns);
	free(source->flags);
	free(source->flag_columns);
	free(source);
}

void table_source_freep(struct table_source **source)
{
	table_source_free(*source);
}

const struct source_ops *table_source_ops(const struct table_source *source)
{
	return &source->ops;
}

void table_source_filter(struct table_source *source, const struct filter *filter,
			 struct table *table)
{
	size_t rows = table_rows(table), len = table->column_count, kept = 0;

	source->table = table;
	for (size_t r = 0; r < rows; r++) {
		if (!filter_match(filter, &source->base, (uint32_t)r))
			continue;
		for (size_t c = 0; c < len; c++)
			table->cells.data[kept * len + c] =
				table->cells.data[r * len + c];
		kept++;
	}
	source->table = NULL;
	table_truncate(table, kept);
}
