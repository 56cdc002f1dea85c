#include "cli/usage_files.h"

#include "analyzer/evidence_text.h"
#include "base/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Seconds since 1970, or a time in UTC; NULL gives -1. */
static int parse_time(const char *text, int64_t *ret, struct error *err)
{
	static const char *const FORMS[] = { "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S",
					     "%Y-%m-%d" };
	const char *at = text;
	uint64_t seconds;

	*ret = -1;
	if (!text)
		return 0;
	if (text_number(&at, &seconds) && *at == '\0' && seconds <= USAGE_TIME_MAX) {
		*ret = (int64_t)seconds;
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(FORMS); i++) {
		struct tm parts = { 0 };
		const char *end = strptime(text, FORMS[i], &parts);
		time_t time = end && *end == '\0' ? timegm(&parts) : -1;

		if (time < 0 || time > USAGE_TIME_MAX)
			continue;
		*ret = (int64_t)time;
		return 0;
	}
	return error_set(err, -EINVAL,
			 "'%s' is no time: 2026-01-31T13:05:00Z, 2026-01-31, or seconds "
			 "since 1970",
			 text);
}

int usage_files_check(const struct usage_options *options, struct error *err)
{
	int64_t begin = -1, end = -1;

	if (options->format && !evidence_format_find(options->format, err))
		return -EINVAL;
	if (parse_time(options->begin, &begin, err) < 0 ||
	    parse_time(options->end, &end, err) < 0)
		return -EINVAL;
	if (end >= 0 && begin > end)
		return error_set(err, -EINVAL, "--begin is after --end");
	return 0;
}

/* What the command line says outweighs the file. */
static int apply_options(const struct usage_options *options, struct evidence *ev,
			 struct error *err)
{
	int64_t begin = -1, end = -1;

	parse_time(options->begin, &begin, NULL);
	parse_time(options->end, &end, NULL);
	ev->begin = begin >= 0 ? begin : ev->begin;
	ev->end = end >= 0 ? end : ev->end;
	if (options->node)
		ev->node = strpool_add(&ev->strings, options->node);
	if (options->coverage > 0)
		ev->whole_node = options->coverage == 1;
	if (ev->end >= 0 && ev->begin > ev->end)
		return error_set(err, -EINVAL, "its window ends before it begins");
	return 0;
}

static int add_open(struct usage_files *files, int fd, struct error *err)
{
	const char *name = files->options->format;
	const struct evidence_format *format =
		name ? evidence_format_find(name, err) : NULL;
	struct evidence ev;
	int r;

	evidence_init(&ev, "");
	r = evidence_read(fd, format, &ev, err);
	if (r == 0)
		r = apply_options(files->options, &ev, err);
	if (r == 0)
		r = usage_import(files->importer, files->writer, &ev, files->report, err);
	evidence_release(&ev);
	return r < 0 ? r : 0;
}

static bool is_graph(int fd)
{
	static const char MAGIC[16] = "SQLite format 3";
	char begin[sizeof(MAGIC)];

	return io_pread(fd, begin, sizeof(begin), 0) == sizeof(begin) &&
	       memcmp(begin, MAGIC, sizeof(MAGIC)) == 0;
}

static int add_graph(struct usage_files *files, const char *path, struct error *err)
{
	_cleanup_(store_closep) struct store *from = NULL;
	int r;

	if (!files->graphs)
		return error_set(err, -EINVAL,
				 "it is a graph: 'tare usage merge' takes its evidence");
	r = store_open(path, &from, err);
	if (r == 0)
		r = usage_import_graph(files->importer, files->writer, from,
				       files->report, err);
	return r;
}

static int add_file(struct usage_files *files, const char *path, struct error *err)
{
	_cleanup_(closep) int fd = -1;
	int r;

	if (strcmp(path, "-") == 0)
		return add_open(files, STDIN_FILENO, err);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_errno(err, "cannot open '%s'", path);
	r = is_graph(fd) ? add_graph(files, path, err) : add_open(files, fd, err);
	return r < 0 ? error_prefix(err, r, "'%s'", path) : 0;
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int add_folder(struct usage_files *files, const char *path, struct error *err)
{
	struct dirent **entries = NULL;
	int n = scandir(path, &entries, visible, alphasort), r = 0;

	if (n < 0)
		return error_errno(err, "cannot read '%s'", path);
	for (int i = 0; i < n; i++) {
		_cleanup_(freep) char *file =
			mem_printf("%s/%s", path, entries[i]->d_name);
		struct stat st;

		if (r == 0 && stat(file, &st) == 0 && S_ISREG(st.st_mode))
			r = add_file(files, file, err);
		free(entries[i]);
	}
	free(entries);
	return r;
}

int usage_files_add(struct usage_files *files, const char *path, struct error *err)
{
	struct stat st;

	if (strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return add_folder(files, path, err);
	return add_file(files, path, err);
}
