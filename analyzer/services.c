#include "analyzer/services.h"

void service_list_init(struct service_list *list)
{
	*list = (struct service_list){ 0 };
	strpool_init(&list->strings);
}

void service_list_release(struct service_list *list)
{
	strpool_release(&list->strings);
	array_release(&list->items);
}

void service_list_add(struct service_list *list, const struct service_row *row)
{
	array_push(&list->items,
		   (struct service_item){
			   .file = row->file,
			   .program = row->program,
			   .type = (uint8_t)row->type,
			   .conditions = strpool_add(&list->strings, row->conditions),
		   });
}

void service_list_merge(struct service_list *list, const struct service_list *other)
{
	array_each (&other->items, i) {
		struct service_row row = service_list_row(other, i);

		service_list_add(list, &row);
	}
}

static int by_file(const void *a, const void *b)
{
	const struct service_item *x = a, *y = b;

	return (x->file > y->file) - (x->file < y->file);
}

void service_list_finish(struct service_list *list)
{
	array_sort(&list->items, by_file);
}

struct service_row service_list_row(const struct service_list *list, size_t i)
{
	const struct service_item *item = &list->items.data[i];

	return (struct service_row){
		.file = item->file,
		.type = item->type,
		.program = item->program,
		.conditions = strpool_text(&list->strings, item->conditions),
	};
}
