#include "analyzer/evidence_format.h"

#include "analyzer/decompress.h"
#include "base/io.h"
#include "base/strbuf.h"

#include <errno.h>
#include <sys/stat.h>

const struct evidence_format *const EVIDENCE_FORMATS[] = {
	&EVIDENCE_NATIVE,
	&EVIDENCE_SNAPSHOT,
	&EVIDENCE_AUDITD,
	&EVIDENCE_IMA,
	&EVIDENCE_FATRACE,
	&EVIDENCE_STRACE,
	&EVIDENCE_BPFTRACE,
	&EVIDENCE_GADGET,
	&EVIDENCE_OPENSNOOP,
	&EVIDENCE_PATHS,
	NULL,
};

static void list_names(struct strbuf *out)
{
	for (size_t i = 0; EVIDENCE_FORMATS[i]; i++)
		strbuf_printf(out, "%s%s", i ? ", " : "", EVIDENCE_FORMATS[i]->name);
}

const struct evidence_format *evidence_format_find(const char *name, struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf names = { 0 };

	for (size_t i = 0; EVIDENCE_FORMATS[i]; i++)
		if (strcmp(EVIDENCE_FORMATS[i]->name, name) == 0)
			return EVIDENCE_FORMATS[i];
	list_names(&names);
	error_set(err, -EINVAL, "'%s' is none of the formats %s", name,
		  strbuf_text(&names));
	return NULL;
}

static int detect(struct lines *lines, const struct evidence_format **ret,
		  struct error *err)
{
	_cleanup_(strbuf_release) struct strbuf names = { 0 };
	_cleanup_(freep) char *head = NULL;
	const char *bytes = NULL;
	int len = lines_peek(lines, &bytes, err);

	if (len < 0)
		return len;
	if (len == 0)
		return error_set(err, -EINVAL, "it is empty");
	head = mem_alloc((size_t)len + 1);
	memcpy(head, bytes, (size_t)len);
	head[len] = '\0';
	for (size_t i = 0; EVIDENCE_FORMATS[i]; i++) {
		*ret = EVIDENCE_FORMATS[i];
		if ((*ret)->detect(head, (size_t)len))
			return 0;
	}
	list_names(&names);
	return error_set(err, -EINVAL,
			 "it is in none of the formats %s (--format names one)",
			 strbuf_text(&names));
}

static int read_lines(struct lines *lines, const struct evidence_format *format,
		      void *state, struct evidence *ev, struct error *err)
{
	uint64_t understood = 0;
	char *line = NULL;
	size_t len = 0;
	int r;

	while ((r = lines_next(lines, &line, &len, err)) > 0) {
		r = r == 1 ? format->line(state, ev, line, len, err) : 1;
		if (r < 0)
			return error_prefix(err, r, "line %llu",
					    (unsigned long long)lines->number);
		understood += r == 0;
		ev->skipped += r == 1;
	}
	if (r == 0 && format->end)
		r = format->end(state, ev, err);
	if (r == 0 && understood == 0)
		return error_set(err, -EINVAL, "no line of it is in the format %s",
				 format->name);
	return r;
}

/* Lines that end with NUL, as of find -print0. */
static void find_delimiter(struct lines *lines)
{
	const char *head = NULL;
	int len = lines_peek(lines, &head, NULL);

	if (len > 0 && memchr(head, '\0', (size_t)len))
		lines->delimiter = '\0';
}

static int read_format(struct lines *lines, const struct evidence_format *format,
		       struct evidence *ev, struct error *err)
{
	_cleanup_(freep) void *state = NULL;
	int r;

	ev->source = format->name;
	if (format->file)
		return format->file(lines, ev, err);
	if (format == &EVIDENCE_PATHS)
		find_delimiter(lines);
	state = mem_calloc(1, MAX2(format->state_size, (size_t)1));
	r = read_lines(lines, format, state, ev, err);
	if (format->release)
		format->release(state);
	return r;
}

static int read_opened(struct lines *lines, const struct evidence_format *format,
		       struct evidence *ev, struct error *err)
{
	int r = format ? 0 : detect(lines, &format, err);

	if (r == 0)
		r = read_format(lines, format, ev, err);
	if (r == 0)
		evidence_sort(ev);
	return r;
}

int evidence_read_memory(char *data, size_t len, const struct evidence_format *format,
			 struct evidence *ev, struct error *err)
{
	_cleanup_(lines_release) struct lines lines = { .fd = -1 };

	lines_init_memory(&lines, data, len);
	return read_opened(&lines, format, ev, err);
}

int evidence_read(int fd, const struct evidence_format *format, struct evidence *ev,
		  struct error *err)
{
	_cleanup_(lines_release) struct lines lines = { .fd = -1 };
	struct decompressed plain;
	enum compression kind;
	uint8_t head[8] = { 0 };
	ssize_t n = io_pread(fd, head, sizeof(head), 0);
	int r;

	kind = n > 0 ? compression_of(head, (size_t)n) : COMPRESSION_NONE;
	if (kind == COMPRESSION_NONE) {
		lines_init_fd(&lines, fd);
		return read_opened(&lines, format, ev, err);
	}
	r = decompress_fd(fd, kind, EVIDENCE_MAX_UNPACKED, &plain, err);
	if (r < 0)
		return r;
	plain.data = mem_realloc(plain.data, plain.len + 1, 1);
	return evidence_read_memory((char *)plain.data, plain.len, format, ev, err);
}
