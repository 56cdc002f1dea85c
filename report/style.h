/*
 * style – how a text is dressed: units and colour. One value is made by cli/ from the
 * options and given to everything that writes text; nothing else decides.
 */
#pragma once

#include "base/strbuf.h"
#include "base/units.h"

#include <stdbool.h>

struct style {
	enum units_style units;
	bool color; /* ANSI sequences may be written */
};

enum style_mark {
	MARK_PLAIN,
	MARK_HEAD, /* headings */
	MARK_GOOD, /* PASS, proven */
	MARK_BAD,  /* FAIL, refuted */
	MARK_WARN,
	MARK_DIM, /* what is said for completeness */
};

/** Append @p text (of the program itself, not of a root) with its mark. */
void style_puts(struct strbuf *out, const struct style *style, enum style_mark mark,
		const char *text);
/** Append bytes of a root, made printable, with their mark. */
void style_bytes(struct strbuf *out, const struct style *style, enum style_mark mark,
		 const char *bytes);
/** Append a size in the style's units. */
void style_size(struct strbuf *out, const struct style *style, uint64_t bytes);
/** Append "+1.5 MiB", "-12 B" or "0 B": what came or went. */
void style_change(struct strbuf *out, const struct style *style, int64_t bytes);
/** Append "1,234": a count with separators for people. */
void style_count(struct strbuf *out, uint64_t count);
/** Append "+1,234", "-5" or "0". */
void style_count_change(struct strbuf *out, int64_t change);
/** "1 package" or "1,234 packages": @p noun is the singular, an "s" makes the plural. */
void style_counted(struct strbuf *out, uint64_t count, const char *noun);
/** "37.5 %" of @p part in @p whole; "0.0 %" of nothing. */
void style_percent(struct strbuf *out, uint64_t part, uint64_t whole);
/** Columns that printable UTF-8 text takes on a screen (wcwidth(), 1 where unknown). */
size_t style_width(const char *text);
