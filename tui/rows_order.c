#include "tui/rows_order.h"

#include "base/macros.h"
#include "base/mem.h"
#include "tui/clock.h"

#include <string.h>

/* How much is done between two looks at the clock. */
#define SCAN_STEP  4096	 /* rows, which are asked for their values */
#define MOVE_STEP  32768 /* items, which are only moved */
#define MERGE_STEP 4096	 /* items, of which two are asked for their texts */

enum {
	STAGE_SCAN,
	STAGE_COUNT, /* by number: one byte of the keys after the other */
	STAGE_SPREAD,
	STAGE_RUNS, /* by text: short runs, then two and two of them */
	STAGE_MERGE,
	STAGE_PUBLISH,
};

static uint32_t row_count(const struct rows *t)
{
	return t->source->ops->count(t->source);
}

const struct column *rows_sort_column(const struct rows *t)
{
	return &t->source->ops->columns[t->sort_column];
}

static bool is_by_text(const struct rows *t)
{
	return (rows_sort_column(t)->flags & COLUMN_BY_TEXT) != 0;
}

/* What is missing is always last, and 1 is below all of it. */
uint64_t rows_sort_key(const struct rows *t, uint32_t row)
{
	struct value value = { 0 };
	uint64_t number;

	if (is_by_text(t))
		return 0;
	t->source->ops->value(t->source, row, t->sort_column, &value);
	if (value.missing)
		return UINT64_MAX;
	number = rows_sort_column(t)->kind == VALUE_FLAGS ? value.flags : value.number;
	return t->falling ? UINT64_MAX - 1 - number : number;
}

