#include "trimmer/apply_journal.h"

#include "base/io.h"
#include "base/mem.h"
#include "base/strbuf.h"
#include "base/tree_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define JOURNAL_MAX  (1u << 20)
#define LOCK_TRIES   100
#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

static const char *const STEPS[] = {
	[STEP_BEGUN] = "begun",	      [STEP_COPIED] = "copied",
	[STEP_SAVED] = "saved",	      [STEP_CHANGED] = "changed",
	[STEP_FINISHED] = "finished", [STEP_UNDONE] = "undone",
};

static const char HEAD[] = "tare-journal 1";

const char *apply_step_name(enum apply_step step)
{
	return STEPS[step];
}

static void put_escaped(struct strbuf *out, const char *text)
{
	for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
		if (*c <= ' ' || *c >= 0x7f || *c == '%')
			strbuf_printf(out, "%%%02X", *c);
		else
			strbuf_putc(out, (char)*c);
	}
}

static int hex_digit(char c)
{
	static const char DIGITS[] = "0123456789ABCDEF";
	const char *at = c ? strchr(DIGITS, c) : NULL;

	return at ? (int)(at - DIGITS) : -1;
}

/* NULL when it is no escaped text. */
static char *read_escaped(const char *text, size_t len)
{
	struct strbuf out = { 0 };

	for (size_t i = 0; i < len; i++) {
		int high = i + 2 < len ? hex_digit(text[i + 1]) : -1;
		int low = i + 2 < len ? hex_digit(text[i + 2]) : -1;

		if (text[i] != '%') {
			strbuf_putc(&out, text[i]);
			continue;
		}
		if (high < 0 || low < 0 || high + low == 0) {
			strbuf_release(&out);
			return NULL;
		}
		strbuf_putc(&out, (char)(high * 16 + low));
		i += 2;
	}
	return strbuf_detach(&out);
}

static int set_path(char **into, const char *value, size_t len)
{
	char *path = *into ? NULL : read_escaped(value, len);

	if (!path || path[0] != '/') {
		free(path);
		return -EINVAL;
	}
	*into = path;
	return 0;
}

static int find_word(const char *const *words, size_t count, const char *value,
		     size_t len)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(words[i]) == len && memcmp(words[i], value, len) == 0)
			return (int)i;
	return -EINVAL;
}

static int set_flag(bool *into, const char *const *words, const char *value, size_t len)
{
	int at = find_word(words, 2, value, len);

	*into = at == 1;
	return at < 0 ? at : 0;
}

static int read_fact(struct journal *j, const char *line, size_t len)
{
	static const char *const KEYS[] = { "root", "target", "mode", "keep", "step" };
	static const char *const MODES[] = { "copy", "live" }, *const YES[] = { "no",
										"yes" };
	const char *blank = memchr(line, ' ', len);
	const char *value = blank ? blank + 1 : NULL;
	size_t value_len = blank ? len - (size_t)(value - line) : 0;
	int step;

	if (!blank)
		return -EINVAL;
	switch (find_word(KEYS, ARRAY_LEN(KEYS), line, (size_t)(blank - line))) {
	case 0:
		return set_path(&j->root, value, value_len);
	case 1:
		return set_path(&j->target, value, value_len);
	case 2:
		return set_flag(&j->live, MODES, value, value_len);
	case 3:
		return set_flag(&j->keep, YES, value, value_len);
	case 4:
		step = find_word(STEPS, ARRAY_LEN(STEPS), value, value_len);
		if (step < (int)j->step)
			return -EINVAL; /* unknown, or backwards */
		j->step = (enum apply_step)step;
		return 0;
	default:
		return -EINVAL;
	}
}

int journal_parse(const char *data, size_t len, struct journal *ret, struct error *err)
{
	size_t line = 1;
	const char *end = memchr(data, '\n', len);

	*ret = (struct journal){ 0 };
	if (!end || strlen(HEAD) != (size_t)(end - data) ||
	    memcmp(data, HEAD, strlen(HEAD)) != 0)
		return error_set(err, -EINVAL, "the journal does not begin with '%s'",
				 HEAD);
	for (const char *at = end + 1;
	     (end = memchr(at, '\n', len - (size_t)(at - data))); at = end + 1) {
		line++;
		if (read_fact(ret, at, (size_t)(end - at)) < 0)
			return error_set(err, -EINVAL,
					 "the journal's line %zu makes no sense", line);
	}
	if (!ret->root || !ret->target)
		return error_set(err, -EINVAL, "the journal does not name its trees");
	return 0;
}

void journal_release(struct journal *journal)
{
	free(journal->root);
	free(journal->target);
	*journal = (struct journal){ 0 };
}

char *apply_state_path(const struct apply_state *state, const char *name)
{
	return mem_printf("%s/%s", state->path, name);
}

