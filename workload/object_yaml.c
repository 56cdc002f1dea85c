/*
 * YAML as json_t values, from libyaml's events. An alias shares the value of its anchor,
 * and what it stands for is counted as if it were written out.
 */
#include "workload/object_formats.h"

#include "base/array.h"
#include "base/macros.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <yaml.h>

#define DEPTH_MAX  64
#define VALUES_MAX (1u << 20) /* of one object, aliases written out */

/* A map or list that is not closed yet. */
struct frame {
	json_t *value;
	json_t *merge; /* list of the maps behind "<<"; NULL: none */
	char *key;     /* of a map: read, its value is not */
	char *anchor;  /* NULL: none */
	size_t values; /* in it, with itself */
	size_t line;
	bool is_items; /* its elements are objects of their own */
};

struct anchor {
	char *name;
	json_t *value;
	size_t values;
};

struct yaml {
	const struct object_input *input;
	struct error *err;
	yaml_parser_t parser;
	ARRAY_OF(struct frame) open;
	ARRAY_OF(struct anchor) anchors;
	const char *data; /* of the chunk that libyaml has not taken yet */
	size_t len;
	int failed; /* -errno of reading */
};

/* A complete value on its way into what is open. */
struct value {
	json_t *json; /* owned */
	size_t values, line;
};

static int fail(const struct yaml *y, size_t line, const char *fmt, ...) _printf_(3, 4);

static int fail(const struct yaml *y, size_t line, const char *fmt, ...)
{
	char text[ERROR_TEXT_MAX / 2];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return error_set(y->err, -EINVAL, "%s:%zu: %s", y->input->name, line, text);
}

static int take_bytes(void *arg, unsigned char *buffer, size_t size, size_t *ret_len)
{
	struct yaml *y = arg;

	if (y->len == 0)
		y->failed = y->input->next(y->input->next_arg, &y->data, &y->len, y->err);
	if (y->failed < 0)
		return 0;
	*ret_len = MIN2(size, y->len);
	if (*ret_len)
		memcpy(buffer, y->data, *ret_len);
	y->data += *ret_len;
	y->len -= *ret_len;
	return 1;
}

static void forget_anchors(struct yaml *y)
{
	array_each (&y->anchors, i) {
		free(y->anchors.data[i].name);
		json_decref(y->anchors.data[i].value);
	}
	y->anchors.len = 0;
}

static void frame_release(struct frame *frame)
{
	json_decref(frame->value);
	json_decref(frame->merge);
	free(frame->key);
	free(frame->anchor);
}

static void yaml_release(struct yaml *y)
{
	array_each (&y->open, i)
		frame_release(&y->open.data[i]);
	array_release(&y->open);
	forget_anchors(y);
	array_release(&y->anchors);
	yaml_parser_delete(&y->parser);
}

static void remember(struct yaml *y, const char *name, const struct value *value)
{
	array_push(&y->anchors,
		   (struct anchor){ mem_strdup(name), json_incref(value->json),
				    value->values });
}

static const struct anchor *find_anchor(const struct yaml *y, const char *name)
{
	for (size_t i = y->anchors.len; i-- > 0;)
		if (strcmp(y->anchors.data[i].name, name) == 0)
			return &y->anchors.data[i];
	return NULL;
}

static bool is_one_of(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(*words, text) == 0)
			return true;
	return false;
}

static json_t *number(const char *text)
{
	size_t sign = *text == '-' || *text == '+',
	       digits = strspn(text + sign, "0123456789");

	if (digits == 0 || digits > 18 || text[sign + digits] != '\0')
		return NULL;
	return json_integer(strtoll(text, NULL, 10));
}

/* The types that Kubernetes' own reader gives to words without quotes. */
static json_t *plain_scalar(const char *text)
{
	static const char *const NOTHING[] = { "", "~", "null", "Null", "NULL", NULL };
	static const char *const YES[] = { "true", "True", "TRUE", NULL };
	static const char *const NO[] = { "false", "False", "FALSE", NULL };
	json_t *json;

	if (is_one_of(text, NOTHING))
		return json_null();
	if (is_one_of(text, YES))
		return json_true();
	if (is_one_of(text, NO))
		return json_false();
	json = number(text);
	return json ? json : json_string(text);
}

static bool has_items(const struct yaml *y)
{
	const struct frame *root = y->open.data;

	if (y->open.len == 0)
		return true; /* a list at the top */
	return y->open.len == 1 && root->key && strcmp(root->key, "items") == 0;
}

static int give(struct yaml *y, struct value *value, const char *list_kind)
{
	_cleanup_(freep) char *kind = object_list_kind(list_kind);
	struct object_found found = { value->json, value->line, kind };

	if (!json_is_object(value->json))
		return fail(y, value->line, "an object is expected here (a map)");
	return y->input->give(y->input->give_arg, &found, y->err);
}

static int give_document(struct yaml *y, struct value *value)
{
	/* the items of a list were given; "---" without anything is nothing */
	if (json_is_null(value->json) || json_is_array(value->json) ||
	    json_object_get(value->json, "items"))
		return 0;
	return give(y, value, NULL);
}

static int add_member(struct yaml *y, struct frame *top, struct value *value)
{
	_cleanup_(freep) char *key = steal_ptr(&top->key);

	if (strcmp(key, "<<") == 0) {
		if (!top->merge)
			top->merge = json_array();
		if (json_is_array(value->json))
			json_array_extend(top->merge, value->json);
		else
			json_array_append(top->merge, value->json);
		return 0;
	}
	if (json_object_get(top->value, key))
		return fail(y, value->line, "the key '%.64s' is there twice", key);
	if (json_object_set(top->value, key, value->json) != 0)
		return fail(y, value->line, "a key that is no valid text");
	return 0;
}

