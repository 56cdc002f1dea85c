#include "rules/rule_parse.h"

#include "base/array.h"
#include "base/io.h"
#include "base/strpool.h"
#include "base/text.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <yaml.h>

const struct rule_limits RULE_LIMITS_DEFAULT = {
	.max_bytes = 1u << 20,
	.max_values = 1u << 16,
	.max_keys = 4096,
	.max_depth = 16,
	.max_documents = 1,
};

struct rule_doc {
	char *name;
	struct strpool texts;
	ARRAY_OF(struct rule_node *)
	nodes; /* each its own memory: they point to each other */
	ARRAY_OF(const struct rule_node *) roots;
};

/* A list or map that is not closed yet. */
struct frame {
	struct rule_node *node, *last;
	const char *key; /* of a map: read, its value is not */
	yaml_mark_t key_mark;
};

struct reader {
	struct rule_doc *doc;
	const struct rule_limits *limits;
	ARRAY_OF(struct frame) open;
	struct error *err;
};

static int place_error(const struct rule_doc *doc, size_t line, size_t column,
		       struct error *err, const char *fmt, va_list args) _printf_(5, 0);

static int place_error(const struct rule_doc *doc, size_t line, size_t column,
		       struct error *err, const char *fmt, va_list args)
{
	char text[ERROR_TEXT_MAX];
	_cleanup_(freep) char *shown = NULL;

	vsnprintf(text, sizeof(text), fmt, args);
	shown = text_printable_dup(doc->name);
	return error_set(err, -EINVAL, "%s:%zu:%zu: %s", shown, line, column, text);
}

static int mark_error(struct reader *rd, yaml_mark_t mark, const char *fmt, ...)
	_printf_(3, 4);

static int mark_error(struct reader *rd, yaml_mark_t mark, const char *fmt, ...)
{
	va_list args;
	int r;

	va_start(args, fmt);
	r = place_error(rd->doc, mark.line + 1, mark.column + 1, rd->err, fmt, args);
	va_end(args);
	return r;
}

int rule_error(const struct rule_node *at, struct error *err, const char *fmt, ...)
{
	va_list args;
	int r;

	va_start(args, fmt);
	r = place_error(at->doc, at->line, at->column, err, fmt, args);
	va_end(args);
	return r;
}

int rule_key_error(const struct rule_node *at, struct error *err, const char *fmt, ...)
{
	va_list args;
	int r;

	va_start(args, fmt);
	r = place_error(at->doc, at->key ? at->key_line : at->line,
			at->key ? at->key_column : at->column, err, fmt, args);
	va_end(args);
	return r;
}

/*
 * libyaml names a byte offset, not a line, for such input; and it takes some rare
 * characters for line ends that no editor counts. So the characters are looked at first.
 */
static int check_characters(struct reader *rd, const char *text, size_t len)
{
	yaml_mark_t mark = { 0 };

	for (size_t i = 0, n; i < len; i += n) {
		uint32_t c;

		n = text_decode(text + i, len - i, &c);
		if (n == 0)
			return mark_error(rd, mark,
					  "byte 0x%02x is not valid UTF-8 (save the file "
					  "as UTF-8)",
					  (unsigned char)text[i]);
		if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') ||
		    (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 ||
		    c == 0xfeff || c == 0xfffe || c == 0xffff)
			return mark_error(rd, mark,
					  "character U+%04X is not allowed (in double "
					  "quotes write it as \"\\u%04X\")",
					  c, c);
		if (c == '\n' || (c == '\r' && (i + 1 == len || text[i + 1] != '\n'))) {
			mark.line++;
			mark.column = 0;
		} else {
			mark.column++;
		}
	}
	return 0;
}

static struct rule_node *add_node(struct reader *rd, enum rule_kind kind,
				  yaml_mark_t mark)
{
	struct rule_node *node = mem_calloc(1, sizeof(*node));

	node->doc = rd->doc;
	node->kind = (uint8_t)kind;
	node->line = (uint32_t)mark.line + 1;
	node->column = (uint32_t)mark.column + 1;
	array_push(&rd->doc->nodes, node);
	return node;
}

