/*
 * section – the parts that text reports are made of: headings, "Name   value" lines and tables
 * of which only the first rows are shown.
 */
#pragma once

#include "report/table.h"

/** An empty line and the heading; @p text is the program's own. */
void section_heading(struct strbuf *out, const struct style *style, const char *text);
/** "System          Azure Linux 3.0": bytes of a root, made printable. */
void section_field(struct strbuf *out, const char *name, const char *bytes);
/**
 * A heading with the rows below it; nothing for an empty table.
 * @param top  rows that are shown ("(20 of 469)" stands in the heading then); 0: all
 */
void section_table(struct strbuf *out, const struct style *style, const char *heading,
		   const struct table *table, uint64_t top);
