#include "workload/object_formats.h"

#include "base/io.h"
#include "base/macros.h"
#include "base/mem.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define CHUNK_BYTES (1u << 18)
#define BLANKS	    " \t\r\n"

/* A file or memory; the first bytes were looked at. */
struct source {
	int fd; /* -1: memory */
	char *buffer;
	const char *data; /* not given yet */
	size_t len;
	bool ended;
};

static void source_release(struct source *source)
{
	free(source->buffer);
}

static int fill(struct source *source, struct error *err)
{
	ssize_t n;

	do
		n = read(source->fd, source->buffer, CHUNK_BYTES);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return error_errno(err, "cannot read");
	source->data = source->buffer;
	source->len = (size_t)n;
	source->ended = n == 0;
	return 0;
}

static int next_chunk(void *arg, const char **ret_data, size_t *ret_len,
		      struct error *err)
{
	struct source *source = arg;
	int r = 0;

	if (source->len == 0 && source->fd >= 0 && !source->ended)
		r = fill(source, err);
	if (r < 0)
		return r;
	*ret_data = source->data;
	*ret_len = source->len;
	source->len = 0;
	return 0;
}

static int check_start(const char *name, const struct source *source, struct error *err)
{
	const unsigned char *at = (const unsigned char *)source->data;

	if (source->len >= 2 &&
	    ((at[0] == 0xff && at[1] == 0xfe) || (at[0] == 0xfe && at[1] == 0xff)))
		return error_set(err, -EINVAL,
				 "%s:1: this is UTF-16, as PowerShell writes it (save it "
				 "as UTF-8)",
				 name);
	return 0;
}

/* Blank lines in front do not tell which of the two it is. */
static bool is_json(const struct source *source)
{
	size_t i = 0;

	while (i < source->len && memchr(BLANKS, source->data[i], strlen(BLANKS)))
		i++;
	return i < source->len && (source->data[i] == '{' || source->data[i] == '[');
}

static int read_source(const char *name, struct source *source, object_fn *fn, void *arg,
		       struct error *err)
{
	_cleanup_(freep) char *shown = strcmp(name, "-") == 0
					       ? mem_strdup("standard input")
					       : text_printable_dup(name);
	struct object_input input = { .name = shown,
				      .next = next_chunk,
				      .next_arg = source,
				      .give = fn,
				      .give_arg = arg };
	int r = check_start(shown, source, err);

	if (r < 0)
		return r;
	if (source->len >= 3 && memcmp(source->data, "\xef\xbb\xbf", 3) == 0) {
		source->data += 3;
		source->len -= 3;
	}
	return is_json(source) ? objects_read_json(&input, err)
			       : objects_read_yaml(&input, err);
}

int objects_read(const char *name, int fd, object_fn *fn, void *arg, struct error *err)
{
	_cleanup_(source_release) struct source source = {
		.fd = fd,
		.buffer = mem_alloc(CHUNK_BYTES),
	};
	int r = fill(&source, err);

	if (r < 0)
		return error_prefix(err, r, "'%s'", name);
	return read_source(name, &source, fn, arg, err);
}

int objects_parse(const char *name, const char *text, size_t len, object_fn *fn,
		  void *arg, struct error *err)
{
	struct source source = { .fd = -1, .data = text, .len = len };

	return read_source(name, &source, fn, arg, err);
}

char *object_list_kind(const char *kind)
{
	size_t len = kind ? strlen(kind) : 0;

	return len > 4 && strcmp(kind + len - 4, "List") == 0 ? mem_strndup(kind, len - 4)
							      : NULL;
}
