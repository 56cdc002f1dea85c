#include "tui/clock.h"
#include "tui/list_view.h"

#include <string.h>

#define AT_ONCE 16384 /* rows that are looked at before the key is answered */
#define STEP	4096  /* rows between two looks at the clock */

/* Places are rows of the source in a tree (what is closed is searched, too), and else
 * lines of the list. */
static size_t place_count(const struct list_view *lv)
{
	return rows_is_tree(&lv->rows) ? lv->source->ops->count(lv->source)
				       : lv->rows.rows.len;
}

static size_t here(const struct list_view *lv)
{
	uint32_t row = rows_current(&lv->rows);

	if (!rows_is_tree(&lv->rows))
		return lv->rows.cursor;
	return row == SOURCE_TOP ? 0 : row;
}

static bool matches(const struct list_view *lv, size_t place)
{
	uint32_t row =
		rows_is_tree(&lv->rows) ? (uint32_t)place : lv->rows.rows.data[place].row;
	struct value value = { 0 };
	const char *text;
	size_t at;

	lv->source->ops->value(lv->source, row, lv->source->ops->name_column, &value);
	text = value.text ? value.text : "";
	/* in a tree each line is a last component, and only that is its name */
	if (rows_is_tree(&lv->rows) && strrchr(text, '/') &&
	    !strchr(pattern_text(lv->pattern), '/'))
		text = strrchr(text, '/') + 1;
	return pattern_find(lv->pattern, text, &at) >= 0;
}

static void found(struct list_view *lv, size_t place)
{
	lv->hunt.step = 0;
	if (rows_is_tree(&lv->rows))
		rows_find_row(&lv->rows, (uint32_t)place);
	else
		rows_go(&lv->rows, place);
}

/* Look at up to @p limit places; true while the hunt goes on. */
static bool hunt(struct list_view *lv, size_t limit)
{
	size_t count = place_count(lv);

	while (lv->hunt.left > 0 && limit > 0) {
		size_t place = lv->hunt.at % count;

		if (matches(lv, place)) {
			found(lv, place);
			return false;
		}
		lv->hunt.at = lv->hunt.step > 0 ? (place + 1) % count
						: (place + count - 1) % count;
		lv->hunt.left--;
		limit--;
	}
	if (lv->hunt.left > 0)
		return true;
	lv->hunt.step = 0;
	lv->hunt.failed = true;
	return false;
}

bool list_search_work(struct list_view *lv, unsigned int milliseconds)
{
	double end = clock_ms() + milliseconds;

	while (lv->hunt.step && hunt(lv, STEP))
		if (clock_ms() >= end)
			return true;
	return lv->hunt.step != 0;
}

bool list_search(struct view *v, const struct pattern *pattern, int step)
{
	struct list_view *lv = list_view_of(v);
	size_t count = place_count(lv), at = here(lv);

	if (!lv->pattern ||
	    strcmp(pattern_text(lv->pattern), pattern_text(pattern)) != 0) {
		pattern_free(lv->pattern);
		lv->pattern = pattern_new(pattern_text(pattern));
	}
	lv->hunt = (struct list_hunt){ .step = step < 0 ? -1 : 1, .left = count };
	if (count == 0)
		return false;
	if (step != 0)
		at = step > 0 ? (at + 1) % count : (at + count - 1) % count;
	lv->hunt.at = at;
	if (hunt(lv, AT_ONCE))
		return true;
	return !lv->hunt.failed;
}

void list_view_forget_search(struct list_view *lv)
{
	pattern_free(lv->pattern);
	lv->pattern = NULL;
	lv->hunt = (struct list_hunt){ 0 };
}