/* Put a complete value where it belongs. */
static int attach(struct yaml *y, struct value *value)
{
	struct frame *top = y->open.len ? &y->open.data[y->open.len - 1] : NULL;
	const json_t *kind;

	if (!top)
		return give_document(y, value);
	if (top->is_items) {
		kind = json_object_get(y->open.data[0].value, "kind");
		return give(y, value, json_string_value(kind));
	}
	top->values += value->values;
	if (top->values > VALUES_MAX)
		return fail(y, value->line, "more than %u values in one object",
			    VALUES_MAX);
	if (json_is_object(top->value))
		return add_member(y, top, value);
	json_array_append(top->value, value->json);
	return 0;
}

static bool wants_key(const struct yaml *y)
{
	const struct frame *top = y->open.len ? &y->open.data[y->open.len - 1] : NULL;

	return top && json_is_object(top->value) && !top->key;
}

static int on_scalar(struct yaml *y, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	const char *anchor = (const char *)event->data.scalar.anchor;
	bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	struct value value = { .values = 1, .line = event->start_mark.line + 1 };
	int r;

	if (strlen(text) != event->data.scalar.length)
		return fail(y, value.line, "a NUL in a text");
	if (wants_key(y)) {
		y->open.data[y->open.len - 1].key = mem_strdup(text);
		return 0;
	}
	value.json = plain ? plain_scalar(text) : json_string(text);
	if (!value.json)
		return fail(y, value.line, "a text that is not valid UTF-8");
	if (anchor)
		remember(y, anchor, &value);
	r = attach(y, &value);
	json_decref(value.json);
	return r;
}

static int on_alias(struct yaml *y, const yaml_event_t *event)
{
	const char *name = (const char *)event->data.alias.anchor;
	const struct anchor *anchor = find_anchor(y, name);
	struct value value = { .line = event->start_mark.line + 1 };

	if (!anchor)
		return fail(y, value.line, "nothing before it is called '&%.64s'", name);
	if (wants_key(y))
		return fail(y, value.line, "a key must be a text");
	value.json = anchor->value;
	value.values = anchor->values;
	return attach(y, &value);
}

static int on_start(struct yaml *y, const yaml_event_t *event, json_t *empty,
		    const yaml_char_t *anchor)
{
	struct frame frame = { .value = empty,
			       .values = 1,
			       .line = event->start_mark.line + 1 };

	frame.is_items = json_is_array(empty) && has_items(y);
	frame.anchor = mem_strdup((const char *)anchor);
	array_push(&y->open, frame);
	if (y->open.len > DEPTH_MAX)
		return fail(y, frame.line, "nested too deep");
	if (y->open.len > 1 && json_is_object(y->open.data[y->open.len - 2].value) &&
	    !y->open.data[y->open.len - 2].key)
		return fail(y, frame.line, "a key must be a text");
	return 0;
}

/* What the maps behind "<<" have and this one has not; the first of them wins. */
static int merge(struct yaml *y, struct frame *frame)
{
	for (size_t i = 0; i < json_array_size(frame->merge); i++) {
		json_t *from = json_array_get(frame->merge, i);

		if (!json_is_object(from))
			return fail(y, frame->line, "'<<' takes maps only");
		json_object_update_missing(frame->value, from);
	}
	return 0;
}

static int on_end(struct yaml *y)
{
	struct frame frame = array_pop(&y->open);
	struct value value = { frame.value, frame.values, frame.line };
	int r = merge(y, &frame);

	if (r == 0 && frame.anchor)
		remember(y, frame.anchor, &value);
	if (r == 0)
		r = attach(y, &value);
	frame_release(&frame);
	return r;
}

static int on_event(struct yaml *y, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return on_scalar(y, event);
	case YAML_ALIAS_EVENT:
		return on_alias(y, event);
	case YAML_SEQUENCE_START_EVENT:
		return on_start(y, event, json_array(),
				event->data.sequence_start.anchor);
	case YAML_MAPPING_START_EVENT:
		return on_start(y, event, json_object(),
				event->data.mapping_start.anchor);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return on_end(y);
	case YAML_DOCUMENT_END_EVENT:
		forget_anchors(y);
		return 0;
	default:
		return 0;
	}
}

static int syntax_error(const struct yaml *y)
{
	const yaml_parser_t *parser = &y->parser;

	if (y->failed < 0)
		return error_prefix(y->err, y->failed, "%s", y->input->name);
	return fail(y, parser->problem_mark.line + 1, "%s",
		    parser->problem ? parser->problem : "this is no YAML");
}

int objects_read_yaml(const struct object_input *input, struct error *err)
{
	_cleanup_(yaml_release) struct yaml y = { .input = input, .err = err };
	bool ended = false;
	int r = 0;

	if (!yaml_parser_initialize(&y.parser))
		abort();
	yaml_parser_set_input(&y.parser, take_bytes, &y);
	while (!ended && r == 0) {
		yaml_event_t event;

		if (!yaml_parser_parse(&y.parser, &event))
			return syntax_error(&y);
		ended = event.type == YAML_STREAM_END_EVENT;
		r = on_event(&y, &event);
		yaml_event_delete(&event);
	}
	return r;
}
