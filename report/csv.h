/*
 * csv – tables for spreadsheets and for programs, after RFC 4180 but for the ends of lines,
 * which are "\n".
 *
 * The first line has the columns' keys. Sizes are whole numbers of bytes, what is not set is
 * empty, truth is "true" or "false". Texts are made printable as everywhere (base/text.h). A
 * text that a spreadsheet would take for a formula (it begins with =, +, -, @ or a blank
 * before one of them) gets a "'" before it: spreadsheets hide that, programs take it off.
 *
 *	csv_table(&table, &out);
 */
#pragma once

#include "report/table.h"

/** All rows with all columns, hidden ones as well. */
void csv_table(const struct table *table, struct strbuf *out);
/** One cell from bytes of a root, with quotes where it needs them. */
void csv_text(const char *bytes, struct strbuf *out);
