#include "report/filter.h"

#include "base/array.h"
#include "base/units.h"

#include <ctype.h>
#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct pattern {
	char *text; /* of a plain one */
	bool case_matters, is_regex;
	regex_t regex;
};

struct pattern *pattern_new(const char *text)
{
	struct pattern *p;

	if (!text || !text[0])
		return NULL;
	p = mem_calloc(1, sizeof(*p));
	p->text = mem_strdup(text);
	for (const char *c = text; *c; c++)
		p->case_matters |= isupper((unsigned char)*c) != 0;
	if (strpbrk(text, "*+[(|^$"))
		p->is_regex =
			regcomp(&p->regex, text,
				REG_EXTENDED | (p->case_matters ? 0 : REG_ICASE)) == 0;
	return p;
}

void pattern_free(struct pattern *p)
{
	if (!p)
		return;
	if (p->is_regex)
		regfree(&p->regex);
	free(p->text);
	free(p);
}

const char *pattern_text(const struct pattern *p)
{
	return p ? p->text : "";
}

int pattern_find(const struct pattern *p, const char *text, size_t *ret_at)
{
	regmatch_t match;
	const char *found;

	if (p->is_regex) {
		if (regexec(&p->regex, text, 1, &match, 0) != 0)
			return -1;
		*ret_at = (size_t)match.rm_so;
		return (int)(match.rm_eo - match.rm_so);
	}
	found = p->case_matters ? strstr(text, p->text) : strcasestr(text, p->text);
	if (!found)
		return -1;
	*ret_at = (size_t)(found - text);
	return (int)strlen(p->text);
}

enum word_kind { WORD_NAME, WORD_TEXT, WORD_COMPARE, WORD_FLAG };

struct word {
	enum word_kind kind;
	bool negate;
	size_t column, flag;
	char op[3];
	uint64_t number;
	struct pattern *pattern;
};

struct filter {
	ARRAY_OF(struct word) words;
};

static int parse_number(const struct column *column, const char *text, uint64_t *ret,
			struct error *err)
{
	char *end = NULL;

	if (column->kind == VALUE_BYTES)
		return units_parse(text, ret, err);
	*ret = strtoull(text, &end, 10);
	if (!isdigit((unsigned char)text[0]) || *end)
		return error_set(err, -EINVAL, "'%s' is no number", text);
	return 0;
}

static bool is_numeric(const struct column *column)
{
	return column->kind == VALUE_BYTES || column->kind == VALUE_NUMBER;
}

/* name OP value; 1 when the word is of that form. */
static int parse_compare(const struct source_ops *ops, const char *text,
			 struct word *word, struct error *err)
{
	size_t len = strcspn(text, "<>=:"), op_len = strspn(text + len, "<>=");
	char name[32];
	int column;

	if (len == 0 || len >= sizeof(name) || text[len] == '\0' || op_len > 2)
		return 0;
	snprintf(name, sizeof(name), "%.*s", (int)len, text);
	column = source_column(ops, name);
	if (column < 0)
		return text[len] == '=' ? 0 /* "sh=" may well be a part of a name */
					: error_set(err, -EINVAL,
						    "there is no column '%s' here", name);
	word->column = (size_t)column;
	if (text[len] == ':') {
		word->kind = WORD_TEXT;
		word->pattern = pattern_new(text + len + 1);
		return 1;
	}
	if (!is_numeric(&ops->columns[column]))
		return error_set(err, -EINVAL, "'%s' is no number: write %s:text", name,
				 name);
	word->kind = WORD_COMPARE;
	snprintf(word->op, sizeof(word->op), "%.*s", (int)op_len, text + len);
	if (parse_number(&ops->columns[column], text + len + op_len, &word->number, err) <
	    0)
		return -EINVAL;
	return 1;
}

static int parse_word(const struct source_ops *ops, const char *text, struct word *word,
		      struct error *err)
{
	int r;

	*word = (struct word){ .kind = WORD_NAME, .column = ops->name_column };
	if (text[0] == '!' && text[1]) {
		word->negate = true;
		text++;
	}
	if (text[0] == '~' && text[1]) {
		int flag = source_flag(ops, text + 1);

		if (flag < 0)
			return error_set(err, -EINVAL, "there is no flag '%s' here",
					 text + 1);
		word->kind = WORD_FLAG;
		word->flag = (size_t)flag;
		return 0;
	}
	r = parse_compare(ops, text, word, err);
	if (r != 0)
		return r < 0 ? r : 0;
	word->pattern = pattern_new(text);
	return 0;
}

int filter_compile(struct filter **ret, const struct source_ops *ops, const char *text,
		   struct error *err)
{
	_cleanup_(filter_freep) struct filter *f = mem_calloc(1, sizeof(*f));
	_cleanup_(freep) char *copy = mem_strdup(text);
	char *place = NULL;

	for (char *item = strtok_r(copy, " \t", &place); item;
	     item = strtok_r(NULL, " \t", &place)) {
		struct word word;
		int r = parse_word(ops, item, &word, err);

		if (r < 0)
			return r;
		array_push(&f->words, word);
	}
	*ret = f->words.len ? steal_ptr(&f) : NULL;
	return 0;
}

void filter_free(struct filter *f)
{
	if (!f)
		return;
	array_each (&f->words, i)
		pattern_free(f->words.data[i].pattern);
	array_release(&f->words);
	free(f);
}

void filter_freep(struct filter **f)
{
	filter_free(*f);
}

static bool compare(uint64_t a, const char *op, uint64_t b)
{
	if (op[0] == '=')
		return a == b;
	if (a == b)
		return op[1] == '=';
	return op[0] == '<' ? a < b : a > b;
}

static bool text_matches(const struct word *word, const struct column *column,
			 const struct value *value)
{
	const char *text = value->missing		  ? "-"
			   : column->kind == VALUE_YES_NO ? (value->number ? "yes" : "no")
			   : value->text		  ? value->text
							  : "";
	char number[24];
	size_t at;

	if (is_numeric(column) && !value->missing) {
		snprintf(number, sizeof(number), "%llu",
			 (unsigned long long)value->number);
		text = number;
	}
	if (!word->pattern)
		return text[0] == '\0' || value->missing;
	return pattern_find(word->pattern, text, &at) >= 0;
}

static bool word_matches(const struct word *word, const struct source *source,
			 uint32_t row)
{
	const struct column *column = &source->ops->columns[word->column];
	struct value value = { 0 };

	if (word->kind == WORD_FLAG)
		return source_row_flags(source, row) >> word->flag & 1;
	source->ops->value(source, row, word->column, &value);
	if (word->kind == WORD_COMPARE)
		return !value.missing && compare(value.number, word->op, word->number);
	return text_matches(word, column, &value);
}

bool filter_match(const struct filter *f, const struct source *source, uint32_t row)
{
	if (!f)
		return true;
	array_each (&f->words, i)
		if (word_matches(&f->words.data[i], source, row) ==
		    f->words.data[i].negate)
			return false;
	return true;
}