/* Hang a new value below what is open, or make it the document itself. */
static int attach(struct reader *rd, struct rule_node *node)
{
	struct frame *top;

	if (rd->open.len == 0) {
		array_push(&rd->doc->roots, node);
		return 0;
	}
	top = &rd->open.data[rd->open.len - 1];
	if (top->node->kind == RULE_MAP) {
		node->key = top->key;
		node->key_line = (uint32_t)top->key_mark.line + 1;
		node->key_column = (uint32_t)top->key_mark.column + 1;
		top->key = NULL;
	}
	if (top->last)
		top->last->next = node;
	else
		top->node->first = node;
	top->last = node;
	top->node->child_count++;
	return 0;
}

static bool wants_key(const struct reader *rd)
{
	return rd->open.len > 0 &&
	       rd->open.data[rd->open.len - 1].node->kind == RULE_MAP &&
	       !rd->open.data[rd->open.len - 1].key;
}

static int check_new_value(struct reader *rd, const yaml_event_t *event,
			   const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor)
		return mark_error(rd, event->start_mark,
				  "anchors are not read (write the value out where it is "
				  "needed)");
	if (tag)
		return mark_error(
			rd, event->start_mark,
			"tags such as '!!str' are not read (leave the tag away)");
	if (rd->doc->nodes.len >= rd->limits->max_values)
		return mark_error(rd, event->start_mark,
				  "more than %zu values in one file (split it, see "
				  "'include')",
				  rd->limits->max_values);
	return 0;
}

static int read_key(struct reader *rd, const yaml_event_t *event, const char *text)
{
	struct frame *top = &rd->open.data[rd->open.len - 1];

	if (top->node->child_count >= rd->limits->max_keys)
		return mark_error(rd, event->start_mark, "more than %zu keys in one map",
				  rd->limits->max_keys);
	for (const struct rule_node *n = top->node->first; n; n = n->next) {
		_cleanup_(freep) char *shown = NULL;

		if (n->key != text) /* both are in the pool: equal texts are one */
			continue;
		shown = text_printable_dup(text);
		return mark_error(
			rd, event->start_mark,
			"key '%s' is there twice, first in line %u (remove one, "
			"or make it one list)",
			shown, n->key_line);
	}
	top->key = text;
	top->key_mark = event->start_mark;
	return 0;
}

static int on_scalar(struct reader *rd, const yaml_event_t *event)
{
	const char *value = (const char *)event->data.scalar.value;
	size_t len = event->data.scalar.length;
	struct rule_node *node;
	int r = check_new_value(rd, event, event->data.scalar.anchor,
				event->data.scalar.tag);

	if (r < 0)
		return r;
	if (memchr(value, '\0', len))
		return mark_error(rd, event->start_mark, "a text cannot hold \"\\0\"");
	value = strpool_text(&rd->doc->texts,
			     strpool_add_len(&rd->doc->texts, value, len));
	if (wants_key(rd))
		return read_key(rd, event, value);
	node = add_node(rd, RULE_SCALAR, event->start_mark);
	node->text = value;
	node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	return attach(rd, node);
}

static int open_collection(struct reader *rd, const yaml_event_t *event,
			   enum rule_kind kind)
{
	const yaml_char_t *anchor = kind == RULE_MAP ? event->data.mapping_start.anchor
						     : event->data.sequence_start.anchor;
	const yaml_char_t *tag = kind == RULE_MAP ? event->data.mapping_start.tag
						  : event->data.sequence_start.tag;
	struct rule_node *node;
	int r = check_new_value(rd, event, anchor, tag);

	if (r < 0)
		return r;
	if (wants_key(rd))
		return mark_error(rd, event->start_mark,
				  "a key must be a text, not a list or map");
	if (rd->open.len >= rd->limits->max_depth)
		return mark_error(rd, event->start_mark,
				  "lists and maps are more than %u deep (split the file, "
				  "see 'include')",
				  rd->limits->max_depth);
	node = add_node(rd, kind, event->start_mark);
	r = attach(rd, node);
	array_push(&rd->open, (struct frame){ .node = node });
	return r;
}

static int on_list(struct reader *rd, const yaml_event_t *event)
{
	return open_collection(rd, event, RULE_LIST);
}

static int on_map(struct reader *rd, const yaml_event_t *event)
{
	return open_collection(rd, event, RULE_MAP);
}

static int on_close(struct reader *rd, const yaml_event_t *event)
{
	(void)event;
	(void)array_pop(&rd->open);
	return 0;
}

