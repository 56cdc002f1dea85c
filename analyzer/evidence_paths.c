#include "analyzer/evidence_format.h"

#include <string.h>

static bool detect(const char *head, size_t len)
{
	(void)len;
	while (*head == '#' || *head == '\n') {
		head += strcspn(head, "\n");
		head += *head == '\n';
	}
	return *head == '/';
}

static int read_line(void *state, struct evidence *ev, char *line, size_t len,
		     struct error *err)
{
	(void)state;
	(void)err;
	if (len > 0 && line[len - 1] == '\r')
		len--;
	if (len == 0 || line[0] == '#')
		return 0;
	if (line[0] != '/')
		return 1;
	evidence_use(ev, &(struct evidence_event){
				 .path = line, .len = len, .use = USE_OPENED });
	return 0;
}

const struct evidence_format EVIDENCE_PATHS = {
	.name = "paths",
	.summary =
		"absolute paths, one a line or ended by NUL bytes; '#' begins a comment",
	.detect = detect,
	.line = read_line,
};
