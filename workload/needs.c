#include "workload/needs.h"

#include <string.h>

void needs_init(struct needs *needs)
{
	*needs = (struct needs){ 0 };
	strpool_init(&needs->texts);
	strpool_init(&needs->keys);
}

void needs_release(struct needs *needs)
{
	array_release(&needs->list);
	strpool_release(&needs->texts);
	strpool_release(&needs->keys);
}

static const char *own_text(struct needs *needs, const char *text)
{
	return strpool_text(&needs->texts, strpool_add(&needs->texts, text));
}

/* The smallest texts stay, so that the order of the objects does not matter. */
static void cite(struct needs *needs, struct need *need, const char *text)
{
	if (need->cited[CITATIONS_MAX - 1] &&
	    strcmp(need->cited[CITATIONS_MAX - 1], text) <= 0)
		return;
	text = own_text(needs, text);
	for (size_t i = 0; i < CITATIONS_MAX && text; i++) {
		const char *other = need->cited[i];

		if (other && strcmp(other, text) == 0)
			return;
		if (other && strcmp(other, text) < 0)
			continue;
		need->cited[i] = text;
		text = other;
	}
}

/* NULL when there are too many. */
static struct need *find_or_add(struct needs *needs, enum workload_row row,
				const struct row_keep *what)
{
	_cleanup_(strbuf_release) struct strbuf name = { 0 };
	str_id id;

	strbuf_printf(&name, "%d %s %s", (int)row, what->key, what->values);
	id = strpool_find(&needs->keys, strbuf_text(&name));
	if (!id && needs->list.len == NEEDS_MAX) {
		needs->too_many = true;
		return NULL;
	}
	if (!id) {
		strpool_add(&needs->keys, strbuf_text(&name));
		id = (str_id)needs->list.len + 1;
		array_push(&needs->list, (struct need){
						 .row = row,
						 .key = own_text(needs, what->key),
						 .value = own_text(needs, what->values),
						 .why = own_text(needs, what->why),
					 });
	}
	return &needs->list.data[id - 1];
}

static uint64_t hash(const char *text)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001b3u;
	return h;
}

static void ask(struct needs *needs, enum workload_row row, const struct row_keep *what,
		const struct spot *spot)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	struct need *need = find_or_add(needs, row, what);

	if (!need)
		return;
	spot_cite(spot, &text);
	if (need->count > 0 && need->last == hash(strbuf_text(&text)))
		return;
	need->count++;
	need->last = hash(strbuf_text(&text));
	cite(needs, need, strbuf_text(&text));
}

void need_like(struct needs *needs, enum workload_row row, const struct row_keep *what,
	       const struct need *like)
{
	static const struct row_keep ITSELF = { "", "", "" };
	struct need *need = find_or_add(needs, row, what ? what : &ITSELF);

	if (!need)
		return;
	need->count += like->count;
	for (size_t i = 0; i < CITATIONS_MAX && like->cited[i]; i++)
		cite(needs, need, like->cited[i]);
}

void need_class(struct needs *needs, const char *name, const struct spot *spot)
{
	ask(needs, ROW_HANDLER_OTHER, &(struct row_keep){ "class", name, "" }, spot);
}

void need(struct needs *needs, enum workload_row row, const struct spot *spot)
{
	ask(needs, row, &(struct row_keep){ "", "", "" }, spot);
}

void need_more(struct needs *needs, enum workload_row row, const struct row_keep *what,
	       const struct spot *spot)
{
	need(needs, row, spot);
	ask(needs, row, what, spot);
}

void need_fact(struct needs *needs, const char *fact, const struct spot *spot)
{
	ask(needs, ROW_KUBERNETES, &(struct row_keep){ "fact", fact, "" }, spot);
}

void need_warning(struct needs *needs, enum workload_row row, const char *text,
		  const struct spot *spot)
{
	ask(needs, row, &(struct row_keep){ "warning", text, "" }, spot);
}

static int compare(const void *a, const void *b)
{
	const struct need *x = a, *y = b;
	int r = (x->row > y->row) - (x->row < y->row);

	r = r ? r : strcmp(x->key, y->key);
	return r ? r : strcmp(x->value, y->value);
}

void needs_sort(struct needs *needs)
{
	array_sort(&needs->list, compare);
}

const struct need *needs_find(const struct needs *needs, enum workload_row row)
{
	array_each (&needs->list, i)
		if (needs->list.data[i].row == row && needs->list.data[i].key[0] == '\0')
			return &needs->list.data[i];
	return NULL;
}

void need_cite(const struct need *need, struct strbuf *out)
{
	size_t shown = 0;

	for (; shown < CITATIONS_MAX && need->cited[shown]; shown++)
		strbuf_printf(out, "%s%s", shown ? ", " : "", need->cited[shown]);
	if (need->count > shown)
		strbuf_printf(out, " and %zu more", need->count - shown);
}
