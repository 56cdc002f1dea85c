#include "cli/output.h"

#include "base/io.h"
#include "base/mem.h"
#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int to_stdout(const char *data, size_t len, struct error *err)
{
	int r = io_write_all(STDOUT_FILENO, data, len);

	if (r == -EPIPE)
		return 0;
	if (r < 0)
		return error_set(err, r, "cannot write to standard output: %s",
				 strerror(-r));
	return 0;
}

static int put(const char *path, const char *data, size_t len, struct error *err)
{
	if (!path || strcmp(path, "-") == 0)
		return to_stdout(data, len, err);
	return io_write_file(path, data, len, err);
}

int output_text(const char *path, const struct strbuf *text, struct error *err)
{
	return put(path, strbuf_text(text), text->len, err);
}

int output_json(const char *path, const json_t *json, struct error *err)
{
	_cleanup_(freep) char *text = json_text(json);

	return put(path, text, strlen(text), err);
}

static void to_stderr(const char *prefix, const char *text)
{
	_cleanup_(strbuf_release) struct strbuf line = { 0 };

	strbuf_puts(&line, prefix);
	text_printable(&line, text);
	strbuf_putc(&line, '\n');
	(void)io_write_all(STDERR_FILENO, strbuf_text(&line), line.len);
}

void output_note(const char *fmt, ...)
{
	_cleanup_(freep) char *text = NULL;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	va_end(args);
	if (text)
		to_stderr("", text);
}

void output_error(const struct error *err)
{
	to_stderr("tare: ", err->text);
}
