#include "analyzer/evidence_opensnoop.h"

#include "analyzer/evidence_format.h"
#include "analyzer/evidence_text.h"

#include <ctype.h>
#include <string.h>

#define FLAGS_DIGITS 8

/* A word that is a number, "-1" included; *ret_failed unless it is 0 or more. */
static bool number_word(const char **at, bool *ret_negative, uint64_t *ret)
{
	const char *c = text_blanks(*at);

	*ret_negative = *c == '-';
	c += *ret_negative;
	if (!text_number(&c, ret) || (*c != ' ' && *c != '\t'))
		return false;
	*at = c;
	return true;
}

/* FD and ERR, and behind them the path, begin at @p at. */
static const char *path_after(const char *at, bool *ret_failed)
{
	bool fd_negative, err_negative;
	uint64_t fd, err;
	const char *path;

	if (!number_word(&at, &fd_negative, &fd) ||
	    !number_word(&at, &err_negative, &err))
		return NULL;
	path = text_blanks(at);
	if (strspn(path, "01234567") == FLAGS_DIGITS && path[FLAGS_DIGITS] == ' ')
		path = text_blanks(path + FLAGS_DIGITS);
	*ret_failed = fd_negative || err != 0;
	return *path ? path : NULL;
}

/* Times and users are numbers, too, and a command's name may have blanks: the two numbers
 * are those before an absolute path, or else the last two before a word. */
static const char *find_path(const char *at, bool *ret_failed)
{
	const char *path = NULL;

	for (at += strcspn(at, " \t"); *at; at += strcspn(at, " \t")) {
		bool failed = false;
		const char *found = path_after(at, &failed);

		if (found) {
			path = found;
			*ret_failed = failed;
		}
		if (found && found[0] == '/')
			break;
		at = text_blanks(at);
	}
	return path;
}

int opensnoop_line(struct evidence *ev, const char *line)
{
	const char *at = text_blanks(line), *path;
	bool failed = false;

	if (!isdigit((unsigned char)*at))
		return 1;
	path = find_path(at, &failed);
	if (!path)
		return 1;
	if (failed)
		return 0;
	if (path[0] != '/')
		ev->elsewhere++;
	else
		evidence_use(ev,
			     &(struct evidence_event){ .path = path, .use = USE_OPENED });
	return 0;
}

static bool detect(const char *head, size_t len)
{
	const char *pid = strstr(head, "PID"), *path = strstr(head, "PATH");
	const char *comm = strstr(head, "COMM"), *fd = strstr(head, "FD");

	(void)len;
	return pid && comm && fd && path && pid < comm && comm < fd && fd < path &&
	       !memchr(pid, '\n', (size_t)(path - pid));
}

static int read_line(void *state, struct evidence *ev, char *line, size_t len,
		     struct error *err)
{
	(void)state;
	(void)len;
	(void)err;
	return opensnoop_line(ev, line);
}

const struct evidence_format EVIDENCE_OPENSNOOP = {
	.name = "opensnoop",
	.summary = "text of opensnoop (bcc, bpftrace)",
	.detect = detect,
	.line = read_line,
};
