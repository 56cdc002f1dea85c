/*
 * Events of Inspektor Gadget and of other programs that print one JSON object a line:
 *	{"k8s": {"node": ..., "containerName": ...}, "proc": {...}, "fname": "/etc/x", "error": ""}
 *	{"node": ..., "container": ..., "path": "/etc/x", "fullPath": "/etc/x", "err": 0}
 *	{"k8s": ..., "exepath": "/usr/bin/ls", "args": "..."}
 * Names are those of trace_open and trace_exec, of the built-in gadgets before them, and
 * of opensnoop with JSON output. What is opened inside a container is no file of the host.
 */
#include "analyzer/evidence_format.h"
#include "base/json.h"

#include <errno.h>
#include <string.h>

static const char *const OPENED[] = { "fullPath", "fpath", "fname", "filename", "path" };
static const char *const EXECUTED[] = { "exepath", "exec_path" };
static const char *const CONTAINERS[] = { "container", "containerName", "containerId",
					  "containerID" };
static const char *const ERRORS[] = { "err", "ret_err", "error_raw", "errno" };

static bool detect(const char *head, size_t len)
{
	size_t end = strcspn(head, "\n");
	_cleanup_(freep) char *first = mem_strndup(head, end);

	(void)len;
	if (first[0] != '{' && first[0] != '[')
		return false;
	for (size_t i = 0; i < ARRAY_LEN(OPENED) + ARRAY_LEN(EXECUTED); i++) {
		const char *key = i < ARRAY_LEN(OPENED) ? OPENED[i]
							: EXECUTED[i - ARRAY_LEN(OPENED)];
		_cleanup_(freep) char *quoted = mem_printf("\"%s\"", key);

		if (strstr(first, quoted))
			return true;
	}
	return false;
}

static const char *first_text(const json_t *row, const char *const *keys, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *text = json_string_value(json_object_get(row, keys[i]));

		if (text && text[0])
			return text;
	}
	return NULL;
}

static bool has_failed(const json_t *row)
{
	const char *error = json_string_value(json_object_get(row, "error"));

	for (size_t i = 0; i < ARRAY_LEN(ERRORS); i++)
		if (json_integer_value(json_object_get(row, ERRORS[i])) != 0)
			return true;
	return (error && error[0]) ||
	       json_integer_value(json_object_get(row, "fd")) < 0 ||
	       json_integer_value(json_object_get(row, "ret")) < 0;
}

static bool in_container(const json_t *row)
{
	const json_t *parts[] = { row, json_object_get(row, "k8s"),
				  json_object_get(row, "runtime") };

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (first_text(parts[i], CONTAINERS, ARRAY_LEN(CONTAINERS)))
			return true;
	return false;
}

/* All events must be of one node. */
static int read_node(struct evidence *ev, const json_t *row, struct error *err)
{
	const char *node = json_string_value(json_object_get(row, "node"));
	const json_t *k8s = json_object_get(row, "k8s");

	if (!node)
		node = json_string_value(json_object_get(k8s, "node"));
	if (!node || !node[0])
		return 0;
	if (!ev->node)
		ev->node = strpool_add(&ev->strings, node);
	if (strcmp(evidence_text(ev, ev->node), node) != 0)
		return error_set(err, -EINVAL,
				 "it has events of several nodes: make a file for each");
	return 0;
}

static int read_event(struct evidence *ev, const json_t *row, struct error *err)
{
	const char *executed = first_text(row, EXECUTED, ARRAY_LEN(EXECUTED));
	const char *path =
		executed ? executed : first_text(row, OPENED, ARRAY_LEN(OPENED));
	int r;

	if (!path)
		return 1;
	r = read_node(ev, row, err);
	if (r < 0 || has_failed(row))
		return r;
	if (in_container(row) || path[0] != '/')
		ev->elsewhere++;
	else
		evidence_use(ev, &(struct evidence_event){ .path = path,
							   .use = executed ? USE_EXECUTED
									   : USE_OPENED,
							   .scope = SCOPE_HOST });
	return 0;
}

static int read_any(struct evidence *ev, const json_t *json, struct error *err)
{
	const json_t *row;
	int r = 1;
	size_t i;

	if (!json_is_array(json))
		return read_event(ev, json, err);
	json_array_foreach(json, i, row)
	{
		int one = read_event(ev, row, err);

		if (one < 0)
			return one;
		r = one == 0 ? 0 : r;
	}
	return r;
}

/* Objects may stand in an array over several lines. */
static int read_line(void *state, struct evidence *ev, char *line, size_t len,
		     struct error *err)
{
	json_t *json = NULL;
	int r = 1;

	(void)state;
	while (len > 0 && strchr(", \t\r", line[len - 1]))
		len--;
	if (len == 1 && (line[0] == '[' || line[0] == ']'))
		return 0;
	if (json_parse(line, len, &json, NULL) == 0)
		r = read_any(ev, json, err);
	json_decref(json);
	return r;
}

const struct evidence_format EVIDENCE_GADGET = {
	.name = "gadget",
	.summary = "JSON events of Inspektor Gadget (open, exec) or of opensnoop",
	.detect = detect,
	.line = read_line,
};
