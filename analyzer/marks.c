#include "analyzer/marks.h"

#include <string.h>

void mark_list_init(struct mark_list *list)
{
	*list = (struct mark_list){ 0 };
	strpool_init(&list->strings);
}

void mark_list_release(struct mark_list *list)
{
	strpool_release(&list->strings);
	array_release(&list->items);
}

void mark_list_add(struct mark_list *list, const struct mark_row *row)
{
	array_push(&list->items, (struct mark_item){
					 .file = row->file,
					 .mark = (uint8_t)row->mark,
					 .value = strpool_add(&list->strings, row->value),
				 });
}

void mark_list_merge(struct mark_list *list, const struct mark_list *other)
{
	array_each (&other->items, i) {
		struct mark_row row = mark_list_row(other, i);

		mark_list_add(list, &row);
	}
}

static int order(const void *va, const void *vb, void *arg)
{
	const struct mark_item *a = va, *b = vb;
	const struct mark_list *list = arg;

	if (a->mark != b->mark)
		return a->mark < b->mark ? -1 : 1;
	if (a->value != b->value)
		return strcmp(strpool_text(&list->strings, a->value),
			      strpool_text(&list->strings, b->value));
	return (a->file > b->file) - (a->file < b->file);
}

void mark_list_finish(struct mark_list *list)
{
	size_t kept = 0;

	array_sort_with(&list->items, order, list);
	array_each (&list->items, i)
		if (kept == 0 ||
		    order(&list->items.data[kept - 1], &list->items.data[i], list) != 0)
			list->items.data[kept++] = list->items.data[i];
	list->items.len = kept;
}

struct mark_row mark_list_row(const struct mark_list *list, size_t i)
{
	const struct mark_item *item = &list->items.data[i];

	return (struct mark_row){
		.file = item->file,
		.mark = item->mark,
		.value = strpool_text(&list->strings, item->value),
	};
}
