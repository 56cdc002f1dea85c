#include "analyzer/evidence_file.h"
#include "analyzer/evidence_format.h"
#include "analyzer/evidence_text.h"
#include "base/json.h"
#include "graph/usage_write.h"

#include <errno.h>
#include <limits.h>

#define KEY_MAX 32

struct native {
	bool began, ended;
	uint64_t records;
};

static bool detect(const char *head, size_t len)
{
	static const char BEGIN[] = "{\"schema\":\"tare-evidence/";

	return len > sizeof(BEGIN) && memcmp(head, BEGIN, sizeof(BEGIN) - 1) == 0;
}

static int wrong(struct error *err, const char *key)
{
	return error_set(err, -EINVAL, "\"%s\" is missing or wrong", key);
}

static const char *name_hex(char buf[KEY_MAX], const char *key)
{
	snprintf(buf, KEY_MAX, "%s_hex", key);
	return buf;
}

/* obj[key], or the bytes of obj[key_hex]; NULL where there is neither. */
static const char *get_bytes(const json_t *obj, const char *key, struct strbuf *out)
{
	const json_t *value = json_object_get(obj, key);
	const char *text = json_string_value(value), *hex;
	char hex_key[KEY_MAX];

	if (text)
		return strlen(text) == json_string_length(value) ? text : NULL;
	hex = json_string_value(json_object_get(obj, name_hex(hex_key, key)));
	return hex && text_hex(hex, strlen(hex), out) ? strbuf_text(out) : NULL;
}

/* A number that is not negative; @p missing where it is not there. */
static int get_number(const json_t *obj, const char *key, int64_t missing, int64_t *ret,
		      struct error *err)
{
	const json_t *value = json_object_get(obj, key);

	*ret = value ? json_integer_value(value) : missing;
	if (value && (!json_is_integer(value) || *ret < 0))
		return wrong(err, key);
	return 0;
}

static int read_times(struct evidence *ev, const json_t *row, struct error *err)
{
	int r = get_number(row, "begin", -1, &ev->begin, err);

	if (r == 0)
		r = get_number(row, "end", -1, &ev->end, err);
	if (r == 0 && (ev->begin > USAGE_TIME_MAX || ev->end > USAGE_TIME_MAX ||
		       (ev->end >= 0 && ev->begin > ev->end)))
		return wrong(err, "end");
	return r;
}

static int read_header(struct evidence *ev, const json_t *row, struct error *err)
{
	const char *schema = json_string_value(json_object_get(row, "schema"));
	const char *source = json_string_value(json_object_get(row, "source"));
	const char *coverage = json_string_value(json_object_get(row, "coverage"));
	const json_t *complete = json_object_get(row, "complete");
	_cleanup_(strbuf_release) struct strbuf node = { 0 }, kernel = { 0 };
	const char *node_text = get_bytes(row, "node", &node);
	const char *kernel_text = get_bytes(row, "kernel", &kernel);
	int64_t lost = 0;
	int r;

	if (!schema || strcmp(schema, EVIDENCE_SCHEMA) != 0)
		return error_set(err, -EINVAL, "the schema is not " EVIDENCE_SCHEMA);
	if (!source || !source[0] || !node_text)
		return wrong(err, source ? "node" : "source");
	if (!json_is_boolean(complete))
		return wrong(err, "complete");
	if (!coverage || (strcmp(coverage, "node") != 0 && strcmp(coverage, "part") != 0))
		return wrong(err, "coverage");
	r = get_number(row, "lost", 0, &lost, err);
	if (r == 0)
		r = read_times(ev, row, err);
	if (r < 0)
		return r;
	ev->source = strpool_text(&ev->strings, strpool_add(&ev->strings, source));
	ev->node = node_text[0] ? strpool_add(&ev->strings, node_text) : 0;
	ev->kernel = kernel_text && kernel_text[0]
			     ? strpool_add(&ev->strings, kernel_text)
			     : 0;
	ev->whole_node = coverage[0] == 'n';
	ev->complete = json_is_true(complete) && lost == 0;
	ev->lost = (uint64_t)lost;
	return 0;
}

