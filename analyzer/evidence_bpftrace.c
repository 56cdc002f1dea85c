/*
 * Lines of bpftrace -f json:
 *	{"type": "printf", "data": "1234   cat   3   0 /etc/passwd\n"}
 *	{"type": "map", "data": {"@opens": {"/etc/passwd": 3}}}
 */
#include "analyzer/evidence_format.h"
#include "analyzer/evidence_opensnoop.h"
#include "base/json.h"

#include <string.h>

static bool detect(const char *head, size_t len)
{
	size_t end = strcspn(head, "\n");
	_cleanup_(freep) char *first = mem_strndup(head, end);

	(void)len;
	return first[0] == '{' && strstr(first, "\"type\"") && strstr(first, "\"data\"");
}

/* What a program prints: opensnoop's lines, or just paths. */
static int read_text(struct evidence *ev, const char *data)
{
	int result = 1;

	while (*data) {
		size_t len = strcspn(data, "\n");
		_cleanup_(freep) char *line = mem_strndup(data, len);

		if (line[0] == '/') {
			evidence_use(ev, &(struct evidence_event){ .path = line,
								   .use = USE_OPENED });
			result = 0;
		} else if (opensnoop_line(ev, line) == 0) {
			result = 0;
		}
		data += len + (data[len] == '\n');
	}
	return result;
}

/* The part of a key "1234,/etc/passwd" or "/etc/passwd" that is a path. */
static const char *path_of_key(const char *key)
{
	const char *comma = strstr(key, ",/");

	return key[0] == '/' ? key : comma ? comma + 1 : NULL;
}

static int read_map(struct evidence *ev, json_t *maps)
{
	const char *name, *key;
	json_t *map, *count;
	int result = 1;

	json_object_foreach(maps, name, map)
	{
		json_object_foreach(map, key, count)
		{
			const char *path = path_of_key(key);
			json_int_t n = json_integer_value(count);

			if (!path)
				continue;
			evidence_use(ev, &(struct evidence_event){
						 .path = path,
						 .use = USE_OPENED,
						 .count = n > 0 ? (uint64_t)n : 1 });
			result = 0;
		}
	}
	return result;
}

static int read_row(struct evidence *ev, json_t *row)
{
	const char *type = json_string_value(json_object_get(row, "type"));
	json_t *data = json_object_get(row, "data");

	if (!type || !data)
		return 1;
	if (strcmp(type, "lost_events") == 0) {
		json_int_t n = json_integer_value(json_object_get(data, "events"));

		evidence_lost(ev, n > 0 ? (uint64_t)n : 1);
		return 0;
	}
	if (strcmp(type, "map") == 0 && json_is_object(data))
		return read_map(ev, data);
	if (strcmp(type, "printf") == 0 && json_is_string(data))
		return read_text(ev, json_string_value(data));
	return 1;
}

static int read_line(void *state, struct evidence *ev, char *line, size_t len,
		     struct error *err)
{
	json_t *row = NULL;
	int r = 1;

	(void)state;
	(void)err;
	if (json_parse(line, len, &row, NULL) == 0)
		r = read_row(ev, row);
	json_decref(row);
	return r;
}

const struct evidence_format EVIDENCE_BPFTRACE = {
	.name = "bpftrace",
	.summary = "bpftrace -f json: printed opensnoop lines or paths, maps of paths",
	.detect = detect,
	.line = read_line,
};
