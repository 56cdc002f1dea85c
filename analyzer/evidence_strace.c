/*
 * Output of strace(1): -f, -ff (one file a process), -t to -ttt, -r, -y, -o FILE. Calls
 * that were interrupted by another process's line are put together again. Relative paths
 * need a folder: from chdir(), or from -y.
 */
#include "analyzer/evidence_strace.h"

#include "analyzer/evidence_format.h"
#include "analyzer/evidence_text.h"

#include <ctype.h>
#include <string.h>

#define UNFINISHED " <unfinished ...>"

/* A number, or the '+' before a relative time. */
static bool is_prefix(const char *at)
{
	return isdigit((unsigned char)*at) || (*at == '+' && at[1] != '+');
}

/* Times, relative times and process ids before a call. */
static const char *skip_prefix(struct strace *s, struct evidence *ev, const char *line)
{
	const char *at = text_blanks(line);
	uint64_t number;

	s->pid = 0;
	if (text_word(&at, "[pid")) {
		at = text_blanks(at);
		if (text_number(&at, &number))
			s->pid = number;
		at = *at == ']' ? text_blanks(at + 1) : at;
	}
	for (int i = 0; i < 3 && is_prefix(at); i++) {
		const char *word = at + (*at == '+');

		if (*at != '+' && text_number(&word, &number)) {
			if (*word == ' ' || *word == '\t')
				s->pid = number;
			else if (*word == '.' && number > 1000000000)
				evidence_time(ev, (int64_t)number);
		}
		at = *at == '+' ? text_blanks(at + 1) : at;
		at = text_blanks(at + strcspn(at, " \t"));
	}
	return at;
}

/* "NAME(", then *ret_args stands behind the parenthesis. */
static size_t call_name(const char *at, const char **ret_args)
{
	size_t n = 0;

	while (isalnum((unsigned char)at[n]) || at[n] == '_')
		n++;
	*ret_args = at + n + 1;
	return at[n] == '(' ? n : 0;
}

/* A call that comes to its end later. */
static void suspend(struct strace *s, const char *call, size_t len)
{
	struct strace_process *p = strace_process(s, s->pid);

	free(p->pending);
	p->pending = len < STRACE_PENDING_MAX ? mem_strndup(call, len) : NULL;
}

/* "<... NAME resumed>REST": the begin of it and REST; NULL when there was none. */
static char *resume(struct strace *s, const char *at)
{
	struct strace_process *p = strace_process(s, s->pid);
	_cleanup_(freep) char *begin = steal_ptr(&p->pending);
	const char *rest = strstr(at, "resumed>");

	return begin && rest ? mem_printf("%s%s", begin, rest + strlen("resumed>"))
			     : NULL;
}

static int read_call(struct strace *s, struct evidence *ev, const char *at, size_t len)
{
	const char *args, *unfinished = strstr(at, UNFINISHED);
	size_t n = call_name(at, &args);

	if (n == 0)
		return 1;
	if (unfinished && unfinished[strlen(UNFINISHED)] == '\0') {
		suspend(s, at, (size_t)(unfinished - at));
		return 0;
	}
	(void)len;
	return strace_call(s, ev, at, n);
}

static int read_line(void *state, struct evidence *ev, char *line, size_t len,
		     struct error *err)
{
	struct strace *s = state;
	const char *at = skip_prefix(s, ev, line);
	_cleanup_(freep) char *whole = NULL;

	(void)err;
	if (text_word(&at, "+++") || text_word(&at, "---") || *at == '\0' ||
	    text_word(&at, "strace:"))
		return *at == '\0' || strstr(line, "+++") || strstr(line, "---") ? 0 : 1;
	if (strncmp(at, "<... ", 5) != 0)
		return read_call(s, ev, at, len);
	whole = resume(s, at);
	return whole ? read_call(s, ev, whole, strlen(whole)) : 0;
}

static bool detect(const char *head, size_t len)
{
	static const char *const CALLS[] = { "openat(", "execve(",  "open(",
					     "mmap(",	"openat2(", "access(" };
	struct strace s = { 0 };
	struct evidence ev = { .begin = -1, .end = -1 };

	(void)len;
	for (int line = 0; *head && line < 20; line++) {
		const char *at = skip_prefix(&s, &ev, head);
		size_t end = strcspn(head, "\n");

		for (size_t i = 0; i < ARRAY_LEN(CALLS); i++)
			if (strncmp(at, CALLS[i], strlen(CALLS[i])) == 0)
				return true;
		head += end + (head[end] == '\n');
	}
	return false;
}

static void release(void *state)
{
	struct strace *s = state;

	for (size_t i = 0; i < STRACE_PROCESSES; i++)
		free(s->processes[i].pending);
}

const struct evidence_format EVIDENCE_STRACE = {
	.name = "strace",
	.summary = "strace, with -f, -ff, -t, -y or -o",
	.detect = detect,
	.line = read_line,
	.release = release,
	.state_size = sizeof(struct strace),
};
