#include "analyzer/evidence_strace.h"

#include "analyzer/evidence_text.h"

#include <limits.h>
#include <string.h>

/* One call in parts. */
struct call {
	struct strace *strace;
	struct strace_process *process;
	struct evidence *ev;
	const char *args;
	const char *result_path; /* of -y: behind the '<'; or NULL */
	uint64_t result;
};

struct strace_process *strace_process(struct strace *s, uint64_t pid)
{
	struct strace_process *p = &s->processes[pid % STRACE_PROCESSES];

	if (!p->known || p->pid != pid) {
		free(p->pending);
		*p = (struct strace_process){ .pid = pid, .known = true };
	}
	return p;
}

static const char *text_of(const struct call *call, str_id id)
{
	return id ? evidence_text(call->ev, id) : NULL;
}

static void note(struct call *call, const char *path, enum file_use_kind use)
{
	const struct strace_process *p = call->process;
	_cleanup_(freep) char *below = NULL;

	if (p->foreign || !path) {
		call->ev->elsewhere++;
		return;
	}
	if (p->root)
		path = below = mem_printf("%s%s", text_of(call, p->root), path);
	evidence_use(call->ev, &(struct evidence_event){ .path = path,
							 .use = use,
							 .by = text_of(call, p->exe) });
}

/* The folder that a call's first argument is: AT_FDCWD, AT_FDCWD</cwd>, 5, 5</dir>. NULL
 * where that is not known. */
static char *folder_argument(struct call *call, const char **at)
{
	_cleanup_(strbuf_release) struct strbuf path = { 0 };
	const char *c = *at;
	uint64_t fd;
	bool cwd = text_word(&c, "AT_FDCWD");

	if (!cwd && !text_number(&c, &fd))
		return NULL;
	*at = c;
	if (*c == '<') {
		c++;
		if (!text_escaped(&c, '>', &path))
			return NULL;
		*at = c;
		return strbuf_detach(&path);
	}
	return cwd ? mem_strdup(text_of(call, call->process->cwd)) : NULL;
}

/* A path argument below @p folder (NULL: not known); NULL when it is none. */
static char *path_argument(const char **at, const char *folder)
{
	_cleanup_(strbuf_release) struct strbuf path = { 0 };

	if (!text_quoted(at, &path) || text_word(at, "...") || path.len == 0)
		return NULL;
	return text_join(folder, strbuf_text(&path));
}

/* -y tells where the descriptor leads, whatever the arguments were. */
static bool note_result(struct call *call, enum file_use_kind use)
{
	_cleanup_(strbuf_release) struct strbuf path = { 0 };
	const char *at = call->result_path;

	if (!at || call->process->foreign || !text_escaped(&at, '>', &path))
		return false;
	if (strbuf_text(&path)[0] != '/') /* a pipe or socket */
		return true;
	evidence_use(call->ev,
		     &(struct evidence_event){ .path = strbuf_text(&path),
					       .use = use,
					       .by = text_of(call, call->process->exe) });
	return true;
}

static void on_open(struct call *call)
{
	_cleanup_(freep) char *path =
		path_argument(&call->args, text_of(call, call->process->cwd));

	note_result(call, USE_OPENED);
	note(call, path, USE_OPENED);
}

static void on_openat(struct call *call)
{
	_cleanup_(freep) char *folder = folder_argument(call, &call->args), *path = NULL;
	bool named = note_result(call, USE_OPENED);

	if (!text_word(&call->args, ", "))
		return;
	path = path_argument(&call->args, folder);
	if (path || !named)
		note(call, path, USE_OPENED);
}

static void executed(struct call *call, const char *path)
{
	note(call, path, USE_EXECUTED);
	call->process->exe = path && !call->process->foreign && strlen(path) < PATH_MAX
				     ? strpool_add(&call->ev->strings, path)
				     : 0;
}

static void on_execve(struct call *call)
{
	_cleanup_(freep) char *path =
		path_argument(&call->args, text_of(call, call->process->cwd));

	executed(call, path);
}

static void on_execveat(struct call *call)
{
	_cleanup_(freep) char *folder = folder_argument(call, &call->args), *path = NULL;

	if (text_word(&call->args, ", \"\"")) /* AT_EMPTY_PATH: the descriptor itself */
		path = steal_ptr(&folder);
	else if (text_word(&call->args, ", "))
		path = path_argument(&call->args, folder);
	executed(call, path);
}

