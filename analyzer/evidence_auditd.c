/*
 * Records of auditd: audit.log, or ausearch (raw, or interpreted with -i):
 *	[node=NAME ]type=SYSCALL msg=audit(SECONDS.MS:SERIAL): arch=... success=yes ... exe="..."
 *	type=CWD msg=audit(...): cwd="/"
 *	type=PATH msg=audit(...): item=0 name="/etc/x" ... nametype=NORMAL
 *	type=EXECVE msg=audit(...): argc=1 a0="ls"
 * Records with one serial number are one event. Names with blanks and other odd bytes are
 * hexadecimal digits without quotes.
 */
#include "analyzer/evidence_format.h"
#include "analyzer/evidence_text.h"

#include <errno.h>
#include <string.h>

#define EVENTS	  64 /* whose records may be mixed */
#define PATHS_MAX 16
#define SEPARATOR '\x1d' /* before what auditd adds in "enriched" logs */

struct event {
	bool used, failed, executes;
	uint64_t serial;
	char *exe, *cwd;
	char *paths[PATHS_MAX];
	size_t path_count;
};

struct auditd {
	struct event events[EVENTS];
};

static void event_release(struct event *event)
{
	for (size_t i = 0; i < event->path_count; i++)
		free(event->paths[i]);
	free(event->exe);
	free(event->cwd);
	*event = (struct event){ 0 };
}

/* An event is complete: take its uses. */
static void flush(struct evidence *ev, struct event *event)
{
	for (size_t i = 0; i < event->path_count && !event->failed; i++) {
		_cleanup_(freep) char *path = text_join(event->cwd, event->paths[i]);

		if (path)
			evidence_use(ev,
				     &(struct evidence_event){
					     .path = path,
					     .use = event->executes ? USE_EXECUTED
								    : USE_OPENED,
					     .by = event->executes ? NULL : event->exe });
		else
			ev->elsewhere++;
	}
	event_release(event);
}

static struct event *find_event(struct auditd *a, struct evidence *ev, uint64_t serial)
{
	struct event *event = &a->events[serial % EVENTS];

	if (event->used && event->serial != serial)
		flush(ev, event);
	event->used = true;
	event->serial = serial;
	return event;
}

/* The value of " key=" in a record, up to the next blank or quote; NULL without one. */
static const char *find_field(const char *record, const char *key, size_t *ret_len)
{
	size_t key_len = strlen(key);

	for (const char *at = strstr(record, key); at; at = strstr(at + 1, key)) {
		const char *value = at + key_len + 1;

		if ((at != record && at[-1] != ' ') || at[key_len] != '=')
			continue;
		*ret_len = value[0] == '"' ? strcspn(value + 1, "\"") + 2
					   : strcspn(value, " ");
		return value;
	}
	return NULL;
}

static bool field_is(const char *record, const char *key, const char *wanted)
{
	size_t len = 0;
	const char *value = find_field(record, key, &len);

	return value && len == strlen(wanted) && memcmp(value, wanted, len) == 0;
}

/* A name: in quotes, in hexadecimal digits, or (interpreted) as it is. New memory; NULL
 * where there is none. */
static char *name_field(const char *record, const char *key)
{
	_cleanup_(strbuf_release) struct strbuf bytes = { 0 };
	size_t len = 0;
	const char *value = find_field(record, key, &len);

	if (!value || len == 0 || strncmp(value, "(null)", 6) == 0)
		return NULL;
	if (value[0] == '"')
		return len > 2 ? mem_strndup(value + 1, len - 2) : NULL;
	if (value[0] != '/' && text_hex(value, len, &bytes))
		return strbuf_detach(&bytes);
	return mem_strndup(value, len);
}

/* execve and execveat by architecture (linux/audit.h, asm/unistd.h). */
static bool is_exec(const char *record)
{
	static const struct {
		const char *arch, *syscall;
	} EXECS[] = {
		{ "c000003e", "59" },  { "c000003e", "322" }, { "c00000b7", "221" },
		{ "c00000b7", "281" }, { "40000003", "11" },  { "40000003", "358" },
		{ NULL, "execve" },    { NULL, "execveat" },
	};

	for (size_t i = 0; i < ARRAY_LEN(EXECS); i++)
		if (field_is(record, "syscall", EXECS[i].syscall) &&
		    (!EXECS[i].arch || field_is(record, "arch", EXECS[i].arch)))
			return true;
	return false;
}

