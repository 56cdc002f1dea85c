#include "report/source.h"

#include <string.h>

/* "disk" is enough for "disk_bytes". */
static bool is_called(const char *column, const char *name)
{
	size_t len = strlen(name);

	return strcmp(column, name) == 0 || (len > 0 && strncmp(column, name, len) == 0 &&
					     strcmp(column + len, "_bytes") == 0);
}

int source_column(const struct source_ops *ops, const char *name)
{
	for (size_t i = 0; i < ops->column_count; i++)
		if (is_called(ops->columns[i].name, name))
			return (int)i;
	return -1;
}

int source_flag(const struct source_ops *ops, const char *name)
{
	for (size_t i = 0; i < ops->flag_count; i++)
		if (strcmp(ops->flags[i].name, name) == 0 ||
		    (name[0] == ops->flags[i].letter && name[1] == '\0'))
			return (int)i;
	return -1;
}

uint64_t source_row_flags(const struct source *source, uint32_t row)
{
	struct value value = { 0 };

	for (size_t i = 0; i < source->ops->column_count; i++) {
		if (source->ops->columns[i].kind != VALUE_FLAGS)
			continue;
		source->ops->value(source, row, i, &value);
		return value.flags;
	}
	return 0;
}
