#include "report/budget_fields.h"

#include "base/text.h"
#include "report/budget_kind.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MILLI_MAX 1000000000u /* a million times as much */

static int read_amount(const struct rule_node *value, const struct budget_limit *limit,
		       uint64_t *ret, struct error *err)
{
	struct error why = { 0 };
	char *end = NULL;

	if (!budget_limit_noun(limit)) {
		if (units_parse(rule_text(value), ret, &why) < 0)
			return rule_error(value, err, "%s", why.text);
		return 0;
	}
	errno = 0;
	*ret = strtoull(rule_text(value), &end, 10);
	if (!isdigit((unsigned char)rule_text(value)[0]) || *end || errno)
		return rule_error(value, err, "'%s' is no whole number: '%s' counts %ss",
				  rule_text(value), limit->what,
				  budget_limit_noun(limit));
	return 0;
}

static bool is_share(const struct rule_node *value)
{
	return text_ends(rule_text(value), "%");
}

/* "2.5%" or "2.5 %" as thousandths of the whole: 25. */
static int read_share(const struct rule_node *value, uint64_t *ret_milli,
		      struct error *err)
{
	const char *at = rule_text(value);
	uint64_t milli = 0;
	bool any = false;

	for (; isdigit((unsigned char)*at) && milli < MILLI_MAX; at++, any = true)
		milli = milli * 10 + (uint64_t)(*at - '0');
	milli *= 10;
	if (*at == '.' && isdigit((unsigned char)at[1])) {
		milli += (uint64_t)(at[1] - '0');
		at += 2;
	}
	at += strspn(at, " ");
	if (!any || strcmp(at, "%") != 0 || milli > MILLI_MAX)
		return rule_error(value, err,
				  "'%s' is no share: write it like 2%% or 2.5%%",
				  rule_text(value));
	*ret_milli = milli;
	return 0;
}

int budget_field_max(const struct rule_node *value, struct budget_limit *limit,
		     struct error *err)
{
	limit->has_max = true;
	return read_amount(value, limit, &limit->max, err);
}

int budget_field_growth(const struct rule_node *value, struct budget_limit *limit,
			struct error *err)
{
	for (const struct rule_node *at = rule_texts(value); at;
	     at = rule_texts_next(value, at)) {
		bool share = is_share(at);
		bool *has = share ? &limit->has_growth_milli : &limit->has_growth;
		int r;

		if (*has)
			return rule_error(at, err, "one amount and one share, not two");
		*has = true;
		r = share ? read_share(at, &limit->growth_milli, err)
			  : read_amount(at, limit, &limit->growth, err);
		if (r < 0)
			return r;
	}
	return 0;
}

int budget_field_warn_at(const struct rule_node *value, struct budget_limit *limit,
			 struct error *err)
{
	uint64_t milli = 0;
	int r;

	limit->has_warn_at = true;
	if (!limit->has_max)
		return rule_key_error(value, err, "'warn-at' goes with 'max'");
	if (!is_share(value)) {
		r = read_amount(value, limit, &limit->warn_at, err);
	} else {
		r = read_share(value, &milli, err);
		if (r == 0)
			limit->warn_at =
				(uint64_t)((unsigned __int128)limit->max * milli / 1000);
	}
	if (r == 0 && limit->warn_at > limit->max)
		r = rule_error(value, err, "'warn-at' is above 'max'");
	return r;
}

static unsigned int two_digits(const char *text)
{
	return (unsigned int)(text[0] - '0') * 10 + (unsigned int)(text[1] - '0');
}

int budget_day_parse(const char *text, budget_day *ret, struct error *err)
{
	static const char FORM[] = "dddd-dd-dd";
	static const unsigned int DAYS[] = { 31, 29, 31, 30, 31, 30,
					     31, 31, 30, 31, 30, 31 };
	unsigned int year, month, day;
	bool is_leap;

	for (size_t i = 0; i < sizeof(FORM); i++)
		if (FORM[i] == 'd' ? !isdigit((unsigned char)text[i])
				   : text[i] != FORM[i])
			return error_set(err, -EINVAL,
					 "'%s' is no day: write it like 2031-01-31",
					 text);
	year = two_digits(text) * 100 + two_digits(text + 2);
	month = two_digits(text + 5);
	day = two_digits(text + 8);
	is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	if (month < 1 || month > 12 || day < 1 || day > DAYS[month - 1] ||
	    (month == 2 && day == 29 && !is_leap))
		return error_set(err, -EINVAL, "there is no day '%s'", text);
	*ret = year * 10000 + month * 100 + day;
	return 0;
}

int budget_field_waive(const struct rule_node *map, struct budget_limit *limit,
		       struct error *err)
{
	static const struct rule_field FIELDS[] = {
		{ "until", RULE_TEXT, RULE_REQUIRED },
		{ "reason", RULE_TEXT, RULE_REQUIRED },
	};
	const struct rule_node *value[ARRAY_LEN(FIELDS)];
	struct error why = { 0 };
	int r = rule_map_read(map, FIELDS, ARRAY_LEN(FIELDS), value, err);

	if (r < 0)
		return r;
	if (budget_day_parse(rule_text(value[0]), &limit->waived_until, &why) < 0)
		return rule_error(value[0], err, "%s", why.text);
	limit->waive_reason = rule_text(value[1]);
	return 0;
}
