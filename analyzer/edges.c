#include "analyzer/edges.h"

#define PACKAGE_BIT (1u << 31)

void edge_list_init(struct edge_list *list)
{
	*list = (struct edge_list){ 0 };
	strpool_init(&list->strings);
}

void edge_list_release(struct edge_list *list)
{
	strpool_release(&list->strings);
	array_release(&list->items);
}

void edge_list_add(struct edge_list *list, const struct edge_row *row)
{
	struct edge_item item = {
		.from = row->from_file ? row->from_file : row->from_package | PACKAGE_BIT,
		.to = row->to_file ? row->to_file : row->to_package | PACKAGE_BIT,
		.kind = (uint8_t)row->kind,
		.strength = (uint8_t)row->strength,
		.cite_file = row->cite_file,
		.cite_line = row->cite_line,
	};

	if (item.from == item.to)
		return;
	item.cite_text = strpool_add(&list->strings, row->cite_text);
	array_push(&list->items, item);
}

void edge_list_merge(struct edge_list *list, const struct edge_list *other)
{
	array_each (&other->items, i) {
		struct edge_row row = edge_list_row(other, i);

		edge_list_add(list, &row);
	}
}

struct edge_row edge_list_row(const struct edge_list *list, size_t i)
{
	const struct edge_item *item = &list->items.data[i];
	bool from_package = item->from & PACKAGE_BIT, to_package = item->to & PACKAGE_BIT;

	return (struct edge_row){
		.from_file = from_package ? 0 : item->from,
		.from_package = from_package ? item->from & ~PACKAGE_BIT : 0,
		.to_file = to_package ? 0 : item->to,
		.to_package = to_package ? item->to & ~PACKAGE_BIT : 0,
		.kind = item->kind,
		.strength = item->strength,
		.cite_file = item->cite_file,
		.cite_line = item->cite_line,
		.cite_text = strpool_text(&list->strings, item->cite_text),
	};
}

#define ORDER(a, b) ((a) < (b) ? -1 : (a) > (b))

static int same_edge_order(const struct edge_item *a, const struct edge_item *b)
{
	if (a->from != b->from)
		return ORDER(a->from, b->from);
	if (a->to != b->to)
		return ORDER(a->to, b->to);
	return ORDER(a->kind, b->kind);
}

static int edge_order(const void *va, const void *vb, void *arg)
{
	const struct edge_item *a = va, *b = vb;
	const struct edge_list *list = arg;
	int order = same_edge_order(a, b);

	if (order)
		return order;
	if (a->strength != b->strength)
		return ORDER(a->strength, b->strength);
	if (a->cite_file != b->cite_file)
		return ORDER(a->cite_file, b->cite_file);
	if (a->cite_line != b->cite_line)
		return ORDER(a->cite_line, b->cite_line);
	return strcmp(strpool_text(&list->strings, a->cite_text),
		      strpool_text(&list->strings, b->cite_text));
}

void edge_list_finish(struct edge_list *list)
{
	size_t kept = 0;

	if (list->items.len == 0)
		return;
	qsort_r(list->items.data, list->items.len, sizeof(*list->items.data), edge_order,
		list);
	for (size_t i = 1; i < list->items.len; i++)
		if (same_edge_order(&list->items.data[kept], &list->items.data[i]) != 0)
			list->items.data[++kept] = list->items.data[i];
	list->items.len = kept + 1;
}

void finding_list_init(struct finding_list *list)
{
	*list = (struct finding_list){ 0 };
	strpool_init(&list->strings);
}

void finding_list_release(struct finding_list *list)
{
	strpool_release(&list->strings);
	array_release(&list->items);
}

void finding_list_add(struct finding_list *list, const struct finding_row *row)
{
	struct finding_item item = {
		.rule = row->rule,
		.severity = (uint8_t)row->severity,
		.file = row->file,
		.package = row->package,
		.subject = strpool_add(&list->strings, row->subject),
		.text = strpool_add(&list->strings, row->text),
		.remedy = strpool_add(&list->strings, row->remedy ? row->remedy : ""),
	};

	array_push(&list->items, item);
}

void finding_list_merge(struct finding_list *list, const struct finding_list *other)
{
	array_each (&other->items, i) {
		struct finding_row row = finding_list_row(other, i);

		finding_list_add(list, &row);
	}
}

struct finding_row finding_list_row(const struct finding_list *list, size_t i)
{
	const struct finding_item *item = &list->items.data[i];

	return (struct finding_row){
		.rule = item->rule,
		.severity = item->severity,
		.file = item->file,
		.package = item->package,
		.subject = strpool_text(&list->strings, item->subject),
		.text = strpool_text(&list->strings, item->text),
		.remedy = strpool_text(&list->strings, item->remedy),
	};
}

static int finding_order(const void *va, const void *vb, void *arg)
{
	const struct finding_item *a = va, *b = vb;
	const struct finding_list *list = arg;
	int order = ORDER(a->severity, b->severity);

	if (!order)
		order = strcmp(a->rule, b->rule);
	if (!order)
		order = strcmp(strpool_text(&list->strings, a->subject),
			       strpool_text(&list->strings, b->subject));
	if (!order)
		order = strcmp(strpool_text(&list->strings, a->text),
			       strpool_text(&list->strings, b->text));
	return order;
}

void finding_list_finish(struct finding_list *list)
{
	size_t kept = 0;

	if (list->items.len == 0)
		return;
	qsort_r(list->items.data, list->items.len, sizeof(*list->items.data),
		finding_order, list);
	for (size_t i = 1; i < list->items.len; i++)
		if (finding_order(&list->items.data[kept], &list->items.data[i], list) !=
		    0)
			list->items.data[++kept] = list->items.data[i];
	list->items.len = kept + 1;
}
