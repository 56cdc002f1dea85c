#include "base/toml.h"

#include "base/text.h"
#include "base/toml_internal.h"

#include <errno.h>
#include <string.h>

int toml_bad(const struct toml_parser *p, const char *what)
{
	return error_set(p->err, -EINVAL, "line %u: %s", p->line, what);
}

struct toml_item *toml_add(struct toml_parser *p, struct toml_item *up, const char *key,
			   enum toml_type type)
{
	struct toml_item *item;

	if (p->doc->items.len >= TOML_MAX_NODES) {
		error_set(p->err, -E2BIG, "line %u: more than %d values", p->line,
			  TOML_MAX_NODES);
		return NULL;
	}
	item = mem_calloc(1, sizeof(*item));
	item->key = key ? mem_strdup(key) : NULL;
	item->up = up;
	item->node = (struct toml_node){ .type = type,
					 .key = item->key,
					 .line = p->line,
					 .parent = up ? &up->node : NULL };
	if (up && up->last)
		up->last->node.next = &item->node;
	else if (up)
		up->node.first = &item->node;
	if (up)
		up->last = item;
	array_push(&p->doc->items, item);
	return item;
}

void toml_blanks(struct toml_parser *p)
{
	while (p->at < p->end && (*p->at == ' ' || *p->at == '\t'))
		p->at++;
}

int toml_newline(struct toml_parser *p)
{
	if (p->at == p->end)
		return 0;
	if (*p->at == '\r') {
		if (p->end - p->at < 2 || p->at[1] != '\n')
			return toml_bad(p, "a carriage return without a line feed");
		p->at++;
	}
	if (*p->at != '\n')
		return 0;
	p->at++;
	p->line++;
	return 1;
}

int toml_comment(struct toml_parser *p)
{
	if (p->at == p->end || *p->at != '#')
		return 0;
	for (; p->at < p->end && *p->at != '\n'; p->at++) {
		unsigned char c = (unsigned char)*p->at;
		bool ends = c == '\r' && p->end - p->at > 1 && p->at[1] == '\n';

		if ((c < ' ' && c != '\t' && !ends) || c == 0x7f)
			return toml_bad(p, "a control character in a comment");
		if (ends)
			break;
	}
	return 0;
}

