/*
 * table_source – a table's rows as a source (report/source.h), so that the filters of the
 * explorer work on lists, too: columns are called by their keys, columns of truth are
 * flags ("~signed"), so are the words of the column "flags", and plain words look at the
 * first column that names rows.
 *
 *	struct table_source *source = table_source_new(columns, count, flags);
 *	r = filter_compile(&filter, table_source_ops(source), "disk>1M ~signed", err);
 *	table_source_filter(source, filter, &table);
 *	table_source_free(source);
 */
#pragma once

#include "report/filter.h"
#include "report/table.h"

struct table_source;

/**
 * Only the columns are looked at: the table may be filled later.
 * @param flags  words that may stand in the column "flags", ends with NULL; NULL: none
 */
struct table_source *table_source_new(const struct table_column *columns, size_t count,
				      const char *const *flags);
void table_source_free(struct table_source *source);
void table_source_freep(struct table_source **source);
const struct source_ops *table_source_ops(const struct table_source *source);
/** Keep the rows that match; @p table has the columns that the source was made for. */
void table_source_filter(struct table_source *source, const struct filter *filter,
			 struct table *table);
