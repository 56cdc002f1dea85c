/*
 * filter – which rows to show, as a person types it. Words separated by blanks must all
 * hold:
 *
 *	kernel		the name contains it; no case unless there is a capital letter
 *	lib(ssl|crypto)	an extended regular expression where it has one of * + [ ( | ^ $
 *			(and is one: otherwise it is plain text)
 *	size>1M		a number or size: < <= > >= =
 *	used:no		the column's text, or yes/no, contains it; no such text: "-"
 *	~setuid ~S	a flag by name or letter
 *	!WORD		not
 *
 *	r = filter_compile(&f, source->ops, "size>1M !kernel", err);
 *	filter_match(f, source, row)
 */
#pragma once

#include "base/error.h"
#include "report/source.h"

struct filter;

/**
 * @return 0 and a filter, NULL for an empty text; -EINVAL with a text that names the word
 * that is wrong
 */
int filter_compile(struct filter **ret, const struct source_ops *ops, const char *text,
		   struct error *err);
void filter_free(struct filter *filter);
void filter_freep(struct filter **filter);
/** NULL matches every row. */
bool filter_match(const struct filter *filter, const struct source *source, uint32_t row);

/* A search: one word of the language above that is not about columns or flags. */
struct pattern;
/** NULL for an empty text. Never fails: what is no expression is plain text. */
struct pattern *pattern_new(const char *text);
void pattern_free(struct pattern *pattern);
/** As it was typed; "" for NULL. */
const char *pattern_text(const struct pattern *pattern);
/** Where in @p text it matches: its length, and the place in *ret_at; < 0: nowhere. */
int pattern_find(const struct pattern *pattern, const char *text, size_t *ret_at);
