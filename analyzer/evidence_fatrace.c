/*
 * Lines of fatrace(8):
 *	[TIME] COMMAND(PID)[ [UID:GID]]: TYPES PATH
 *	{"comm": "...", "pid": 1, "types": "RO", "path": "/...", "exe": "/..."}
 * TIME is HH:MM:SS.ssssss or SECONDS.ssssss; instead of a path there may be "device 8:2
 * inode 1234".
 */
#include "analyzer/evidence_format.h"
#include "analyzer/evidence_text.h"
#include "base/json.h"

#include <string.h>

#define TYPES	   "RWOCD+<>"
#define OPEN_TYPES "RWOC"

/* Behind "(PID): " or "(PID) [UID:GID]: "; NULL when @p at does not begin so. */
static const char *after_process(const char *at)
{
	uint64_t number;

	if (*at++ != '(' || !text_number(&at, &number) || *at++ != ')')
		return NULL;
	if (*at == ' ' && at[1] == '[') {
		at += 2;
		if (!text_number(&at, &number) || *at++ != ':' ||
		    !text_number(&at, &number) || *at++ != ']')
			return NULL;
	}
	return text_word(&at, ": ") ? at : NULL;
}

/* The types, with the path behind them in *ret_path; NULL when it is no such line. */
static const char *find_types(const char *line, const char **ret_path)
{
	for (const char *at = strchr(line, '('); at; at = strchr(at + 1, '(')) {
		const char *types = after_process(at);
		size_t n = types ? strspn(types, TYPES) : 0;

		if (n == 0 || types[n] != ' ')
			continue;
		*ret_path = text_blanks(types + n);
		return types;
	}
	return NULL;
}

static bool detect(const char *head, size_t len)
{
	const char *path;
	size_t end = strcspn(head, "\n");
	_cleanup_(freep) char *first = mem_strndup(head, end);

	(void)len;
	if (first[0] == '{')
		return strstr(first, "\"types\"") && strstr(first, "\"comm\"") &&
		       (strstr(first, "\"path\"") || strstr(first, "\"inode\""));
	return find_types(first, &path) != NULL;
}

static void add(struct evidence *ev, const char *types, const char *path, const char *by)
{
	if (types[strcspn(types, OPEN_TYPES " ")] == ' ' ||
	    types[strcspn(types, OPEN_TYPES)] == '\0')
		return; /* what happens to a folder's entries */
	if (!path || path[0] != '/')
		ev->elsewhere++;
	else
		evidence_use(ev, &(struct evidence_event){
					 .path = path, .use = USE_OPENED, .by = by });
}

static int read_json(struct evidence *ev, const char *line, size_t len)
{
	json_t *row = NULL;
	const char *types, *path, *by;

	if (json_parse(line, len, &row, NULL) < 0)
		return 1;
	types = json_string_value(json_object_get(row, "types"));
	path = json_string_value(json_object_get(row, "path"));
	by = json_string_value(json_object_get(row, "exe"));
	if (types)
		add(ev, types, path, by);
	json_decref(row);
	return types ? 0 : 1;
}

static int read_line(void *state, struct evidence *ev, char *line, size_t len,
		     struct error *err)
{
	const char *path = NULL, *types, *at = line;
	uint64_t seconds;

	(void)state;
	(void)err;
	if (line[0] == '{')
		return read_json(ev, line, len);
	types = find_types(line, &path);
	if (!types)
		return 1;
	if (text_number(&at, &seconds) && *at == '.')
		evidence_time(ev, (int64_t)seconds);
	add(ev, types, path, NULL);
	return 0;
}

const struct evidence_format EVIDENCE_FATRACE = {
	.name = "fatrace",
	.summary = "text or JSON of fatrace",
	.detect = detect,
	.line = read_line,
};