static int by_key(const void *a, const void *b)
{
	const struct sort_item *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

static int by_text(const void *a, const void *b, void *arg)
{
	const struct sort_item *x = a, *y = b;
	const struct rows *t = arg;
	struct value v = { 0 }, w = { 0 };
	int order;

	t->source->ops->value(t->source, x->row, t->sort_column, &v);
	t->source->ops->value(t->source, y->row, t->sort_column, &w);
	if (v.missing != w.missing)
		return v.missing ? 1 : -1;
	order = v.missing ? 0 : strcmp(v.text ? v.text : "", w.text ? w.text : "");
	if (order != 0)
		return t->falling ? -order : order;
	return x->row < y->row ? -1 : x->row > y->row;
}

void rows_sort_items(const struct rows *t, struct sort_item *items, size_t len)
{
	if (len < 2)
		return;
	if (is_by_text(t))
		qsort_r(items, len, sizeof(*items), by_text, (void *)t);
	else
		qsort(items, len, sizeof(*items), by_key);
}

static void go_to(struct rows_order *o, unsigned int stage)
{
	o->stage = stage;
	o->at = 0;
	memset(o->start, 0, sizeof(o->start));
}

/* Take over rows that pass the filter. */
static void scan(struct rows *t)
{
	struct rows_order *o = &t->order;
	uint32_t count = row_count(t), end = MIN2(count, o->scanned + SCAN_STEP);

	for (; o->scanned < end; o->scanned++)
		if (filter_match(t->filter, t->source, o->scanned))
			array_push(&o->next,
				   (struct sort_item){ rows_sort_key(t, o->scanned),
						       o->scanned });
	if (o->scanned < count)
		return;
	if (o->next.len <= ROWS_AT_ONCE) {
		rows_sort_items(t, o->next.data, o->next.len);
		go_to(o, STAGE_PUBLISH);
		return;
	}
	o->spare = mem_calloc(o->next.cap, sizeof(*o->spare));
	go_to(o, is_by_text(t) ? STAGE_RUNS : STAGE_COUNT);
}

static void swap_items(struct rows_order *o)
{
	struct sort_item *sorted = o->spare;

	o->spare = o->next.data;
	o->next.data = sorted;
}

static void next_pass(struct rows_order *o)
{
	o->pass++;
	go_to(o, o->pass < sizeof(uint64_t) ? STAGE_COUNT : STAGE_PUBLISH);
}

static unsigned int byte_of(const struct rows_order *o, const struct sort_item *item)
{
	return item->key >> (8 * o->pass) & 0xff;
}

static void count_bytes(struct rows_order *o)
{
	size_t end = MIN2(o->next.len, o->at + MOVE_STEP), sum = 0;

	for (; o->at < end; o->at++)
		o->start[byte_of(o, &o->next.data[o->at])]++;
	if (end < o->next.len)
		return;
	/* a byte that is the same in all keys needs no pass */
	if (o->start[byte_of(o, &o->next.data[0])] == o->next.len) {
		next_pass(o);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(o->start); i++) {
		size_t n = o->start[i];

		o->start[i] = sum;
		sum += n;
	}
	o->stage = STAGE_SPREAD;
	o->at = 0;
}

/* Rows are in their own order when they come here, and each pass keeps equal ones. */
static void spread(struct rows_order *o)
{
	size_t end = MIN2(o->next.len, o->at + MOVE_STEP);

	for (; o->at < end; o->at++) {
		const struct sort_item *item = &o->next.data[o->at];

		o->spare[o->start[byte_of(o, item)]++] = *item;
	}
	if (end < o->next.len)
		return;
	swap_items(o);
	next_pass(o);
}

static void begin_merge(struct rows_order *o, size_t width)
{
	if (width >= o->next.len) {
		go_to(o, STAGE_PUBLISH);
		return;
	}
	go_to(o, STAGE_MERGE);
	o->width = width;
	o->left = 0;
	o->right = width;
}

static void sort_run(struct rows *t)
{
	struct rows_order *o = &t->order;
	size_t len = MIN2(o->next.len - o->at, (size_t)MERGE_STEP);

	rows_sort_items(t, o->next.data + o->at, len);
	o->at += len;
	if (o->at == o->next.len)
		begin_merge(o, MERGE_STEP);
}

/* @p at: where the next item goes; the pair of runs that it is of says what is left. */
static void merge(struct rows *t)
{
	struct rows_order *o = &t->order;
	size_t len = o->next.len, stop = MIN2(len, o->at + MERGE_STEP);
	const struct sort_item *items = o->next.data;

	while (o->at < stop) {
		size_t begin = o->at / (2 * o->width) * (2 * o->width);
		size_t middle = MIN2(len, begin + o->width);
		size_t end = MIN2(len, begin + 2 * o->width);
		bool from_left = o->right >= end ||
				 (o->left < middle &&
				  by_text(&items[o->left], &items[o->right], t) < 0);

		o->spare[o->at++] = items[from_left ? o->left++ : o->right++];
		if (o->at == end) {
			o->left = end;
			o->right = MIN2(len, end + o->width);
		}
	}
	if (o->at < len)
		return;
	swap_items(o);
	begin_merge(o, 2 * o->width);
}

static void publish(struct rows *t)
{
	struct rows_order *o = &t->order;
	size_t end = MIN2(o->next.len, o->at + MOVE_STEP);
	uint32_t current = rows_current(t);

	array_reserve(&o->ready, o->next.len - o->ready.len + 1);
	for (; o->at < end; o->at++)
		o->ready.data[o->ready.len++] =
			(struct rows_line){ .row = o->next.data[o->at].row };
	if (end < o->next.len)
		return;
	array_release(&t->rows);
	memcpy(&t->rows, &o->ready, sizeof(t->rows));
	memset(&o->ready, 0, sizeof(o->ready));
	rows_order_release(t);
	rows_keep_cursor(t, current);
}

static void step(struct rows *t)
{
	switch (t->order.stage) {
	case STAGE_SCAN:
		scan(t);
		break;
	case STAGE_COUNT:
		count_bytes(&t->order);
		break;
	case STAGE_SPREAD:
		spread(&t->order);
		break;
	case STAGE_RUNS:
		sort_run(t);
		break;
	case STAGE_MERGE:
		merge(t);
		break;
	default:
		publish(t);
	}
}

void rows_order_begin(struct rows *t)
{
	rows_order_release(t);
	t->order.working = true;
}

void rows_order_all(struct rows *t)
{
	while (t->order.working)
		step(t);
}

void rows_order_release(struct rows *t)
{
	array_release(&t->order.next);
	array_release(&t->order.ready);
	free(t->order.spare);
	t->order = (struct rows_order){ 0 };
}

bool rows_busy(const struct rows *t)
{
	return t->order.working;
}

bool rows_work(struct rows *t, unsigned int milliseconds)
{
	double end = clock_ms() + milliseconds;

	while (t->order.working) {
		step(t);
		if (clock_ms() >= end)
			break;
	}
	return t->order.working;
}

unsigned int rows_progress(const struct rows *t)
{
	const struct rows_order *o = &t->order;
	uint32_t count = MAX2(row_count(t), 1u);
	unsigned int percent = (unsigned int)((uint64_t)o->scanned * 50 / count);

	if (!o->working)
		return 100;
	for (size_t width = MERGE_STEP; width < o->width; width *= 2)
		percent += 4;
	return MIN2(percent + o->pass * 40 / 8, 99u);
}
