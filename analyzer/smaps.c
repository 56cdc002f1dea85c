#include "analyzer/smaps.h"

#include "analyzer/evidence_text.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>
#include <sys/sysmacros.h>

#define CONTAINER_ID_LEN 64

static bool hex_number(const char **at, uint64_t *ret)
{
	const char *c = *at;
	uint64_t number = 0;

	for (; isxdigit((unsigned char)*c) && c - *at < 16; c++) {
		int digit = isdigit((unsigned char)*c)
				    ? *c - '0'
				    : tolower((unsigned char)*c) - 'a' + 10;

		number = number << 4 | (unsigned int)digit;
	}
	if (c == *at)
		return false;
	*at = c;
	*ret = number;
	return true;
}

/* The kernel writes a newline in a path as \012 and leaves the rest alone. */
static void undo_escapes(char *path)
{
	char *to = path;

	for (const char *from = path; *from; to++) {
		bool newline = strncmp(from, "\\012", 4) == 0;

		*to = newline ? '\n' : *from;
		from += newline ? 4 : 1;
	}
	*to = '\0';
}

/* "START-END PERMISSIONS OFFSET MAJOR:MINOR INODE   PATH" */
static bool read_header(char *line, struct mapping *ret)
{
	const char *at = line;
	uint64_t skipped, major_number, minor_number;
	char *path;

	*ret = (struct mapping){ .path = "" };
	if (!hex_number(&at, &skipped) || *at++ != '-' || !hex_number(&at, &skipped) ||
	    *at++ != ' ' || strcspn(at, " ") != 4)
		return false;
	ret->executable = at[2] == 'x';
	at += 5;
	if (!hex_number(&at, &skipped) || *at++ != ' ' ||
	    !hex_number(&at, &major_number) || *at++ != ':' ||
	    !hex_number(&at, &minor_number) || *at++ != ' ' ||
	    !text_number(&at, &ret->inode))
		return false;
	ret->device = makedev((unsigned int)major_number, (unsigned int)minor_number);
	path = line + (text_blanks(at) - line);
	if (path[0] == '/' && !text_ends(path, " (deleted)")) {
		undo_escapes(path);
		ret->path = path;
	}
	return true;
}

/* "Pss:   12 kB" */
static bool read_bytes(const char *line, const char *key, uint64_t *ret)
{
	uint64_t kilobytes;

	if (!text_word(&line, key))
		return false;
	line = text_blanks(line);
	if (text_number(&line, &kilobytes) && kilobytes < 1ull << 40)
		*ret = kilobytes * 1024;
	return true;
}

size_t smaps_each(char *text, mapping_fn *fn, void *arg)
{
	struct mapping now = { 0 }, next;
	size_t count = 0;

	while (*text) {
		size_t len = strcspn(text, "\n");
		char *line = text;

		text += len + (text[len] == '\n');
		line[len] = '\0';
		if (read_header(line, &next)) {
			if (count++ > 0)
				fn(&now, arg);
			now = next;
		} else if (!read_bytes(line, "Pss:", &now.pss_bytes)) {
			read_bytes(line, "Private_Dirty:", &now.private_dirty_bytes);
		}
	}
	if (count > 0)
		fn(&now, arg);
	return count;
}

struct noting {
	struct evidence *ev;
	const struct smaps_process *process;
	str_id executable;
	str_id last;  /* mapped file: the parts of one lie together */
	size_t first; /* of its rows in ev->memory */
};

static void add_memory(struct noting *n, str_id file, const struct mapping *mapping)
{
	struct evidence *ev = n->ev;

	for (size_t i = n->first; i < ev->memory.len; i++) {
		struct evidence_memory *row = &ev->memory.data[i];

		if (row->file != file)
			continue;
		row->pss_bytes += mapping->pss_bytes;
		row->private_dirty_bytes += mapping->private_dirty_bytes;
		return;
	}
	if (ev->memory.len >= ev->max_uses)
		evidence_lost(ev, 1);
	else
		array_push(&ev->memory,
			   (struct evidence_memory){
				   .executable = n->executable,
				   .file = file,
				   .scope = (uint8_t)n->process->scope,
				   .processes = 1,
				   .pss_bytes = mapping->pss_bytes,
				   .private_dirty_bytes = mapping->private_dirty_bytes });
}

/* The path below the root of what is to be noted; NULL for anonymous memory and the rest. */
static const char *noted_path(const struct noting *n, const struct mapping *mapping)
{
	const struct smaps_process *p = n->process;
	size_t len = p->prefix ? strlen(p->prefix) : 0;

	if (!mapping->path[0] || (len && strncmp(mapping->path, p->prefix, len) != 0) ||
	    mapping->path[len] != '/' || (p->accept && !p->accept(mapping, p->arg)))
		return NULL;
	return mapping->path + len;
}

static void note_file(struct noting *n, const char *text, str_id path, bool first)
{
	bool by = !first && n->executable;

	if ((path == n->executable || path == n->last) && !first)
		return;
	evidence_use(n->ev,
		     &(struct evidence_event){
			     .path = text,
			     .use = first ? USE_EXECUTED : USE_MAPPED,
			     .scope = n->process->scope,
			     .by = by ? evidence_text(n->ev, n->executable) : NULL });
}

static void note_mapping(const struct mapping *mapping, void *arg)
{
	struct noting *n = arg;
	const char *text = noted_path(n, mapping);
	bool first = text && !n->executable && !n->process->executable;
	str_id path = text ? strpool_add(&n->ev->strings, text) : 0;

	if (first)
		n->executable = path;
	if (text)
		note_file(n, text, path, first);
	n->last = path ? path : n->last;
	if (n->process->memory)
		add_memory(n, path, mapping);
}

void smaps_note(struct evidence *ev, char *text, const struct smaps_process *process)
{
	struct noting n = { .ev = ev, .process = process, .first = ev->memory.len };

	if (process->executable && process->executable[0]) {
		n.executable = strpool_add(&ev->strings, process->executable);
		evidence_use(ev, &(struct evidence_event){ .path = process->executable,
							   .use = USE_EXECUTED,
							   .scope = process->scope });
	}
	smaps_each(text, note_mapping, &n);
	if (!n.executable && process->only_known)
		ev->memory.len = n.first;
}

/* "docker-0123....scope", "cri-containerd-0123...", "0123...": 64 digits name a container. */
static bool has_container_id(const char *text)
{
	size_t digits = 0;

	for (; *text; text++) {
		digits = isxdigit((unsigned char)*text) ? digits + 1 : 0;
		if (digits == CONTAINER_ID_LEN)
			return true;
	}
	return false;
}

enum use_scope cgroup_scope(const char *text)
{
	static const char *const NAMES[] = { "/kubepods",    "/docker/",
					     "/libpod",	     "/lxc/",
					     "/lxc.payload", "/machine.slice/" };

	for (size_t i = 0; i < ARRAY_LEN(NAMES); i++)
		if (strstr(text, NAMES[i]))
			return SCOPE_CONTAINER;
	if (has_container_id(text))
		return SCOPE_CONTAINER;
	return text[0] ? SCOPE_HOST : SCOPE_UNKNOWN;
}