static int read_scope(const json_t *row, enum use_scope *ret, struct error *err)
{
	const json_t *value = json_object_get(row, "scope");
	int scope = SCOPE_UNKNOWN;

	if (value)
		scope = json_is_string(value) ? use_scope_parse(json_string_value(value))
					      : -1;
	if (scope < 0)
		return wrong(err, "scope");
	*ret = (enum use_scope)scope;
	return 0;
}

static int read_use(struct evidence *ev, const json_t *row, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf path = { 0 }, by = { 0 };
	const char *use_name = json_string_value(json_object_get(row, "use"));
	int use = use_name ? file_use_kind_parse(use_name) : -1;
	struct evidence_event event = {
		.path = get_bytes(row, "path", &path),
		.by = get_bytes(row, "by", &by),
		.use = (enum file_use_kind)use,
	};
	uint64_t skipped = ev->skipped;
	int64_t count = 1;
	int r;

	if (!event.path || !event.path[0])
		return wrong(err, "path");
	if (use < 0)
		return wrong(err, "use");
	r = read_scope(row, &event.scope, err);
	if (r == 0)
		r = get_number(row, "count", 1, &count, err);
	if (r < 0)
		return r;
	event.count = (uint64_t)count;
	evidence_use(ev, &event);
	return ev->skipped > skipped ? wrong(err, "path") : 0;
}

static int read_memory(struct evidence *ev, const json_t *row, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf executable = { 0 }, file = { 0 };
	const char *executable_text = get_bytes(row, "executable", &executable);
	const char *file_text = get_bytes(row, "file", &file);
	enum use_scope scope = SCOPE_UNKNOWN;
	int64_t processes = 0, pss = 0, dirty = 0;
	int r = read_scope(row, &scope, err);

	if (r == 0)
		r = get_number(row, "processes", 1, &processes, err);
	if (r == 0)
		r = get_number(row, "pss_bytes", 0, &pss, err);
	if (r == 0)
		r = get_number(row, "private_dirty_bytes", 0, &dirty, err);
	if (r < 0)
		return r;
	if (!executable_text)
		return wrong(err, "executable");
	if (ev->memory.len >= ev->max_uses)
		return evidence_lost(ev, 1), 0;
	array_push(&ev->memory,
		   (struct evidence_memory){
			   .executable = executable_text[0] ? strpool_add(&ev->strings,
									  executable_text)
							    : 0,
			   .file = file_text ? strpool_add(&ev->strings, file_text) : 0,
			   .scope = (uint8_t)scope,
			   .processes = (uint64_t)processes,
			   .pss_bytes = (uint64_t)pss,
			   .private_dirty_bytes = (uint64_t)dirty,
		   });
	return 0;
}

static int read_module(struct evidence *ev, const json_t *row, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf name = { 0 };
	const char *text = get_bytes(row, "module", &name);
	uint64_t skipped = ev->skipped;

	if (text)
		evidence_module(ev, text);
	return text && ev->skipped == skipped ? 0 : wrong(err, "module");
}

static int read_end(struct native *state, const json_t *row, struct error *err)
{
	int64_t records = 0;
	int r = get_number(row, "records", -1, &records, err);

	if (r < 0)
		return r;
	if ((uint64_t)records != state->records)
		return error_set(err, -EINVAL,
				 "it has %llu records, not %lld: it is damaged",
				 (unsigned long long)state->records, (long long)records);
	state->ended = true;
	return 0;
}

static bool has(const json_t *row, const char *key)
{
	char hex_key[KEY_MAX];

	return json_object_get(row, key) || json_object_get(row, name_hex(hex_key, key));
}

static int read_row(struct native *state, struct evidence *ev, const json_t *row,
		    struct error *err)
{
	static const struct {
		const char *key;
		int (*read)(struct evidence *ev, const json_t *row, struct error *err);
	} KINDS[] = {
		{ "path", read_use },
		{ "executable", read_memory },
		{ "module", read_module },
	};