static bool is_bare(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static int read_part(struct toml_parser *p)
{
	strbuf_clear(&p->word);
	if (p->at < p->end && (*p->at == '"' || *p->at == '\''))
		return toml_short_string(p);
	while (p->at < p->end && is_bare(*p->at))
		strbuf_putc(&p->word, *p->at++);
	return p->word.len ? 0 : toml_bad(p, "a key was expected");
}

void toml_key_release(struct toml_key *key)
{
	for (size_t i = 0; i < key->len; i++)
		free(key->part[i]);
	key->len = 0;
}

int toml_read_key(struct toml_parser *p, struct toml_key *key)
{
	for (;;) {
		int r = read_part(p);

		if (r < 0)
			return r;
		if (strlen(strbuf_text(&p->word)) != p->word.len)
			return toml_bad(p, "a key with a NUL");
		if (key->len == TOML_MAX_DEPTH)
			return error_set(p->err, -E2BIG,
					 "line %u: a key of more than %d parts", p->line,
					 TOML_MAX_DEPTH);
		key->part[key->len++] = mem_strdup(strbuf_text(&p->word));
		toml_blanks(p);
		if (p->at == p->end || *p->at != '.')
			return 0;
		p->at++;
		toml_blanks(p);
	}
}

static struct toml_item *find(const struct toml_item *table, const char *key)
{
	return (struct toml_item *)toml_get(&table->node, key);
}

int toml_place(struct toml_parser *p, struct toml_item *table, const struct toml_key *key,
	       struct toml_item **ret)
{
	const char *last = key->part[key->len - 1];

	for (size_t i = 0; i + 1 < key->len; i++) {
		struct toml_item *next = find(table, key->part[i]);

		if (!next) {
			next = toml_add(p, table, key->part[i], TOML_TABLE);
			if (!next)
				return -E2BIG;
			next->origin = TOML_DOTTED;
		}
		if (next->node.type != TOML_TABLE || next->origin != TOML_DOTTED)
			return toml_bad(p, "a dotted key into what is defined already");
		table = next;
	}
	if (find(table, last))
		return toml_bad(p, "a key that is there already");
	*ret = toml_add(p, table, last, TOML_TABLE);
	return *ret ? 0 : -E2BIG;
}

int toml_equals(struct toml_parser *p)
{
	toml_blanks(p);
	if (p->at == p->end || *p->at != '=')
		return toml_bad(p, "'=' was expected behind a key");
	p->at++;
	toml_blanks(p);
	return 0;
}

int toml_pair(struct toml_parser *p, struct toml_item *table)
{
	struct toml_key key = { 0 };
	struct toml_item *item = NULL;
	int r = toml_read_key(p, &key);

	if (r == 0)
		r = toml_equals(p);
	if (r == 0)
		r = toml_place(p, table, &key, &item);
	if (r == 0)
		r = toml_value(p, item);
	toml_key_release(&key);
	return r;
}

/* One step of a header's name, not the last: into a table, or the last of an array's. */
static struct toml_item *step(struct toml_parser *p, struct toml_item *table,
			      const char *key)
{
	struct toml_item *next = find(table, key);

	if (!next)
		return toml_add(p, table, key, TOML_TABLE);
	if (next->origin == TOML_CLOSED ||
	    (next->node.type != TOML_TABLE && next->node.type != TOML_ARRAY)) {
		toml_bad(p, "a table below what is no table");
		return NULL;
	}
	return next->node.type == TOML_ARRAY ? next->last : next;
}

/* The last part of [name]. */
static struct toml_item *open_table(struct toml_parser *p, struct toml_item *table,
				    const char *key)
{
	struct toml_item *item = find(table, key);

	if (item && (item->node.type != TOML_TABLE || item->origin != TOML_IMPLICIT)) {
		toml_bad(p, "a table that is there already");
		return NULL;
	}
	if (!item)
		item = toml_add(p, table, key, TOML_TABLE);
	if (item)
		item->origin = TOML_HEADER;
	return item;
}

/* The last part of [[name]]: one more table. */
static struct toml_item *open_element(struct toml_parser *p, struct toml_item *table,
				      const char *key)
{
	struct toml_item *array = find(table, key), *item;

	if (array && (array->node.type != TOML_ARRAY || array->origin != TOML_HEADER)) {
		toml_bad(p, "an array of tables in the place of something else");
		return NULL;
	}
	if (!array) {
		array = toml_add(p, table, key, TOML_ARRAY);
		if (!array)
			return NULL;
		array->origin = TOML_HEADER;
	}
	item = toml_add(p, array, NULL, TOML_TABLE);
	if (item)
		item->origin = TOML_HEADER;
	return item;
}

static int open_named(struct toml_parser *p, const struct toml_key *key, bool is_element,
		      struct toml_item **ret)
{
	struct toml_item *table = p->doc->items.data[0];

	for (size_t i = 0; table && i + 1 < key->len; i++)
		table = step(p, table, key->part[i]);
	if (table)
		table = is_element ? open_element(p, table, key->part[key->len - 1])
				   : open_table(p, table, key->part[key->len - 1]);
	*ret = table;
	return table ? 0 : p->err->code;
}

static int read_header(struct toml_parser *p, struct toml_item **ret)
{
	size_t brackets = p->end - p->at > 1 && p->at[1] == '[' ? 2 : 1;
	struct toml_key key = { 0 };
	int r;

	p->at += brackets;
	toml_blanks(p);
	r = toml_read_key(p, &key);
	for (size_t i = 0; r == 0 && i < brackets; i++) {
		if (p->at == p->end || *p->at != ']')
			r = toml_bad(p, "']' was expected behind a table's name");
		else
			p->at++;
	}
	if (r == 0)
		r = open_named(p, &key, brackets == 2, ret);
	toml_key_release(&key);
	return r;
}

static int read_line(struct toml_parser *p, struct toml_item **table)
{
	int r = 0;

	toml_blanks(p);
	if (p->at < p->end && *p->at == '[')
		r = read_header(p, table);
	else if (p->at < p->end && !strchr("#\r\n", *p->at))
		r = toml_pair(p, *table);
	if (r < 0)
		return r;
	toml_blanks(p);
	r = toml_comment(p);
	if (r == 0)
		r = toml_newline(p);
	if (r == 0 && p->at < p->end)
		return toml_bad(p, "the line should end here");
	return r < 0 ? r : 0;
}

int toml_parse(const char *text, size_t len, struct toml **ret, struct error *err)
{
	_cleanup_(toml_freep) struct toml *doc = mem_calloc(1, sizeof(*doc));
	struct error unwanted = { 0 };
	struct toml_parser p = { text, text + len, 1, doc, err ? err : &unwanted, { 0 } };
	struct toml_item *table = toml_add(&p, NULL, NULL, TOML_TABLE);
	int r = 0;

	if (len > TOML_MAX_BYTES)
		return error_set(err, -E2BIG, "more than %u bytes", TOML_MAX_BYTES);
	if (!text_is_utf8(text, len))
		return error_set(err, -EINVAL, "it is not UTF-8");
	table->origin = TOML_HEADER;
	while (r == 0 && p.at < p.end)
		r = read_line(&p, &table);
	strbuf_release(&p.word);
	if (r < 0)
		return r;
	*ret = steal_ptr(&doc);
	return 0;
}

void toml_free(struct toml *doc)
{
	if (!doc)
		return;
	array_each (&doc->items, i) {
		free(doc->items.data[i]->key);
		free(doc->items.data[i]->bytes);
		free(doc->items.data[i]);
	}
	array_release(&doc->items);
	free(doc);
}

void toml_freep(struct toml **doc)
{
	toml_free(*doc);
}

const struct toml_node *toml_root(const struct toml *doc)
{
	return &doc->items.data[0]->node;
}

const struct toml_node *toml_next(const struct toml_node *node)
{
	if (node->first)
		return node->first;
	while (node && !node->next)
		node = node->parent;
	return node ? node->next : NULL;
}

const struct toml_node *toml_get(const struct toml_node *table, const char *key)
{
	for (const struct toml_node *n = table->first; n; n = n->next)
		if (n->key && strcmp(n->key, key) == 0)
			return n;
	return NULL;
}