/* The journal appears whole or not at all. */
static int write_journal(struct apply_state *state, const struct journal *j)
{
	_cleanup_(strbuf_release) struct strbuf text = { 0 };
	_cleanup_(closep) int fd =
		openat(state->fd, "journal.new",
		       O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

	strbuf_printf(&text, "%s\nroot ", HEAD);
	put_escaped(&text, j->root);
	strbuf_puts(&text, "\ntarget ");
	put_escaped(&text, j->target);
	strbuf_printf(&text, "\nmode %s\nkeep %s\nstep begun\n",
		      j->live ? "live" : "copy", j->keep ? "yes" : "no");
	if (fd < 0 || io_write_all(fd, text.data, text.len) < 0 || fsync(fd) < 0 ||
	    renameat(state->fd, "journal.new", state->fd, "journal") < 0 ||
	    fsync(state->fd) < 0)
		return -errno;
	return 0;
}

/* A child of a killed process dies soon, but not at once. */
static int lock(int fd)
{
	const struct timespec pause = { 0, 100000000 };

	for (int i = 0; i < LOCK_TRIES; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return 0;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -errno;
		nanosleep(&pause, NULL);
	}
	return -EBUSY;
}

static int open_journal(struct apply_state *state, struct error *err)
{
	_cleanup_(freep) char *data = NULL;
	size_t len = 0;
	int r;

	state->journal_fd =
		openat(state->fd, "journal", O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
	if (state->journal_fd < 0)
		return error_errno(err, "no journal in '%s'", state->path);
	r = lock(state->journal_fd);
	if (r < 0)
		return error_set(err, r, "'%s': another process works on it",
				 state->path);
	r = io_read_all(state->journal_fd, JOURNAL_MAX, &data, &len, err);
	if (r == 0)
		r = journal_parse(data, len, &state->journal, err);
	if (r < 0)
		return error_prefix(err, r, "'%s'", state->path);
	/* what was being written when a process died would spoil the next line */
	while (len > 0 && data[len - 1] != '\n')
		len--;
	if (ftruncate(state->journal_fd, (off_t)len) < 0)
		return error_errno(err, "cannot write the journal in '%s'", state->path);
	return 0;
}

static int open_folder(const char *path, struct apply_state *ret, struct error *err)
{
	ret->path = mem_strdup(path);
	ret->fd = open(path, FOLDER_FLAGS);
	if (ret->fd < 0)
		return error_errno(err, "cannot open the state folder '%s'", path);
	return 0;
}

int apply_state_create(const char *path, const struct journal *journal,
		       struct apply_state *ret, struct error *err)
{
	int r;

	*ret = (struct apply_state)APPLY_STATE_NONE;
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return error_errno(err, "cannot make the state folder '%s'", path);
	r = open_folder(path, ret, err);
	if (r < 0)
		return r;
	if (faccessat(ret->fd, "journal", F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return error_set(err, -EEXIST, "'%s' holds the journal of another apply",
				 path);
	/* of a process that died before its journal, or a folder made for this */
	unlinkat(ret->fd, "journal.new", 0);
	if (rmdir(path) < 0 || mkdir(path, 0700) < 0)
		return error_errno(err, "cannot use '%s' as state folder", path);
	close(ret->fd);
	free(ret->path);
	r = open_folder(path, ret, err);
	if (r == 0 && (r = write_journal(ret, journal)) < 0)
		return error_set(err, r, "cannot write the journal in '%s': %s", path,
				 strerror(-r));
	return r < 0 ? r : open_journal(ret, err);
}

int apply_state_open(const char *path, struct apply_state *ret, struct error *err)
{
	int r;

	*ret = (struct apply_state)APPLY_STATE_NONE;
	r = open_folder(path, ret, err);
	return r < 0 ? r : open_journal(ret, err);
}

int apply_state_step(struct apply_state *state, enum apply_step step, int tree_fd,
		     struct error *err)
{
	_cleanup_(freep) char *line = mem_printf("step %s\n", STEPS[step]);
	int r;

	if ((tree_fd >= 0 && syncfs(tree_fd) < 0) || syncfs(state->fd) < 0)
		return error_errno(err, "cannot write to the disk");
	r = io_write_all(state->journal_fd, line, strlen(line));
	if (r == 0 && fsync(state->journal_fd) < 0)
		r = -errno;
	if (r < 0)
		return error_set(err, r, "cannot write the journal in '%s': %s",
				 state->path, strerror(-r));
	state->journal.step = step;
	return 0;
}

int apply_state_remove(struct apply_state *state, struct error *err)
{
	static const char *const PARTS[] = { "tree", "kept", "made", "upper" };
	static const char *const FILES[] = { "plan.json", "absent", "journal" };
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_LEN(PARTS); i++) {
		_cleanup_(freep) char *path = apply_state_path(state, PARTS[i]);

		r = tree_remove(path, err);
	}
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(FILES); i++)
		if (unlinkat(state->fd, FILES[i], 0) < 0 && errno != ENOENT)
			r = error_errno(err, "cannot remove '%s' in '%s'", FILES[i],
					state->path);
	if (r == 0 && rmdir(state->path) < 0)
		r = error_errno(err, "cannot remove '%s'", state->path);
	return r;
}

void apply_state_release(struct apply_state *state)
{
	closep(&state->journal_fd);
	closep(&state->fd);
	free(state->path);
	journal_release(&state->journal);
	*state = (struct apply_state)APPLY_STATE_NONE;
}