static void set_cwd(struct call *call, const char *path)
{
	call->process->cwd = path && path[0] == '/' && strlen(path) < PATH_MAX
				     ? strpool_add(&call->ev->strings, path)
				     : 0;
}

static void on_chdir(struct call *call)
{
	_cleanup_(freep) char *path =
		path_argument(&call->args, text_of(call, call->process->cwd));

	set_cwd(call, path);
}

static void on_fchdir(struct call *call)
{
	_cleanup_(freep) char *path = folder_argument(call, &call->args);

	set_cwd(call, path);
}

static void on_chroot(struct call *call)
{
	struct strace_process *p = call->process;
	_cleanup_(freep) char *path = path_argument(&call->args, text_of(call, p->cwd));
	_cleanup_(freep) char *root = NULL;

	if (path)
		root = mem_printf("%s%s", p->root ? text_of(call, p->root) : "", path);
	if (root && strlen(root) < PATH_MAX)
		p->root = strcmp(root, "/") == 0 ? 0
						 : strpool_add(&call->ev->strings, root);
	else
		p->foreign = true;
	p->cwd = 0;
}

/* pivot_root and setns: what its paths mean now, nobody can tell. */
static void on_leave(struct call *call)
{
	call->process->foreign = true;
}

static void on_fork(struct call *call)
{
	struct strace_process parent = *call->process, *child;

	if (call->result == 0 || call->result == parent.pid)
		return;
	child = strace_process(call->strace, call->result);
	child->cwd = parent.cwd;
	child->exe = parent.exe;
	child->root = parent.root;
	child->foreign = parent.foreign;
}

/* With -y: "mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3</usr/lib/libc.so.6>, 0)". */
static void on_mmap(struct call *call)
{
	_cleanup_(strbuf_release) struct strbuf path = { 0 };
	const char *at = strchr(call->args, '<');

	if (!at)
		return;
	at++;
	if (text_escaped(&at, '>', &path) && strbuf_text(&path)[0] == '/' &&
	    !call->process->foreign)
		evidence_use(call->ev, &(struct evidence_event){
					       .path = strbuf_text(&path),
					       .use = USE_MAPPED,
					       .by = text_of(call, call->process->exe) });
}

static const struct {
	const char *name;
	void (*read)(struct call *call);
} CALLS[] = {
	{ "open", on_open },	    { "creat", on_open },    { "openat", on_openat },
	{ "openat2", on_openat },   { "execve", on_execve }, { "execveat", on_execveat },
	{ "chdir", on_chdir },	    { "fchdir", on_fchdir }, { "chroot", on_chroot },
	{ "pivot_root", on_leave }, { "setns", on_leave },   { "clone", on_fork },
	{ "clone3", on_fork },	    { "fork", on_fork },     { "vfork", on_fork },
	{ "mmap", on_mmap },	    { "mmap2", on_mmap },
};

/* The result behind the last " = " of the call; false when the call failed. */
static bool read_result(struct call *call, const char *text)
{
	const char *at = NULL, *next = text;

	while ((next = strstr(next, " = ")))
		at = next += strlen(" = ");
	if (!at)
		return false;
	if (at[0] == '0' && at[1] == 'x')
		return true; /* an address */
	if (!text_number(&at, &call->result))
		return false;
	if (*at == '<')
		call->result_path = at + 1;
	return true;
}

int strace_call(struct strace *s, struct evidence *ev, const char *text, size_t name_len)
{
	struct call call = { .strace = s, .ev = ev, .args = text + name_len + 1 };

	if (!strstr(text, ") = ") && !strstr(text, ")  ") && !strstr(text, "= "))
		return 1;
	for (size_t i = 0; i < ARRAY_LEN(CALLS); i++) {
		if (strlen(CALLS[i].name) != name_len ||
		    memcmp(CALLS[i].name, text, name_len) != 0)
			continue;
		call.process = strace_process(s, s->pid);
		if (read_result(&call, call.args))
			CALLS[i].read(&call);
		return 0;
	}
	return 0;
}
