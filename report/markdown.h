/*
 * markdown – GitHub-flavoured Markdown from bytes of a root that may want to be markup.
 *
 * Names stand in code spans, where no markup, link, mention or reference begins. Other texts
 * stay plain while they are made of harmless characters, else they become code spans, too.
 *
 *	markdown_heading(2, "Packages", &out);
 *	markdown_table(&table, 20, &style, &out);
 */
#pragma once

#include "report/table.h"

/** "## text" with empty lines around it (none at the beginning of @p out); @p text is the
 * program's own. */
void markdown_heading(int level, const char *text, struct strbuf *out);
/** A code span; fit for cells of tables. Nothing for an empty text. */
void markdown_code(const char *bytes, struct strbuf *out);
/** A sentence: plain where nothing in it could be markup, else a code span. */
void markdown_text(const char *bytes, struct strbuf *out);
/** A row of a table of two columns: a name of the program's own, and plain text. */
void markdown_field(const char *name, const char *bytes, struct strbuf *out);
/**
 * The rows with the columns that are not hidden; nothing for an empty table.
 * @param top  rows that are shown, a line below says how many there are; 0: all
 */
void markdown_table(const struct table *table, uint64_t top, const struct style *style,
		    struct strbuf *out);