static void on_syscall(struct event *event, const char *record)
{
	event->failed |= field_is(record, "success", "no");
	event->executes |= is_exec(record);
	free(event->exe);
	event->exe = name_field(record, "exe");
}

static void on_execve(struct event *event, const char *record)
{
	(void)record;
	event->executes = true;
}

static void on_cwd(struct event *event, const char *record)
{
	free(event->cwd);
	event->cwd = name_field(record, "cwd");
}

static void on_path(struct event *event, const char *record)
{
	char *name;

	if (field_is(record, "nametype", "PARENT") ||
	    field_is(record, "nametype", "DELETE") ||
	    field_is(record, "nametype", "UNKNOWN") || event->path_count == PATHS_MAX)
		return;
	name = name_field(record, "name");
	if (name)
		event->paths[event->path_count++] = name;
}

static const struct {
	const char *type;
	void (*read)(struct event *event, const char *record);
} TYPES[] = {
	{ "SYSCALL", on_syscall },
	{ "EXECVE", on_execve },
	{ "CWD", on_cwd },
	{ "PATH", on_path },
};

/* "msg=audit(1700000000.123:45): " or, interpreted, "msg=audit(01/02/2026 03:04:05.678:45) :". */
static const char *read_stamp(struct evidence *ev, const char *line, uint64_t *ret_serial)
{
	const char *at = strstr(line, "msg=audit("), *end, *colon;
	uint64_t seconds;

	if (!at)
		return NULL;
	at += strlen("msg=audit(");
	end = strchr(at, ')');
	if (!end)
		return NULL;
	if (text_number(&at, &seconds) && *at == '.')
		evidence_time(ev, (int64_t)MIN2(seconds, (uint64_t)UINT32_MAX));
	colon = memrchr(at, ':', (size_t)(end - at));
	if (!colon)
		return NULL;
	colon++;
	if (!text_number(&colon, ret_serial) || colon != end)
		return NULL;
	at = end + 1;
	return text_blanks(at + strspn(at, " :"));
}

static int read_node(struct evidence *ev, const char *line, struct error *err)
{
	_cleanup_(freep) char *node = NULL;

	if (strncmp(line, "node=", 5) != 0)
		return 0;
	node = mem_strndup(line + 5, strcspn(line + 5, " "));
	if (!ev->node && node[0])
		ev->node = strpool_add(&ev->strings, node);
	if (strcmp(evidence_text(ev, ev->node), node) != 0)
		return error_set(err, -EINVAL,
				 "it has records of several nodes: make a file for each");
	return 0;
}

static int read_line(void *state, struct evidence *ev, char *line, size_t len,
		     struct error *err)
{
	const char *type, *record;
	char *added = memchr(line, SEPARATOR, len);
	struct event *event;
	uint64_t serial = 0;
	size_t type_len;
	int r;

	if (strcmp(line, "----") == 0 || strncmp(line, "time->", 6) == 0)
		return 0;
	if (added)
		*added = '\0';
	type = strstr(line, "type=");
	record = read_stamp(ev, line, &serial);
	if (!type || !record || (type != line && type[-1] != ' '))
		return 1;
	r = read_node(ev, line, err);
	if (r < 0)
		return r;
	type += strlen("type=");
	type_len = strcspn(type, " ");
	for (size_t i = 0; i < ARRAY_LEN(TYPES); i++) {
		if (strlen(TYPES[i].type) != type_len ||
		    memcmp(TYPES[i].type, type, type_len) != 0)
			continue;
		event = find_event(state, ev, serial);
		TYPES[i].read(event, record);
	}
	return 0;
}

static int end(void *state, struct evidence *ev, struct error *err)
{
	struct auditd *a = state;

	(void)err;
	for (size_t i = 0; i < EVENTS; i++)
		if (a->events[i].used)
			flush(ev, &a->events[i]);
	return 0;
}

static void release(void *state)
{
	struct auditd *a = state;

	for (size_t i = 0; i < EVENTS; i++)
		event_release(&a->events[i]);
}

static bool detect(const char *head, size_t len)
{
	const char *stamp = strstr(head, "msg=audit(");
	const char *type = strstr(head, "type=");

	(void)len;
	return stamp && type && type < stamp &&
	       !memchr(type, '\n', (size_t)(stamp - type));
}

const struct evidence_format EVIDENCE_AUDITD = {
	.name = "auditd",
	.summary = "audit.log or ausearch: SYSCALL, EXECVE, CWD and PATH records",
	.detect = detect,
	.line = read_line,
	.end = end,
	.release = release,
	.state_size = sizeof(struct auditd),
};
