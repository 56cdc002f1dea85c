/* Numbers, booleans, dates and times of TOML: is a word one of them? */
#include "base/macros.h"
#include "base/toml_internal.h"

#include <string.h>

/* What is left of the word. */
struct word {
	const char *at, *end;
};

static bool is_digit_of(char c, int base)
{
	if (base <= 10)
		return c >= '0' && c < '0' + base;
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool take(struct word *w, char c)
{
	if (w->at == w->end || *w->at != c)
		return false;
	w->at++;
	return true;
}

static bool take_any(struct word *w, const char *chars)
{
	if (w->at == w->end || !*w->at || !strchr(chars, *w->at))
		return false;
	w->at++;
	return true;
}

static bool take_text(struct word *w, const char *text)
{
	size_t len = strlen(text);

	if ((size_t)(w->end - w->at) < len || memcmp(w->at, text, len) != 0)
		return false;
	w->at += len;
	return true;
}

/* Digits with single underscores between them. */
static bool digits(struct word *w, int base)
{
	bool after_digit = false;

	for (; w->at < w->end; w->at++) {
		if (is_digit_of(*w->at, base))
			after_digit = true;
		else if (*w->at == '_' && after_digit)
			after_digit = false;
		else
			break;
	}
	return after_digit;
}

static bool prefixed_integer(struct word w)
{
	static const struct {
		const char *prefix;
		int base;
	} FORMS[] = { { "0x", 16 }, { "0o", 8 }, { "0b", 2 } };

	for (size_t i = 0; i < ARRAY_LEN(FORMS); i++)
		if (take_text(&w, FORMS[i].prefix))
			return digits(&w, FORMS[i].base) && w.at == w.end;
	return false;
}

/* A number of base ten: 1 for an integer, 2 for a float, 0 for none. */
static int decimal(struct word w)
{
	bool is_float = false, zero;

	take_any(&w, "+-");
	if (take_text(&w, "inf") || take_text(&w, "nan"))
		return w.at == w.end ? 2 : 0;
	zero = w.end - w.at > 1 && w.at[0] == '0' &&
	       (is_digit_of(w.at[1], 10) || w.at[1] == '_');
	if (zero || !digits(&w, 10))
		return 0;
	if (take(&w, '.')) {
		is_float = true;
		if (!digits(&w, 10))
			return 0;
	}
	if (take_any(&w, "eE")) {
		is_float = true;
		take_any(&w, "+-");
		if (!digits(&w, 10))
			return 0;
	}
	if (w.at != w.end)
		return 0;
	return is_float ? 2 : 1;
}

/* @p count digits as a number; -1 when they are not there. */
static int number(struct word *w, int count)
{
	int value = 0;

	for (int i = 0; i < count; i++) {
		if (w->at == w->end || !is_digit_of(*w->at, 10))
			return -1;
		value = value * 10 + *w->at++ - '0';
	}
	return value;
}

static int days_in(int year, int month)
{
	static const int DAYS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return DAYS[month - 1] + (month == 2 && leap);
}

static bool take_date(struct word *w)
{
	int year = number(w, 4), month, day;

	if (year < 0 || !take(w, '-'))
		return false;
	month = number(w, 2);
	if (month < 1 || month > 12 || !take(w, '-'))
		return false;
	day = number(w, 2);
	return day >= 1 && day <= days_in(year, month);
}

static bool in_range(int value, int max)
{
	return value >= 0 && value <= max;
}

static bool take_time(struct word *w)
{
	if (!in_range(number(w, 2), 23) || !take(w, ':') || !in_range(number(w, 2), 59) ||
	    !take(w, ':') || !in_range(number(w, 2), 60))
		return false;
	if (!take(w, '.'))
		return true;
	if (number(w, 1) < 0)
		return false;
	while (number(w, 1) >= 0)
		;
	return true;
}

static bool take_offset(struct word *w)
{
	if (take_any(w, "Zz"))
		return true;
	return take_any(w, "+-") && in_range(number(w, 2), 23) && take(w, ':') &&
	       in_range(number(w, 2), 59);
}

static bool is_datetime(struct word w)
{
	struct word time = w;

	if (take_time(&time) && time.at == time.end)
		return true;
	if (!take_date(&w))
		return false;
	if (w.at == w.end)
		return true;
	if (!take_any(&w, "Tt ") || !take_time(&w))
		return false;
	return w.at == w.end || (take_offset(&w) && w.at == w.end);
}

bool toml_scalar_type(const char *text, size_t len, enum toml_type *ret)
{
	struct word w = { text, text + len };
	int kind = decimal(w);

	if ((len == 4 && memcmp(text, "true", 4) == 0) ||
	    (len == 5 && memcmp(text, "false", 5) == 0))
		*ret = TOML_BOOLEAN;
	else if (kind == 1 || prefixed_integer(w))
		*ret = TOML_INTEGER;
	else if (kind == 2)
		*ret = TOML_FLOAT;
	else if (is_datetime(w))
		*ret = TOML_DATETIME;
	else
		return false;
	return true;
}