static int on_alias(struct reader *rd, const yaml_event_t *event)
{
	return mark_error(rd, event->start_mark,
			  "aliases are not read (write the value out; a text that begins "
			  "with '*' needs quotes)");
}

static int on_document(struct reader *rd, const yaml_event_t *event)
{
	if (rd->doc->roots.len >= rd->limits->max_documents)
		return mark_error(
			rd, event->start_mark,
			"more than %u document%s in one file (remove the '---')",
			rd->limits->max_documents,
			rd->limits->max_documents == 1 ? "" : "s");
	return 0;
}

static int (*const HANDLERS[])(struct reader *rd, const yaml_event_t *event) = {
	[YAML_DOCUMENT_START_EVENT] = on_document, [YAML_ALIAS_EVENT] = on_alias,
	[YAML_SCALAR_EVENT] = on_scalar,	   [YAML_SEQUENCE_START_EVENT] = on_list,
	[YAML_SEQUENCE_END_EVENT] = on_close,	   [YAML_MAPPING_START_EVENT] = on_map,
	[YAML_MAPPING_END_EVENT] = on_close,
};

static int parser_error(struct reader *rd, const yaml_parser_t *parser)
{
	const char *problem = parser->problem ? parser->problem : "cannot be read";
	const char *context = parser->context ? parser->context : "";

	return mark_error(rd, parser->problem_mark, "not valid YAML: %s%s%s%s", problem,
			  *context ? " (" : "", context, *context ? ")" : "");
}

static int read_events(struct reader *rd, yaml_parser_t *parser)
{
	bool done = false;

	while (!done) {
		yaml_event_t event;
		int r = 0;

		if (!yaml_parser_parse(parser, &event))
			return parser_error(rd, parser);
		if ((size_t)event.type < ARRAY_LEN(HANDLERS) && HANDLERS[event.type])
			r = HANDLERS[event.type](rd, &event);
		done = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
		if (r < 0)
			return r;
	}
	return 0;
}

int rule_doc_parse(const char *name, const char *text, size_t len,
		   const struct rule_limits *limits, struct rule_doc **ret,
		   struct error *err)
{
	_cleanup_(rule_doc_freep) struct rule_doc *doc = mem_calloc(1, sizeof(*doc));
	struct reader rd = {
		.doc = doc,
		.limits = limits ? limits : &RULE_LIMITS_DEFAULT,
		.err = err,
	};
	yaml_parser_t parser;
	int r;

	doc->name = mem_strdup(name);
	strpool_init(&doc->texts);
	if (len > rd.limits->max_bytes)
		return mark_error(&rd, (yaml_mark_t){ 0 },
				  "the file has more than %zu bytes",
				  rd.limits->max_bytes);
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		len -= 3;
	}
	r = check_characters(&rd, text, len);
	if (r < 0)
		return r;
	if (!yaml_parser_initialize(&parser))
		return error_set(err, -ENOMEM, "cannot start the YAML parser");
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	r = read_events(&rd, &parser);
	yaml_parser_delete(&parser);
	array_release(&rd.open);
	if (r == 0)
		*ret = steal_ptr(&doc);
	return r;
}

int rule_doc_read(const char *path, const struct rule_limits *limits,
		  struct rule_doc **ret, struct error *err)
{
	_cleanup_(freep) char *text = NULL;
	size_t len, max = limits ? limits->max_bytes : RULE_LIMITS_DEFAULT.max_bytes;
	int r;

	r = io_read_file(path, max, &text, &len, err);
	if (r < 0)
		return r;
	return rule_doc_parse(path, text, len, limits, ret, err);
}

void rule_doc_free(struct rule_doc *doc)
{
	if (!doc)
		return;
	array_each (&doc->nodes, i)
		free(doc->nodes.data[i]);
	array_release(&doc->nodes);
	array_release(&doc->roots);
	strpool_release(&doc->texts);
	free(doc->name);
	free(doc);
}

void rule_doc_freep(struct rule_doc **doc)
{
	rule_doc_free(*doc);
}

const char *rule_doc_name(const struct rule_doc *doc)
{
	return doc->name;
}

size_t rule_doc_count(const struct rule_doc *doc)
{
	return doc->roots.len;
}

const struct rule_node *rule_doc_root(const struct rule_doc *doc, size_t index)
{
	return index < doc->roots.len ? doc->roots.data[index] : NULL;
}