	if (!json_is_object(row))
		return error_set(err, -EINVAL, "it is no object");
	if (!state->began) {
		state->began = true;
		return read_header(ev, row, err);
	}
	if (state->ended)
		return error_set(err, -EINVAL, "there is more behind its last line");
	if (json_object_get(row, "records"))
		return read_end(state, row, err);
	state->records++;
	for (size_t i = 0; i < ARRAY_LEN(KINDS); i++)
		if (has(row, KINDS[i].key))
			return KINDS[i].read(ev, row, err);
	return error_set(err, -EINVAL,
			 "it is none of a use, memory, a module or the last line");
}

/* A text of plain ASCII without escapes: it begins behind its '"' and moves behind the
 * closing one. */
static char *plain_text(char **at, size_t *ret_len)
{
	char *begin = *at, *c = begin;

	while (*c >= 0x20 && *c < 0x7f && *c != '"' && *c != '\\')
		c++;
	if (*c != '"' || c == begin)
		return NULL;
	*ret_len = (size_t)(c - begin);
	*at = c + 1;
	return begin;
}

static bool skip(char **at, const char *text)
{
	size_t len = strlen(text);

	if (strncmp(*at, text, len) != 0)
		return false;
	*at += len;
	return true;
}

enum { WRITTEN_PATH, WRITTEN_USE, WRITTEN_SCOPE, WRITTEN_BY, WRITTEN_COUNT };

struct written {
	char *text; /* NULL where the key is not there */
	size_t len;
};

static void end_texts(const struct written texts[WRITTEN_COUNT], char with)
{
	for (int i = 0; i < WRITTEN_COUNT; i++)
		if (texts[i].text)
			texts[i].text[texts[i].len] = with;
}

/*
 * Most lines are uses as evidence_file.c writes them. Such a line is taken apart here, many
 * times as fast as the JSON reader does it; every other line is left to that one, as it was.
 */
static bool read_written_use(struct evidence *ev, char *line, size_t len)
{
	static const char *const KEYS[WRITTEN_COUNT] = { "{\"path\":\"", ",\"use\":\"",
							 ",\"scope\":\"", ",\"by\":\"" };
	struct written texts[WRITTEN_COUNT] = { 0 };
	int use, scope = SCOPE_UNKNOWN;
	char *at = line;

	for (int i = 0; i < WRITTEN_COUNT; i++)
		if (skip(&at, KEYS[i]) &&
		    !(texts[i].text = plain_text(&at, &texts[i].len)))
			return false;
	if (!texts[WRITTEN_PATH].text || texts[WRITTEN_PATH].text[0] != '/' ||
	    texts[WRITTEN_PATH].len >= PATH_MAX || !texts[WRITTEN_USE].text ||
	    *at != '}' || at + 1 != line + len)
		return false;
	end_texts(texts, '\0');
	use = file_use_kind_parse(texts[WRITTEN_USE].text);
	if (texts[WRITTEN_SCOPE].text)
		scope = use_scope_parse(texts[WRITTEN_SCOPE].text);
	if (use < 0 || scope < 0) {
		end_texts(texts, '"');
		return false;
	}
	evidence_use(ev, &(struct evidence_event){ .path = texts[WRITTEN_PATH].text,
						   .len = texts[WRITTEN_PATH].len,
						   .use = (enum file_use_kind)use,
						   .scope = (enum use_scope)scope,
						   .by = texts[WRITTEN_BY].text });
	return true;
}

static int read_line(void *arg, struct evidence *ev, char *line, size_t len,
		     struct error *err)
{
	struct native *state = arg;
	json_t *row = NULL;
	int r;

	if (state->began && !state->ended && read_written_use(ev, line, len)) {
		state->records++;
		return 0;
	}
	r = json_parse(line, len, &row, err);
	if (r == 0)
		r = read_row(state, ev, row, err);
	json_decref(row);
	return r;
}

static int end(void *arg, struct evidence *ev, struct error *err)
{
	const struct native *state = arg;

	if (ev->skipped)
		return error_set(err, -EINVAL, "a line of it is too long");
	if (!state->ended)
		return error_set(err, -EINVAL,
				 "its last line is missing: the file was cut off");
	return 0;
}

const struct evidence_format EVIDENCE_NATIVE = {
	.name = "tare",
	.summary = "what tare observe writes (" EVIDENCE_SCHEMA ")",
	.detect = detect,
	.line = read_line,
	.end = end,
	.state_size = sizeof(struct native),
};
