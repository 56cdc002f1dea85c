#include "base/io.h"
#include "base/text.h"
#include "rules/profile.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#define KEEP_LINE_MAX 4096

static const char *const BLANKS = " \t\r";

struct keep_line {
	const char *file;
	uint32_t number;
	char *text; /* the line, changed while it is read */
};

static int line_error(const struct keep_line *line, const char *at, struct error *err,
		      const char *what)
{
	return error_set(err, -EINVAL, "%s:%u:%zu: %s", line->file, line->number,
			 (size_t)(at - line->text) + 1, what);
}

/* Where "# why" begins: at the start or behind a blank; the end of the line without one. */
static char *comment_start(char *text)
{
	for (char *c = text; *c; c++)
		if (*c == '#' && (c == text || strchr(BLANKS, c[-1])))
			return c;
	return text + strlen(text);
}

static void trim_end(char *text)
{
	size_t len = strlen(text);

	while (len > 0 && strchr(BLANKS, text[len - 1]))
		text[--len] = '\0';
}

static int check_word(const struct keep_line *line, const char *word, struct error *err)
{
	const char *blank = word + strcspn(word, BLANKS);

	if (*blank)
		return line_error(line, blank + strspn(blank, BLANKS), err,
				  "one package or path a line (a reason stands behind "
				  "'#')");
	if (word[0] != '/' && strchr(word, '/'))
		return line_error(line, word, err,
				  "a path begins with '/', a package's name has none");
	if (word[0] == '/' && (strstr(word, "//") || (word[1] && text_ends(word, "/"))))
		return line_error(line, word, err,
				  "a path has no '//' and does not end in '/' (for all "
				  "below a folder write '/**')");
	if (word[0] == '-' || word[0] == '+')
		return line_error(line, word, err,
				  "a package's name begins with a letter or digit");
	return 0;
}

static int read_line(struct profile *profile, struct keep_line *line, struct error *err)
{
	struct profile_entry entry = { .feature = "", .line = line->number };
	char *word = line->text + strspn(line->text, BLANKS);
	char *comment = comment_start(line->text);
	const char *why = comment;
	int r;

	if (!text_is_utf8(line->text, strlen(line->text)))
		return line_error(line, line->text, err,
				  "the line is not valid UTF-8 (save the file as UTF-8)");
	if (*why == '#') {
		why += 1 + strspn(why + 1, BLANKS);
		*comment = '\0';
	}
	trim_end(line->text);
	trim_end((char *)why);
	if (*word == '\0')
		return 0;
	r = check_word(line, word, err);
	if (r < 0)
		return r;
	entry.column = (uint32_t)(word - line->text) + 1;
	entry.why = strpool_text(
		&profile->texts,
		strpool_add(&profile->texts, *why ? why : "listed in a keep file"));
	word = (char *)strpool_text(&profile->texts, strpool_add(&profile->texts, word));
	entry.selector = selector_plain(word[0] == '/' ? "path" : "package", word);
	array_push(&profile->keep, entry);
	return 0;
}

int keep_file_parse(const char *name, const char *text, size_t len, struct profile **ret,
		    struct error *err)
{
	_cleanup_(profile_freep) struct profile *profile = profile_new(name);
	struct keep_line line = { .file = profile->path };

	while (len > 0) {
		const char *end = memchr(text, '\n', len);
		size_t part = end ? (size_t)(end - text) : len;
		_cleanup_(freep) char *copy = mem_strndup(text, part);
		int r;

		line.number++;
		line.text = copy;
		if (strlen(copy) < part)
			return line_error(&line, copy + strlen(copy), err,
					  "a NUL byte in a text file");
		if (part > KEEP_LINE_MAX)
			return line_error(&line, copy, err, "the line is too long");
		r = read_line(profile, &line, err);
		if (r < 0)
			return r;
		text += end ? part + 1 : part;
		len -= end ? part + 1 : part;
	}
	*ret = steal_ptr(&profile);
	return 0;
}

int keep_file_read(const char *path, struct profile **ret, struct error *err)
{
	_cleanup_(profile_freep) struct profile *profile = NULL;
	_cleanup_(freep) char *text = NULL;
	bool yaml = text_ends(path, ".yaml") || text_ends(path, ".yml");
	size_t len;
	int r = io_read_file(path, RULE_LIMITS_DEFAULT.max_bytes, &text, &len, err);

	if (r == 0)
		r = yaml ? profile_parse(path, text, len, &profile, err)
			 : keep_file_parse(path, text, len, &profile, err);
	if (r < 0)
		return r;
	assert(profile);
	if (profile->kind != PROFILE_KEEP_FILE)
		return error_set(err, -EINVAL,
				 "%s:1:1: this is a %s, no keep file (use it with "
				 "--profile)",
				 path,
				 profile->kind == PROFILE_POLICY ? "policy" : "profile");
	*ret = steal_ptr(&profile);
	return 0;
}
