#include "report/table_choice.h"

#include "base/macros.h"
#include "base/strbuf.h"

#include <errno.h>
#include <string.h>

static bool is_called(const char *key, const char *name)
{
	size_t len = strlen(name);

	return strcmp(key, name) == 0 ||
	       (strncmp(key, name, len) == 0 && strcmp(key + len, "_bytes") == 0);
}

int table_find_column(const struct table_column *columns, size_t count, const char *key)
{
	for (size_t i = 0; i < count; i++)
		if (is_called(columns[i].key, key))
			return (int)i;
	return -1;
}

typedef ARRAY_OF(size_t) column_list;

static int unknown(const struct table_column *columns, size_t count, const char *key,
		   struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf known = { 0 };

	for (size_t i = 0; i < count; i++)
		strbuf_printf(&known, "%s%s", i ? ", " : "", columns[i].key);
	return error_set(err, -EINVAL, "there is no column '%s' here: %s", key,
			 strbuf_text(&known));
}

static int add_column(const struct table_column *columns, size_t count, const char *key,
		      column_list *ret, struct error *err)
{
	int column = table_find_column(columns, count, key);

	if (column < 0)
		return unknown(columns, count, key, err);
	array_each (ret, i)
		if (ret->data[i] == (size_t)column)
			return error_set(err, -EINVAL, "column '%s' is there twice", key);
	array_push(ret, (size_t)column);
	return 0;
}

static int parse(const struct table_column *columns, size_t count, const char *list,
		 column_list *ret, struct error *err)
{
	_cleanup_(freep) char *copy = mem_strdup(list);
	char *rest = copy;
	int r = 0;

	if (strcmp(list, "all") == 0) {
		for (size_t i = 0; i < count; i++)
			array_push(ret, i);
		return 0;
	}
	while (r == 0 && rest)
		r = add_column(columns, count, strsep(&rest, ","), ret, err);
	return r;
}

int table_choice_check(const struct table_column *columns, size_t count, const char *list,
		       struct error *err)
{
	column_list chosen = { 0 };
	int r = parse(columns, count, list, &chosen, err);

	array_release(&chosen);
	return r;
}

static void copy_cell(const struct table *from, const struct table_cell *cell,
		      enum table_kind kind, struct table *to)
{
	if (!cell->is_set)
		table_none(to);
	else if (kind == TABLE_TEXT)
		table_text(to, strpool_text(&from->texts, cell->text));
	else
		table_number(to, cell->number);
}

int table_choice_make(const struct table *from, const char *list,
		      struct table_choice *ret, struct error *err)
{
	column_list chosen = { 0 };
	int r = parse(from->columns, from->column_count, list, &chosen, err);

	*ret = (struct table_choice){ 0 };
	if (r == 0) {
		ret->columns = mem_calloc(chosen.len, sizeof(*ret->columns));
		array_each (&chosen, i) {
			ret->columns[i] = from->columns[chosen.data[i]];
			ret->columns[i].flags &= ~TABLE_HIDDEN;
		}
		table_init(&ret->table, ret->columns, chosen.len);
		for (size_t row = 0; row < table_rows(from); row++)
			array_each (&chosen, i)
				copy_cell(from, table_cell(from, row, chosen.data[i]),
					  ret->columns[i].kind, &ret->table);
	}
	array_release(&chosen);
	return r;
}

void table_choice_release(struct table_choice *choice)
{
	if (choice->columns)
		table_release(&choice->table);
	free(choice->columns);
	*choice = (struct table_choice){ 0 };
}
